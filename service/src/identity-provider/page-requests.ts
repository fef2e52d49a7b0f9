/** What every page of this room does with a request: language, form, origin, network address, cookie of the device. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { DEVICE_COOKIE, DEVICE_COOKIE_SECONDS } from "./known-devices.ts";
import { pageHeaders, statementPage } from "./pages.ts";
import { type Locale, localeOf } from "./strings.ts";

export function bodyOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}

/** The language asked for by a link or kept by a form, else that of the browser. */
export function languageOf(request: FastifyRequest): Locale {
  const { lang } = request.query as { lang?: unknown };
  const asked = typeof lang === "string" ? lang : (bodyOf(request).get("lang") ?? undefined);
  return localeOf(asked, request.headers["accept-language"]);
}

export function sendPage(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply.code(status).headers(pageHeaders).send(page);
}

/** Post, redirect, get: reloading the page sends nothing again. */
export function seeOther(reply: FastifyReply, location: string): FastifyReply {
  return reply.code(303).headers({ "cache-control": "no-store", location }).send();
}

/** Browsers say where a form was sent from: another site's is not taken. */
export function isFromElsewhere(request: FastifyRequest): boolean {
  const site = request.headers["sec-fetch-site"];
  return request.method === "POST" && site !== undefined && site !== "same-origin";
}

export function sendExpired(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const page = statementPage(languageOf(request), (s) => ({ title: s.expiredTitle, lead: s.expiredLead }));
  return sendPage(reply, 400, page);
}

/** Token of the device, from its cookie. */
export function deviceTokenOf(request: FastifyRequest): string | undefined {
  const pairs = (request.headers.cookie ?? "").split(";").map((pair) => pair.trim().split("="));
  return pairs.find(([name]) => name === DEVICE_COOKIE)?.[1];
}

export function setDeviceToken(reply: FastifyReply, token: string, isSecure: boolean): void {
  const attributes = [
    `${DEVICE_COOKIE}=${token}`,
    "path=/oidc",
    `max-age=${DEVICE_COOKIE_SECONDS}`,
    "httponly",
    "samesite=lax",
    ...(isSecure ? ["secure"] : []),
  ];
  reply.header("set-cookie", attributes.join("; "));
}
