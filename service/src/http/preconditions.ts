/** `If-Match`: a change on the version that was read, or none. `If-None-Exist`: nothing made twice. */
import type { FastifyRequest } from "fastify";
import { isOfOwnNumber, otherCondition } from "../admission/create-condition.ts";
import { isObject } from "../admission/json.ts";
import { WireError } from "./outcome.ts";

/**
 * What is made under a number is there once anyway. No other condition is looked at (FHIR, conditional create): passed over,
 * it would make a second one of what was to be there once.
 *
 * @throws WireError 422
 */
export function checkIfNoneExist({ method, headers, body, routeOptions }: FastifyRequest): void {
  const condition = headers["if-none-exist"]?.toString();
  const isCreation = method === "POST" && /^\/fhir\/[A-Z]\w*$/.test(routeOptions.url ?? "");
  // What is no object is refused for being none.
  if (condition === undefined || !isCreation || !isObject(body) || isOfOwnNumber(condition, body)) return;
  throw new WireError(422, [{ code: "value", ...otherCondition, expression: "If-None-Exist" }]);
}

/** @throws WireError 412 when the header names another version */
export function checkIfMatch(header: string | undefined, version: number): void {
  if (!header || header.trim() === "*") return;
  const versions = header.split(",").map((one) => /^\s*(?:W\/)?"?([^"]*)"?\s*$/.exec(one)?.[1]);
  if (!versions.includes(String(version))) throw preconditionFailed();
}

export function preconditionFailed(): WireError {
  return new WireError(412, [
    {
      code: "conflict",
      fr: "Le document a changé depuis : relisez-le avant de le modifier.",
      en: "The document has changed meanwhile: read it again before changing it.",
    },
  ]);
}
