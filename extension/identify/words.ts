import { longestIdentityText } from "@carnet/sdk/identity";

/** A file that is words by itself, or carried by a CDA. */
interface WordsFile {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

interface Words {
  readonly text: string;
  readonly isWhole: boolean;
}

/**
 * The words of a text or an RTF file, to find whom it names; none of a picture. Not whole: longer than what is looked at.
 */
export async function wordsOf(file: WordsFile): Promise<Words> {
  return asWords(await textOf(file));
}

/** Words that were read already. */
export function asWords(text: string): Words {
  return { text, isWhole: text.length <= longestIdentityText };
}

async function textOf({ contentType, bytes }: WordsFile): Promise<string> {
  if (contentType !== "text/plain" && contentType !== "text/rtf") return "";
  const { plainToText, rtfToText } = await import("@carnet/sdk/narrative");
  if (contentType === "text/plain") return plainToText(bytes);
  // The patient stands at the head of the pages as often as in the letter.
  return rtfToText(bytes, { withMargins: true, maxCharacters: longestIdentityText + 1 });
}
