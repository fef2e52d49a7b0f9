/**
 * The way of a sign-in: user name and password (or card and PIN, or an outside issuer), for a patient a code by mail, for
 * a professional with several exercises the choice of one. R200, R205, R206.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type Provider from "oidc-provider";
import { type AccountStrings, accountStringsOf } from "./account-strings.ts";
import type { Account, Accounts } from "./accounts.ts";
import type { Audience, Client } from "./clients.ts";
import type { KnownDevices } from "./known-devices.ts";
import type { SignInGuard, TryFrom } from "./login-attempts.ts";
import type { LoginChallenges } from "./login-challenge.ts";
import { typedCode } from "./one-time-code.ts";
import type { OutsideSignIn } from "./outside-sign-in.ts";
import { deviceTokenOf, seeOther, sendPage, setDeviceToken } from "./page-requests.ts";
import { codePage, exercisePage, type SignInView, signInPage } from "./pages.ts";
import { isForAudience, type SignInExtra } from "./provider.ts";
import { isSecretRight } from "./secrets.ts";
import type { SecurityMails } from "./security-mails.ts";
import type { Strings } from "./strings.ts";

export interface InteractionParts {
  readonly provider: () => Promise<Provider>;
  readonly clients: () => readonly Client[];
  readonly accounts: Accounts;
  readonly guard: SignInGuard;
  readonly challenges: LoginChallenges;
  readonly devices: KnownDevices;
  readonly mails: SecurityMails;
  /** Sign-in at the outside issuer, when one is configured. */
  readonly outside: OutsideSignIn | undefined;
  readonly isDemo: boolean;
  readonly isSecure: () => boolean;
  /** Network address of the caller, where it tells callers apart. */
  readonly addressOf: (request: FastifyRequest) => string | undefined;
}

export interface Interaction {
  readonly id: string;
  readonly audience: Audience;
  readonly strings: Strings;
  readonly action: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: URLSearchParams;
}

export type Step = (interaction: Interaction, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** Authentication method references of the ID token (RFC 8176). */
const methods = { patient: ["pwd", "otp"], professional: ["sc", "pin"], outside: ["ext"] } as const;

/** The steps, by the name of their form. `start` is the page itself. */
export function signInSteps(parts: InteractionParts) {
  const { accounts, guard, challenges, devices, mails, outside, isDemo } = parts;

  const more = ({ strings }: Interaction): AccountStrings => accountStringsOf(strings.language === "en" ? "en" : "fr");

  const demoAccounts = async (audience: Audience) =>
    isDemo ? (await accounts.listDemo()).filter((account) => isForAudience(account.kind, audience)) : [];

  async function showSignIn(interaction: Interaction, reply: FastifyReply, state: Partial<SignInView>, status: number) {
    const { strings, audience, action } = interaction;
    const demo = await demoAccounts(audience);
    const isPatient = audience === "patient";
    const outsideLabel = isPatient ? undefined : outside?.label(strings.language === "en" ? "en" : "fr");
    const hasForm = isPatient || isDemo;
    return sendPage(reply, status, signInPage({ strings, audience, action, demo, outsideLabel, hasForm, ...state }));
  }

  const withAccount = async (interaction: Interaction): Promise<Account | undefined> => {
    const accountId = await challenges.pending(interaction.id);
    return accountId === undefined ? undefined : accounts.find(accountId);
  };

  async function showCode(
    interaction: Interaction,
    reply: FastifyReply,
    state: { error?: string; notice?: string },
    status: number,
  ) {
    const { strings, action } = interaction;
    const email = isDemo ? (await withAccount(interaction))?.email : undefined;
    const mailboxUrl = email === undefined ? {} : { mailboxUrl: `/mailbox?${new URLSearchParams({ to: email })}` };
    return sendPage(reply, status, codePage({ strings, action, ...mailboxUrl, ...state }));
  }

  /** From where this try comes; on a device that the person knows it is counted apart. */
  async function tryFrom(login: string, accountId: string | undefined, request: FastifyRequest): Promise<TryFrom> {
    const device = accountId === undefined ? undefined : await devices.find(accountId, deviceTokenOf(request));
    return { login, address: parts.addressOf(request), deviceId: device?.id };
  }

  /** Counts a failure; the one that locks an account is told to its owner. */
  async function countFailure(from: TryFrom, account: Account | undefined): Promise<void> {
    if ((await guard.fail(from)) && account?.kind === "patient") await mails.locked(account);
  }

  async function finish(
    request: FastifyRequest,
    reply: FastifyReply,
    accountId: string,
    amr: readonly string[],
    carnet: SignInExtra,
  ) {
    const provider = await parts.provider();
    const login = { accountId, amr: [...amr], acr: "eidas1", remember: true };
    const result = { login, carnet };
    const target = await provider.interactionResult(request.raw, reply.raw, result, { mergeWithLastSubmission: false });
    return seeOther(reply, target);
  }

  /** A professional is known: one exercise goes in, several are asked about. */
  async function asProfessional(
    interaction: Interaction,
    request: FastifyRequest,
    reply: FastifyReply,
    account: Account,
    way: "professional" | "outside",
  ) {
    if (account.exercises.length <= 1) return finish(request, reply, account.id, methods[way], { exercise: 0 });
    const provider = await parts.provider();
    // Kept by the provider under this interaction, which only this browser can continue.
    const details = await provider.interactionDetails(request.raw, reply.raw);
    details.result = { carnet: { awaiting: account.id, way } };
    await details.save(Math.max(1, details.exp - Math.floor(Date.now() / 1000)));
    return seeOther(reply, `${interaction.action}?lang=${interaction.strings.language}`);
  }

  /** Who proved who they are and has still to choose an exercise. */
  async function awaiting(request: FastifyRequest, reply: FastifyReply) {
    const provider = await parts.provider();
    const details = await provider.interactionDetails(request.raw, reply.raw);
    const kept = details.result?.carnet as { awaiting?: unknown; way?: unknown } | undefined;
    if (typeof kept?.awaiting !== "string") return undefined;
    const account = await accounts.find(kept.awaiting);
    const way: "professional" | "outside" = kept.way === "outside" ? "outside" : "professional";
    return account && { account, way };
  }

  const start: Step = async (interaction, request, reply) => {
    if (await challenges.pending(interaction.id)) return showCode(interaction, reply, {}, 200);
    const chooser = await awaiting(request, reply);
    if (chooser) {
      const { strings, action } = interaction;
      return sendPage(reply, 200, exercisePage({ strings, action, exercises: chooser.account.exercises }));
    }
    const wanted = isDemo ? interaction.query.account : undefined;
    const filled = (await demoAccounts(interaction.audience)).find((account) => account.id === wanted);
    return showSignIn(interaction, reply, filled ? { filled } : {}, 200);
  };

  const signIn: Step = async (interaction, request, reply) => {
    const { strings, audience, body, id } = interaction;
    // R207: outside a demonstration a professional comes with a real card, through the outside issuer.
    if (audience === "professional" && !isDemo) return showSignIn(interaction, reply, {}, 403);
    const login = (body.get("login") ?? "").trim().slice(0, 80);
    const secret = body.get("secret") ?? "";
    const missing = [...(login ? [] : ["login" as const]), ...(secret ? [] : ["secret" as const])];
    if (missing.length > 0) return showSignIn(interaction, reply, { login, missing }, 422);
    const found = await accounts.findByLogin(login);
    const account = found && isForAudience(found.kind, audience) ? found : undefined;
    const from = await tryFrom(login, account?.id, request);
    if (await guard.isLocked(from)) return showSignIn(interaction, reply, { login, error: strings.locked }, 429);
    if (!(await isSecretRight(secret, account?.secretHash)) || !account) {
      await countFailure(from, account);
      const isLocked = await guard.isLocked(from);
      const wrong = audience === "patient" ? strings.wrongCredentials : strings.wrongCard;
      return showSignIn(interaction, reply, { login, error: isLocked ? strings.locked : wrong }, isLocked ? 429 : 401);
    }
    if (audience === "professional") {
      await guard.succeed(from);
      return asProfessional(interaction, request, reply, account, "professional");
    }
    if (await guard.areCodesLocked(account.id))
      return showSignIn(interaction, reply, { login, error: strings.locked }, 429);
    try {
      await challenges.start(id, account);
    } catch (error) {
      request.log.error({ code: error instanceof Error ? error.name : "unknown" }, "a one-time code could not be sent");
      await challenges.drop(id);
      return showSignIn(interaction, reply, { login, error: strings.mailDown }, 503);
    }
    // Post, redirect, get: reloading the page sends no second code.
    return seeOther(reply, `${interaction.action}?lang=${strings.language}`);
  };

  const code: Step = async (interaction, request, reply) => {
    const { strings, body, id } = interaction;
    const account = await withAccount(interaction);
    if (!account) return showSignIn(interaction, reply, { error: strings.codeExpired }, 401);
    const from = await tryFrom(account.login, account.id, request);
    if ((await guard.isLocked(from)) || (await guard.areCodesLocked(account.id))) {
      await challenges.drop(id);
      return showSignIn(interaction, reply, { error: strings.locked }, 429);
    }
    const outcome = await challenges.check(id, typedCode(body.get("code")));
    if ((outcome === "wrong" || outcome === "spent") && (await guard.failCode(account.id))) {
      await challenges.drop(id);
      await mails.locked(account);
      return showSignIn(interaction, reply, { error: strings.locked }, 429);
    }
    switch (outcome) {
      case "right": {
        await guard.succeed(from);
        const greeted = await devices.greet(account.id, deviceTokenOf(request), request.headers["user-agent"]);
        setDeviceToken(reply, greeted.token, parts.isSecure());
        if (greeted.isNew) await mails.newDevice(account, greeted.device.name);
        const carnet = { exercise: 0, deviceId: greeted.device.id };
        return finish(request, reply, account.id, methods.patient, carnet);
      }
      case "wrong":
        return showCode(interaction, reply, { error: strings.wrongCode }, 401);
      case "expired":
        return showCode(interaction, reply, { error: strings.codeExpired }, 401);
      case "spent":
        await countFailure(from, account);
        await challenges.drop(id);
        return showSignIn(interaction, reply, { error: strings.codeSpent }, 401);
    }
  };

  const resend: Step = async (interaction, request, reply) => {
    const { strings, id } = interaction;
    const account = await withAccount(interaction);
    if (!account) return showSignIn(interaction, reply, { error: strings.codeExpired }, 401);
    try {
      const outcome = await challenges.resend(id, account);
      if (outcome === "sent") return showCode(interaction, reply, { notice: strings.resent }, 200);
      const error = outcome === "limit" ? strings.resendLimit : strings.resendTooSoon;
      return showCode(interaction, reply, { error }, 429);
    } catch (error) {
      request.log.error({ code: error instanceof Error ? error.name : "unknown" }, "a one-time code could not be sent");
      return showCode(interaction, reply, { error: strings.mailDown }, 503);
    }
  };

  const restart: Step = async (interaction, _request, reply) => {
    await challenges.drop(interaction.id);
    return seeOther(reply, `${interaction.action}?lang=${interaction.strings.language}`);
  };

  const cancel: Step = async (interaction, request, reply) => {
    await challenges.drop(interaction.id);
    const provider = await parts.provider();
    const result = { error: "access_denied", error_description: "the person cancelled" };
    const target = await provider.interactionResult(request.raw, reply.raw, result, { mergeWithLastSubmission: false });
    return seeOther(reply, target);
  };

  const exercise: Step = async (interaction, request, reply) => {
    const chooser = await awaiting(request, reply);
    if (!chooser) return showSignIn(interaction, reply, {}, 401);
    const { account, way } = chooser;
    const chosen = Number(interaction.body.get("exercise") ?? "none");
    if (!account.exercises[chosen]) {
      const { strings, action } = interaction;
      const error = more(interaction).exerciseNone;
      return sendPage(reply, 422, exercisePage({ strings, action, exercises: account.exercises, error }));
    }
    return finish(request, reply, account.id, methods[way], { exercise: chosen });
  };

  /** Off to the outside issuer. */
  const goOutside: Step = async (interaction, request, reply) => {
    if (!outside || interaction.audience === "patient") return showSignIn(interaction, reply, {}, 404);
    try {
      return seeOther(reply, await outside.begin(interaction.id));
    } catch (error) {
      request.log.error(
        { code: error instanceof Error ? error.name : "unknown" },
        "the outside issuer does not answer",
      );
      return showSignIn(interaction, reply, { error: more(interaction).outsideDown }, 503);
    }
  };

  /** Back from the outside issuer. */
  const comeBack: Step = async (interaction, request, reply) => {
    if (!outside || interaction.audience === "patient") return showSignIn(interaction, reply, {}, 404);
    const outcome = await outside.complete(interaction.id, interaction.query);
    const words = more(interaction);
    switch (outcome.kind) {
      case "known":
        return asProfessional(interaction, request, reply, outcome.account, "outside");
      case "nobody":
        return showSignIn(interaction, reply, { error: words.outsideUnknown }, 403);
      case "down":
        return showSignIn(interaction, reply, { error: words.outsideDown }, 503);
      case "failed":
        return showSignIn(interaction, reply, { error: words.outsideFailed }, 401);
    }
  };

  return {
    pages: { "": start, "/outside": comeBack },
    forms: { "sign-in": signIn, code, resend, restart, cancel, exercise, outside: goOutside },
  };
}
