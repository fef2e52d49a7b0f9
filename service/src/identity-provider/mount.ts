/** Puts the provider and its pages on the service's server, under `/oidc` and `/extension/signed-in`. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type Provider from "oidc-provider";
import { registerAccess } from "./access-routes.ts";
import { registerAccount } from "./account-routes.ts";
import { type Accounts, createAccounts } from "./accounts.ts";
import { sweep } from "./adapter.ts";
import { accountSignInUrl, type Client, readClients } from "./clients.ts";
import { registerDemoToken } from "./demo-token.ts";
import { clockOf, type IdentityDeps, type ProviderDeps, publicUrlOf } from "./deps.ts";
import { createEnrolment } from "./enrolment.ts";
import { createEnrolmentLetters, type EnrolmentLetters } from "./enrolment-letters.ts";
import { registerInteraction } from "./interaction.ts";
import { openProviderKeys, type ProviderKeys } from "./keys.ts";
import { createKnownDevices } from "./known-devices.ts";
import { createLoginAttempts, createSignInGuard } from "./login-attempts.ts";
import { createLoginChallenges } from "./login-challenge.ts";
import { createMachineClients, type MachineClients } from "./machine-clients.ts";
import { outsideIssuer, readOutsideSettings } from "./outside-issuer.ts";
import { createOutsideSignIn, OUTSIDE_CALLBACK } from "./outside-sign-in.ts";
import { seeOther, sendExpired } from "./page-requests.ts";
import { pageHeaders, statementPage } from "./pages.ts";
import { createProofCheck } from "./proof-of-possession.ts";
import { createProvider } from "./provider.ts";
import { createRecovery } from "./recovery.ts";
import { createSecurityMails } from "./security-mails.ts";
import { createSignInGrants } from "./sign-in-grants.ts";
import { registerSignOut } from "./sign-out-route.ts";
import { localeOf } from "./strings.ts";
import { styleSheet } from "./style.ts";
import { embeddedIssuer, type VerifyToken, verifierOf } from "./token-verifier.ts";

const SWEEP_MS = 10 * 60_000;

/** Runs once, when first asked; a failure is not remembered, so that a database that comes back is tried again. */
function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

function keysOf(deps: IdentityDeps): () => Promise<ProviderKeys> {
  return once(() => openProviderKeys(deps.store.database, deps.store.keys, clockOf(deps)));
}

/**
 * Verifies the access tokens of the embedded provider and, when `OIDC_ISSUER` is set, of that issuer too.
 * @throws Error when the settings of the outside issuer are not complete
 */
export function createTokenVerifier(deps: IdentityDeps): VerifyToken {
  const now = clockOf(deps);
  const keys = async () => (await openProviderKeys(deps.store.database, deps.store.keys, now)).accepted;
  const settings = readOutsideSettings(deps.config.environment);
  const outside = settings && outsideIssuer(settings, now);
  const checkProof = createProofCheck({ publicUrl: () => publicUrlOf(deps), database: deps.store.database, now });
  const issuers = once(async () => {
    const embedded = embeddedIssuer(keys, publicUrlOf(deps), now);
    return outside ? [embedded, outside] : [embedded];
  });
  return verifierOf(issuers, now, checkProof);
}

/** Names and their tries of one network address, in recovery and enrolment: fewer than for signing in. */
const accessLock = { failures: 15, minutes: 15 };
/** Mails that a forgotten password may cause. */
const recoveryLock = { failures: 4, minutes: 30 };

/** What the provider gives to the rest of the service. */
export interface IdentityProvider {
  readonly accounts: Accounts;
  /** Letters with a provisional code. */
  readonly letters: EnrolmentLetters;
  readonly machineClients: MachineClients;
}

/** Mounts `/oidc/*`, `/oidc/demo-token` (demonstration only) and `/extension/signed-in`. */
export async function registerIdentityProvider(app: FastifyInstance, deps: ProviderDeps): Promise<IdentityProvider> {
  const { config, store, mailer } = deps;
  const now = clockOf(deps);
  const publicUrl = () => publicUrlOf(deps);
  const keys = keysOf(deps);
  const accounts = createAccounts(store.database, now);
  const machineClients = createMachineClients(store.database, now);
  const grants = createSignInGrants(store.database, now);
  // The address may only be known once the server listens (port 0): what depends on it is made when first needed.
  let clients: readonly Client[] | undefined;
  const knownClients = () => {
    clients ??= readClients(publicUrl(), config.environment.OIDC_CLIENTS);
    return clients;
  };
  // Checked now as well: a service with clients nobody can read must not start.
  readClients("http://127.0.0.1", config.environment.OIDC_CLIENTS);
  const provider = once(async () =>
    createProvider({
      publicUrl: publicUrl(),
      keys: await keys(),
      clients: knownClients(),
      accounts,
      machineClients,
      grants,
      database: store.database,
      now,
      onFailure: (name) => app.log.error({ code: name }, "the identity provider failed"),
    }),
  );
  const { mac } = await keys();
  const macOf = (purpose: string) => (text: string) => mac(purpose, text);
  const attemptsOf = (purpose: string, rule?: typeof accessLock) =>
    createLoginAttempts(store.database, macOf(purpose), now, rule);
  const challenges = createLoginChallenges(store.database, mailer, macOf("code"), now);
  const devices = createKnownDevices(store.database, macOf("device"), now);
  const mails = createSecurityMails(store.database, mailer, publicUrl, now);
  const letters = createEnrolmentLetters(store.database, macOf("letter"), now);
  const outsideSettings = readOutsideSettings(config.environment);
  const outside =
    outsideSettings &&
    createOutsideSignIn({
      settings: outsideSettings,
      publicUrl,
      database: store.database,
      accounts,
      verify: createTokenVerifier(deps),
      mac: macOf("outside"),
      now,
    });
  const isSecure = () => publicUrl().startsWith("https:");
  // Behind a proxy that is not named every caller has the proxy's address: one would lock out all the others.
  const addressOf = (request: FastifyRequest) => (config.trustedProxies || !isSecure() ? request.ip : undefined);

  await app.register(async (scope) => {
    scope.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: 16 * 1024 },
      async (_request: FastifyRequest, body: string) => new URLSearchParams(body),
    );
    scope.get("/oidc/style.css", async (_request, reply) =>
      reply
        .headers({
          "content-type": "text/css; charset=utf-8",
          "cache-control": "public, max-age=3600",
          "x-content-type-options": "nosniff",
        })
        .send(styleSheet),
    );
    scope.get("/extension/signed-in", async (request, reply) => {
      const page = statementPage(localeOf(request.headers["accept-language"]), (s) => ({
        title: s.signedInTitle,
        lead: s.signedInLead,
      }));
      return reply.headers(pageHeaders).send(page);
    });
    registerInteraction(scope, {
      provider,
      clients: knownClients,
      accounts,
      guard: createSignInGuard(store.database, macOf("login"), now),
      challenges,
      devices,
      mails,
      outside,
      isDemo: config.isDemo,
      isSecure,
      addressOf,
    });
    scope.get(OUTSIDE_CALLBACK, async (request, reply) => {
      const query = request.query as Readonly<Record<string, unknown>>;
      const interaction = await outside?.interactionOf(query.state);
      if (interaction === undefined) return sendExpired(request, reply);
      // The answer belongs to the page of this sign-in, which only the browser that began it may open.
      const answer = Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === "string");
      return seeOther(reply, `/oidc/interaction/${interaction}/outside?${new URLSearchParams(answer)}`);
    });
    registerAccess(scope, {
      recovery: createRecovery({
        database: store.database,
        accounts,
        grants,
        mails,
        locks: attemptsOf("login"),
        requests: attemptsOf("recovery", recoveryLock),
        mac: macOf("recovery"),
        now,
      }),
      letters,
      enrolment: createEnrolment({
        database: store.database,
        accounts,
        letters,
        mails,
        mac: macOf("enrolment"),
        now,
      }),
      byAddress: attemptsOf("access-address", accessLock),
      addressOf,
      majorityAge: config.rules.majorityAge,
      isDemo: config.isDemo,
      now,
    });
    registerAccount(scope, {
      provider,
      accounts,
      devices,
      grants,
      mails,
      attempts: attemptsOf("account"),
      mac: macOf("account-form"),
      signInUrl: () => accountSignInUrl(publicUrl()),
    });
    registerSignOut(scope, provider);
    if (config.isDemo) registerDemoToken(scope, { keys, publicUrl, accounts, now });
  });

  await app.register(async (scope) => {
    // oidc-provider reads the request itself.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
    scope.all("/oidc/*", async (request, reply) => {
      const handle = callbackOf(await provider());
      const address = new URL(publicUrl());
      const { raw } = request;
      reply.hijack();
      // Addresses in answers come from configuration: a Host header from outside must not choose them.
      raw.headers.host = address.host;
      raw.headers["x-forwarded-proto"] = address.protocol.slice(0, -1);
      delete raw.headers["x-forwarded-host"];
      Object.assign(raw, { originalUrl: raw.url });
      raw.url = raw.url?.replace(/^\/oidc/, "") || "/";
      await handle(raw, reply.raw);
    });
  });

  const timer = setInterval(() => {
    sweep(store.database, now).catch((error: unknown) => {
      app.log.warn({ code: error instanceof Error ? error.name : "unknown" }, "expired sign-ins could not be removed");
    });
  }, SWEEP_MS);
  timer.unref();
  app.addHook("onClose", async () => clearInterval(timer));
  return { accounts, letters, machineClients };
}

const callbacks = new WeakMap<Provider, ReturnType<Provider["callback"]>>();

function callbackOf(provider: Provider): ReturnType<Provider["callback"]> {
  const known = callbacks.get(provider) ?? provider.callback();
  callbacks.set(provider, known);
  return known;
}
