/** ITI-67's parameters as conditions on the rows. Every value is a bound parameter. TD3.1, R119, R125. */
import { type RawBuilder, sql } from "kysely";
import { beginsWith } from "../store/folded.ts";
import { holdsToken, isOfUris, readToken } from "./coded-elements.ts";
import { type DateCriterion, instant, parseDate } from "./dates.ts";
import { parseWireId } from "./ids.ts";
import { badRequest, WireError } from "./outcome.ts";
import { readIncludes, splitValues, TEXT_PARAMETERS, unknownParameter } from "./parameters.ts";
import { CHANGED } from "./position.ts";

export interface DocumentQuery {
  readonly conditions: readonly RawBuilder<unknown>[];
  readonly count: number;
  readonly sort: { readonly column: "date" | "updated_at" | "act_start"; readonly isDescending: boolean };
  /** Asked by identifier: TD3.1b, the technical id. Whoever asks for words too is shown content: that is a consultation. */
  readonly isByIdentifier: boolean;
  readonly includes: ReadonlySet<DocumentInclude>;
  /** `_content`, as written; several are all wanted. */
  readonly texts: readonly string[];
}

/** What may come with the documents: the lots and folders that hold them, the versions that they replace. */
const INCLUDES = ["_revinclude=List:item", "_include=DocumentReference:relatesto"] as const;
export type DocumentInclude = (typeof INCLUDES)[number];

type Condition = RawBuilder<unknown>;
type Reader = (values: readonly string[], parameter: string) => Condition;

export const DEFAULT_COUNT = 50;
export const MAX_COUNT = 200;

/** `code`, `system|code` or `|code`, against a code column and its system's. */
function token(codeColumn: string, systemColumn: string): Reader {
  return (values, parameter) =>
    any(
      values.map((value) => {
        const { system, code } = readToken(value);
        if (!code && !system) throw codeExpected(parameter);
        const parts: Condition[] = [];
        if (code) parts.push(sql`${sql.ref(codeColumn)} = ${code}`);
        if (system) parts.push(sql`${sql.ref(systemColumn)} = ${system}`);
        else if (system === "") parts.push(sql`${sql.ref(systemColumn)} is null`);
        return all(parts);
      }),
    );
}

/** The same against every coding of an element whose systems have no column: `isCode` finds a code alone. */
function coding(isCode: (code: string) => Condition, around: (coding: object) => object): Reader {
  return (values, parameter) =>
    any(
      values.map((value) => {
        const one = readToken(value);
        if (!one.code && !one.system) throw codeExpected(parameter);
        return one.system === undefined ? isCode(one.code) : holdsToken(one, around);
      }),
    );
}

const codeExpected = (parameter: string) => badRequest("Code attendu.", "Code expected.", parameter);

const date =
  (column: string): Reader =>
  (values, parameter) =>
    any(values.map((value) => instant(sql.ref(column), parseDate(value, parameter))));

/** The act against an interval: an act without an end lasts one instant. */
const period: Reader = (values, parameter) => any(values.map((value) => interval(parseDate(value, parameter))));

function interval({ prefix, from, until }: DateCriterion): Condition {
  const end = sql`coalesce(act_end, act_start)`;
  switch (prefix) {
    case "eq":
      return sql`(act_start >= ${from} and ${end} < ${until})`;
    case "ne":
      return sql`not (act_start >= ${from} and ${end} < ${until})`;
    case "ge":
      return sql`${end} >= ${from}`;
    case "gt":
      return sql`${end} >= ${until}`;
    case "le":
      return sql`act_start < ${until}`;
    case "lt":
      return sql`act_start < ${from}`;
    case "sa":
      return sql`act_start >= ${until}`;
    case "eb":
      return sql`${end} < ${from}`;
    case "ap":
      return sql`(act_start < ${until} and ${end} >= ${from})`;
  }
}

/** Names: begins with, whatever the case and the accents (FHIR string search). */
const name =
  (column: string): Reader =>
  (values) =>
    any(
      values.map(
        (value) =>
          sql`exists (select 1 from unnest(${sql.ref(column)}) as written where ${beginsWith(sql.ref("written"), value)})`,
      ),
    );

const STATUSES: ReadonlySet<string> = new Set(["current", "superseded", "entered-in-error"]);

const status: Reader = (values, parameter) => {
  const codes = values.map((value) => value.slice(value.indexOf("|") + 1));
  if (codes.some((code) => !STATUSES.has(code))) {
    throw badRequest("Statut inconnu : current ou superseded.", "Unknown status: current or superseded.", parameter);
  }
  // Deleted documents are gone from searches, whoever asks (R120).
  return sql`status = any(${codes.filter((code) => code !== "entered-in-error")})`;
};

const FLAGS: Readonly<Record<string, string>> = {
  MASQUE_PS: "is_hidden",
  INVISIBLE_PATIENT: "is_invisible_to_patient",
  INVISIBLE_REPRESENTANTS_LEGAUX: "is_invisible_to_representatives",
};

const securityLabel = coding(
  (code) => {
    const column = Object.hasOwn(FLAGS, code) ? FLAGS[code] : undefined;
    return column ? sql`${sql.ref(column)}` : sql`confidentiality = ${code}`;
  },
  (label) => ({ securityLabel: [{ coding: [label] }] }),
);

const identifier: Reader = (values) =>
  any(
    values.map((value) => {
      const token = readToken(value);
      if (!isOfUris(token)) return sql`false`;
      const text = token.code;
      const uuid = /^urn:uuid:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/.exec(text)?.[1];
      return uuid ? sql`(unique_id = ${text} or document_id = ${uuid}::uuid)` : sql`unique_id = ${text}`;
    }),
  );

const ids: Reader = (values) => {
  const members = values.flatMap((value) => parseWireId(value)?.memberId ?? []);
  return sql`document_id = any(${members}::uuid[])`;
};

/** The document that takes the place of another one (PDSm `relatesto`). */
const replacing: Reader = (values) => {
  const targets = values.flatMap((value) => parseWireId(value.replace(/^.*DocumentReference\//, ""))?.memberId ?? []);
  return sql`replaces = any(${targets}::uuid[])`;
};

const archived: Reader = (values, parameter) => {
  const wanted = new Set(values.map((value) => value.slice(value.indexOf("|") + 1)));
  for (const value of wanted) {
    if (value !== "true" && value !== "false") throw badRequest("true ou false.", "true or false.", parameter);
  }
  return wanted.size === 2 ? sql`true` : sql`is_archived = ${wanted.has("true")}`;
};

/** A reference, or the number of what is related; written with its system, that number only. */
const related: Reader = (values) =>
  any(
    values.map((value) => {
      const token = readToken(value);
      return token.system === undefined
        ? sql`${token.code} = any(related_ids)`
        : holdsToken(token, (number) => ({ context: { related: [{ identifier: number }] } }), "value");
    }),
  );

/** Facility and practice setting: a code of ours has a column, those beside it stand in the resource. */
function setting(column: string, element: "facilityType" | "practiceSetting"): Reader {
  const around = (one: object) => ({ context: { [element]: { coding: [one] } } });
  return coding(
    (code) => sql`(${sql.ref(column)} = ${code} or ${holdsToken({ system: undefined, code }, around)})`,
    around,
  );
}

const event = coding(
  (code) => sql`${code} = any(event_codes)`,
  (one) => ({ context: { event: [{ coding: [one] }] } }),
);

const readers: ReadonlyMap<string, Reader> = new Map([
  ["status", status],
  ["type", token("type_code", "type_system")],
  ["category", token("class_code", "class_system")],
  ["format", token("format_code", "format_system")],
  ["facility", setting("facility_code", "facilityType")],
  ["setting", setting("practice_code", "practiceSetting")],
  ["event", event],
  ["security-label", securityLabel],
  ["date", date("date")],
  ["creation", date("creation")],
  ["period", period],
  ["period-start", date("act_start")],
  ["period-end", date("act_end")],
  ["_lastUpdated", date("updated_at")],
  ["identifier", identifier],
  ["_id", ids],
  ["related", related],
  ["relatesto", replacing],
  ["isArchived", archived],
  ["author.family", name("author_families")],
  ["author.given", name("author_givens")],
]);

/** Parameters that are read elsewhere, or that change nothing here. */
const OTHERS: ReadonlySet<string> = new Set([
  "patient",
  "patient.identifier",
  "patient:identifier",
  "subject",
  "subject.identifier",
  "_count",
  "_sort",
  "_cursor",
  CHANGED,
  "_include",
  "_revinclude",
  ...TEXT_PARAMETERS,
  "_format",
  "_pretty",
  "_total",
]);

const SORTS: Readonly<Record<string, DocumentQuery["sort"]["column"]>> = {
  date: "date",
  _lastUpdated: "updated_at",
  "period-start": "act_start",
  period: "act_start",
};

/**
 * Reads every parameter; a repeated one is an AND, a comma an OR. A parameter that is not known is refused: ignoring a
 * filter would answer with more than was asked.
 * @throws WireError 400
 */
export function readDocumentQuery(parameters: URLSearchParams): DocumentQuery {
  const conditions: Condition[] = [];
  for (const [name, value] of parameters) {
    const reader = readers.get(name);
    if (reader) conditions.push(reader(splitValues(value), name));
    else if (!OTHERS.has(name)) throw unknownParameter(name);
  }
  if (!parameters.has("status")) {
    throw new WireError(400, [
      {
        code: "required",
        fr: "Le paramètre status est exigé.",
        en: "The parameter status is required.",
        expression: "status",
      },
    ]);
  }
  const texts = TEXT_PARAMETERS.flatMap((name) => parameters.getAll(name));
  // R119: archived documents are out of the default search; asked for by name, they are found.
  const isNamed = parameters.has("identifier") || parameters.has("_id");
  if (!parameters.has("isArchived") && !isNamed) conditions.push(sql`not is_archived`);
  return {
    conditions,
    count: readCount(parameters),
    sort: readSort(parameters),
    isByIdentifier: parameters.has("identifier") && texts.length === 0,
    includes: readIncludes(parameters, INCLUDES),
    texts,
  };
}

/** How many entries a page holds; none: the count alone, as with `_summary=count` (FHIR). */
export function readCount(parameters: URLSearchParams): number {
  const written = parameters.get("_count");
  if (written === null) return DEFAULT_COUNT;
  if (!/^\d{1,6}$/.test(written)) throw badRequest("Nombre entier attendu.", "Whole number expected.", "_count");
  return Math.min(MAX_COUNT, Number(written));
}

function readSort(parameters: URLSearchParams): DocumentQuery["sort"] {
  const written = parameters.get("_sort") ?? "-date";
  const isDescending = written.startsWith("-");
  const key = isDescending ? written.slice(1) : written;
  const column = Object.hasOwn(SORTS, key) ? SORTS[key] : undefined;
  if (!column)
    throw badRequest("Tri : date, period-start ou _lastUpdated.", "Sort: date, period-start or _lastUpdated.", "_sort");
  return { column, isDescending };
}

function any(conditions: readonly Condition[]): Condition {
  return sql`(${sql.join(conditions, sql` or `)})`;
}

function all(conditions: readonly Condition[]): Condition {
  return sql`(${sql.join(conditions, sql` and `)})`;
}
