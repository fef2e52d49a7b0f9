/** A paper of the hospital tool: what it holds and in which of the ways of real tools it is shown. */
import type { SeedDocument } from "../seed/document.ts";

/** How the tool shows a paper: own tab, plain link, blob made by script, frame, picture, HTML page, CDA file. */
export type Presentation = "tab" | "link" | "blob" | "frame" | "image" | "html" | "cda";

export interface Paper {
  /** Name in addresses: names neither a person nor a disease. */
  readonly id: string;
  readonly stay: string;
  readonly presentation: Presentation;
  readonly title: string;
  readonly date: string;
  readonly author: string;
  /** What it holds; a picture and an HTML page are made elsewhere. */
  readonly document?: SeedDocument;
  /** Prints a poor identity, as old tools do. */
  readonly identity?: "local";
}

/** A paper made of a document of the seed. */
export function paper(
  stay: string,
  rank: number,
  presentation: Presentation,
  author: string,
  document: SeedDocument,
  identity?: "local",
): Paper {
  const { title, date } = document;
  return { id: `${stay}-${rank}`, stay, presentation, title, date, author, document, ...(identity && { identity }) };
}
