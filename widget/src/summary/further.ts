import { html, nothing, type TemplateResult } from "lit";
import type { Fact } from "../facts/fact.ts";
import type { SectionContext } from "./context.ts";
import { disagreementBlock } from "./disagreement.ts";

let further: typeof import("./further-details.ts") | undefined;

/** Fetches what tells the further details of entries, beside the record that holds them. Without it rows stand alone. */
export const fetchFurther = async (): Promise<void> => {
  further ??= await import("./further-details.ts").catch(() => undefined);
};

/** What an entry says that its row has no place for. */
export function furtherLine(context: SectionContext, fact: Fact): TemplateResult | typeof nothing {
  const line = further?.furtherDetails(context, fact.resource);
  return line ? html`<p class="row-detail">${line}</p>` : nothing;
}

/** What stands under a row's own lines: its further details, and what the sources say differently. */
export const underRow = (context: SectionContext, fact: Fact, displayed: string): TemplateResult =>
  html`${furtherLine(context, fact)} ${disagreementBlock(context, fact, displayed)}`;
