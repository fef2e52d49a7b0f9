import type { MessageInput } from "@carnet/sdk";
import type { Locale } from "../shared/locale.ts";
import { messagesStrings } from "./strings.ts";

type Attachments = NonNullable<MessageInput["attachments"]>;

/** What a message may carry (R166). */
const types = new Set(["application/pdf", "image/jpeg", "image/png", "image/tiff", "application/rtf", "text/plain"]);
export const acceptedTypes = [...types, ".rtf"].join(",");
const most = 5;
const mostBytes = 5 * 1024 * 1024;

/** Reads the files of a form. @returns them, or in words what is wrong with them */
export async function readAttachments(data: FormData, locale: Locale): Promise<Attachments | string> {
  const say = messagesStrings(locale);
  const files = data.getAll("files").filter((file): file is File => file instanceof File && file.name !== "");
  if (files.length > most) return say.tooMany;
  const read: Attachments[number][] = [];
  for (const file of files) {
    const contentType = /\.rtf$/i.test(file.name) ? "application/rtf" : file.type;
    if (!types.has(contentType) || file.size === 0 || file.size > mostBytes) return say.unfit(file.name);
    // Moved or changed since it was chosen, a file can no longer be read.
    const bytes = await file.arrayBuffer().catch(() => undefined);
    if (bytes === undefined) return say.unfit(file.name);
    read.push({ bytes: new Uint8Array(bytes), contentType, title: file.name });
  }
  return read;
}
