/** TD0.3 and TD1.6: declare an authorisation, list, set its end, withdraw, block. R53 to R64, R69. */
import { randomUUID } from "node:crypto";
import type { Consent } from "@carnet/sdk/fhir";
import type { FastifyInstance } from "fastify";
import { type Access, appendAccess, outcomeOf } from "../log/access-log.ts";
import { type Act, decide, isDoctor, permit, refuse, relationOf, type Verdict } from "../rules/index.ts";
import {
  type AuthorisationRow,
  endAuthorisation,
  findAuthorisation,
  grantAuthorisation,
  listAuthorisations,
  setEndOfAuthorisation,
} from "../store/authorisations.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import {
  applicationConsents,
  declareApplication,
  isApplicationConsent,
  withdrawApplication,
} from "./application-consent.ts";
import { searchSet } from "./bundle.ts";
import { actorKey, type Caller, callerOf } from "./caller.ts";
import {
  type Declaration,
  expiryOf,
  malformedConsent,
  readDeclaration,
  readEndPatch,
  recordOfConsent,
  restrictionOf,
  type Wanted,
  wantedOf,
} from "./consent-request.ts";
import { consentResource, restrictionResource } from "./consent-resource.ts";
import { lift, restrict, visibleRestriction, visibleRestrictions } from "./document-restriction.ts";
import { parseWireId } from "./ids.ts";
import { badRequest, notFound, refusalError } from "./outcome.ts";
import { PATIENT_PARAMETERS, parametersOf, patientOf, queryText, requireKnown } from "./parameters.ts";
import { sendFhir, sendFhirText } from "./respond.ts";
import type { Services } from "./services.ts";

export function registerConsent(fhir: FastifyInstance, services: Services): void {
  const base = `${services.config.publicUrl}/fhir`;
  const { database } = services.store;

  fhir.post("/Consent", async (request, reply) => {
    const caller = callerOf(request);
    const consent = readDeclaration(request.body);
    const locator = recordOfConsent(consent, services);
    if (isApplicationConsent(request.body)) {
      const resource = await declareApplication(services, caller, locator, request.body);
      reply.header("location", `${base}/Consent/${resource.id}`);
      return sendFhir(reply, 201, resource);
    }
    const withheld = restrictionOf(consent, caller);
    if (withheld) {
      const { record, row } = await restrict(services, caller, locator, withheld);
      const resource = restrictionResource(row, record.facts.ins);
      reply.header("location", `${base}/Consent/${resource.id}`);
      return sendFhir(reply, 201, resource);
    }
    const wanted = wantedOf(consent, caller);
    const trace = { transaction: "TD0.3", action: "C", objectType: "Consent" } as const;
    const act: Act = wanted.kind === "block" ? "block" : "declare";
    const record = await openRecord(services, caller, locator, act, trace);
    const access = { ...trace, recordId: record.id, caller, recorded: record.now };
    const verdict = mayGrant(record, wanted, services);
    if (!verdict.permit) await refuseTraced(services, access, verdict);
    const row = await services.store.transaction(async (transaction) => {
      const row = {
        ...wanted,
        record_id: record.id,
        authorisation_id: randomUUID(),
        granted_at: record.now,
        granted_by: actorKey(caller.actor),
        expires_at: endWanted(consent, wanted, record.now, services),
        ended_at: null,
        last_action_at: record.now,
        collected_by_name: isForAnother(caller, wanted) ? caller.actor.name : null,
        is_secret: caller.isSecret ?? false,
      };
      const granted = await grantAuthorisation(transaction, row, mayLiftBlock(record, wanted));
      if (!granted) return undefined;
      await appendAccess(transaction, { ...access, ...outcomeOf(verdict), detail: wanted.kind });
      return granted;
    });
    // That a colleague is blocked is between them and the patient.
    if (!row) return refuseTraced(services, access, refuse(isForAnother(caller, wanted) ? "R53" : "R59"));
    const kept = consentResource(row, record.facts.ins, record.now);
    reply.header("location", `${base}/Consent/${kept.id}`);
    return sendFhir(reply, 201, kept);
  });

  fhir.delete<{ Params: { id: string } }>("/Consent/:id", async (request, reply) => {
    const caller = callerOf(request);
    const member = parseWireId(request.params.id);
    if (!member) throw notFound();
    const trace = { transaction: "TD0.3", action: "D", objectType: "Consent", objectId: request.params.id } as const;
    // A blocked professional may not even withdraw: only the patient lifts a block (R59).
    const record = await openRecord(services, caller, { id: member.recordId }, "renounce", trace);
    const row = await findAuthorisation(database, record.id, member.memberId);
    const access = { ...trace, recordId: record.id, caller, recorded: record.now };
    const restriction = row ? undefined : await visibleRestriction(services, record, member.memberId);
    if (restriction?.ended_at === null) {
      await lift(services, record, restriction, access);
      return reply.code(204).send();
    }
    if (!row && (await withdrawApplication(services, record, member.memberId))) return reply.code(204).send();
    if (!row || !mayEnd(record, row)) {
      await appendAccess(database, { ...access, outcome: "refused", rule: "R61", isConcealed: true });
      throw notFound();
    }
    // Its end would tell the representatives of the access (R184): it is ended in a connection that they see.
    if (caller.isSecret && !row.is_secret) await refuseTraced(services, access, refuse("R12"));
    await services.store.transaction(async (transaction) => {
      await endAuthorisation(transaction, row, record.now);
      await appendAccess(transaction, { ...access, outcome: "granted", rule: "R61", detail: row.kind });
    });
    return reply.code(204).send();
  });

  fhir.patch<{ Params: { id: string } }>("/Consent/:id", async (request, reply) => {
    const caller = callerOf(request);
    const member = parseWireId(request.params.id);
    if (!member) throw notFound();
    const trace = { transaction: "TD0.3", action: "U", objectType: "Consent", objectId: request.params.id } as const;
    const record = await openRecord(services, caller, { id: member.recordId }, "restrict", trace);
    const row = await findAuthorisation(database, record.id, member.memberId);
    const access = { ...trace, recordId: record.id, caller, recorded: record.now };
    if (!row || row.ended_at !== null || !maySee(record, row)) {
      await appendAccess(database, { ...access, outcome: "refused", rule: "R60", isConcealed: true });
      throw notFound();
    }
    const end = endSet(row, readEndPatch(request.body), record.now, services);
    const changed = await services.store.transaction(async (transaction) => {
      await appendAccess(transaction, { ...access, outcome: "granted", rule: "R56", detail: "end-date" });
      return setEndOfAuthorisation(transaction, row, end, record.now);
    });
    return sendFhir(reply, 200, consentResource(changed, record.facts.ins, record.now));
  });

  fhir.get<{ Params: { id: string } }>("/Consent/:id", async (request, reply) => {
    const caller = callerOf(request);
    const member = parseWireId(request.params.id);
    if (!member) throw notFound();
    const trace = { transaction: "TD1.6", action: "R", objectType: "Consent", objectId: request.params.id } as const;
    const record = await openRecord(services, caller, { id: member.recordId }, "list-authorisations", trace);
    const row = await findAuthorisation(database, record.id, member.memberId);
    const restriction = row ? undefined : await visibleRestriction(services, record, member.memberId);
    const { ins } = record.facts;
    const consent = restriction
      ? restrictionResource(restriction, ins)
      : row && maySee(record, row)
        ? consentResource(row, ins, record.now)
        : (await applicationConsents(services, record, member.memberId))[0];
    await appendAccess(database, {
      ...trace,
      recordId: record.id,
      caller,
      recorded: record.now,
      outcome: consent ? "granted" : "refused",
      rule: "R60",
      isConcealed: !consent,
    });
    if (!consent) throw notFound();
    return sendFhir(reply, 200, consent);
  });

  const search = async (caller: Caller, parameters: URLSearchParams): Promise<Buffer> => {
    // TD1.6: authorised (permit), forbidden (deny), or all (R60).
    const provision = parameters.get("provision-type");
    if (provision !== null && provision !== "permit" && provision !== "deny") {
      throw badRequest("Valeurs : permit ou deny.", "Values: permit or deny.", "provision-type");
    }
    requireKnown(parameters, ["status", "provision-type"], PATIENT_PARAMETERS);
    const locator = patientOf(parameters, services.config.rules.acceptsWrongTestKeys);
    const trace = { transaction: "TD1.6", action: "E", objectType: "Consent", query: queryText(parameters) } as const;
    const record = await openRecord(services, caller, locator, "list-authorisations", trace);
    const seen = await visibleConsents(services, record);
    await appendAccess(database, {
      ...trace,
      recordId: record.id,
      caller,
      recorded: record.now,
      outcome: "granted",
      rule: "R60",
    });
    const status = parameters.get("status");
    const consents = seen
      .filter((consent) => !status || status.split(",").includes(consent.status))
      .filter((consent) => !provision || consent.provision?.type === provision);
    return searchSet({
      lastUpdated: record.now,
      total: consents.length,
      self: `${base}/Consent?${parameters.toString()}`,
      entries: consents.map((consent) => ({
        fullUrl: `${base}/Consent/${consent.id}`,
        resource: JSON.stringify(consent),
        mode: "match",
      })),
    });
  };
  fhir.get("/Consent", async (request, reply) =>
    sendFhirText(reply, 200, await search(callerOf(request), parametersOf(request))),
  );
  fhir.post("/Consent/_search", async (request, reply) =>
    sendFhirText(reply, 200, await search(callerOf(request), parametersOf(request))),
  );
}

/** All that the caller may see of the record's authorisations, blocks, withheld documents and applications (R60). */
export async function visibleConsents(services: Services, record: OpenRecord): Promise<readonly Consent[]> {
  const { ins } = record.facts;
  const rows = (await listAuthorisations(services.store.database, record.id)).filter((row) => maySee(record, row));
  return [
    ...rows.map((row) => consentResource(row, ins, record.now)),
    ...(await visibleRestrictions(services, record)).map((row) => restrictionResource(row, ins)),
    ...(await applicationConsents(services, record)),
  ];
}

/** Declared by one professional for another, on whose behalf the consent was collected. R53. */
function isForAnother({ actor }: Caller, wanted: Wanted): boolean {
  return (
    actor.kind === "professional" &&
    wanted.kind !== "block" &&
    wanted.subject_id !== actor.rpps &&
    wanted.subject_id !== actor.structure?.id
  );
}

/**
 * A professional declares for themselves (R54), for their structure (R58), or for another on whose behalf the consent
 * was collected (R53); a structure for itself. The referring doctor's role is the patient's to give (R62 to R64).
 */
function mayGrant(record: OpenRecord, wanted: Wanted, { config }: Services): Verdict {
  const { actor } = record.caller;
  const verdict = decide({ ...record.question, act: wanted.kind === "block" ? "block" : "declare" });
  if (!verdict.permit || actor.kind === "patient" || wanted.kind === "block") return verdict;
  if (wanted.subject_kind === "structure" && wanted.subject_id !== actor.structure?.id) return refuse("R58");
  if (actor.kind === "establishment") {
    return wanted.kind === "access" && wanted.subject_kind === "structure" ? verdict : refuse("R58");
  }
  const isSelf = wanted.subject_id === actor.rpps;
  // R69: a role is shown beside the name: one's own to say, or the patient's.
  if (wanted.care_role && !isSelf) return refuse("R53");
  if (wanted.kind === "referring") {
    if (!isSelf || !isDoctor(actor)) return refuse("R62");
    return config.rules.referringDoctorBy === "patient" ? refuse("R64") : permit("R62");
  }
  return verdict;
}

/** R56: an access ends after the usual time or sooner; a referring doctor's when the patient says so; a block never. */
function endWanted(consent: Declaration, wanted: Wanted, now: Date, services: Services): Date | null {
  const asked = consent.provision?.period;
  if (wanted.kind === "block") return null;
  const end = expiryOf(asked, now, services);
  return wanted.kind === "access" || asked?.end !== undefined ? end : null;
}

/** The end that the patient sets, within what an authorisation may last at most. @throws WireError 422 */
function endSet(row: AuthorisationRow, end: Date | null, now: Date, services: Services): Date | null {
  if (row.kind === "block") throw malformedConsent("provision.type");
  const longest = expiryOf(undefined, now, services);
  if (end === null) return row.kind === "access" ? longest : null;
  if (end <= now || end > longest) throw malformedConsent("provision.period.end");
  return end;
}

/** R59: the patient; the referring doctor at the patient's request, not for themselves. */
function mayLiftBlock(record: OpenRecord, wanted: Wanted): boolean {
  const { actor } = record.caller;
  if (actor.kind === "patient") return true;
  return actor.kind === "professional" && record.facts.standing.isReferringDoctor && wanted.subject_id !== actor.rpps;
}

/** R60: the patient, the referring doctor and doctors' software list all; a caller always sees their own. */
function maySee(record: OpenRecord, row: AuthorisationRow): boolean {
  const { actor } = record.caller;
  // R184: what a minor agreed to in secret would tell the representatives of the access.
  if (actor.kind === "patient") return !row.is_secret || isHolder(record);
  return actor.kind === "professional" && (row.subject_id === actor.rpps || record.facts.standing.isReferringDoctor);
}

function isHolder({ caller: { actor }, facts, now, question }: OpenRecord): boolean {
  return actor.kind === "patient" && relationOf(actor, facts, now, question.parameters) === "self";
}

/** R59, R61: the patient ends anything; a professional their own; the referring doctor lifts a block. */
function mayEnd(record: OpenRecord, row: AuthorisationRow): boolean {
  const { actor } = record.caller;
  if (row.ended_at !== null) return false;
  if (actor.kind === "patient") return maySee(record, row);
  if (actor.kind !== "professional") return false;
  if (row.kind === "block") return record.facts.standing.isReferringDoctor && row.subject_id !== actor.rpps;
  return row.subject_id === actor.rpps;
}

async function refuseTraced(
  services: Services,
  access: Omit<Access, "outcome" | "rule">,
  verdict: Extract<Verdict, { permit: false }>,
): Promise<never> {
  await appendAccess(services.store.database, { ...access, ...outcomeOf(verdict) });
  throw refusalError(verdict);
}
