import { html, type TemplateResult } from "lit";
import type { TextBlock } from "../facts/narratives.ts";

/** Plain-text blocks of a FHIR narrative; neighbouring rows become one table. */
export function textBlocks(blocks: readonly TextBlock[]): TemplateResult[] {
  const out: TemplateResult[] = [];
  let table: (TextBlock & { kind: "row" })[] = [];
  const endTable = () => {
    if (table.length === 0) return;
    const lines = table;
    table = [];
    out.push(
      html`<div class="table-scroll"><table><tbody>
        ${lines.map(
          ({ cells, isHeader }) =>
            html`<tr>${cells.map((cell) => (isHeader ? html`<th scope="col">${cell}</th>` : html`<td>${cell}</td>`))}</tr>`,
        )}
      </tbody></table></div>`,
    );
  };
  for (const block of blocks) {
    if (block.kind === "row") {
      table.push(block);
      continue;
    }
    endTable();
    out.push(
      block.kind === "heading"
        ? html`<p class="text-heading">${block.text}</p>`
        : block.kind === "item"
          ? html`<p class="text-item">${block.text}</p>`
          : html`<p>${block.text}</p>`,
    );
  }
  endTable();
  return out;
}
