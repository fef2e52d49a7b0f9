/** Search answers, put together from resources as they are kept: stored JSON is sent without being read again. */
import { randomUUID } from "node:crypto";

export interface SearchEntry {
  /** Absent for a remark on the search itself. */
  readonly fullUrl: string | undefined;
  /** JSON text of the resource. */
  readonly resource: string | Buffer;
  readonly mode: "match" | "include" | "outcome";
  /** JSON text of `search.extension`. */
  readonly extension?: string | undefined;
}

export interface SearchSet {
  readonly profile?: string;
  readonly lastUpdated: Date;
  readonly total?: number;
  readonly self: string;
  readonly next?: string | undefined;
  /** Where the record stood. */
  readonly position?: object | undefined;
  readonly entries: readonly SearchEntry[];
}

/** The Bundle as JSON text. */
export function searchSet(set: SearchSet): Buffer {
  const links = [{ relation: "self", url: set.self }, ...(set.next ? [{ relation: "next", url: set.next }] : [])];
  const head = JSON.stringify({
    resourceType: "Bundle",
    id: randomUUID(),
    meta: {
      ...(set.position ? { extension: [set.position] } : {}),
      lastUpdated: set.lastUpdated.toISOString(),
      ...(set.profile ? { profile: [set.profile] } : {}),
    },
    type: "searchset",
    ...(set.total === undefined ? {} : { total: set.total }),
    link: links,
  });
  // FHIR has no empty arrays.
  if (set.entries.length === 0) return Buffer.from(head);
  const parts: (string | Buffer)[] = [`${head.slice(0, -1)},"entry":[`];
  for (const { fullUrl, resource, mode, extension } of set.entries) {
    parts.push(
      `${parts.length > 1 ? "," : ""}{${fullUrl === undefined ? "" : `"fullUrl":${JSON.stringify(fullUrl)},`}"resource":`,
      resource,
      `,"search":{${extension === undefined ? "" : `"extension":${extension},`}"mode":"${mode}"}}`,
    );
  }
  parts.push("]}");
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}
