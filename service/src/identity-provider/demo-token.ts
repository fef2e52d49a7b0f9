/** `POST /oidc/demo-token {"account"}`: a token for scripts and tests, only in a demonstration. Source: contract.md. */
import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { importJWK, SignJWT } from "jose";
import * as v from "valibot";
import type { Accounts } from "./accounts.ts";
import { type ProviderKeys, SIGNING_ALGORITHM } from "./keys.ts";
import { ACCESS_TOKEN_SECONDS, RECORD_SCOPE } from "./provider.ts";

export interface DemoTokenParts {
  readonly keys: () => Promise<ProviderKeys>;
  readonly publicUrl: () => string;
  readonly accounts: Accounts;
  readonly now: () => Date;
}

const body = v.object({
  account: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  /** An application of the catalogue that got the token (R168). */
  application: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{3,60}$/))),
});
/** Scripts run longer than people look at a page. */
const DEMO_TOKEN_SECONDS = 6 * ACCESS_TOKEN_SECONDS;

/** Adds the route. Call it in a demonstration only: elsewhere the address does not exist. */
export function registerDemoToken(scope: FastifyInstance, parts: DemoTokenParts): void {
  scope.post("/oidc/demo-token", async (request, reply) => {
    const parsed = v.safeParse(body, request.body);
    reply.header("cache-control", "no-store");
    if (!parsed.success) return reply.code(400).send({ error: "invalid_request" });
    const account = await parts.accounts.find(parsed.output.account);
    if (!account) return reply.code(404).send({ error: "unknown_account" });
    const { signing } = await parts.keys();
    const seconds = Math.floor(parts.now().getTime() / 1000);
    const token = await new SignJWT({
      scope: RECORD_SCOPE,
      client_id: parsed.output.application ?? "carnet-demo",
      carnet: account.claims,
    })
      .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: "at+jwt", kid: signing.kid })
      .setIssuer(`${parts.publicUrl()}/oidc`)
      .setAudience(`${parts.publicUrl()}/fhir`)
      .setSubject(account.id)
      .setJti(randomUUID())
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + DEMO_TOKEN_SECONDS)
      .sign(await importJWK(signing, SIGNING_ALGORITHM));
    return reply.send({
      access_token: token,
      token_type: "Bearer",
      expires_in: DEMO_TOKEN_SECONDS,
      scope: RECORD_SCOPE,
    });
  });
}
