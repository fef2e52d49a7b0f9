import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { OutboxRow } from "./row.ts";

interface Schema extends DBSchema {
  outbox: { key: string; value: OutboxRow };
  keys: { key: string; value: CryptoKey };
}

export type Database = IDBPDatabase<Schema>;

/** Every write waits for the disk: a document that the panel calls "queued" survives a power cut. */
export const strict = { durability: "strict" } as const;

export function openDatabase(name = "carnet-outbox"): Promise<Database> {
  return openDB<Schema>(name, 1, {
    upgrade(database) {
      database.createObjectStore("outbox", { keyPath: "id" });
      database.createObjectStore("keys");
    },
    blocking(_current, _blocked, event) {
      // A newer version of the extension opens: let it, our next call opens again.
      (event.target as IDBDatabase).close();
    },
  });
}
