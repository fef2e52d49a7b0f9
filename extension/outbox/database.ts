import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { OutboxRow, Sealed } from "./row.ts";

interface Schema extends DBSchema {
  outbox: { key: string; value: OutboxRow };
  /** Sealed contents by the id of their row: megabytes each, read one at a time. */
  parcels: { key: string; value: Sealed };
  keys: { key: string; value: CryptoKey };
}

export type Database = IDBPDatabase<Schema>;

/** Every write waits for the disk: a document that the panel calls "queued" survives a power cut. */
export const strict = { durability: "strict" } as const;

/** @param onClosed the browser closed it: a newer version of ours opens, or the process that keeps it ended */
export function openDatabase(name = "carnet-outbox", onClosed = (): void => undefined): Promise<Database> {
  return openDB<Schema>(name, 2, {
    async upgrade(database, oldVersion, _newVersion, transaction) {
      if (oldVersion < 1) {
        database.createObjectStore("outbox", { keyPath: "id" });
        database.createObjectStore("keys");
      }
      const parcels = database.createObjectStore("parcels");
      // Version 1 kept the content in its row. Moved within the upgrade: all of it, or nothing and version 1 stays.
      for await (const cursor of transaction.objectStore("outbox")) {
        const { parcel, ...row } = cursor.value as OutboxRow & { readonly parcel?: Sealed };
        if (parcel !== undefined) await parcels.put(parcel, row.id);
        await cursor.update(row);
      }
    },
    blocking(_current, _blocked, event) {
      // A newer version of the extension opens: let it, our next call opens again.
      (event.target as IDBDatabase).close();
      onClosed();
    },
    terminated: onClosed,
  });
}

/** The database for as long as a page lives: opened at the first call, and anew after the browser closed it or could not open it. */
export function keepDatabaseOpen(name?: string): () => Promise<Database> {
  let opened: Promise<Database> | undefined;
  return () => {
    if (opened !== undefined) return opened;
    const mine = openDatabase(name, () => {
      if (opened === mine) opened = undefined;
    });
    opened = mine;
    mine.catch(() => {
      if (opened === mine) opened = undefined;
    });
    return mine;
  };
}
