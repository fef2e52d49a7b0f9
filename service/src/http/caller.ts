/** Who calls, and in which access mode. R70, R200; wire.md "access mode". */
import type { FastifyRequest } from "fastify";
import { IssuerUnreachable, type Presentation, TokenError } from "../identity-provider/index.ts";
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
export type TokenVerifier = (
  token: string,
  presented?: Presentation,
) => Promise<{ readonly actor: Actor; readonly others?: readonly Actor[]; readonly clientId?: string }>;

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
  }
}

const PURPOSES = ["TREAT", "BTG", "ETREAT"] as const;
const MAX_REASON = 500;

/** Reads the token, its proof of possession if it is bound to a key, and the mode. @throws WireError 401, 403, 400 */
export async function readCaller(
  request: FastifyRequest,
  verify: TokenVerifier,
  through: (actor: Actor, clientId: string | undefined) => Promise<Actor> = async (actor) => actor,
): Promise<Caller> {
  const [, scheme, token] = /^(Bearer|DPoP) +([\w\-.~+/]+=*)$/i.exec(request.headers.authorization ?? "") ?? [];
  if (!scheme || !token) throw unauthorised();
  const { dpop } = request.headers;
  const presented: Presentation = {
    scheme: scheme.toLowerCase() === "dpop" ? "DPoP" : "Bearer",
    proof: typeof dpop === "string" ? dpop : undefined,
    method: request.method,
    path: request.url,
  };
  let actor: Actor;
  try {
    const verified = await verify(token, presented);
    const named = inTheNameOf(request.headers["x-structure"], [verified.actor, ...(verified.others ?? [])]);
    actor = await through(named, verified.clientId);
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
  const isSecret = actor.kind !== "patient" && readSecret(request.headers["x-secret-connection"]);
  return { actor, purposeOfUse, ...(reason ? { reason } : {}), ...(isSecret ? { isSecret } : {}) };
}

/** R12. A value that cannot be read is refused: taken for "no", it would show what was meant to be secret. */
function readSecret(header: string | string[] | undefined): boolean {
  if (header === undefined || header === "false") return false;
  if (header === "true") return true;
  throw badRequest("X-Secret-Connection vaut true ou false.", "X-Secret-Connection is true or false.");
}

/**
 * The exercise in whose name a professional acts (R205). A token that leaves it open is completed by `X-Structure`; one
 * that does not is not contradicted by it.
 */
function inTheNameOf(header: string | string[] | undefined, exercises: readonly Actor[]): Actor {
  const [only, second] = exercises;
  const asked = typeof header === "string" ? header : undefined;
  const found =
    asked === undefined
      ? second === undefined && only
      : exercises.find((one) => one.kind !== "patient" && one.structure?.id === asked);
  if (found) return found;
  const issue =
    asked === undefined
      ? {
          fr: "Ce professionnel exerce à plusieurs endroits : dites lequel (en-tête X-Structure).",
          en: "This professional works in several places: say which (header X-Structure).",
        }
      : {
          fr: "L'en-tête X-Structure ne désigne aucune activité de ce jeton.",
          en: "The header X-Structure names no activity of this token.",
        };
  throw new WireError(403, [{ code: "forbidden", ...issue }]);
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
  const challenge = 'Bearer realm="carnet", error="invalid_token", DPoP realm="carnet", algs="ES256 EdDSA"';
  return new WireError(401, [issue], { "www-authenticate": challenge });
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
