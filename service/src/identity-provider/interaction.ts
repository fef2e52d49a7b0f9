/** The way of a sign-in: user name and password (or card and PIN), then for a patient a code by mail. R200, R206. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type Provider from "oidc-provider";
import type { Account, Accounts } from "./accounts.ts";
import type { Audience, Client } from "./clients.ts";
import type { LoginAttempts } from "./login-attempts.ts";
import type { LoginChallenges } from "./login-challenge.ts";
import { codePage, pageHeaders, type SignInView, signInPage, statementPage } from "./pages.ts";
import { isForAudience } from "./provider.ts";
import { isSecretRight } from "./secrets.ts";
import { type Locale, localeOf, type Strings, stringsOf } from "./strings.ts";

export interface InteractionParts {
  readonly provider: () => Promise<Provider>;
  readonly clients: () => readonly Client[];
  readonly accounts: Accounts;
  readonly attempts: LoginAttempts;
  readonly challenges: LoginChallenges;
  readonly isDemo: boolean;
}

interface Interaction {
  readonly id: string;
  readonly audience: Audience;
  readonly strings: Strings;
  readonly action: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: URLSearchParams;
}

type Step = (interaction: Interaction, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** Authentication method references of the ID token (RFC 8176). */
const methods: Readonly<Record<Audience, readonly string[]>> = { patient: ["pwd", "otp"], professional: ["sc", "pin"] };

function languageOf(request: FastifyRequest): Locale {
  const query = request.query as { lang?: unknown };
  const fromBody = request.body instanceof URLSearchParams ? request.body.get("lang") : null;
  const asked = typeof query.lang === "string" ? query.lang : (fromBody ?? undefined);
  return localeOf(asked, request.headers["accept-language"]);
}

function send(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply.code(status).headers(pageHeaders).send(page);
}

/** Routes below `/oidc/interaction/:uid`. The scope must parse forms into `URLSearchParams`. */
export function registerInteraction(scope: FastifyInstance, parts: InteractionParts): void {
  const { accounts, attempts, challenges, isDemo } = parts;

  const demoAccounts = async (audience: Audience) =>
    isDemo ? (await accounts.listDemo()).filter((account) => isForAudience(account.kind, audience)) : [];

  async function showSignIn(interaction: Interaction, reply: FastifyReply, state: Partial<SignInView>, status: number) {
    const { strings, audience, action } = interaction;
    const demo = await demoAccounts(audience);
    return send(reply, status, signInPage({ strings, audience, action, demo, ...state }));
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
    return send(reply, status, codePage({ strings, action, ...mailboxUrl, ...state }));
  }

  async function finish(interaction: Interaction, accountId: string, request: FastifyRequest, reply: FastifyReply) {
    const provider = await parts.provider();
    const amr = [...methods[interaction.audience]];
    const login = { accountId, amr, acr: "eidas1", remember: true };
    const target = await provider.interactionResult(
      request.raw,
      reply.raw,
      { login },
      { mergeWithLastSubmission: false },
    );
    return reply.code(303).header("cache-control", "no-store").header("location", target).send();
  }

  const start: Step = async (interaction, _request, reply) => {
    if (await challenges.pending(interaction.id)) return showCode(interaction, reply, {}, 200);
    const wanted = isDemo ? interaction.query.account : undefined;
    const filled = (await demoAccounts(interaction.audience)).find((account) => account.id === wanted);
    return showSignIn(interaction, reply, filled ? { filled } : {}, 200);
  };

  const signIn: Step = async (interaction, request, reply) => {
    const { strings, audience, body, id } = interaction;
    const login = (body.get("login") ?? "").trim().slice(0, 80);
    const secret = body.get("secret") ?? "";
    const missing = [...(login ? [] : ["login" as const]), ...(secret ? [] : ["secret" as const])];
    if (missing.length > 0) return showSignIn(interaction, reply, { login, missing }, 422);
    if (await attempts.isLocked(login)) return showSignIn(interaction, reply, { login, error: strings.locked }, 429);
    const found = await accounts.findByLogin(login);
    const account = found && isForAudience(found.kind, audience) ? found : undefined;
    if (!(await isSecretRight(secret, account?.secretHash)) || !account) {
      await attempts.fail(login);
      const isLocked = await attempts.isLocked(login);
      const wrong = audience === "patient" ? strings.wrongCredentials : strings.wrongCard;
      return showSignIn(interaction, reply, { login, error: isLocked ? strings.locked : wrong }, isLocked ? 429 : 401);
    }
    if (audience === "professional") {
      await attempts.succeed(login);
      return finish(interaction, account.id, request, reply);
    }
    try {
      await challenges.start(id, account);
    } catch (error) {
      request.log.error({ code: error instanceof Error ? error.name : "unknown" }, "a one-time code could not be sent");
      await challenges.drop(id);
      return showSignIn(interaction, reply, { login, error: strings.mailDown }, 503);
    }
    // Post, redirect, get: reloading the page sends no second code.
    return reply.code(303).header("location", `${interaction.action}?lang=${strings.language}`).send();
  };

  const code: Step = async (interaction, request, reply) => {
    const { strings, body, id } = interaction;
    const account = await withAccount(interaction);
    if (!account) return showSignIn(interaction, reply, { error: strings.codeExpired }, 401);
    if (await attempts.isLocked(account.login)) {
      await challenges.drop(id);
      return showSignIn(interaction, reply, { error: strings.locked }, 429);
    }
    const outcome = await challenges.check(id, (body.get("code") ?? "").replace(/\s/g, "").slice(0, 12));
    switch (outcome) {
      case "right":
        await attempts.succeed(account.login);
        return finish(interaction, account.id, request, reply);
      case "wrong":
        return showCode(interaction, reply, { error: strings.wrongCode }, 401);
      case "expired":
        return showCode(interaction, reply, { error: strings.codeExpired }, 401);
      case "spent":
        await attempts.fail(account.login);
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
    return reply.code(303).header("location", `${interaction.action}?lang=${interaction.strings.language}`).send();
  };

  const cancel: Step = async (interaction, request, reply) => {
    await challenges.drop(interaction.id);
    const provider = await parts.provider();
    const result = { error: "access_denied", error_description: "the person cancelled" };
    const target = await provider.interactionResult(request.raw, reply.raw, result, { mergeWithLastSubmission: false });
    return reply.code(303).header("location", target).send();
  };

  /** The interaction belongs to the browser that holds its cookie; anything else has expired. */
  async function read(request: FastifyRequest, reply: FastifyReply): Promise<Interaction | undefined> {
    const language = languageOf(request);
    const { uid } = request.params as { uid: string };
    const site = request.headers["sec-fetch-site"];
    if (request.method === "POST" && site !== undefined && site !== "same-origin") return undefined;
    try {
      const provider = await parts.provider();
      const details = await provider.interactionDetails(request.raw, reply.raw);
      const client = parts.clients().find((one) => one.id === details.params.client_id);
      if (details.uid !== uid || !client) return undefined;
      return {
        id: uid,
        audience: client.audience,
        strings: stringsOf(language),
        action: `/oidc/interaction/${uid}`,
        query: request.query as Readonly<Record<string, unknown>>,
        body: request.body instanceof URLSearchParams ? request.body : new URLSearchParams(),
      };
    } catch (error) {
      if (error instanceof Error && error.name === "SessionNotFound") return undefined;
      throw error;
    }
  }

  const handle = (step: Step) => async (request: FastifyRequest, reply: FastifyReply) => {
    const interaction = await read(request, reply);
    if (interaction) return step(interaction, request, reply);
    const page = statementPage(languageOf(request), (s) => ({ title: s.expiredTitle, lead: s.expiredLead }));
    return send(reply, 400, page);
  };

  scope.get("/oidc/interaction/:uid", handle(start));
  const posts = { "sign-in": signIn, code, resend, restart, cancel };
  for (const [name, step] of Object.entries(posts)) scope.post(`/oidc/interaction/:uid/${name}`, handle(step));
}
