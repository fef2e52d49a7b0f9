import { type Database, strict } from "./database.ts";
import type { Sealed } from "./row.ts";

const keyName = "outbox-1";

/**
 * The workstation's key: AES-256-GCM, made here, never extractable. A copy of the disk without the browser's profile key
 * store gives nothing readable, and no page or message can ask for it.
 */
export async function outboxKey(database: Database): Promise<CryptoKey> {
  const known = await database.get("keys", keyName);
  if (known !== undefined) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Two pages may race here: the first key stored is the one both use.
  const transaction = database.transaction("keys", "readwrite", strict);
  const stored = await transaction.store.get(keyName);
  if (stored === undefined) await transaction.store.put(made, keyName);
  await transaction.done;
  return stored ?? made;
}

/** The row's id and owner are bound to the content: a sealed parcel moved to another row does not open. */
const bound = (id: string, owner: string) => new TextEncoder().encode(`${id}\n${owner}`);

export async function seal(key: CryptoKey, value: unknown, id: string, owner: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const clear = new TextEncoder().encode(JSON.stringify(value));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(id, owner) }, key, clear);
  return { iv, data };
}

/** @throws DOMException `OperationError` when the content is not the one that was sealed for this row. */
export async function unseal(key: CryptoKey, sealed: Sealed, id: string, owner: string): Promise<unknown> {
  const clear = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: sealed.iv, additionalData: bound(id, owner) },
    key,
    sealed.data,
  );
  return JSON.parse(new TextDecoder().decode(clear));
}
