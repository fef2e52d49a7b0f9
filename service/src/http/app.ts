/** The HTTP server: parsers, limits, headers, and one place where every error becomes an answer. */
import { randomUUID } from "node:crypto";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import { AdmissionError } from "../admission/index.ts";
import type { ServiceConfig } from "../config.ts";
import { SealBroken } from "../store/seal.ts";
import { unforeseen } from "../unforeseen.ts";
import { readCaller, type TokenVerifier } from "./caller.ts";
import { parseJsonBody } from "./json-body.ts";
import { requireJsonWanted } from "./negotiate.ts";
import { outageOf } from "./outage.ts";
import { contentLost, operationOutcome, WireError, type WireIssue } from "./outcome.ts";
import { checkIfNoneExist } from "./preconditions.ts";
import { FHIR_JSON } from "./respond.ts";

/** The bare server. Nothing of a request but its route, status and duration is logged: addresses may hold an INS. */
export function createApp(config: ServiceConfig): FastifyInstance {
  const app = Fastify({
    bodyLimit: config.maxBodyBytes,
    // The network address only: what we write in answers comes from PUBLIC_URL.
    ...(config.trustedProxies ? { trustProxy: config.trustedProxies } : {}),
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 200 },
    logger: {
      level: config.logLevel,
      // Standard output carries the one `ready` line only.
      stream: process.stderr,
      redact: ["req.headers", "*.query", "*.params", "*.body", "*.ins"],
      serializers: {
        req: (request) => ({ method: request.method }),
        err: (error) => {
          const { kind, code, frames } = unforeseen(error);
          return { type: kind, message: "", code, stack: frames };
        },
      },
    },
  });
  // Outside /fhir too, an error says nothing of its cause: a database quotes what it was given.
  app.setErrorHandler((error: Partial<FastifyError>, request, reply) => {
    const { statusCode } = error;
    const isCallers = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
    if (!isCallers) request.log.error({ err: error }, "request failed");
    const outage = outageOf(error);
    const status = isCallers ? statusCode : outage ? 503 : 500;
    const later = status === 503 ? { "retry-after": String(outage?.retryAfter) } : {};
    reply.code(status).headers({ "cache-control": "no-store", ...later });
    return reply.send({
      error: isCallers ? "invalid_request" : status === 503 ? "temporarily_unavailable" : "server_error",
    });
  });
  return app;
}

const ALLOWED_HEADERS =
  "authorization, content-type, accept, if-match, if-none-match, if-none-exist, if-modified-since, range, prefer, x-purpose-of-use, x-reason, x-structure, x-acknowledge-sensitive, x-secret-connection, dpop, x-request-id";
const EXPOSED_HEADERS =
  "location, content-location, www-authenticate, etag, content-range, accept-ranges, last-modified, retry-after, x-request-id, date, dpop-nonce";

/** Everything under `/fhir` shares this: parsers, rate limit, headers, CORS, authentication, errors. */
export async function prepareFhirScope(
  fhir: FastifyInstance,
  config: ServiceConfig,
  verify: TokenVerifier,
  through: Parameters<typeof readCaller>[2],
): Promise<void> {
  fhir.removeAllContentTypeParsers();
  const json = ["application/fhir+json", "application/json", "application/json-patch+json"];
  fhir.addContentTypeParser(json, { parseAs: "buffer" }, async (request: FastifyRequest, body: Buffer) =>
    parseJsonBody(body, request.routeOptions.config.holdsContents === true),
  );
  fhir.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: 64 * 1024 },
    async (_request: FastifyRequest, body: string) => new URLSearchParams(body),
  );

  await fhir.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], sandbox: [] },
    },
    crossOriginResourcePolicy: { policy: "cross-origin" },
    referrerPolicy: { policy: "no-referrer" },
    strictTransportSecurity: config.publicUrl.startsWith("https:") ? undefined : false,
  });
  await fhir.register(rateLimit, {
    global: true,
    max: config.requestsPerMinute,
    timeWindow: "1 minute",
    // By token where there is one: a hospital has one address for a thousand people.
    keyGenerator: (request) => request.headers.authorization?.slice(-43) ?? request.ip,
    errorResponseBuilder: (_request, context) =>
      new WireError(429, [{ code: "throttled", fr: "Trop de requêtes.", en: "Too many requests." }], {
        "retry-after": String(Math.ceil(context.ttl / 1000)),
      }),
  });

  fhir.addHook("onRequest", async (request, reply) => {
    // Bearer tokens, never cookies: any page may call, and gets nothing without a token of its own.
    reply.header("access-control-allow-origin", "*");
    reply.header("access-control-expose-headers", EXPOSED_HEADERS);
    reply.header("x-request-id", request.id);
    if (request.method === "OPTIONS") {
      reply.header("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
      reply.header("access-control-allow-headers", ALLOWED_HEADERS);
      reply.header("access-control-max-age", "86400");
      return reply.code(204).send();
    }
    // Before the body is read: a caller without a token makes us hold nothing.
    const { isPublic, isTokenOptional } = request.routeOptions.config;
    const isAnonymous = isTokenOptional === true && request.headers.authorization === undefined;
    if (isPublic !== true && !isAnonymous) request.caller = await readCaller(request, verify, through);
  });
  fhir.addHook("preHandler", async (request) => {
    if (request.routeOptions.config.answersContents !== true) requireJsonWanted(request);
    checkIfNoneExist(request);
  });
  fhir.options("/*", { config: { isPublic: true } }, async (_request, reply) => reply.code(204).send());

  fhir.addHook("onResponse", async (request, reply) => {
    request.log.info({
      method: request.method,
      route: request.routeOptions.url ?? "unknown",
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    });
  });
  fhir.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  fhir.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(fhir, request.url);
    if (allowed.length > 0) {
      reply.header("allow", allowed.join(", "));
      return sendOutcome(reply, 405, [
        {
          code: "not-supported",
          fr: `Cette adresse ne connaît que ${allowed.join(", ")}.`,
          en: `This address knows ${allowed.join(", ")} only.`,
        },
      ]);
    }
    return sendOutcome(reply, 404, [
      {
        code: "not-supported",
        fr: "Cette adresse n'existe pas dans l'interface.",
        en: "The interface has no such address.",
      },
    ]);
  });
}

/** What may be done at an address with another method: a `404` to DELETE would read as "gone". */
function methodsOf(fhir: FastifyInstance, url: string): readonly string[] {
  const path = url.replace(/\?.*$/, "").replace(/^(\/fhir\/[A-Za-z]+)\/[^/$]+$/, "$1/:id");
  return ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((method) => fhir.hasRoute({ method, url: path }));
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Answered without a token. */
    isPublic?: boolean;
    /** Answered without a token too, to those who prove otherwise who they are. */
    isTokenOptional?: boolean;
    /** Answers with files in their own form, or chooses the form itself. */
    answersContents?: boolean;
    /** Takes documents: long contents in its body come out as {@link EncodedContent}. */
    holdsContents?: boolean;
  }
}

function sendOutcome(
  reply: FastifyReply,
  status: number,
  issues: readonly WireIssue[],
  headers: Readonly<Record<string, string>> = {},
): FastifyReply {
  return reply
    .code(status)
    .headers({ ...headers, "content-type": FHIR_JSON, "cache-control": "no-store" })
    .send(JSON.stringify(operationOutcome(issues)));
}

/** No stack, no value: what is not foreseen is a 500 with its number in the server's log. */
function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof WireError) return sendOutcome(reply, error.status, error.issues, error.headers);
  if (error instanceof AdmissionError) return sendOutcome(reply, error.status, error.issues);
  const { statusCode, code } = error as Partial<FastifyError>;
  if (statusCode === 413 || code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    // Fastify closes the connection here, and a client still sending then sees a broken pipe instead of the answer.
    // Without that header Node.js lets the rest of the body run dry, unheld.
    reply.removeHeader("connection");
    return sendOutcome(reply, 413, [
      { code: "too-long", fr: "Corps trop grand pour ce service.", en: "The body is too large for this service." },
    ]);
  }
  if (statusCode === 415) {
    return sendOutcome(reply, 415, [
      { code: "not-supported", fr: "Type de contenu non accepté.", en: "Content type not accepted." },
    ]);
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return sendOutcome(reply, statusCode, [{ code: "invalid", fr: "Requête mal formée.", en: "Malformed request." }]);
  }
  const outage = outageOf(error);
  if (outage) {
    request.log.error({ err: error }, outage.cause);
    return sendOutcome(reply, 503, [outage.issue], { "retry-after": String(outage.retryAfter) });
  }
  if (error instanceof SealBroken) {
    // Which one it is, the command tells: an identifier has no place in this log.
    request.log.error({ err: error }, "content lost: npm run check-contents names it");
    return sendOutcome(reply, 500, [contentLost]);
  }
  request.log.error({ err: error }, "request failed");
  return sendOutcome(reply, 500, [
    {
      code: "exception",
      fr: "Erreur interne : le dossier n'a pas été modifié.",
      en: "Internal error: the record was not changed.",
    },
  ]);
}
