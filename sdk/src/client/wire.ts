import type { FhirResource, Parameters, ParametersParameter, Patient, Reference } from "fhir/r4.js";
import {
  type CallOptions,
  type HttpAnswer,
  type HttpRequest,
  InvalidAnswer,
  isDocumentNotFound,
  RecordNotFound,
} from "../fhir/http/index.ts";
import { pages } from "../fhir/pages.ts";
import { isFields, parseBundle } from "../fhir/parse.ts";
import { parseResource, type ResourceOf, resourcesOf } from "../fhir/resources.ts";
import type { Ins } from "../identity/index.ts";
import type { ClientContext, RecordContext } from "./context.ts";

/** What most tasks ask of the wire, once. */
type Kind = FhirResource["resourceType"];

/** Every resource of a search, page after page. */
export async function searchAll<T extends Kind>(
  context: ClientContext,
  kind: T,
  query: HttpRequest["query"],
  options: CallOptions = {},
): Promise<ResourceOf<T>[]> {
  const found: ResourceOf<T>[] = [];
  for await (const page of pages(context.http, kind, query, options)) found.push(...resourcesOf(page, kind));
  return found;
}

/** The same within one record. */
export function searchRecord<T extends Kind>(
  context: RecordContext,
  kind: T,
  query: HttpRequest["query"] = {},
  options: CallOptions = {},
): Promise<ResourceOf<T>[]> {
  return searchAll(context, kind, { "patient.identifier": context.insToken, ...query }, options);
}

/** Writes one resource (`POST`, or `PUT` to its id) and gives it as the record keeps it. */
export async function write<T extends Kind>(
  context: ClientContext,
  kind: T,
  resource: object,
  options: CallOptions & Pick<HttpRequest, "isIdempotent" | "headers"> & { readonly id?: string } = {},
): Promise<ResourceOf<T>> {
  const { id, ...call } = options;
  const { answer, body } = await context.http.json({
    method: id === undefined ? "POST" : "PUT",
    path: pathOf(kind, id),
    body: JSON.stringify({ resourceType: kind, ...resource, ...(id === undefined ? {} : { id }) }),
    ...(id === undefined ? {} : { isIdempotent: true }),
    ...call,
  });
  return parseResource(body, kind, answer.request);
}

/** Sets whole values of one resource (JSON Patch): safe to repeat. */
export async function setValues(
  context: ClientContext,
  kind: Kind,
  id: string,
  steps: readonly { readonly op: "add" | "replace" | "remove"; readonly path: string; readonly value?: unknown }[],
  options: CallOptions = {},
): Promise<void> {
  // As JSON, or nothing: a portal's page in its place must not read as done.
  await context.http.json({
    method: "PATCH",
    path: pathOf(kind, id),
    contentType: "application/json-patch+json",
    body: JSON.stringify(steps),
    isIdempotent: true,
    ...options,
  });
}

/** Removes one resource. */
export async function erase(context: ClientContext, kind: Kind, id: string, options: CallOptions = {}): Promise<void> {
  await sendRemoval(context, { method: "DELETE", path: pathOf(kind, id), ...options });
}

/** Sends what makes something go: when the answer to the first try was lost, "not there" is its answer. */
export async function sendRemoval(context: ClientContext, request: HttpRequest): Promise<void> {
  let wasLost = false;
  const watched = (own: typeof fetch | undefined): typeof fetch => {
    return async (input, init) => {
      const isFirst = !wasLost;
      wasLost = true;
      const answer = await (own ?? fetch)(input, init);
      wasLost = !isFirst || answer.status >= 500;
      return answer;
    };
  };
  try {
    // As JSON, or nothing: a portal's page in its place must not read as done.
    await context.http.json({ ...request, isIdempotent: true, through: watched });
  } catch (error) {
    if (!wasLost || !isDocumentNotFound(error)) throw error;
  }
}

/** `Kind`, or `Kind/id` with an id that cannot leave its place. */
export function pathOf(kind: Kind, id?: string): string {
  return id === undefined ? kind : `${kind}/${encodeURIComponent(id)}`;
}

/** Calls an operation with named values, or without a body. */
export async function operate(
  context: ClientContext,
  path: string,
  parameter: readonly ParametersParameter[] | undefined,
  options: CallOptions & Pick<HttpRequest, "isIdempotent" | "query"> = {},
): Promise<unknown> {
  // FHIR has no empty arrays.
  const body: Parameters = { resourceType: "Parameters", ...(parameter?.length ? { parameter: [...parameter] } : {}) };
  const sent = parameter ? { body: JSON.stringify(body) } : {};
  return (await context.http.json({ method: "POST", path, ...sent, ...options })).body;
}

/** A file that was asked for, and not a page of the way (a portal, a proxy): none of the record's is one. @throws InvalidAnswer */
export function assertFile({ headers, request }: Pick<HttpAnswer, "headers" | "request">): void {
  if (/^text\/html\b/.test(headers.get("content-type") ?? "")) {
    throw new InvalidAnswer(request, "a web page in place of the file");
  }
}

/** The record's own Patient. @throws RecordNotFound */
export async function readPatient(
  context: RecordContext,
  options: CallOptions = {},
): Promise<Patient & { id: string }> {
  const query = { identifier: context.insToken };
  const { answer, body } = await context.http.json({ method: "GET", path: "Patient", query, ...options });
  const { system, value } = context.ins;
  for (const patient of resourcesOf(parseBundle(body, answer.request), "Patient")) {
    const isTheirs = patient.identifier?.some((one) => one.system === system && one.value === value);
    if (isTheirs && patient.id) return { ...patient, id: patient.id };
  }
  throw new RecordNotFound(answer.request);
}

/** A logical reference: the record finds its patient by INS, never by a number of its own. */
export function toSubject(ins: Ins): Reference {
  return { type: "Patient", identifier: { system: ins.system, value: ins.value } };
}

/**
 * The id of a resource, or the id itself.
 * @throws TypeError, which names the argument, for what has none: to withdraw nothing would read as done
 */
export function idOf(handle: { readonly id?: string } | string, argument: string): string {
  const id: unknown = typeof handle === "string" ? handle : handle?.id;
  if (typeof id !== "string" || id === "") throw new TypeError(`${argument}: as the record gave it, or its id`);
  return id;
}

/** What a call without types may have left out, or given in another form. @throws TypeError, which names the argument */
export function given<T>(value: T, argument: string): T {
  if (!isFields(value)) throw new TypeError(argument);
  return value;
}

/** The same of a list. @throws TypeError, which names the argument */
export function listed<T>(values: readonly T[], argument: string): readonly T[] {
  if (!Array.isArray(values)) throw new TypeError(`${argument}: a list`);
  return values;
}

/** References to documents, by id. */
export function toMembers(documents: readonly ({ readonly id: string } | string)[]) {
  return listed(documents, "documents").map((document) => ({
    item: { reference: `DocumentReference/${idOf(document, "documents")}` },
  }));
}
