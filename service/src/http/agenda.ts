/** The person's agenda: appointments, reminders, recommended examinations. By the patient or a referenced application. R167. */
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Appointment } from "@carnet/sdk/fhir";
import type { FastifyInstance } from "fastify";
import { type RawBuilder, sql } from "kysely";
import { type Access, appendAccess } from "../log/access-log.ts";
import { dayOf, endOfDay, recommendedExaminations, startOfDay } from "../rules/index.ts";
import { sealJson } from "../store/sealed-text.ts";
import type { Database } from "../store/store.ts";
import { type OpenRecord, openRecord, type Trace } from "./access.ts";
import {
  type AppointmentRow,
  appointmentResource,
  contextOfAppointment,
  type IncomingAppointment,
  readAppointment,
  recommendationResource,
} from "./agenda-resource.ts";
import { searchSet } from "./bundle.ts";
import { actorKey, callerOf } from "./caller.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { parseDate } from "./dates.ts";
import { readCount } from "./document-query.ts";
import { parseWireId, wireId } from "./ids.ts";
import { badRequest, notFound, WireError } from "./outcome.ts";
import { localeOf, PATIENT_PARAMETERS, parametersOf, patientOf, queryText, requireKnown } from "./parameters.ts";
import { sendFhir, sendFhirText } from "./respond.ts";
import { idFor, keepOnce, otherContent } from "./sender-number.ts";
import type { Services } from "./services.ts";

export function registerAgenda(fhir: FastifyInstance, services: Services): void {
  const base = `${services.config.publicUrl}/fhir`;
  const { database } = services.store;
  const { acceptsWrongTestKeys } = services.config.rules;
  const keyOf = (record: OpenRecord) => services.store.keys.unwrap(record.row.wrapped_key);
  const resourceOf = (record: OpenRecord, row: AppointmentRow) =>
    appointmentResource(keyOf(record), row, record.facts.ins);

  fhir.get("/Appointment", async (request, reply) => {
    const parameters = parametersOf(request);
    requireKnown(parameters, ["_cursor"], [...PATIENT_PARAMETERS, "date"]);
    const count = readCount(parameters);
    const dates = parameters.getAll("date").map((text) => parseDate(text, "date"));
    if (dates.some(({ prefix }) => prefix !== "ge" && prefix !== "lt" && prefix !== "eq"))
      throw badRequest(
        "date s'écrit avec ge, lt ou sans préfixe.",
        "date is written with ge, lt or no prefix.",
        "date",
      );
    const cursor = parameters.has("_cursor") ? decodeCursor(parameters.get("_cursor") ?? "") : undefined;
    const trace = {
      transaction: "AGENDA",
      action: "E",
      objectType: "Appointment",
      query: queryText(parameters),
    } as const;
    const record = await openRecord(
      services,
      callerOf(request),
      patientOf(parameters, acceptsWrongTestKeys),
      "agenda",
      trace,
    );
    const conditions: RawBuilder<unknown>[] = [
      sql`record_id = ${record.id}`,
      ...dates.map(({ prefix, from, until }) =>
        prefix === "ge"
          ? sql`starts_at >= ${from}`
          : prefix === "lt"
            ? sql`starts_at < ${from}`
            : sql`(starts_at >= ${from} and starts_at < ${until})`,
      ),
      ...(cursor ? [sql`(starts_at, appointment_id) > (${cursor.position}, ${cursor.id}::uuid)`] : []),
    ];
    const { rows } = await sql<AppointmentRow>`
      select * from appointment where ${sql.join(conditions, sql` and `)}
      order by starts_at, appointment_id limit ${count + 1}`.execute(database);
    await appendAccess(database, granted(record, trace));
    const page = rows.slice(0, count);
    const last = page.at(-1);
    const next = new URLSearchParams(parameters);
    if (last) next.set("_cursor", encodeCursor({ position: last.starts_at, id: last.appointment_id }));
    const text = searchSet({
      lastUpdated: record.now,
      self: `${base}/Appointment?${parameters.toString()}`,
      next: rows.length > count ? `${base}/Appointment?${next.toString()}` : undefined,
      entries: page.map((row) => ({
        fullUrl: `${base}/Appointment/${wireId(record.id, row.appointment_id)}`,
        resource: JSON.stringify(resourceOf(record, row)),
        mode: "match",
      })),
    });
    return sendFhirText(reply, 200, text);
  });

  fhir.get("/Appointment/$recommended", async (request, reply) => {
    const parameters = parametersOf(request);
    requireKnown(parameters, [], PATIENT_PARAMETERS);
    const trace = { transaction: "AGENDA", action: "R", objectType: "Appointment" } as const;
    const record = await openRecord(
      services,
      callerOf(request),
      patientOf(parameters, acceptsWrongTestKeys),
      "agenda",
      trace,
    );
    await appendAccess(database, granted(record, trace));
    const { birth_date, sex } = record.row;
    const entries = recommendedExaminations(birth_date, sex, record.now).map((one) => ({
      fullUrl: `urn:uuid:${randomUUID()}`,
      resource: JSON.stringify(recommendationResource(record.id, record.facts.ins, one, localeOf(request))),
      mode: "match" as const,
    }));
    const self = `${base}/Appointment/$recommended`;
    return sendFhirText(reply, 200, searchSet({ lastUpdated: record.now, total: entries.length, self, entries }));
  });

  fhir.post("/Appointment", async (request, reply) => {
    const caller = callerOf(request);
    const incoming = readAppointment(request.body, acceptsWrongTestKeys);
    const trace = { transaction: "AGENDA", action: "C", objectType: "Appointment" } as const;
    const record = await openRecord(services, caller, incoming.locator, "agenda", trace);
    const { number } = incoming.content;
    const id = idFor("appointment", record, number);
    const row = rowOf(record, id, incoming, keyOf(record));
    const access = granted(record, { ...trace, objectId: wireId(record.id, id) });
    // Sent again it is as it stands now: it may have been changed meanwhile.
    const { kept, isNew } = await keepOnce(
      number,
      () => findAppointment(database, record.id, id),
      async () => {
        await services.store.transaction(async (transaction) => {
          await checkReminders(services, transaction, record, row);
          await transaction.insertInto("appointment").values(row).execute();
          await appendAccess(transaction, access);
        });
        return row;
      },
    );
    if (!isNew) {
      if (!mayBeSame(resourceOf(record, kept), resourceOf(record, row))) throw otherContent("Appointment.identifier");
      await appendAccess(database, { ...access, detail: "replay" });
    }
    const resource = resourceOf(record, kept);
    reply.header("location", `${base}/Appointment/${resource.id}`);
    return sendFhir(reply, isNew ? 201 : 200, resource);
  });

  const open = async (
    request: Parameters<typeof callerOf>[0] & { params: { id: string } },
    action: "R" | "U" | "D",
  ) => {
    const { id } = request.params;
    const member = parseWireId(id);
    if (!member) throw notFound();
    const trace = { transaction: "AGENDA", action, objectType: "Appointment", objectId: id } as const;
    const record = await openRecord(services, callerOf(request), { id: member.recordId }, "agenda", trace);
    const row = await findAppointment(database, record.id, member.memberId);
    if (!row) throw notFound();
    return { record, row, trace };
  };

  fhir.get<{ Params: { id: string } }>("/Appointment/:id", async (request, reply) => {
    const { record, row, trace } = await open(request, "R");
    await appendAccess(database, granted(record, trace));
    return sendFhir(reply, 200, resourceOf(record, row));
  });

  fhir.put<{ Params: { id: string } }>("/Appointment/:id", async (request, reply) => {
    const incoming = readAppointment(request.body, acceptsWrongTestKeys);
    const { record, row, trace } = await open(request, "U");
    const kept = rowOf(record, row.appointment_id, incoming, keyOf(record));
    const { created_at, created_by, application_id } = row;
    const changed = { ...kept, created_at, created_by, application_id, version: row.version + 1 };
    await services.store.transaction(async (transaction) => {
      await checkReminders(services, transaction, record, changed);
      await transaction
        .updateTable("appointment")
        .set(changed)
        .where("record_id", "=", record.id)
        .where("appointment_id", "=", row.appointment_id)
        .execute();
      await appendAccess(transaction, granted(record, trace));
    });
    return sendFhir(reply, 200, resourceOf(record, changed));
  });

  fhir.delete<{ Params: { id: string } }>("/Appointment/:id", async (request, reply) => {
    const { record, row, trace } = await open(request, "D");
    await services.store.transaction(async (transaction) => {
      await transaction
        .deleteFrom("appointment")
        .where("record_id", "=", record.id)
        .where("appointment_id", "=", row.appointment_id)
        .execute();
      await appendAccess(transaction, granted(record, trace));
    });
    return reply.code(204).send();
  });
}

/** Whether what is kept may have come with the same content: once it was changed, nobody knows any more. */
function mayBeSame(kept: Appointment, sent: Appointment): boolean {
  return kept.meta?.versionId !== "1" || isDeepStrictEqual({ ...kept, created: "" }, { ...sent, created: "" });
}

function findAppointment(database: Database, recordId: string, id: string): Promise<AppointmentRow | undefined> {
  return database
    .selectFrom("appointment")
    .selectAll()
    .where("record_id", "=", recordId)
    .where("appointment_id", "=", id)
    .executeTakeFirst();
}

function granted(record: OpenRecord, trace: Trace): Access {
  return {
    ...trace,
    recordId: record.id,
    caller: record.caller,
    recorded: record.now,
    outcome: "granted",
    rule: "R167",
  };
}

function rowOf(record: OpenRecord, id: string, incoming: IncomingAppointment, key: Buffer): AppointmentRow {
  const { actor } = record.caller;
  return {
    record_id: record.id,
    appointment_id: id,
    kind: incoming.kind,
    status: incoming.status,
    starts_at: incoming.start,
    ends_at: incoming.end ?? null,
    remind_at: incoming.remindAt ?? null,
    reminded_at: null,
    created_at: record.now,
    created_by: actorKey(actor),
    application_id: actor.kind === "patient" ? (actor.application?.id ?? null) : null,
    version: 1,
    sealed: sealJson(key, contextOfAppointment(record.id, id), incoming.content),
  };
}

/** R167: at most ten reminders in a day. The record's row is held: two at once are counted one after the other. */
async function checkReminders(
  { config }: Services,
  database: Database,
  record: OpenRecord,
  row: AppointmentRow,
): Promise<void> {
  if (row.remind_at === null || row.status !== "booked") return;
  const day = dayOf(row.remind_at);
  await database.selectFrom("record").select("record_id").where("record_id", "=", record.id).forUpdate().execute();
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from appointment
    where record_id = ${record.id} and status = 'booked' and appointment_id <> ${row.appointment_id}
      and remind_at >= ${startOfDay(day)} and remind_at < ${endOfDay(day)}`.execute(database);
  if ((rows[0]?.count ?? 0) < config.rules.remindersPerDay) return;
  throw new WireError(422, [
    {
      code: "business-rule",
      fr: `Pas plus de ${config.rules.remindersPerDay} rappels le même jour.`,
      en: `At most ${config.rules.remindersPerDay} reminders on one day.`,
      expression: "Appointment.extension",
      rule: "R167",
    },
  ]);
}
