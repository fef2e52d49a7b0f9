/** Search parameters, read the same from an address and from a `_search` body. */

import { isDeepStrictEqual } from "node:util";
import { InsError, parseIns } from "@carnet/sdk/identity";
import type { FastifyRequest } from "fastify";
import type { Ins } from "../store/records.ts";
import { isUuid } from "./ids.ts";
import { badRequest, WireError } from "./outcome.ts";

/** Searches in the words of documents. */
export const TEXT_PARAMETERS: readonly string[] = ["_content", "_text"];

/** All values of a query string and, for `POST _search`, of the form. */
export function parametersOf(request: FastifyRequest): URLSearchParams {
  const at = request.raw.url?.indexOf("?") ?? -1;
  const parameters = new URLSearchParams(at >= 0 ? request.raw.url?.slice(at + 1) : "");
  if (request.body instanceof URLSearchParams) for (const [name, value] of request.body) parameters.append(name, value);
  const all = [...parameters];
  if (all.length > 100) throw badRequest("Trop de paramètres.", "Too many parameters.");
  // No text that a database keeps.
  if (all.some(([name, value]) => name.includes("\0") || value.includes("\0"))) {
    throw badRequest("Caractère non permis.", "Character not allowed.");
  }
  return parameters;
}

/** `system|value` of an INS. @throws WireError 400 */
export function parseInsToken(token: string, parameter: string, acceptsWrongTestKeys: boolean): Ins {
  const bar = token.indexOf("|");
  if (bar < 1) {
    throw badRequest("L'INS s'écrit système|matricule.", "Write the INS as system|value.", parameter);
  }
  try {
    return parseIns(
      { system: token.slice(0, bar), value: token.slice(bar + 1) },
      { acceptFaultyTestNumbers: acceptsWrongTestKeys },
    );
  } catch (error) {
    if (!(error instanceof InsError)) throw error;
    const isKey = error.code === "ins-key";
    throw new WireError(400, [
      {
        code: "value",
        fr: isKey ? "La clé du matricule INS est fausse." : "Ceci n'est pas un matricule INS.",
        en: isKey ? "The key of the INS is wrong." : "This is not an INS.",
        expression: parameter,
        ...(isKey ? { rule: "R34" as const } : {}),
      },
    ]);
  }
}

/** How a search names its patient. */
export const PATIENT_PARAMETERS: readonly string[] = [
  "patient.identifier",
  "subject.identifier",
  "patient:identifier",
  "patient",
  "subject",
];

/** What shapes an answer and narrows nothing. */
const SHAPING: readonly string[] = ["_count", "_format", "_pretty", "_sort", "_total"];

/**
 * A filter that is passed over would answer with more than was asked, or for somebody else: what `known` does not name is
 * refused, and so is a second value where one is read.
 * @throws WireError 400 naming the parameter
 */
export function requireKnown(
  parameters: URLSearchParams,
  known: readonly string[],
  repeated: readonly string[] = [],
): void {
  for (const name of parameters.keys()) {
    if (repeated.includes(name)) continue;
    if (!known.includes(name) && !SHAPING.includes(name)) throw unknownParameter(name);
    if (parameters.getAll(name).length > 1)
      throw badRequest("Ce paramètre ne se donne qu'une fois.", "This parameter is given once.", name);
  }
}

/**
 * The patient that a search names: `patient.identifier=system|value` or `patient=Patient/id`. Named twice, it is the same.
 * @throws WireError 400
 */
export function patientOf(
  parameters: URLSearchParams,
  acceptsWrongTestKeys: boolean,
): { readonly ins: Ins } | { readonly id: string } {
  const [first, ...others] = PATIENT_PARAMETERS.flatMap((name) =>
    parameters.getAll(name).map((value) => ({ name, patient: readPatient(name, value, acceptsWrongTestKeys) })),
  );
  if (!first) throw patientRequired();
  const other = others.find(({ patient }) => !isDeepStrictEqual(patient, first.patient));
  if (!other) return first.patient;
  throw badRequest("Un seul patient, nommé d'une seule façon.", "One patient, named in one way.", other.name);
}

function readPatient(name: string, value: string, acceptsWrongTestKeys: boolean): { ins: Ins } | { id: string } {
  const isReference = name === "patient" || name === "subject";
  if (!isReference || value.includes("|")) return { ins: parseInsToken(value, name, acceptsWrongTestKeys) };
  const id = value.replace(/^.*Patient\//, "");
  if (!isUuid(id)) throw patientRequired();
  return { id };
}

function patientRequired(): WireError {
  return new WireError(400, [
    {
      code: "required",
      fr: "Le patient est exigé : patient.identifier=système|matricule.",
      en: "The patient is required: patient.identifier=system|value.",
      expression: "patient.identifier",
    },
  ]);
}

/** The language of an answer's words: French unless English is asked for first. */
export function localeOf(request: Pick<FastifyRequest, "headers">): "fr" | "en" {
  return request.headers["accept-language"]?.toLowerCase().startsWith("en") ? "en" : "fr";
}

/** A parameter that is not known is refused: ignoring a filter would answer with more than was asked. */
export function unknownParameter(name: string): WireError {
  return new WireError(400, [
    {
      code: "not-supported",
      fr: "Paramètre de recherche inconnu.",
      en: "Unknown search parameter.",
      expression: /^[\w.:-]{1,60}$/.test(name) ? name : "parameter",
    },
  ]);
}

/** Splits a value at commas that are not escaped: each is one alternative. @throws WireError 400 when there are too many */
export function splitValues(value: string): readonly string[] {
  const values = value.split(/(?<!\\),/).map((one) => one.replace(/\\([,|$\\])/g, "$1"));
  if (values.length > 200) throw badRequest("Trop de valeurs.", "Too many values.");
  return values;
}

/**
 * `_include` and `_revinclude`: which of `known` are asked for, written `_include=List:item`. What comes with an answer
 * is decided like what was searched.
 * @throws WireError 400 for any other
 */
export function readIncludes<Known extends string>(
  parameters: URLSearchParams,
  known: readonly Known[],
): ReadonlySet<Known> {
  const wanted = new Set<Known>();
  for (const name of ["_include", "_revinclude"]) {
    for (const value of parameters.getAll(name).flatMap((one) => one.split(","))) {
      const found = known.find((one) => one === `${name}=${value}`);
      if (!found) {
        const list = known.join(", ");
        throw badRequest(`Connus ici : ${list}.`, `Known here: ${list}.`, name);
      }
      wanted.add(found);
    }
  }
  return wanted;
}

/**
 * The parameters as the log keeps them. That the words of documents were searched is told, the words are not: parents read
 * the log of a minor, and a word may say what is secret (R11, R184).
 */
export function queryText(parameters: URLSearchParams): string {
  const told = new URLSearchParams(parameters);
  for (const name of TEXT_PARAMETERS) if (told.has(name)) told.set(name, "…");
  return told.toString().slice(0, 2000);
}
