/**
 * Devices on which a patient has signed in with a code (appareils connus): listed, named, removed. R206.
 * A device spares no step of the sign-in; a sign-in on another one is told by mail, and strangers' failures do not lock it.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { type AnyDatabase, identityTables } from "./tables.ts";

/** Cookie of the device, for `/oidc` only. */
export const DEVICE_COOKIE = "carnet_device";
export const DEVICE_COOKIE_SECONDS = 400 * 24 * 3600;
const NAME_MAX = 60;

export interface KnownDevice {
  readonly id: string;
  /** Given by the person, or what the browser says of itself: "Firefox, Windows". */
  readonly name: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}

export interface KnownDevices {
  /** Device of this browser, when this person knows it. */
  find(accountId: string, token: string | undefined): Promise<KnownDevice | undefined>;
  list(accountId: string): Promise<readonly KnownDevice[]>;
  /** Marks a complete sign-in. Without a token, or with one that was removed, the device is new. */
  greet(
    accountId: string,
    token: string | undefined,
    userAgent: string | undefined,
  ): Promise<{ readonly device: KnownDevice; readonly token: string; readonly isNew: boolean }>;
  rename(accountId: string, deviceId: string, name: string): Promise<void>;
  /** @returns whether there was one */
  remove(accountId: string, deviceId: string): Promise<boolean>;
}

/** Whether this can be a token of ours: anything else is not looked up. */
function isToken(token: string | undefined): token is string {
  return token !== undefined && /^[\w-]{43}$/.test(token);
}

/** What a browser says of itself, in two words that a person recognises. */
export function deviceNameOf(userAgent: string | undefined): string {
  const agent = userAgent ?? "";
  const find = (table: readonly (readonly [RegExp, string])[]) => table.find(([pattern]) => pattern.test(agent))?.[1];
  const browser = find([
    [/Edg\//, "Edge"],
    [/OPR\//, "Opera"],
    [/Firefox\//, "Firefox"],
    [/Chrom(e|ium)\//, "Chrome"],
    [/Safari\//, "Safari"],
  ]);
  const system = find([
    [/Android/, "Android"],
    [/iPhone|iPad/, "iOS"],
    [/Windows/, "Windows"],
    [/Mac OS X/, "macOS"],
    [/Linux/, "Linux"],
  ]);
  return [browser, system].filter(Boolean).join(", ") || "Navigateur";
}

export function createKnownDevices(
  database: AnyDatabase,
  mac: (text: string) => string,
  now: () => Date,
): KnownDevices {
  const tables = identityTables(database);
  const of = (accountId: string) => tables.selectFrom("known_device").selectAll().where("account_id", "=", accountId);
  const read = (row: { device_id: string; name: string; first_seen_at: Date; last_seen_at: Date }): KnownDevice => ({
    id: row.device_id,
    name: row.name,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
  });
  const find = async (accountId: string, token: string | undefined) => {
    if (!isToken(token)) return undefined;
    const row = await of(accountId).where("token_hmac", "=", mac(token)).executeTakeFirst();
    return row && read(row);
  };
  return {
    find,
    async list(accountId) {
      return (await of(accountId).orderBy("last_seen_at", "desc").orderBy("device_id").execute()).map(read);
    },
    async greet(accountId, token, userAgent) {
      const known = await find(accountId, token);
      if (known && isToken(token)) {
        await tables
          .updateTable("known_device")
          .set({ last_seen_at: now() })
          .where("account_id", "=", accountId)
          .where("device_id", "=", known.id)
          .execute();
        return { device: known, token, isNew: false };
      }
      // The token of a browser that several people use stays the same: one row each.
      const kept = isToken(token) ? token : randomBytes(32).toString("base64url");
      const device: KnownDevice = {
        id: randomUUID(),
        name: deviceNameOf(userAgent),
        firstSeenAt: now(),
        lastSeenAt: now(),
      };
      await tables
        .insertInto("known_device")
        .values({
          account_id: accountId,
          device_id: device.id,
          token_hmac: mac(kept),
          name: device.name,
          first_seen_at: device.firstSeenAt,
          last_seen_at: device.lastSeenAt,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return { device: (await find(accountId, kept)) ?? device, token: kept, isNew: true };
    },
    async rename(accountId, deviceId, name) {
      const written = name
        .replace(/\p{Cc}+/gu, " ")
        .trim()
        .slice(0, NAME_MAX);
      if (!written || !isUuid(deviceId)) return;
      await tables
        .updateTable("known_device")
        .set({ name: written })
        .where("account_id", "=", accountId)
        .where("device_id", "=", deviceId)
        .execute();
    },
    async remove(accountId, deviceId) {
      if (!isUuid(deviceId)) return false;
      const removed = await tables
        .deleteFrom("known_device")
        .where("account_id", "=", accountId)
        .where("device_id", "=", deviceId)
        .executeTakeFirst();
      return removed.numDeletedRows > 0n;
    },
  };
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
