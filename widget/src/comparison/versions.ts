import type { DocumentEntry, RecordHandle } from "@carnet/sdk";

/** A chain longer than this is cut: nobody compares with the twenty-first version. */
const longestChain = 20;

/** Logical id of the version that this document replaces, as far as the reader may know of it. */
export function replacedId(entry: DocumentEntry): string | undefined {
  const target = entry.resource.relatesTo?.find(({ code }) => code === "replaces")?.target.reference;
  return target === undefined ? undefined : /DocumentReference\/([^/]+)/.exec(target)?.[1];
}

/** Former versions of a document, newest first. One that the reader may not see ends the chain. */
export async function formerVersions(
  record: RecordHandle,
  entry: DocumentEntry,
  signal: AbortSignal,
): Promise<readonly DocumentEntry[]> {
  const found: DocumentEntry[] = [];
  const seen = new Set([entry.id]);
  for (let id = replacedId(entry); id !== undefined && !seen.has(id) && found.length < longestChain; ) {
    seen.add(id);
    const [former] = await record.documents({ id, status: "all" }, { signal }).toArray({ limit: 1 });
    if (former === undefined) break;
    found.push(former);
    id = replacedId(former);
  }
  return found;
}
