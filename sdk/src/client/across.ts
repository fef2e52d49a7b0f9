import type { HealthcareService, Parameters, Patient } from "fhir/r4.js";
import { type CallOptions, InvalidAnswer } from "../fhir/http/index.ts";
import { type Fields, isFields, isListOf, parseBundle } from "../fhir/parse.ts";
import { parseResource, resourcesOf } from "../fhir/resources.ts";
import type { ClientContext } from "./context.ts";
import type { Indicators, ProfessionalInformation } from "./types.ts";
import { given, listed, operate, searchAll } from "./wire.ts";

/** TD0.5 (R43): see `CarnetClient.findPatients`. */
export async function findPatients(
  context: ClientContext,
  traits: { readonly family: string; readonly given: string; readonly birthDate: string },
  options: CallOptions = {},
): Promise<Patient[]> {
  const { family, given: givenName, birthDate } = given(traits, "traits: { family, given, birthDate }");
  const query = { family, given: givenName, birthdate: birthDate };
  const { answer, body } = await context.http.json({ method: "GET", path: "Patient", query, ...options });
  return resourcesOf(parseBundle(body, answer.request), "Patient");
}

/** TD0.4, R9, R14, R60: see `CarnetClient.myRecords`. */
export async function myRecords(
  context: ClientContext,
  options?: CallOptions & { readonly sortBy?: "lastDocument" },
): Promise<Patient[]> {
  const { sortBy, ...call } = given(options ?? {}, "options: { sortBy }");
  return searchAll(context, "Patient", sortBy === undefined ? {} : { _sort: "-document" }, call);
}

/** R168: see `CarnetClient.applications`. */
export function applications(context: ClientContext, options: CallOptions = {}): Promise<HealthcareService[]> {
  return searchAll(context, "HealthcareService", {}, options);
}

/** R194: see `CarnetClient.documentAlerts`. */
export async function documentAlerts(
  context: ClientContext,
  types?: readonly string[],
  options: CallOptions = {},
): Promise<string[]> {
  const path = "$document-alerts";
  const body = types
    ? await operate(
        context,
        path,
        listed(types, "types").map((valueCode) => ({ name: "type", valueCode })),
        { isIdempotent: true, ...options },
      )
    : (await context.http.json({ method: "GET", path, ...options })).body;
  return (parametersOf(body, path).parameter ?? []).flatMap(({ valueCode }) => valueCode ?? []);
}

/** R68: see `CarnetClient.professionalInformation`. */
export async function professionalInformation(
  context: ClientContext,
  options?: CallOptions & { readonly isUnderstood?: boolean },
): Promise<ProfessionalInformation> {
  const { isUnderstood, ...call } = given(options ?? {}, "options: { isUnderstood }");
  const path = "$professional-information";
  const method = isUnderstood ? "POST" : "GET";
  const { body } = await context.http.json({ method, path, isIdempotent: true, ...call });
  const named = new Map((parametersOf(body, path).parameter ?? []).map((one) => [one.name, one]));
  const acknowledgedAt = named.get("acknowledgedAt")?.valueInstant;
  return {
    isDue: named.get("isDue")?.valueBoolean === true,
    dueAt: named.get("dueAt")?.valueInstant ?? "",
    ...(acknowledgedAt ? { acknowledgedAt } : {}),
    text: named.get(context.locale === "en" ? "textEn" : "textFr")?.valueString ?? "",
  };
}

/** R212, R214: see `CarnetClient.indicators`. */
export async function indicators(context: ClientContext, options: CallOptions = {}): Promise<Indicators> {
  const path = new URL("/indicators/indicators.json", context.http.baseUrl).href;
  const accept = "application/json";
  const { answer, body } = await context.http.json({ method: "GET", path, accept, isPublic: true, ...options });
  if (!isIndicators(body)) {
    throw new InvalidAnswer(answer.request, "the answer is not the indicators");
  }
  return body;
}

const isCount = (value: unknown) => value === null || typeof value === "number";

function isIndicators(body: unknown): body is Indicators {
  const isCell = (cell: Fields) => typeof cell.id === "string" && isCount(cell.count);
  const isTable = ({ id, kind, cells, total }: Fields) =>
    typeof id === "string" &&
    (kind === "partition" || kind === "overlapping") &&
    isCount(total) &&
    Array.isArray(cells) &&
    isListOf(cells, isCell);
  return (
    isFields(body) &&
    typeof body.countedAt === "string" &&
    typeof body.threshold === "number" &&
    Array.isArray(body.tables) &&
    isListOf(body.tables, isTable)
  );
}

function parametersOf(body: unknown, path: string): Parameters {
  return parseResource(body, "Parameters", `GET ${path}`);
}
