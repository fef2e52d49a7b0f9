/** Names of files in the copy of a record: readable on every system, none twice, none that leads out of its folder. */

/** File extensions of the formats that the record keeps (R103). */
const extensions: Readonly<Record<string, string>> = {
  "text/xml": "xml",
  "application/xml": "xml",
  "application/pdf": "pdf",
  "application/fhir+json": "json",
  "text/plain": "txt",
  "text/rtf": "rtf",
  "application/rtf": "rtf",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/tiff": "tiff",
};

/** Characters that some file system refuses or gives a meaning to. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go.
const FORBIDDEN = /[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"/\\|?*]+/g;
const MAX_CHARACTERS = 80;

/** One part of a path, out of any text. */
export function fileNamePart(text: string): string {
  const clean = text.normalize("NFC").replace(FORBIDDEN, " ").replace(/\s+/g, " ").trim();
  // Characters, not halves of them; and no name that begins or ends with a dot, which some systems hide or drop.
  const cut = [...clean]
    .slice(0, MAX_CHARACTERS)
    .join("")
    .replace(/^\.+|[. ]+$/g, "")
    .trim();
  return cut === "" ? "document" : cut;
}

/** Gives a path to a file of a folder. */
export type Naming = (folder: string, name: string, contentType: string) => string;

/** Gives each file a name of its own: the second "Lettre.pdf" of a folder is "Lettre (2).pdf". */
export function createNaming(): Naming {
  const taken = new Set<string>();
  // A record of 20 000 documents has thousands of one name: counted from the last one, not from the first.
  const last = new Map<string, number>();
  return (folder, name, contentType) => {
    const stem = `${folder}/${fileNamePart(name)}`;
    const extension = extensions[contentType] ?? "bin";
    const first = `${stem}.${extension}`.toLowerCase();
    for (let copy = (last.get(first) ?? 0) + 1; ; copy++) {
      const path = copy === 1 ? `${stem}.${extension}` : `${stem} (${copy}).${extension}`;
      // Some systems do not tell "A" from "a".
      const key = path.toLowerCase();
      if (taken.has(key)) continue;
      taken.add(key);
      last.set(first, copy);
      return path;
    }
  };
}
