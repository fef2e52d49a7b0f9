/** Puts the provider and its pages on the service's server, under `/oidc` and `/extension/signed-in`. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type Provider from "oidc-provider";
import { type Accounts, createAccounts } from "./accounts.ts";
import { sweep } from "./adapter.ts";
import { type Client, readClients } from "./clients.ts";
import { registerDemoToken } from "./demo-token.ts";
import { clockOf, type IdentityDeps, type ProviderDeps, publicUrlOf } from "./deps.ts";
import { registerInteraction } from "./interaction.ts";
import { openProviderKeys, type ProviderKeys } from "./keys.ts";
import { createLoginAttempts } from "./login-attempts.ts";
import { createLoginChallenges } from "./login-challenge.ts";
import { outsideIssuer } from "./outside-issuer.ts";
import { pageHeaders, statementPage } from "./pages.ts";
import { createProvider } from "./provider.ts";
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
  const keys = keysOf(deps);
  const now = clockOf(deps);
  const outside = outsideIssuer(deps.config.environment, now);
  const issuers = once(async () => {
    const embedded = await embeddedIssuer((await keys()).publicSigning, publicUrlOf(deps), now);
    return outside ? [embedded, outside] : [embedded];
  });
  return verifierOf(issuers, now);
}

/** What the provider gives to the rest of the service. */
export interface IdentityProvider {
  readonly accounts: Accounts;
}

/** Mounts `/oidc/*`, `/oidc/demo-token` (demonstration only) and `/extension/signed-in`. */
export async function registerIdentityProvider(app: FastifyInstance, deps: ProviderDeps): Promise<IdentityProvider> {
  const { config, store, mailer } = deps;
  const now = clockOf(deps);
  const publicUrl = () => publicUrlOf(deps);
  const keys = keysOf(deps);
  const accounts = createAccounts(store.database, now);
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
      database: store.database,
      now,
      onFailure: (name) => app.log.error({ code: name }, "the identity provider failed"),
    }),
  );
  const { mac } = await keys();
  const attempts = createLoginAttempts(store.database, (text) => mac("login", text), now);
  const challenges = createLoginChallenges(store.database, mailer, (text) => mac("code", text), now);

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
      attempts,
      challenges,
      isDemo: config.isDemo,
    });
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
  return { accounts };
}

const callbacks = new WeakMap<Provider, ReturnType<Provider["callback"]>>();

function callbackOf(provider: Provider): ReturnType<Provider["callback"]> {
  const known = callbacks.get(provider) ?? provider.callback();
  callbacks.set(provider, known);
  return known;
}
