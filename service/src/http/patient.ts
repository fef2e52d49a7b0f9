/** TD0.2: does a record exist, is it open, may I read it (`GET Patient?identifier=`); `GET Patient/[id]`; TD0.4, TD0.5. */
import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { appendAccess, outcomeOf } from "../log/access-log.ts";
import { decide, neverConsults, type PatientActor, type Rule, ruleTexts } from "../rules/index.ts";
import { type LoadedRecord, loadRecord, type RecordLocator } from "../store/records.ts";
import { recordsActedFor } from "../store/relations.ts";
import { frameOf, openRecord, traceUnknown } from "./access.ts";
import { type SearchEntry, searchSet } from "./bundle.ts";
import { type Caller, callerOf } from "./caller.ts";
import { consentResource } from "./consent-resource.ts";
import { findByTraits, isTraitSearch } from "./find-by-traits.ts";
import { isUuid } from "./ids.ts";
import { myPatients } from "./my-patients.ts";
import { notFound, operationOutcome } from "./outcome.ts";
import { parametersOf, parseInsToken, queryText, requireKnown } from "./parameters.ts";
import { type PatientView, patientResource } from "./patient-resource.ts";
import { sendFhir, sendFhirText } from "./respond.ts";
import type { Services } from "./services.ts";

export function registerPatient(fhir: FastifyInstance, services: Services): void {
  const base = `${services.config.publicUrl}/fhir`;

  const search = async (caller: Caller, parameters: URLSearchParams): Promise<Buffer> => {
    const now = services.now();
    const { records, next, total = records.length } = await findRecords(services, caller, parameters, now);
    const entries: SearchEntry[] = [];
    const isCount = /^0+$/.test(parameters.get("_count") ?? "");
    for (const record of isCount ? [] : records) {
      const patient = patientResource(record, viewOf(services, caller, now));
      entries.push({ fullUrl: `${base}/Patient/${record.id}`, resource: JSON.stringify(patient), mode: "match" });
      for (const consent of ownConsents(record, caller, now)) {
        entries.push({ fullUrl: `${base}/Consent/${consent.id}`, resource: JSON.stringify(consent), mode: "include" });
      }
      const never = neverConsults(frameOf(services, caller, record, now));
      if (never) entries.push(neverEntry(never));
    }
    const self = `${base}/Patient?${queryText(parameters)}`;
    if (next === undefined) return searchSet({ lastUpdated: now, total, self, entries });
    const nextParameters = new URLSearchParams(parameters);
    nextParameters.set("_cursor", next);
    return searchSet({ lastUpdated: now, self, next: `${base}/Patient?${nextParameters.toString()}`, entries });
  };

  fhir.get("/Patient", async (request, reply) =>
    sendFhirText(reply, 200, await search(callerOf(request), parametersOf(request))),
  );
  fhir.post("/Patient/_search", async (request, reply) =>
    sendFhirText(reply, 200, await search(callerOf(request), parametersOf(request))),
  );

  fhir.get<{ Params: { id: string } }>("/Patient/:id", async (request, reply) => {
    const { id } = request.params;
    if (!isUuid(id)) throw notFound();
    const caller = callerOf(request);
    const trace = { transaction: "TD0.2", action: "R", objectType: "Patient", objectId: id } as const;
    const record = await openRecord(services, caller, { id }, "status", trace);
    await appendAccess(services.store.database, {
      ...trace,
      recordId: id,
      caller,
      recorded: record.now,
      outcome: "granted",
      rule: "R57",
    });
    const patient = patientResource(record, viewOf(services, caller, record.now));
    reply.header("etag", `W/"${patient.meta?.versionId}"`);
    return sendFhir(reply, 200, patient);
  });
}

async function findRecords(
  services: Services,
  caller: Caller,
  parameters: URLSearchParams,
  now: Date,
): Promise<{ readonly records: readonly LoadedRecord[]; readonly next?: string | undefined; readonly total?: number }> {
  const token = parameters.get("identifier");
  if (token !== null) {
    requireKnown(parameters, ["identifier"]);
    return { records: await byIdentifier(services, caller, token, parameters, now) };
  }
  if (isTraitSearch(parameters)) return { records: await findByTraits(services, caller, parameters, now) };
  if (caller.actor.kind === "patient") return { records: await ownRecords(services, caller, caller.actor, now) };
  return myPatients(services, caller, parameters, now);
}

/** For whom the Patient of an answer is written. */
export function viewOf(services: Services, { actor }: Caller, now: Date): PatientView {
  return { actor, now, parameters: services.config.rules };
}

/** Says to software that asking for the patient's consent is of no use: this caller never consults. */
function neverEntry(rule: Rule): SearchEntry {
  const issue = { severity: "information", code: "forbidden", ...ruleTexts[rule], rule } as const;
  const fullUrl = `urn:uuid:${randomUUID()}`;
  return { fullUrl, resource: JSON.stringify(operationOutcome([issue])), mode: "outcome" };
}

async function byIdentifier(
  services: Services,
  caller: Caller,
  token: string,
  parameters: URLSearchParams,
  now: Date,
): Promise<readonly LoadedRecord[]> {
  const ins = parseInsToken(token, "identifier", services.config.rules.acceptsWrongTestKeys);
  const locator: RecordLocator = { ins };
  const trace = { transaction: "TD0.2", action: "E", objectType: "Patient", query: queryText(parameters) } as const;
  const record = await loadRecord(services.store.database, locator, caller.actor, now);
  if (!record) {
    await traceUnknown(services, caller, locator, trace, now);
    return [];
  }
  const verdict = decide({ ...frameOf(services, caller, record, now), act: "status" });
  await appendAccess(services.store.database, {
    ...trace,
    recordId: record.id,
    caller,
    recorded: now,
    ...outcomeOf(verdict),
  });
  // A stranger learns nothing: no record, as for somebody who has none.
  return verdict.permit ? [record] : [];
}

/** Without an identifier, a patient gets their own record and those of the people whom they represent or help. */
async function ownRecords(
  services: Services,
  caller: Caller,
  actor: PatientActor,
  now: Date,
): Promise<readonly LoadedRecord[]> {
  const { database } = services.store;
  const others = await recordsActedFor(database, actor.ins);
  const locators: RecordLocator[] = [{ ins: actor.ins }, ...others.map((id) => ({ id }))];
  const records: LoadedRecord[] = [];
  for (const locator of locators) {
    const record = await loadRecord(database, locator, actor, now);
    if (!record || !decide({ ...frameOf(services, caller, record, now), act: "status" }).permit) continue;
    await appendAccess(database, {
      recordId: record.id,
      caller,
      transaction: "TD0.2",
      action: "E",
      objectType: "Patient",
      recorded: now,
      outcome: "granted",
      rule: "R78",
    });
    records.push(record);
  }
  return records;
}

/** The caller's standing as Consents: in force, expired, or a block. R55. */
function ownConsents(record: LoadedRecord, caller: Caller, now: Date) {
  return record.mine.map((one) =>
    consentResource(
      {
        record_id: record.id,
        authorisation_id: one.authorisationId,
        kind: one.kind,
        subject_kind: one.subjectKind,
        subject_id: one.subjectId,
        subject_name: caller.actor.name,
        granted_at: one.grantedAt,
        expires_at: one.expiresAt,
        ended_at: one.endedAt,
      },
      record.facts.ins,
      now,
    ),
  );
}
