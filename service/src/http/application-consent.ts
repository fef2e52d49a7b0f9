/** Consent to applications of the catalogue, one purpose at a time; withdrawn at once. R168. */
import type { Consent, HealthcareService } from "@carnet/sdk/fhir";
import type { FastifyInstance } from "fastify";
import * as v from "valibot";
import { type Access, appendAccess } from "../log/access-log.ts";
import { APPLICATION_SYSTEM } from "../log/audit-event.ts";
import { noticeOf } from "../log/notice.ts";
import { applicationPurposes, decide } from "../rules/index.ts";
import {
  type ApplicationConsentRow,
  type ApplicationRow,
  consentToApplication,
  endConsents,
  findApplication,
  findConsent,
  listApplications,
  listConsents,
} from "../store/applications.ts";
import type { Ins, RecordLocator } from "../store/records.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { searchSet } from "./bundle.ts";
import { actorKey, type Caller, callerOf } from "./caller.ts";
import { wireId } from "./ids.ts";
import { notFound, WireError } from "./outcome.ts";
import { localeOf } from "./parameters.ts";
import { sendFhir, sendFhirText } from "./respond.ts";
import type { Services } from "./services.ts";

/** Code system of the purposes. */
export const PURPOSE_SYSTEM = "https://carnet.example/fhir/CodeSystem/application-purpose";

const application = v.looseObject({
  provision: v.looseObject({
    type: v.optional(v.literal("permit")),
    actor: v.tuple([
      v.looseObject({
        reference: v.looseObject({
          identifier: v.object({ system: v.literal(APPLICATION_SYSTEM), value: v.pipe(v.string(), v.maxLength(60)) }),
        }),
      }),
    ]),
    purpose: v.pipe(v.array(v.looseObject({ code: v.picklist(applicationPurposes) })), v.minLength(1), v.maxLength(10)),
  }),
});
const namesApplication = v.looseObject({
  provision: v.looseObject({
    actor: v.pipe(
      v.array(v.looseObject({ reference: v.looseObject({ identifier: v.looseObject({ system: v.string() }) }) })),
      v.check((actors) => actors.some((actor) => actor.reference.identifier.system === APPLICATION_SYSTEM)),
    ),
  }),
});

/** Whether a posted Consent is about an application, and not about a professional. */
export const isApplicationConsent = (body: unknown): boolean => v.is(namesApplication, body);

/** Keeps the consent that was posted. @throws WireError 422 when it names no application of the catalogue, or no purpose of it */
export async function declareApplication(
  services: Services,
  caller: Caller,
  locator: RecordLocator,
  body: unknown,
): Promise<Consent> {
  const parsed = v.safeParse(application, body);
  if (!parsed.success) throw malformed(v.getDotPath(parsed.issues[0]) ?? "provision");
  const { actor, purpose } = parsed.output.provision;
  const id = actor[0].reference.identifier.value;
  const trace = { transaction: "CATALOGUE", action: "C", objectType: "Consent" } as const;
  const record = await openRecord(services, caller, locator, "applications", trace);
  const known = await findApplication(services.store.database, id);
  const purposes = applicationPurposes.filter((one) => purpose.some(({ code }) => code === one));
  if (!known?.referenced_at || purposes.some((one) => !known.purposes.includes(one)))
    throw malformed("provision.purpose");
  const row = await services.store.transaction(async (transaction) => {
    const { now } = record;
    const wanted = { recordId: record.id, applicationId: id, purposes, by: actorKey(caller.actor), now };
    const consent = await consentToApplication(transaction, wanted);
    const detail = `${id}: ${purposes.join(" ")}`;
    await appendAccess(transaction, { ...trace, ...granted(record), detail });
    const key = `service:${consent.consent_id}`;
    await transaction
      .insertInto("notice")
      .values(noticeOf({ recordId: record.id, key, kind: "service", now }))
      .execute();
    return consent;
  });
  services.onNotice();
  return applicationConsentResource(row, known, record.facts.ins);
}

const granted = (record: OpenRecord): Pick<Access, "recordId" | "caller" | "recorded" | "outcome" | "rule"> => ({
  recordId: record.id,
  caller: record.caller,
  recorded: record.now,
  outcome: "granted",
  rule: "R168",
});

/** Withdraws a consent. @returns false when this is none that the caller may withdraw */
export async function withdrawApplication(services: Services, record: OpenRecord, consentId: string): Promise<boolean> {
  if (!decide({ ...record.question, act: "applications" }).permit) return false;
  const row = await findConsent(services.store.database, record.id, consentId);
  if (!row || row.ended_at !== null) return false;
  await services.store.transaction(async (transaction) => {
    await endConsents(transaction, record.id, row.application_id, record.now);
    const objectId = wireId(record.id, consentId);
    const trace = { transaction: "CATALOGUE", action: "D", objectType: "Consent", objectId } as const;
    await appendAccess(transaction, { ...trace, ...granted(record), detail: row.application_id });
  });
  return true;
}

/** Consents to applications, where the caller may see them: the holder and the representatives. */
export async function applicationConsents(
  services: Services,
  record: OpenRecord,
  consentId?: string,
): Promise<readonly Consent[]> {
  if (!decide({ ...record.question, act: "applications" }).permit) return [];
  const { database } = services.store;
  const one = consentId === undefined ? undefined : await findConsent(database, record.id, consentId);
  const rows = consentId === undefined ? await listConsents(database, record.id) : one ? [one] : [];
  const resources: Consent[] = [];
  for (const row of rows) {
    const known = await findApplication(database, row.application_id);
    resources.push(applicationConsentResource(row, known, record.facts.ins));
  }
  return resources;
}

function applicationConsentResource(
  row: ApplicationConsentRow,
  known: Pick<ApplicationRow, "name"> | undefined,
  holder: Ins,
): Consent {
  const patient = { reference: `Patient/${row.record_id}`, type: "Patient" };
  const start = row.granted_at.toISOString();
  return {
    resourceType: "Consent",
    id: wireId(row.record_id, row.consent_id),
    status: row.ended_at ? "inactive" : "active",
    scope: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/consentscope", code: "patient-privacy" }] },
    category: [{ coding: [{ system: "http://loinc.org", code: "59284-0" }] }],
    patient: { ...patient, identifier: { ...holder } },
    dateTime: start,
    performer: [patient],
    organization: [{ type: "Organization", display: "Carnet" }],
    sourceAttachment: { title: "Accord donné par le patient, usage par usage (R168)" },
    policy: [{ uri: "https://carnet.example/policy/patient-consent" }],
    provision: {
      type: "permit",
      period: { start, ...(row.ended_at ? { end: row.ended_at.toISOString() } : {}) },
      actor: [
        {
          role: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", code: "IRCP" }] },
          reference: {
            type: "Device",
            identifier: { system: APPLICATION_SYSTEM, value: row.application_id },
            display: known?.name ?? row.application_id,
          },
        },
      ],
      purpose: row.purposes.map((code) => ({ system: PURPOSE_SYSTEM, code })),
    },
  };
}

function malformed(place: string): WireError {
  return new WireError(422, [
    {
      code: "value",
      fr: "Accord non compris : une application du catalogue, et au moins un des usages qu'elle demande.",
      en: "Consent not understood: one application of the catalogue, and at least one of the purposes it asks for.",
      expression: `Consent.${place}`,
      rule: "R168",
    },
  ]);
}

/** `HealthcareService`: the catalogue, the same for everybody who signs in. */
export function registerCatalogue(fhir: FastifyInstance, services: Services): void {
  const base = `${services.config.publicUrl}/fhir`;
  fhir.get("/HealthcareService", async (request, reply) => {
    callerOf(request);
    const rows = await listApplications(services.store.database);
    const locale = localeOf(request);
    const text = searchSet({
      lastUpdated: services.now(),
      total: rows.length,
      self: `${base}/HealthcareService`,
      entries: rows.map((row) => ({
        fullUrl: `${base}/HealthcareService/${row.application_id}`,
        resource: JSON.stringify(catalogueEntry(row, locale)),
        mode: "match",
      })),
    });
    return sendFhirText(reply, 200, text);
  });
  fhir.get<{ Params: { id: string } }>("/HealthcareService/:id", async (request, reply) => {
    callerOf(request);
    const row = await findApplication(services.store.database, request.params.id);
    if (!row?.referenced_at) throw notFound();
    return sendFhir(reply, 200, catalogueEntry(row, localeOf(request)));
  });
}

function catalogueEntry(row: ApplicationRow, locale: "fr" | "en"): HealthcareService {
  return {
    resourceType: "HealthcareService",
    id: row.application_id,
    identifier: [{ system: APPLICATION_SYSTEM, value: row.application_id }],
    active: true,
    providedBy: { type: "Organization", display: row.publisher },
    name: row.name,
    comment: locale === "fr" ? row.description_fr : row.description_en,
    program: [{ coding: row.purposes.map((code) => ({ system: PURPOSE_SYSTEM, code })) }],
  };
}
