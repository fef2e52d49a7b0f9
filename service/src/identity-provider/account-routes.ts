/** `/oidc/account`: a signed-in patient's known devices and password. R206. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type Provider from "oidc-provider";
import { accountPage, type FormState } from "./account-pages.ts";
import { type AccountStrings, accountStringsOf, type Fault } from "./account-strings.ts";
import type { Account, Accounts } from "./accounts.ts";
import { passwordFaults } from "./credential-policy.ts";
import type { KnownDevices } from "./known-devices.ts";
import type { LoginAttempts } from "./login-attempts.ts";
import { isSame } from "./one-time-code.ts";
import {
  bodyOf,
  deviceTokenOf,
  isFromElsewhere,
  languageOf,
  seeOther,
  sendExpired,
  sendPage,
} from "./page-requests.ts";
import { isSecretRight } from "./secrets.ts";
import type { SecurityMails } from "./security-mails.ts";
import type { SignInGrants } from "./sign-in-grants.ts";
import type { Locale } from "./strings.ts";

export interface AccountParts {
  readonly provider: () => Promise<Provider>;
  readonly accounts: Accounts;
  readonly devices: KnownDevices;
  readonly grants: SignInGrants;
  readonly mails: SecurityMails;
  /** Wrong current passwords, by account. */
  readonly attempts: LoginAttempts;
  readonly mac: (text: string) => string;
  /** Where somebody without a session signs in, to come back here. */
  readonly signInUrl: () => string;
}

interface SignedIn {
  readonly account: Account;
  readonly locale: Locale;
  readonly words: AccountStrings;
  readonly endsAt: Date;
  readonly formToken: string;
}

/** Notices after a redirection: a closed list, so that an address cannot make the page say anything else. */
const notices = ["changed", "removed", "passwordChanged"] as const;

export function registerAccount(scope: FastifyInstance, parts: AccountParts): void {
  const { accounts, devices, grants, mails, attempts, mac } = parts;

  /** The patient of the browser's session. */
  async function read(request: FastifyRequest, reply: FastifyReply): Promise<SignedIn | undefined> {
    const provider = await parts.provider();
    const session = await provider.Session.get(provider.createContext(request.raw, reply.raw));
    const account = session.accountId === undefined ? undefined : await accounts.find(session.accountId);
    if (account?.kind !== "patient" || session.exp === undefined) return undefined;
    const locale = languageOf(request);
    return {
      account,
      locale,
      words: accountStringsOf(locale),
      endsAt: new Date(session.exp * 1000),
      formToken: mac(session.uid),
    };
  }

  async function show(request: FastifyRequest, reply: FastifyReply, who: SignedIn, state: FormState, status: number) {
    const { account, locale, endsAt, formToken } = who;
    const [all, current] = await Promise.all([
      devices.list(account.id),
      devices.find(account.id, deviceTokenOf(request)),
    ]);
    const view = { locale, devices: all, thisDevice: current?.id, sessionEndsAt: endsAt, token: formToken, state };
    return sendPage(reply, status, accountPage(view));
  }

  scope.get("/oidc/account", async (request, reply) => {
    const { done, code, error } = request.query as { done?: unknown; code?: unknown; error?: unknown };
    // Back from a cancelled sign-in: not to be sent there again.
    if (error !== undefined) return sendExpired(request, reply);
    // The code is not needed: the session is. It must not stay in the address bar.
    if (code !== undefined) return seeOther(reply, "/oidc/account");
    const who = await read(request, reply);
    if (!who) return seeOther(reply, parts.signInUrl());
    const notice = notices.find((one) => one === done);
    return show(request, reply, who, notice ? { notice: who.words[notice] } : {}, 200);
  });

  type Act = (who: SignedIn, form: URLSearchParams, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  const back = (reply: FastifyReply, { locale }: SignedIn, done: (typeof notices)[number]) =>
    seeOther(reply, `/oidc/account?done=${done}&lang=${locale}`);

  const rename: Act = async (who, form, _request, reply) => {
    await devices.rename(who.account.id, form.get("device") ?? "", form.get("name") ?? "");
    return back(reply, who, "changed");
  };
  const remove: Act = async (who, form, _request, reply) => {
    const deviceId = form.get("device") ?? "";
    if (await devices.remove(who.account.id, deviceId)) await grants.end(who.account.id, deviceId);
    return back(reply, who, "removed");
  };
  const end: Act = async (who, _form, _request, reply) => {
    await grants.end(who.account.id);
    return seeOther(reply, parts.signInUrl());
  };
  const password: Act = async (who, form, request, reply) => {
    const { account, words } = who;
    const wanted = form.get("password") ?? "";
    const faults: Record<string, readonly Fault[]> = {};
    const own = passwordFaults(wanted, account.login);
    if (own.length > 0) faults.password = own;
    if (wanted !== form.get("repeat")) faults.repeat = ["password-repeat"];
    if (Object.keys(faults).length > 0) return show(request, reply, who, { faults }, 422);
    const isLocked = await attempts.isLocked(account.login);
    if (isLocked || !(await isSecretRight(form.get("current") ?? "", account.secretHash))) {
      await attempts.fail(account.login);
      return show(request, reply, who, { error: words.currentWrong }, isLocked ? 429 : 401);
    }
    await accounts.setPassword(account, wanted);
    await grants.end(account.id);
    await mails.passwordChanged(account);
    return seeOther(reply, parts.signInUrl());
  };

  const acts = { rename, remove, end, password };
  for (const [name, act] of Object.entries(acts)) {
    scope.post(`/oidc/account/${name}`, async (request, reply) => {
      const who = isFromElsewhere(request) ? undefined : await read(request, reply);
      const form = bodyOf(request);
      if (!who || !isSame(form.get("token") ?? "", who.formToken)) return sendExpired(request, reply);
      return act(who, form, request, reply);
    });
  }
}
