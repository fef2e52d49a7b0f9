/**
 * Who is told: the holder; for a minor or a protected adult the representatives (R9, R13), not a curator; the referring
 * doctor too after an emergency access (R76). Only those with an account and an address.
 */
import type { Kysely } from "kysely";
import { type AnyDatabase, identityTables } from "../identity-provider/tables.ts";
import { isMinor, represents } from "../rules/index.ts";
import type { NoticeTable, Tables } from "../store/tables.ts";
import type { RecipientRole } from "./texts.ts";

export interface Recipient {
  readonly accountId: string;
  readonly role: RecipientRole;
  readonly email: string;
  readonly locale: "fr" | "en";
}

interface Settings {
  readonly now: Date;
  readonly majorityAge: number;
}

/** Recipients of a notice, each account once. An empty list means that nobody can be reached. */
export async function findRecipients(
  database: AnyDatabase,
  notice: Pick<NoticeTable, "record_id" | "kind"> & { readonly professional_id?: string | null },
  { now, majorityAge }: Settings,
): Promise<readonly Recipient[]> {
  const tables: Kysely<Tables> = database;
  if (notice.professional_id) return byRpps(database, [notice.professional_id], "professional");
  const record = await tables
    .selectFrom("record")
    .select(["ins_system", "ins_value", "birth_date", "died_on"])
    .where("record_id", "=", notice.record_id)
    .executeTakeFirst();
  // R22: nobody writes to the dead, nor to those who represented them.
  if (!record || record.died_on !== null) return [];
  const representatives = await tables
    .selectFrom("representative")
    .select(["ins_system", "ins_value", "kind"])
    .where("record_id", "=", notice.record_id)
    .where((where) => where.or([where("ended_at", "is", null), where("ended_at", ">", now)]))
    .execute();
  const isOfMinor = isMinor(record.birth_date, majorityAge, now);
  const active = representatives.filter(({ kind }) => represents(kind, isOfMinor));
  const found: (Recipient | undefined)[] = [];
  // A minor has no login of their own (R9): the representatives are told in their place.
  if (!isOfMinor) found.push(await byIns(database, record, "holder"));
  for (const one of active) found.push(await byIns(database, one, "representative"));
  if (isOfMinor && !found.some(Boolean)) found.push(await byIns(database, record, "holder"));
  if (notice.kind === "emergency-access") found.push(...(await referringDoctors(database, notice.record_id, now)));
  const unique = new Map<string, Recipient>();
  for (const one of found) if (one && !unique.has(one.accountId)) unique.set(one.accountId, one);
  return [...unique.values()];
}

async function byIns(
  database: AnyDatabase,
  ins: { readonly ins_system: string; readonly ins_value: string },
  role: RecipientRole,
): Promise<Recipient | undefined> {
  const row = await identityTables(database)
    .selectFrom("account")
    .select(["account_id", "email", "locale"])
    .where("ins_system", "=", ins.ins_system)
    .where("ins_value", "=", ins.ins_value)
    .where("email", "is not", null)
    .executeTakeFirst();
  return row?.email ? { accountId: row.account_id, role, email: row.email, locale: row.locale } : undefined;
}

async function referringDoctors(database: AnyDatabase, recordId: string, now: Date): Promise<Recipient[]> {
  const tables: Kysely<Tables> = database;
  const roles = await tables
    .selectFrom("authorisation")
    .select("subject_id")
    .where("record_id", "=", recordId)
    .where("kind", "=", "referring")
    .where("subject_kind", "=", "professional")
    .where("ended_at", "is", null)
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", now)]))
    .execute();
  return byRpps(
    database,
    roles.map((role) => role.subject_id),
    "referring-doctor",
  );
}

async function byRpps(
  database: AnyDatabase,
  rpps: readonly string[],
  role: "referring-doctor" | "professional",
): Promise<Recipient[]> {
  if (rpps.length === 0) return [];
  const rows = await identityTables(database)
    .selectFrom("account")
    .select(["account_id", "email", "locale"])
    .where("rpps", "in", rpps)
    .where("email", "is not", null)
    .execute();
  return rows.flatMap((row) =>
    row.email ? [{ accountId: row.account_id, role, email: row.email, locale: row.locale }] : [],
  );
}
