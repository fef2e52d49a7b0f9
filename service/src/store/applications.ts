/** The catalogue of applications, and what each person consented to. R168. */
import { randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import type { ApplicationPurpose } from "../rules/index.ts";
import type { Database } from "./store.ts";
import type { ApplicationConsentTable, ApplicationTable } from "./tables.ts";

export type ApplicationRow = Selectable<ApplicationTable>;
export type ApplicationConsentRow = Selectable<ApplicationConsentTable>;

/** What is in the catalogue, by name. */
export async function listApplications(database: Database): Promise<readonly ApplicationRow[]> {
  return database
    .selectFrom("application")
    .selectAll()
    .where("referenced_at", "is not", null)
    .orderBy("name")
    .orderBy("application_id")
    .execute();
}

/** An application that was referenced once, whether it still is or not. */
export async function findApplication(database: Database, id: string): Promise<ApplicationRow | undefined> {
  return database.selectFrom("application").selectAll().where("application_id", "=", id).executeTakeFirst();
}

/** Gives the consent in place of the former one. To be called in a transaction. */
export async function consentToApplication(
  database: Database,
  wanted: {
    readonly recordId: string;
    readonly applicationId: string;
    readonly purposes: readonly ApplicationPurpose[];
    readonly by: string;
    readonly now: Date;
  },
): Promise<ApplicationConsentRow> {
  await endConsents(database, wanted.recordId, wanted.applicationId, wanted.now);
  return database
    .insertInto("application_consent")
    .values({
      record_id: wanted.recordId,
      consent_id: randomUUID(),
      application_id: wanted.applicationId,
      purposes: [...wanted.purposes],
      granted_at: wanted.now,
      granted_by: wanted.by,
      ended_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Withdraws what is in force: the next request of the application is refused. */
export async function endConsents(
  database: Database,
  recordId: string,
  applicationId: string,
  now: Date,
): Promise<void> {
  // The record's row first, as every other act does: two consents at once come one after the other.
  await database.selectFrom("record").select("record_id").where("record_id", "=", recordId).forUpdate().execute();
  await database
    .updateTable("application_consent")
    .set({ ended_at: now })
    .where("record_id", "=", recordId)
    .where("application_id", "=", applicationId)
    .where("ended_at", "is", null)
    .execute();
}

export async function findConsent(
  database: Database,
  recordId: string,
  consentId: string,
): Promise<ApplicationConsentRow | undefined> {
  return database
    .selectFrom("application_consent")
    .selectAll()
    .where("record_id", "=", recordId)
    .where("consent_id", "=", consentId)
    .executeTakeFirst();
}

/** All of a record, newest first. */
export async function listConsents(database: Database, recordId: string): Promise<readonly ApplicationConsentRow[]> {
  return database
    .selectFrom("application_consent")
    .selectAll()
    .where("record_id", "=", recordId)
    .orderBy("granted_at", "desc")
    .orderBy("consent_id")
    .execute();
}
