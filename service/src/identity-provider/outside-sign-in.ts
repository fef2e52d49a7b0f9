/**
 * Signing in through the outside issuer (Pro Santé Connect): the person goes there and comes back with an identity, and
 * gets tokens of ours for it. The issuer's own tokens are used once and forgotten. R203 to R205.
 */
import { createSignIn, type PendingSignIn, SignInError } from "@carnet/sdk/auth";
import * as v from "valibot";
import type { ActorClaims } from "../rules/actor.ts";
import { accountStringsOf } from "./account-strings.ts";
import type { Account, Accounts } from "./accounts.ts";
import type { OutsideSettings } from "./outside-issuer.ts";
import type { Locale } from "./strings.ts";
import { type AnyDatabase, identityTables } from "./tables.ts";
import { IssuerUnreachable, type VerifyToken } from "./token-verifier.ts";

/** Address to register at the issuer, below the public address of the service. */
export const OUTSIDE_CALLBACK = "/oidc/outside";
const PENDING_MS = 30 * 60_000;
const TIMEOUT_MS = 15_000;

export type OutsideOutcome =
  | { readonly kind: "known"; readonly account: Account }
  /** The issuer knows the person, but says of no health profession. */
  | { readonly kind: "nobody" }
  | { readonly kind: "failed" }
  | { readonly kind: "down" };

export interface OutsideSignIn {
  /** What the button says. */
  label(locale: Locale): string;
  /** Where to send the person. @throws SignInError when the issuer does not answer */
  begin(interactionId: string): Promise<string>;
  /** The sign-in page to which this answer belongs. */
  interactionOf(state: unknown): Promise<string | undefined>;
  /** Judges the answer, whose parameters are `query`. */
  complete(interactionId: string, query: Readonly<Record<string, unknown>>): Promise<OutsideOutcome>;
}

export interface OutsideSignInParts {
  readonly settings: OutsideSettings;
  readonly publicUrl: () => string;
  readonly database: AnyDatabase;
  readonly accounts: Accounts;
  readonly verify: VerifyToken;
  readonly mac: (text: string) => string;
  readonly now: () => Date;
}

const pendingShape = v.object({ state: v.string(), nonce: v.string(), codeVerifier: v.string() });

/** @returns undefined when the configuration holds no client of ours at the issuer */
export function createOutsideSignIn(parts: OutsideSignInParts): OutsideSignIn | undefined {
  const { settings, publicUrl, accounts, mac, now } = parts;
  const { client } = settings;
  if (!client) return undefined;
  const tables = identityTables(parts.database);
  const signIn = () =>
    createSignIn({
      issuer: settings.issuer,
      clientId: client.id,
      clientSecret: client.secret,
      discoveryUrl: settings.discoveryUrl,
      scope: settings.scope,
      redirectUri: `${publicUrl()}${OUTSIDE_CALLBACK}`,
      ...(settings.levels?.[0] ? { acrValues: settings.levels.join(" ") } : {}),
    });
  const find = (state: unknown) =>
    typeof state !== "string"
      ? undefined
      : tables
          .selectFrom("outside_sign_in")
          .selectAll()
          .where("state_hmac", "=", mac(state))
          .where("expires_at", ">", now())
          .executeTakeFirst();

  async function accountOf(token: string): Promise<Account | undefined> {
    const { actor, others } = await parts.verify(token);
    const claimsOf = ({ id: _, ...claims }: typeof actor): ActorClaims => claims;
    if (actor.kind !== "professional") return undefined;
    const exercises = [claimsOf(actor), ...others.map(claimsOf)] as const;
    await accounts.upsertOutside({ id: actor.id, issuer: settings.issuer, exercises });
    return accounts.find(actor.id);
  }

  return {
    label(locale) {
      const words = accountStringsOf(locale);
      return settings.isProSanteConnect ? words.outsideButton : words.outsideOther;
    },
    async begin(interactionId) {
      const { url, pending } = await signIn().begin({ signal: AbortSignal.timeout(TIMEOUT_MS) });
      await tables
        .insertInto("outside_sign_in")
        .values({
          state_hmac: mac(pending.state),
          interaction_id: interactionId,
          pending: JSON.stringify(pending),
          expires_at: new Date(now().getTime() + PENDING_MS),
        })
        .execute();
      return url;
    },
    async interactionOf(state) {
      return (await find(state))?.interaction_id;
    },
    async complete(interactionId, query) {
      const row = await find(query.state);
      if (row?.interaction_id !== interactionId) return { kind: "failed" };
      // Once: an answer that is seen again is not ours to redeem.
      const taken = await tables
        .deleteFrom("outside_sign_in")
        .where("state_hmac", "=", row.state_hmac)
        .executeTakeFirst();
      if (taken.numDeletedRows === 0n) return { kind: "failed" };
      const pending: PendingSignIn = v.parse(pendingShape, JSON.parse(row.pending));
      const callback = new URL(`${publicUrl()}${OUTSIDE_CALLBACK}`);
      for (const [name, value] of Object.entries(query)) {
        if (typeof value === "string") callback.searchParams.set(name, value);
      }
      try {
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        const session = await signIn().complete(callback.href, pending, { signal });
        const account = await accountOf(session.accessToken);
        return account ? { kind: "known", account } : { kind: "nobody" };
      } catch (error) {
        if (error instanceof IssuerUnreachable) return { kind: "down" };
        if (error instanceof SignInError) return { kind: error.code === "issuer-unreachable" ? "down" : "failed" };
        return { kind: "nobody" };
      }
    },
  };
}
