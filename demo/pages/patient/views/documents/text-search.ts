/** What was found in the texts of documents: excerpts with the words marked. */
import type { TextExcerpt } from "@carnet/sdk";
import { html, nothing, type TemplateResult } from "lit";

/** The excerpt as text and marks; places that make no sense are left out. */
export function excerptBlock(excerpts: readonly TextExcerpt[] | undefined): TemplateResult | typeof nothing {
  if (!excerpts?.length) return nothing;
  return html`${excerpts.slice(0, 2).map((excerpt) => html`<p class="excerpt">… ${piecesOf(excerpt).map(({ text, isMatch }) => (isMatch ? html`<mark>${text}</mark>` : text))} …</p>`)}`;
}

/** The text cut at its matches, in order. */
export function piecesOf({
  text,
  matches,
}: TextExcerpt): readonly { readonly text: string; readonly isMatch: boolean }[] {
  const pieces: { text: string; isMatch: boolean }[] = [];
  let place = 0;
  for (const { start, end } of [...matches].sort((a, b) => a.start - b.start)) {
    if (start < place || end <= start || end > text.length) continue;
    if (start > place) pieces.push({ text: text.slice(place, start), isMatch: false });
    pieces.push({ text: text.slice(start, end), isMatch: true });
    place = end;
  }
  if (place < text.length) pieces.push({ text: text.slice(place), isMatch: false });
  return pieces;
}
