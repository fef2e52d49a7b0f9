import type { Communication, Parameters, ParametersParameter } from "fhir/r4.js";
import type { CallOptions } from "../fhir/http/index.ts";
import { parseResource } from "../fhir/resources.ts";
import type { RecordContext } from "./context.ts";
import type { AccessPreferences, BulkChange, DocumentHandle } from "./types.ts";
import { given, idOf, listed, operate, readPatient, searchRecord } from "./wire.ts";

const CHANGE = "change: { … }";

/** R190 to R196: see `RecordHandle.notices`. */
export function notices(context: RecordContext, options: CallOptions = {}): Promise<Communication[]> {
  return searchRecord(context, "Communication", { category: "notice" }, options);
}

/** R193: see `RecordHandle.noticePreferences`. */
export async function noticePreferences(
  context: RecordContext,
  change: Readonly<Record<string, boolean>> = {},
  options: CallOptions = {},
): Promise<Readonly<Record<string, boolean>>> {
  const query = { identifier: context.insToken };
  return flags(await readOrSet(context, "Patient/$notice-preferences", change, { query, ...options }));
}

/** R73, R74, R146: see `RecordHandle.accessPreferences`. */
export async function accessPreferences(
  context: RecordContext,
  change: Partial<AccessPreferences> = {},
  options: CallOptions = {},
): Promise<AccessPreferences> {
  given(change, CHANGE);
  const { id } = await readPatient(context, options);
  const found = flags(await readOrSet(context, `Patient/${id}/$access-preferences`, change, options));
  const is = (name: keyof AccessPreferences) => found[name] === true;
  return {
    allowsDispatch: is("allowsDispatch"),
    allowsBreakGlass: is("allowsBreakGlass"),
    allowsHiddenInEmergency: is("allowsHiddenInEmergency"),
    hidesDocuments: is("hidesDocuments"),
  };
}

/** R122, R147: see `RecordHandle.changeDocuments`. */
export async function changeDocuments(
  context: RecordContext,
  change: BulkChange,
  documents: readonly DocumentHandle[],
  options: CallOptions = {},
): Promise<void> {
  const members = listed(documents, "documents").map((document) => idOf(document, "documents"));
  const { id } = await readPatient(context, options);
  const parameter: ParametersParameter[] = [
    { name: "change", valueCode: change },
    ...members.map((document) => ({
      name: "document",
      valueReference: { reference: `DocumentReference/${document}` },
    })),
  ];
  // Whole values are set, all or none: repeated, nothing more happens.
  await operate(context, `Patient/${id}/$change-documents`, parameter, { isIdempotent: true, ...options });
}

async function readOrSet(
  context: RecordContext,
  path: string,
  change: Readonly<Partial<Record<string, boolean>>>,
  options: CallOptions & { readonly query?: Record<string, string> },
): Promise<Parameters> {
  const parameter = Object.entries(given(change, CHANGE)).flatMap(([name, valueBoolean]) =>
    valueBoolean === undefined ? [] : [{ name, valueBoolean }],
  );
  const body =
    parameter.length > 0
      ? await operate(context, path, parameter, { isIdempotent: true, ...options })
      : (await context.http.json({ method: "GET", path, ...options })).body;
  return parseResource(body, "Parameters", `GET ${path.split("/").pop()}`);
}

function flags({ parameter }: Parameters): Record<string, boolean> {
  return Object.fromEntries((parameter ?? []).map(({ name, valueBoolean }) => [name, valueBoolean === true]));
}
