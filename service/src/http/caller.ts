/** Who calls, and in which access mode. R70, R200; wire.md "access mode". */
import type { FastifyRequest } from "fastify";
import { IssuerUnreachable, TokenError } from "../identity-provider/index.ts";
import type { Actor, PurposeOfUse } from "../rules/index.ts";
import { badRequest, WireError } from "./outcome.ts";

export interface Caller {
  readonly actor: Actor;
  readonly purposeOfUse: PurposeOfUse;
  /** Justification of a break-glass, at most 500 characters. */
  readonly reason?: string;
  /** R12: a secret connection; every line it leaves in the log is hidden from the representatives (R184). */
  readonly isSecret?: boolean;
}

/** What the token verifier of the identity provider gives. */
export type TokenVerifier = (bearer: string) => Promise<{ readonly actor: Actor }>;

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
  }
}

const PURPOSES = ["TREAT", "BTG", "ETREAT"] as const;
const MAX_REASON = 500;

/** Reads the bearer token and the mode. @throws WireError 401, 400 */
export async function readCaller(request: FastifyRequest, verify: TokenVerifier): Promise<Caller> {
  const bearer = /^Bearer +([\w\-.~+/]+=*)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (!bearer) throw unauthorised();
  let actor: Actor;
  try {
    ({ actor } = await verify(bearer));
  } catch (error) {
    // Whatever the token's fault, the caller learns only that it is not accepted.
    if (error instanceof TokenError) throw unauthorised();
    if (error instanceof IssuerUnreachable) throw unjudged();
    throw error;
  }
  const written = request.headers["x-purpose-of-use"] ?? "TREAT";
  const purposeOfUse = PURPOSES.find((one) => one === written);
  if (!purposeOfUse) {
    throw badRequest("X-Purpose-Of-Use vaut TREAT, BTG ou ETREAT.", "X-Purpose-Of-Use is TREAT, BTG or ETREAT.");
  }
  const reason = decodeReason(request.headers["x-reason"]);
  return { actor, purposeOfUse, ...(reason ? { reason } : {}) };
}

/** Headers are Latin-1: a reason with accents comes percent-encoded. */
function decodeReason(header: string | string[] | undefined): string | undefined {
  if (typeof header !== "string") return undefined;
  let text = header;
  try {
    text = decodeURIComponent(header);
  } catch {
    // A bare percent sign: the reason was sent as it is.
  }
  // The database holds no NUL, and half a character would not be read back as it was hashed into the log.
  const cut = text
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, MAX_REASON);
  return Buffer.from(cut).toString() || undefined;
}

function unauthorised(): WireError {
  const issue = {
    code: "login",
    fr: "Jeton d'accès absent, expiré ou non valable.",
    en: "Access token missing, expired or not valid.",
  } as const;
  return new WireError(401, [issue], { "www-authenticate": 'Bearer realm="carnet", error="invalid_token"' });
}

/** The token may well be good: software must not make the person sign in again for this. */
function unjudged(): WireError {
  const issue = {
    code: "transient",
    fr: "L'émetteur du jeton ne répond pas : réessayez.",
    en: "The issuer of the token does not answer: try again.",
  } as const;
  return new WireError(503, [issue], { "retry-after": "5" });
}

/** The caller of an authenticated route. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw unauthorised();
  return request.caller;
}

/** Identifier under which an actor is known in records: RPPS, INS value or structure. */
export function actorKey(actor: Actor): string {
  switch (actor.kind) {
    case "professional":
      return actor.rpps;
    case "patient":
      return actor.ins.value;
    case "establishment":
      return actor.structure.id;
  }
}
