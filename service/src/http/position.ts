/**
 * Where in its life a record is, for software that follows it (R132): the record's version, which each change grows in the
 * transaction that makes it, so that the order is that of the commits whatever clocks show. It counts hidden documents too:
 * sealed, and each time otherwise, it tells its holder nothing, not even whether anything moved. Under a key of its own and
 * with a whole nonce: the seal of contents is for what is written once, and a position is given with every look.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { extensionUrl } from "@carnet/sdk/fhir";
import { type RawBuilder, sql } from "kysely";
import type { OpenRecord } from "./access.ts";
import { instant, parseDate } from "./dates.ts";
import { badRequest } from "./outcome.ts";
import { splitValues } from "./parameters.ts";
import type { Services } from "./services.ts";

/** The search parameter: after a position, or by a date as `_lastUpdated` is; comma for "or". */
export const CHANGED = "changed";

const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;
const WRITTEN = /^[\w-]{43}$/;

const keyOf = (services: Services, { row }: OpenRecord) =>
  createHmac("sha256", services.store.keys.unwrap(row.wrapped_key)).update("position").digest();

/**
 * `Bundle.meta.extension` of an answer: what changes from now on is found after it. Only whoever follows the record, hence
 * asks by the date of changes, is told: other answers to the same question are the same.
 */
export function positionOf(
  services: Services,
  record: OpenRecord,
  parameters: URLSearchParams,
): { url: string; valueString: string } | undefined {
  if (!parameters.has(CHANGED) && !parameters.has("_lastUpdated")) return undefined;
  const iv = randomBytes(IV_BYTES);
  const plain = Buffer.alloc(4);
  plain.writeUInt32BE(record.row.version);
  const cipher = createCipheriv(CIPHER, keyOf(services, record), iv);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  const valueString = Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
  return { url: extensionUrl.position, valueString };
}

/**
 * The values of `changed` as conditions.
 * @param changedAt the column of dates
 * @throws WireError 400 when a position is not one of this record
 */
export function changedConditions(
  services: Services,
  record: OpenRecord,
  parameters: URLSearchParams,
  changedAt: "updated_at" | "received_at",
): readonly RawBuilder<unknown>[] {
  return parameters.getAll(CHANGED).map((value) => {
    const criteria = splitValues(value).map((one) =>
      WRITTEN.test(one)
        ? sql`record_version > ${openPosition(services, record, one)}`
        : instant(sql.ref(changedAt), parseDate(one, CHANGED)),
    );
    return sql`(${sql.join(criteria, sql` or `)})`;
  });
}

function openPosition(services: Services, record: OpenRecord, written: string): number {
  const bytes = Buffer.from(written, "base64url");
  const decipher = createDecipheriv(CIPHER, keyOf(services, record), bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).readUInt32BE();
  } catch {
    throw badRequest(
      "Cette position n'est pas de ce dossier : cherchez par date (_lastUpdated).",
      "This position is not of this record: search by date (_lastUpdated).",
      CHANGED,
    );
  }
}
