/** What the page around the document says, read at the moment of capture. */
export interface PageContext {
  readonly address: string;
  readonly title: string;
  /** Visible texts of the page's frames; empty when the tab is the document itself. */
  readonly text: string;
  readonly adapted: Readonly<Record<string, string>>;
  readonly adapterId: string | undefined;
  /** The browser's own name for the loaded document: another one after each navigation or reload. */
  readonly documentId: string | undefined;
}

/** A page without words: that of a file that was dropped or downloaded, or a tab that is the document itself. */
export function wordlessPage(address = ""): PageContext {
  return { address, title: "", text: "", adapted: {}, adapterId: undefined, documentId: undefined };
}
