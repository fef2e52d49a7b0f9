/** Files that go with a message: five, of five megabytes each, of the kinds that the record takes. R166. */
import type { MessageInput } from "@carnet/sdk";
import { kindOf, unfitness } from "../documents/own-document.ts";
import type { MessageWords } from "./words.ts";

const most = 5;

type Attachments = NonNullable<MessageInput["attachments"]>;

/** Reads what a form holds. @returns the files, or what is wrong with them in words */
export async function readFiles(data: FormData, words: MessageWords): Promise<Attachments | string> {
  const files = data.getAll("files").filter((file): file is File => file instanceof File && file.name !== "");
  if (files.length > most) return words.tooMany;
  const read: Attachments[number][] = [];
  for (const file of files) {
    const contentType = kindOf(file.name);
    if (!contentType || unfitness(file)) return words.unfit(file.name);
    read.push({ bytes: new Uint8Array(await file.arrayBuffer()), contentType, title: file.name });
  }
  return read;
}
