/** What a browser calls the document that its viewer shows. */
export interface ShownTitle {
  readonly title: string;
  readonly address: string;
}

/**
 * Extensions read the document of a viewer at its address once more, and a tool may answer with the patient who is in front by now. The
 * viewers of browsers show the title that stands in the PDF: another one on screen is another document.
 *
 * @param own the title within the PDF that was read; of one without, nothing can be said
 */
export function isTitledOtherwise(shown: ShownTitle | undefined, own: string): boolean {
  const here = letters(own).slice(0, compared);
  if (shown === undefined || here === "" || here === "untitled" || isTitleOfAddress(shown)) return false;
  return !letters(shown.title).includes(here);
}

/** The address, or its end: what a viewer shows until it has read a title, and where there is none. */
export function isTitleOfAddress({ title, address }: ShownTitle): boolean {
  return letters(decoded(address)).includes(letters(title));
}

/** A viewer cuts no title shorter. */
const compared = 200;

/** Browsers read letters beyond ASCII each in their way. */
const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
