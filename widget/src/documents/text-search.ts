import type { DocumentEntry, RecordHandle, TextExcerpt } from "@carnet/sdk";
import { html, type TemplateResult } from "lit";

/** The documents whose text has the words, by id, with the places where they stand. */
export async function searchText(
  record: RecordHandle,
  text: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, DocumentEntry>> {
  const found = await record.documents({ text, pageSize: 200 }, { signal }).toArray();
  return new Map(found.map((entry) => [entry.id, entry]));
}

/** The first place where the words stand, each marked. */
export function excerptLine(excerpts: readonly TextExcerpt[] | undefined): TemplateResult | undefined {
  const [excerpt] = excerpts ?? [];
  if (excerpt === undefined) return undefined;
  const pieces: unknown[] = [];
  let at = 0;
  for (const { start, end } of excerpt.matches) {
    pieces.push(excerpt.text.slice(at, start), html`<mark>${excerpt.text.slice(start, end)}</mark>`);
    at = end;
  }
  return html`<p class="row-detail excerpt">… ${pieces} ${excerpt.text.slice(at)} …</p>`;
}
