/** ITI-66's parameters: which kinds of list, and which of them. R114, R169. */
import { codeSystem, identifierSystem, type List } from "@carnet/sdk/fhir";
import { type RawBuilder, sql } from "kysely";
import { beginsWith } from "../store/folded.ts";
import { holdsToken, isOfUris, readToken, type Token } from "./coded-elements.ts";
import { type DateCriterion, instant, isWithin, parseDate } from "./dates.ts";
import { readCount } from "./document-query.ts";
import type { ShownFolder } from "./folders.ts";
import { parseWireId } from "./ids.ts";
import { badRequest } from "./outcome.ts";
import { readIncludes, splitValues, unknownParameter } from "./parameters.ts";
import { CHANGED } from "./position.ts";

/** A lot (lot de soumission), a folder (classeur), or the documents that somebody pinned (épinglés). */
export const listKinds = ["submissionset", "folder", "pinned"] as const;
export type ListKind = (typeof listKinds)[number];

/** Kinds of list that MHD does not know. */
export const LIST_TYPE_SYSTEM = "https://carnet.example/fhir/CodeSystem/list-type";

export const systemOfKind: Readonly<Record<ListKind, string>> = {
  submissionset: codeSystem.mhdListType,
  folder: codeSystem.mhdListType,
  pinned: LIST_TYPE_SYSTEM,
};

export interface ListQuery {
  readonly kinds: ReadonlySet<ListKind>;
  /** Conditions on the rows of lots. */
  readonly lots: readonly RawBuilder<unknown>[];
  /** The same conditions on a folder as its reader sees it. */
  readonly folders: (folder: ShownFolder) => boolean;
  readonly count: number;
  readonly sort: { readonly by: "date" | "lastUpdated"; readonly isDescending: boolean };
  readonly includesItems: boolean;
}

const OTHERS: ReadonlySet<string> = new Set([
  "patient",
  "patient.identifier",
  "patient:identifier",
  "subject",
  "subject.identifier",
  "_count",
  "_cursor",
  CHANGED,
  "_sort",
  "_include",
  "_format",
  "_pretty",
  "_total",
]);

interface Criterion {
  readonly lot: RawBuilder<unknown>;
  readonly folder: (folder: ShownFolder) => boolean;
}

type Reader = (values: readonly string[], parameter: string) => Criterion;

const plain = (value: string) => value.slice(value.indexOf("|") + 1);
const any = (conditions: readonly RawBuilder<unknown>[]) => sql`(${sql.join(conditions, sql` or `)})`;

const dateOf =
  (column: RawBuilder<unknown>, of: (folder: ShownFolder) => Date): Reader =>
  (values, parameter) => {
    const criteria: readonly DateCriterion[] = values.map((value) => parseDate(value, parameter));
    return {
      lot: any(criteria.map((one) => instant(column, one))),
      folder: (folder) => criteria.some((one) => isWithin(of(folder), one)),
    };
  };

/** The number of a professional, a structure or a patient: who sends is one of these. */
const isOfPeople = ({ system }: Token) =>
  system === undefined ||
  system === identifierSystem.professional ||
  system === identifierSystem.structure ||
  system.startsWith("urn:oid:1.2.250.1.213.1.4.");

/** Who sent the lot. A folder has no source (MHD). */
const sourceName =
  (column: RawBuilder<unknown>): Reader =>
  (values) => ({ lot: any(values.map((value) => beginsWith(column, value))), folder: () => false });

const readers: Readonly<Record<string, Reader>> = {
  status: (values) => {
    const isCurrent = values.map(plain).includes("current");
    return { lot: isCurrent ? sql`true` : sql`false`, folder: () => isCurrent };
  },
  date: dateOf(sql`date`, (folder) => folder.row.date),
  _lastUpdated: dateOf(sql`received_at`, (folder) => folder.lastUpdated),
  designationType: (values) => {
    const tokens = values.map(readToken);
    const around = (one: object) => ({ extension: [{ valueCodeableConcept: { coding: [one] } }] });
    return {
      lot: any(
        tokens.map((one) => (one.system === undefined ? sql`designation_type = ${one.code}` : holdsToken(one, around))),
      ),
      folder: ({ row }) => {
        const { extension = [] }: Pick<List, "extension"> = JSON.parse(row.resource);
        const codings = extension.flatMap((one) => one.valueCodeableConcept?.coding ?? []);
        return tokens.some(({ system, code }) =>
          system === undefined
            ? row.designation_type === code
            : codings.some((one) => (one.system ?? "") === system && (code === "" || one.code === code)),
        );
      },
    };
  },
  identifier: (values) => {
    const uniqueIds = values.map(readToken).flatMap((one) => (isOfUris(one) ? one.code : []));
    const ids = uniqueIds.flatMap(
      (value) => /^urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(value)?.[1] ?? [],
    );
    return {
      lot: sql`(unique_id = any(${uniqueIds}) or submission_set_id = any(${ids}::uuid[]))`,
      folder: ({ row }) => uniqueIds.includes(row.unique_id) || ids.includes(row.folder_id),
    };
  },
  _id: (values) => {
    const ids = values.flatMap((value) => parseWireId(value)?.memberId ?? []);
    return { lot: sql`submission_set_id = any(${ids}::uuid[])`, folder: ({ row }) => ids.includes(row.folder_id) };
  },
  "source.family": sourceName(sql`source_family`),
  "source.given": sourceName(sql`source_given`),
  "source.identifier": (values) => {
    const ids = values.map(readToken).flatMap((one) => (isOfPeople(one) ? one.code : []));
    return { lot: sql`source_id = any(${ids})`, folder: () => false };
  },
};

/** Reads every parameter; a repeated one is an AND, a comma an OR. @throws WireError 400 */
export function readListQuery(parameters: URLSearchParams): ListQuery {
  const criteria: Criterion[] = [];
  for (const [name, value] of parameters) {
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (reader) criteria.push(reader(splitValues(value), name));
    else if (name !== "code" && !OTHERS.has(name)) throw unknownParameter(name);
  }
  return {
    kinds: readKinds(parameters),
    lots: criteria.map(({ lot }) => lot),
    folders: (folder) => criteria.every((one) => one.folder(folder)),
    count: readCount(parameters),
    sort: readSort(parameters),
    includesItems: readIncludes(parameters, ["_include=List:item"]).size > 0,
  };
}

/** `code`, with or without its system; lots when it is left out. */
function readKinds(parameters: URLSearchParams): ReadonlySet<ListKind> {
  const written = parameters.get("code");
  if (written === null) return new Set(["submissionset"]);
  return new Set(
    splitValues(written).flatMap((token): ListKind[] => {
      const system = token.includes("|") ? token.slice(0, token.indexOf("|")) : "";
      if (system !== "" && !Object.values(systemOfKind).includes(system)) {
        throw badRequest("Système de code inconnu.", "Unknown code system.", "code");
      }
      const kind = listKinds.find((one) => one === plain(token) && (system === "" || system === systemOfKind[one]));
      return kind ? [kind] : [];
    }),
  );
}

function readSort(parameters: URLSearchParams): ListQuery["sort"] {
  const written = parameters.get("_sort") ?? "-date";
  const isDescending = written.startsWith("-");
  const key = isDescending ? written.slice(1) : written;
  if (key === "date") return { by: "date", isDescending };
  if (key === "_lastUpdated") return { by: "lastUpdated", isDescending };
  throw badRequest("Tri : date ou _lastUpdated.", "Sort: date or _lastUpdated.", "_sort");
}
