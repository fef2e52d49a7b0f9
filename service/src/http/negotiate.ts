/**
 * The form of an answer (FHIR R4, "Content Types and encodings"): JSON is the only one that is spoken, and whoever takes
 * no JSON is told before anything is read or kept, instead of being sent what they cannot read.
 */
import type { FastifyRequest } from "fastify";
import { WireError } from "./outcome.ts";
import { parametersOf } from "./parameters.ts";

/** What a client may call our JSON: FHIR R4's, its short name, and that of the versions before. */
const JSON_NAMES: ReadonlySet<string> = new Set([
  "json",
  "application/fhir+json",
  "application/json",
  "application/json+fhir",
  "text/json",
]);
const ANYTHING: ReadonlySet<string> = new Set(["*/*", "*", "application/*"]);

/**
 * `_format` decides; without it, `Accept`.
 * @throws WireError 406 when neither names JSON
 */
export function requireJsonWanted(request: FastifyRequest): void {
  const formats = parametersOf(request).getAll("_format");
  const isWanted = formats.length > 0 ? formats.every(isJsonFormat) : acceptsJson(request.headers.accept);
  if (!isWanted) throw notInJson(formats.length > 0);
}

/**
 * A content has its own form, and JSON: nobody who asks the address for FHIR in XML could read either. XML alone may also
 * mean a content that is XML.
 *
 * @throws WireError 406
 */
export function requireNoFhirXml(request: FastifyRequest, contentType: string): void {
  const asked = parametersOf(request).getAll("_format");
  const isFhir = (format: string) => /^\s*application\/(fhir[+ ]xml|xml[+ ]fhir)\b/i.test(format);
  const isXml = (format: string) => /^\s*((text|application)\/)?xml\b/i.test(format) && !/[/+]xml$/.test(contentType);
  if (asked.some((format) => isFhir(format) || isXml(format))) throw notInJson(true);
}

function notInJson(isByFormat: boolean): WireError {
  return new WireError(406, [
    {
      code: "not-supported",
      fr: "Ce service répond en JSON seulement : application/fhir+json.",
      en: "This service answers in JSON only: application/fhir+json.",
      expression: isByFormat ? "_format" : "http.accept",
    },
  ]);
}

/** Whether the address itself asks for FHIR JSON (`_format`), whatever `Accept` says. */
export function isJsonAskedFor(request: FastifyRequest): boolean {
  const formats = parametersOf(request).getAll("_format");
  return formats.some((format) => format.trim() !== "" && isJsonFormat(format));
}

/** A `+` that was not encoded arrives as a space, as everybody writes it in addresses. */
function isJsonFormat(format: string): boolean {
  const wanted = format.trim().replace(" ", "+");
  return wanted === "" || isJsonRange(wanted, JSON_NAMES);
}

function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === "") return true;
  return accept.split(",").some((range) => isJsonRange(range, JSON_NAMES) || isJsonRange(range, ANYTHING));
}

/** One media range: not excluded by `q=0`, nor of another version of FHIR. */
function isJsonRange(range: string, names: ReadonlySet<string>): boolean {
  const [type = "", ...parameters] = range
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  if (!names.has(type)) return false;
  return parameters.every((parameter) => {
    const [name, value = ""] = parameter.split("=").map((part) => part.trim().replace(/^"|"$/g, ""));
    if (name === "q") return Number(value) !== 0;
    return name !== "fhirversion" || /^4\.0(\.\d+)?$/.test(value);
  });
}
