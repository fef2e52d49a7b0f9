/** Records and who stands where in them. Each question names one record. */
import { type RawBuilder, type Selectable, sql } from "kysely";
import type { Actor, Authorisation, RecordFacts, Representative } from "../rules/index.ts";
import { applicationPurposes, noStanding, standingOf } from "../rules/index.ts";
import type { Database } from "./store.ts";
import type { RecordTable } from "./tables.ts";

export interface Ins {
  readonly system: string;
  readonly value: string;
}

/** A record by its id or by the INS of its holder. */
export type RecordLocator = { readonly id: string } | { readonly ins: Ins };

type RecordRow = Selectable<RecordTable>;

interface AuthorisationRow extends Authorisation {
  readonly authorisationId: string;
  readonly grantedAt: Date;
}

/** A record as one caller meets it. */
export interface LoadedRecord {
  readonly id: string;
  readonly row: RecordRow;
  readonly facts: RecordFacts;
  /** The caller's own authorisations in it. */
  readonly mine: readonly AuthorisationRow[];
}

interface RawAuthorisation {
  authorisation_id: string;
  kind: "access" | "referring" | "block";
  subject_kind: "professional" | "structure";
  subject_id: string;
  granted_at: string;
  expires_at: string | null;
}

/** Reads a record, the authorisations that concern `actor`, and the representatives in office, in one question. */
export async function loadRecord(
  database: Database,
  locator: RecordLocator,
  actor: Actor,
  now: Date,
): Promise<LoadedRecord | undefined> {
  const subjects = subjectsOf(actor);
  const where =
    "id" in locator
      ? sql`r.record_id = ${locator.id}`
      : sql`r.record_id = (select i.record_id from record_identity i where i.ins_system = ${locator.ins.system} and i.ins_value = ${locator.ins.value})`;
  const application = actor.kind === "patient" ? actor.application : undefined;
  const { rows } = await sql<FoundRecord>`
    select r.*, ${application ? purposesOf(application.id) : sql``}
      (select coalesce(json_agg(json_build_object(
          'authorisation_id', a.authorisation_id, 'kind', a.kind, 'subject_kind', a.subject_kind,
          'subject_id', a.subject_id, 'granted_at', a.granted_at, 'expires_at', a.expires_at)), '[]'::json)
        from authorisation a
        where a.record_id = r.record_id and a.ended_at is null and a.subject_id = any(${subjects})) as authorisations,
      (select coalesce(json_agg(json_build_object(
          'system', p.ins_system, 'value', p.ins_value, 'kind', p.kind, 'isOpener', p.is_opener)), '[]'::json)
        from representative p
        where p.record_id = r.record_id and p.started_at <= ${now} and (p.ended_at is null or p.ended_at > ${now})) as representatives,
      (select coalesce(json_agg(json_build_object('system', c.ins_system, 'value', c.ins_value)), '[]'::json)
        from carer c
        where c.record_id = r.record_id and c.ended_at is null and c.starts_at <= ${now} and c.ends_at > ${now}) as carers
    from record r where ${where}`.execute(database);
  const found = rows[0];
  if (!found) return undefined;
  const { authorisations, representatives, carers, application_purposes: purposes, ...row } = found;
  const mine = authorisations.map((one) => ({
    authorisationId: one.authorisation_id,
    kind: one.kind,
    subjectKind: one.subject_kind,
    subjectId: one.subject_id,
    grantedAt: new Date(one.granted_at),
    expiresAt: one.expires_at ? new Date(one.expires_at) : null,
    endedAt: null,
  }));
  return {
    id: row.record_id,
    row,
    mine,
    facts: {
      state: row.state,
      ins: { system: row.ins_system, value: row.ins_value },
      birthDate: row.birth_date,
      allowsDispatch: row.allows_dispatch,
      allowsBreakGlass: row.allows_break_glass,
      allowsMaskedInEmergency: row.allows_masked_in_emergency,
      isAttachedToMes: row.is_attached_to_mes,
      identityStatus: row.identity_status,
      isDeceased: row.died_on !== null,
      representatives,
      ...(application ? { applicationPurposes: applicationPurposes.filter((one) => purposes?.includes(one)) } : {}),
      carers,
      standing: actor.kind === "professional" ? standingOf(actor, mine, now) : noStanding,
    },
  };
}

interface FoundRecord extends RecordRow {
  readonly authorisations: RawAuthorisation[];
  readonly representatives: Representative[];
  readonly carers: Ins[];
  readonly application_purposes?: readonly string[] | null;
}

/** R168: what the holder consented to for an application that is still referenced. */
function purposesOf(applicationId: string): RawBuilder<unknown> {
  return sql`
    (select c.purposes from application_consent c join application a on a.application_id = c.application_id
      where c.record_id = r.record_id and c.application_id = ${applicationId} and c.ended_at is null
        and a.referenced_at is not null) as application_purposes,`;
}

function subjectsOf(actor: Actor): string[] {
  if (actor.kind === "patient") return [];
  if (actor.kind === "establishment") return [actor.structure.id];
  return actor.structure ? [actor.rpps, actor.structure.id] : [actor.rpps];
}

/** The record's version, for the rows that a change of it touches. In the transaction that grew it. */
export function versionOfRecord(recordId: string): RawBuilder<unknown> {
  return sql`(select version from record where record_id = ${recordId})`;
}

/** Grows the version of the record: every change of a document or of its metadata. @returns whether it is still open */
export async function touchRecord(database: Database, recordId: string, now: Date): Promise<boolean> {
  const { rows } = await sql`
    update record set version = version + 1, updated_at = ${now}
    where record_id = ${recordId} and state = 'open' returning version`.execute(database);
  return rows.length > 0;
}
