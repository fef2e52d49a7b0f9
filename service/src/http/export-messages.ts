/** The messages of a copy of the record, with their files. R166, R171. */
import type { Communication } from "@carnet/sdk/fhir";
import type { ArchiveFile } from "../export/archive.ts";
import type { Naming } from "../export/file-names.ts";
import { type Locale, lostContent } from "../export/pages.ts";
import { dayOf } from "../rules/index.ts";
import { listAttachments, type MessagePosition } from "../store/messages.ts";
import type { OpenRecord } from "./access.ts";
import { contentsKept } from "./export-documents.ts";
import { wireId } from "./ids.ts";
import { messagePage } from "./messages.ts";
import type { Services } from "./services.ts";

const MESSAGES_AT_ONCE = 100;

/** Messages of the person's side, with their files. */
export async function exportedMessages(services: Services, record: OpenRecord, locale: Locale, nameFile: Naming) {
  const { blobs, database, keys } = services.store;
  const key = keys.unwrap(record.row.wrapped_key);
  const communications: Communication[] = [];
  const files: ArchiveFile[] = [];
  for (let after: MessagePosition | undefined; ; ) {
    const page = await messagePage(services, record, after, MESSAGES_AT_ONCE);
    const attached = await listAttachments(
      database,
      record.id,
      page.map(({ id }) => id),
    );
    const isKept = attached.length > 0 ? await contentsKept(services, record) : undefined;
    for (const { at, id, resource } of page) {
      const mine = attached.filter((file) => file.message_id === id);
      const named = mine.map((file, index) => {
        const end = `/Communication/${wireId(record.id, id)}/attachment/${file.position}`;
        if (!isKept?.(file)) return [end, undefined] as const;
        const title = `${dayOf(at)} ${locale === "fr" ? "pièce jointe" : "attachment"} ${index + 1}`;
        const path = nameFile("messages", title, file.content_type);
        const range = { size: file.size, start: 0, end: file.size };
        const address = { recordId: record.id, blobId: file.blob_id, key };
        files.push({ path, at, size: file.size, open: () => blobs.get(address, range) });
        return [end, path] as const;
      });
      communications.push(withFiles(resource, named, locale));
    }
    const last = page.at(-1);
    if (page.length < MESSAGES_AT_ONCE || !last) return { communications, files };
    after = { position: last.at, id: last.id };
  }
}

/** @param named where each file is in the copy; nowhere when its content is lost */
function withFiles(
  message: Communication,
  named: readonly (readonly [string, string | undefined])[],
  locale: Locale,
): Communication {
  return {
    ...message,
    payload: (message.payload ?? []).map((part) => {
      const { url, title, ...rest } = part.contentAttachment ?? {};
      const found = url ? named.find(([end]) => url.endsWith(end)) : undefined;
      if (!found) return part;
      const path = found[1];
      const told = path ? title : `${title ?? ""} (${lostContent[locale]})`.trim();
      return { contentAttachment: { ...rest, ...(told && { title: told }), ...(path && { url: path }) } };
    }),
  };
}
