/** One code of a value set (jeu de valeurs), as it stands in metadata and CDA headers. */
export interface Concept {
  readonly code: string;
  /** FHIR uri of the code system. */
  readonly system: string;
  /** OID of the code system, as CDA writes it in `codeSystem`; absent where the nomenclature publishes none. */
  readonly oid?: string;
  /** French label of the nomenclature. */
  readonly display: string;
}

/** `[system]` or `[system, oid]`. */
export type SystemRow = readonly [system: string, oid?: string];
/** `[code, index into systems, display, …columns of the table]`: trailing empty columns are left out. */
export type Row = readonly [code: string, system: number, display: string, ...columns: string[]];

export function readConcept(row: Row, systems: readonly SystemRow[]): Concept {
  const [system, oid] = systems[row[1]] ?? [""];
  return oid === undefined ? { code: row[0], system, display: row[2] } : { code: row[0], system, oid, display: row[2] };
}

/** The words of a column: `""` and an absent column are no word. */
export function wordsOf(column: string | undefined): readonly string[] {
  return column ? column.split(" ") : [];
}

/** First entry per code; later entries with the same code in another system stay reachable through `system`. */
export function findIn<Entry extends Concept>(
  entries: readonly Entry[],
  code: string,
  system: string | undefined,
): Entry | undefined {
  return entries.find((entry) => entry.code === code && (system === undefined || isSystem(entry, system)));
}

/** A system may be named as a FHIR uri, as a bare OID or as `urn:oid:…`. */
function isSystem(entry: Concept, system: string): boolean {
  return (
    entry.system === system || (entry.oid !== undefined && (system === entry.oid || system === `urn:oid:${entry.oid}`))
  );
}
