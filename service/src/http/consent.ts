/** TD0.3 and TD1.6: declare an authorisation, list, withdraw, block. R54 to R62. */
import { randomUUID } from "node:crypto";
import { identifierSystem } from "@carnet/sdk/fhir";
import { isInsSystem } from "@carnet/sdk/identity";
import type { FastifyInstance } from "fastify";
import * as v from "valibot";
import { type Access, appendAccess, outcomeOf } from "../log/access-log.ts";
import { type Act, decide, type Verdict } from "../rules/index.ts";
import {
  type AuthorisationRow,
  endAuthorisation,
  findAuthorisation,
  grantAuthorisation,
  listAuthorisations,
} from "../store/authorisations.ts";
import type { RecordLocator } from "../store/records.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { searchSetText } from "./bundle.ts";
import { actorKey, type Caller, callerOf } from "./caller.ts";
import { consentResource, REFERRING } from "./consent-resource.ts";
import { parseWireId } from "./ids.ts";
import { notFound, refusalError, WireError } from "./outcome.ts";
import { parametersOf, parseInsToken, patientOf, queryText } from "./parameters.ts";
import { sendFhir, sendFhirText } from "./respond.ts";
import type { Services } from "./services.ts";

const identifier = v.object({
  system: v.optional(v.string()),
  value: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/)),
});
const reference = v.looseObject({
  reference: v.optional(v.string()),
  type: v.optional(v.string()),
  identifier: v.optional(identifier),
  display: v.optional(v.pipe(v.string(), v.maxLength(200))),
});
const concept = v.looseObject({ coding: v.optional(v.array(v.looseObject({ code: v.optional(v.string()) }))) });
/** What is read of a declared Consent; the rest of it is the record's to say. */
const declaration = v.looseObject({
  resourceType: v.literal("Consent"),
  status: v.literal("active"),
  patient: reference,
  provision: v.optional(
    v.looseObject({
      type: v.optional(v.picklist(["permit", "deny"])),
      period: v.optional(v.looseObject({ end: v.optional(v.pipe(v.string(), v.isoTimestamp())) })),
      actor: v.optional(v.pipe(v.array(v.looseObject({ role: v.optional(concept), reference })), v.maxLength(1))),
    }),
  ),
});
type Declaration = v.InferOutput<typeof declaration>;

const DAY_MS = 86_400_000;

export function registerConsent(fhir: FastifyInstance, services: Services): void {
  const base = `${services.config.publicUrl}/fhir`;
  const { database } = services.store;

  fhir.post("/Consent", async (request, reply) => {
    const caller = callerOf(request);
    const parsed = v.safeParse(declaration, request.body);
    if (!parsed.success) throw malformed(v.getDotPath(parsed.issues[0]) ?? "");
    const wanted = wantedOf(parsed.output, caller);
    const trace = { transaction: "TD0.3", action: "C", objectType: "Consent" } as const;
    const act: Act = wanted.kind === "block" ? "block" : "declare";
    const locator = locatorOf(parsed.output, services);
    const record = await openRecord(services, caller, locator, act, trace);
    const access = { ...trace, recordId: record.id, caller, recorded: record.now };
    const verdict = mayGrant(record, wanted);
    if (!verdict.permit) await refuseTraced(services, access, verdict);
    const row = await services.store.transaction(async (transaction) => {
      const row = {
        ...wanted,
        record_id: record.id,
        authorisation_id: randomUUID(),
        granted_at: record.now,
        granted_by: actorKey(caller.actor),
        expires_at: wanted.kind === "access" ? expiry(parsed.output, record.now, services) : null,
        ended_at: null,
        last_action_at: record.now,
      };
      const granted = await grantAuthorisation(transaction, row, mayLiftBlock(record, wanted));
      if (!granted) return undefined;
      await appendAccess(transaction, { ...access, ...outcomeOf(verdict), detail: wanted.kind });
      return granted;
    });
    if (!row) return refuseTraced(services, access, { permit: false, rule: "R59", refusal: "forbidden" });
    const consent = consentResource(row, record.facts.ins, record.now);
    reply.header("location", `${base}/Consent/${consent.id}`);
    return sendFhir(reply, 201, consent);
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
    if (!row || !mayEnd(record, row)) {
      await appendAccess(database, { ...access, outcome: "refused", rule: "R61", isConcealed: true });
      throw notFound();
    }
    await services.store.transaction(async (transaction) => {
      await endAuthorisation(transaction, row, record.now);
      await appendAccess(transaction, { ...access, outcome: "granted", rule: "R61", detail: row.kind });
    });
    return reply.code(204).send();
  });

  fhir.get<{ Params: { id: string } }>("/Consent/:id", async (request, reply) => {
    const caller = callerOf(request);
    const member = parseWireId(request.params.id);
    if (!member) throw notFound();
    const trace = { transaction: "TD1.6", action: "R", objectType: "Consent", objectId: request.params.id } as const;
    const record = await openRecord(services, caller, { id: member.recordId }, "list-authorisations", trace);
    const row = await findAuthorisation(database, record.id, member.memberId);
    const isVisible = row !== undefined && maySee(record, row);
    await appendAccess(database, {
      ...trace,
      recordId: record.id,
      caller,
      recorded: record.now,
      outcome: isVisible ? "granted" : "refused",
      rule: "R60",
      isConcealed: !isVisible,
    });
    if (!isVisible) throw notFound();
    return sendFhir(reply, 200, consentResource(row, record.facts.ins, record.now));
  });

  const search = async (caller: Caller, parameters: URLSearchParams): Promise<string> => {
    const locator = patientOf(parameters, services.config.rules.acceptsWrongTestKeys);
    const trace = { transaction: "TD1.6", action: "E", objectType: "Consent", query: queryText(parameters) } as const;
    const record = await openRecord(services, caller, locator, "list-authorisations", trace);
    const rows = (await listAuthorisations(database, record.id)).filter((row) => maySee(record, row));
    await appendAccess(database, {
      ...trace,
      recordId: record.id,
      caller,
      recorded: record.now,
      outcome: "granted",
      rule: "R60",
    });
    const status = parameters.get("status");
    const consents = rows
      .map((row) => consentResource(row, record.facts.ins, record.now))
      .filter((consent) => !status || status.split(",").includes(consent.status));
    return searchSetText({
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

type Wanted = Pick<AuthorisationRow, "kind" | "subject_kind" | "subject_id" | "subject_name">;

/** Whom the Consent names; without an actor, the caller. */
function wantedOf(consent: Declaration, { actor }: Caller): Wanted {
  const named = consent.provision?.actor?.[0];
  const isReferring = named?.role?.coding?.some(({ code }) => code === REFERRING || code === "PCP") ?? false;
  const kind = consent.provision?.type === "deny" ? "block" : isReferring ? "referring" : "access";
  const given = named?.reference.identifier;
  if (given) {
    const isStructure = given.system === identifierSystem.structure || named.reference.type === "Organization";
    if (!isStructure && given.system !== identifierSystem.professional)
      throw malformed("provision.actor.reference.identifier");
    return {
      kind,
      subject_kind: isStructure ? "structure" : "professional",
      subject_id: given.value,
      subject_name:
        (actor.kind === "professional" && actor.rpps === given.value ? actor.name : named.reference.display) ??
        given.value,
    };
  }
  if (actor.kind !== "professional") throw malformed("provision.actor");
  return { kind, subject_kind: "professional", subject_id: actor.rpps, subject_name: actor.name };
}

/**
 * A professional declares for themselves (R54), or for another on whose behalf the consent was collected (R53); the
 * referring doctor's role is the patient's to give, or declared by the doctor in person (R62, R63).
 */
function mayGrant(record: OpenRecord, wanted: Wanted): Verdict {
  const { actor } = record.caller;
  const verdict = decide({ ...record.question, act: wanted.kind === "block" ? "block" : "declare" });
  if (!verdict.permit || actor.kind === "patient") return verdict;
  if (actor.kind !== "professional") return { permit: false, rule: "R79", refusal: "forbidden" };
  if (wanted.kind === "block") return verdict;
  if (wanted.subject_kind === "structure" && wanted.subject_id !== actor.structure?.id) {
    return { permit: false, rule: "R51", refusal: "forbidden" };
  }
  const isSelf = wanted.subject_id === actor.rpps;
  if (wanted.kind === "referring") {
    const isDoctor = actor.profession === "10" || actor.profession === "G15_10";
    return isSelf && isDoctor ? verdict : { permit: false, rule: "R62", refusal: "forbidden" };
  }
  return verdict;
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
  if (actor.kind === "patient") return true;
  return actor.kind === "professional" && (row.subject_id === actor.rpps || record.facts.standing.isReferringDoctor);
}

/** R59, R61: the patient ends anything; a professional their own; the referring doctor lifts a block. */
function mayEnd(record: OpenRecord, row: AuthorisationRow): boolean {
  const { actor } = record.caller;
  if (row.ended_at !== null) return false;
  if (actor.kind === "patient") return true;
  if (actor.kind !== "professional") return false;
  if (row.kind === "block") return record.facts.standing.isReferringDoctor && row.subject_id !== actor.rpps;
  return row.subject_id === actor.rpps;
}

function locatorOf(consent: Declaration, services: Services): RecordLocator {
  const { identifier: given, reference: literal } = consent.patient;
  if (given?.system && isInsSystem(given.system)) {
    const token = `${given.system}|${given.value}`;
    return { ins: parseInsToken(token, "Consent.patient.identifier", services.config.rules.acceptsWrongTestKeys) };
  }
  const id = /^Patient\/([0-9a-f-]{36})$/.exec(literal ?? "")?.[1];
  if (id) return { id };
  throw malformed("patient");
}

/** The patient may set an earlier end (rules.md, "short list worth building"); nobody a later one than the default. */
function expiry(consent: Declaration, now: Date, services: Services): Date {
  const longest = new Date(now.getTime() + services.config.rules.authorisationDays * DAY_MS);
  const asked = consent.provision?.period?.end;
  const end = asked ? new Date(asked) : longest;
  return end > now && end < longest ? end : longest;
}

function malformed(place: string): WireError {
  return new WireError(422, [
    {
      code: "value",
      fr: "Consentement non compris : patient (INS), statut active, un seul acteur nommé par son identifiant.",
      en: "Consent not understood: patient (INS), status active, one actor named by identifier.",
      expression: place ? `Consent.${place}` : "Consent",
    },
  ]);
}

async function refuseTraced(
  services: Services,
  access: Omit<Access, "outcome" | "rule">,
  verdict: Extract<Verdict, { permit: false }>,
): Promise<never> {
  await appendAccess(services.store.database, { ...access, ...outcomeOf(verdict) });
  throw refusalError(verdict);
}
