/** The messages of a copy of the record, with their files. R166, R171. */
import type { Communication } from "@carnet/sdk/fhir";
import type { ArchiveFile } from "../export/archive.ts";
import type { Naming } from "../export/file-names.ts";
import type { Locale } from "../export/pages.ts";
import { dayOf } from "../rules/index.ts";
import { listAttachments, type MessagePosition } from "../store/messages.ts";
import type { OpenRecord } from "./access.ts";
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
    for (const { at, id, resource } of page) {
      const mine = attached.filter((file) => file.message_id === id);
      const named = mine.map((file, index) => {
        const title = `${dayOf(at)} ${locale === "fr" ? "pièce jointe" : "attachment"} ${index + 1}`;
        const path = nameFile("messages", title, file.content_type);
        const range = { size: file.size, start: 0, end: file.size };
        const address = { recordId: record.id, blobId: file.blob_id, key };
        files.push({ path, at, size: file.size, open: () => blobs.get(address, range) });
        return [`/Communication/${wireId(record.id, id)}/attachment/${file.position}`, path] as const;
      });
      communications.push(withFiles(resource, named));
    }
    const last = page.at(-1);
    if (page.length < MESSAGES_AT_ONCE || !last) return { communications, files };
    after = { position: last.at, id: last.id };
  }
}

function withFiles(message: Communication, named: readonly (readonly [string, string])[]): Communication {
  return {
    ...message,
    payload: (message.payload ?? []).map((part) => {
      const url = part.contentAttachment?.url;
      const found = url ? named.find(([end]) => url.endsWith(end)) : undefined;
      return found && part.contentAttachment
        ? { contentAttachment: { ...part.contentAttachment, url: found[1] } }
        : part;
    }),
  };
}
