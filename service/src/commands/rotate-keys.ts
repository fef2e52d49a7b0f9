/** `npm run rotate-keys`: wraps every record's key under the present master key. Restartable; contents are not touched. */
import { sql } from "kysely";
import { loadConfig } from "../config.ts";
import type { RecordKeys } from "../store/record-keys.ts";
import type { Store } from "../store/store.ts";
import { openExistingStore } from "./offline.ts";

const BATCH = 500;
const FIRST = "00000000-0000-0000-0000-000000000000";

export interface Rotation {
  readonly seen: number;
  readonly rewrapped: number;
}

/** @returns a line to print. @throws StartRefused where there is no database; DirectoryInUse while a service has the embedded database open */
export async function rotateKeysCommand(environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const store = await openExistingStore(loadConfig(environment));
  try {
    const { seen, rewrapped } = await rotateKeys(store);
    return `${rewrapped} of ${seen} keys wrapped again; nothing is left under the former master key`;
  } finally {
    await store.close();
  }
}

export async function rotateKeys({ database, keys }: Pick<Store, "database" | "keys">): Promise<Rotation> {
  const records = await rotateRecords(database, keys);
  const provider = await rotateProviderKeys(database, keys);
  return { seen: records.seen + provider.seen, rewrapped: records.rewrapped + provider.rewrapped };
}

async function rotateRecords(database: Store["database"], keys: RecordKeys): Promise<Rotation> {
  const counted = { seen: 0, rewrapped: 0 };
  for (let after = FIRST; ; ) {
    // A destroyed record's key is empty: there is nothing to wrap, and nothing to bring back.
    const { rows } = await sql<{ record_id: string; wrapped_key: Buffer }>`
      select record_id, wrapped_key from record
      where record_id > ${after} and length(wrapped_key) > 0 order by record_id limit ${BATCH}`.execute(database);
    for (const { record_id, wrapped_key } of rows) {
      counted.seen += 1;
      const wrapped = keys.rewrap(Buffer.from(wrapped_key));
      if (!wrapped) continue;
      // Only in place of what was read: a record that is destroyed meanwhile stays destroyed.
      await sql`update record set wrapped_key = ${wrapped}
        where record_id = ${record_id} and wrapped_key = ${wrapped_key}`.execute(database);
      counted.rewrapped += 1;
    }
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return counted;
    after = last.record_id;
  }
}

async function rotateProviderKeys(database: Store["database"], keys: RecordKeys): Promise<Rotation> {
  const { rows } = await sql<{ name: string; wrapped_key: Buffer }>`
    select name, wrapped_key from oidc_key`.execute(database);
  let rewrapped = 0;
  for (const { name, wrapped_key } of rows) {
    const wrapped = keys.rewrap(Buffer.from(wrapped_key));
    if (!wrapped) continue;
    await sql`update oidc_key set wrapped_key = ${wrapped}
      where name = ${name} and wrapped_key = ${wrapped_key}`.execute(database);
    rewrapped += 1;
  }
  return { seen: rows.length, rewrapped };
}
