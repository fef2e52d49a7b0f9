/** Representatives and carers over HTTP: `RelatedPerson`. TD1.3a; R10, R13, R14. */
import { extensionUrl } from "@carnet/sdk/fhir";
import type { FastifyInstance } from "fastify";
import * as v from "valibot";
import { addCarer, endCarer, endRepresentation, nameRepresentative } from "../life-cycle/relations.ts";
import { appendAccess } from "../log/access-log.ts";
import { decide, endOfDay, isAcceptedInsSystem, startOfDay } from "../rules/index.ts";
import type { RecordLocator } from "../store/records.ts";
import * as store from "../store/relations.ts";
import type { CarerTable } from "../store/tables.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { searchSet } from "./bundle.ts";
import { type Caller, callerOf } from "./caller.ts";
import { parseWireId, wireId } from "./ids.ts";
import { notFound, refusalError, WireError } from "./outcome.ts";
import { PATIENT_PARAMETERS, parametersOf, parseInsToken, patientOf, queryText, requireKnown } from "./parameters.ts";
import { CAREGIVER, carerResource, courtCodes, GUARDIAN, representativeResource } from "./related-person-resource.ts";
import { sendFhir, sendFhirText } from "./respond.ts";
import type { Services } from "./services.ts";

const insIdentifier = v.looseObject({
  system: v.pipe(v.string(), v.maxLength(100)),
  value: v.pipe(v.string(), v.maxLength(64)),
});
const written = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}(T.*)?$/));
const start = v.pipe(
  written,
  v.transform((text) => (text.includes("T") ? new Date(text) : startOfDay(text))),
  v.date(),
);
/** Of a period, a day is a whole one: the end is the moment after it (FHIR, Period.end). */
const end = v.pipe(
  written,
  v.transform((text) => (text.includes("T") ? new Date(text) : endOfDay(text))),
  v.date(),
);

/** What is read of a posted RelatedPerson; the rest of it is the record's to say. */
const request = v.looseObject({
  resourceType: v.literal("RelatedPerson"),
  patient: v.looseObject({
    reference: v.optional(v.pipe(v.string(), v.maxLength(200))),
    identifier: v.optional(insIdentifier),
  }),
  identifier: v.pipe(v.array(insIdentifier), v.length(1)),
  name: v.pipe(
    v.array(v.looseObject({ text: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)) })),
    v.length(1),
  ),
  relationship: v.pipe(
    v.array(v.looseObject({ coding: v.pipe(v.array(v.looseObject({ code: v.string() })), v.minLength(1)) })),
    v.length(1),
  ),
  period: v.optional(v.looseObject({ start: v.optional(start), end: v.optional(end) })),
  extension: v.optional(
    v.pipe(v.array(v.looseObject({ url: v.string(), valueBoolean: v.optional(v.boolean()) })), v.maxLength(10)),
  ),
});
type Request = v.InferOutput<typeof request>;

export function registerRelatedPersons(fhir: FastifyInstance, services: Services): void {
  const base = `${services.config.publicUrl}/fhir`;
  const { database } = services.store;
  const { rules } = services.config;

  const search = async (caller: Caller, parameters: URLSearchParams): Promise<Buffer> => {
    requireKnown(parameters, [], PATIENT_PARAMETERS);
    const locator = patientOf(parameters, rules.acceptsWrongTestKeys);
    const query = queryText(parameters);
    const trace = { transaction: "TD1.3a", action: "E", objectType: "RelatedPerson", query } as const;
    const record = await openRecord(services, caller, locator, "administrative", trace);
    const { now } = record;
    const isTheirs = caller.actor.kind === "patient";
    const view = { showsIns: isTheirs, now };
    const representatives = (await store.listRepresentatives(database, record.id)).map((row) =>
      representativeResource(row, view),
    );
    // R14: who helps a person at home is not software's to know.
    const carers = isTheirs ? (await store.listCarers(database, record.id)).map((row) => carerResource(row, view)) : [];
    const found = [...representatives, ...carers].filter(({ active }) => active || isTheirs);
    await appendAccess(database, {
      ...trace,
      recordId: record.id,
      caller,
      recorded: now,
      outcome: "granted",
      rule: "R25",
    });
    return searchSet({
      lastUpdated: now,
      total: found.length,
      self: `${base}/RelatedPerson?${parameters.toString()}`,
      entries: found.map((one) => ({
        fullUrl: `${base}/RelatedPerson/${one.id}`,
        resource: JSON.stringify(one),
        mode: "match",
      })),
    });
  };
  fhir.get("/RelatedPerson", async (request, reply) =>
    sendFhirText(reply, 200, await search(callerOf(request), parametersOf(request))),
  );
  fhir.post("/RelatedPerson/_search", async (request, reply) =>
    sendFhirText(reply, 200, await search(callerOf(request), parametersOf(request))),
  );

  fhir.post("/RelatedPerson", async (posted, reply) => {
    const caller = callerOf(posted);
    const parsed = v.safeParse(request, posted.body);
    if (!parsed.success) throw malformed(v.getDotPath(parsed.issues[0]) ?? "");
    const wanted = parsed.output;
    const code = wanted.relationship[0]?.coding[0]?.code ?? "";
    if (courtCodes.has(code)) throw refusalError({ permit: false, rule: "R13", refusal: "forbidden" });
    if (code !== GUARDIAN && code !== CAREGIVER) throw malformed("relationship[0].coding[0].code");
    const trace = { transaction: "RELATION", action: "C", objectType: "RelatedPerson" } as const;
    const act = code === GUARDIAN ? "represent" : "care";
    const record = await openRecord(services, caller, locatorOf(wanted, services), act, trace);
    if (!isAttested(wanted)) throw unattested();
    const ins = insOf(wanted, services);
    if (ins.system === record.row.ins_system && ins.value === record.row.ins_value) throw malformed("identifier[0]");
    const name = wanted.name[0]?.text ?? "";
    const id =
      act === "represent"
        ? await invite(services, record, { ins, name })
        : await addNamedCarer(services, record, wanted, { ins, name });
    reply.header("location", `${base}/RelatedPerson/${wireId(record.id, id)}`);
    return sendFhir(reply, 201, await memberOf(services, record, id));
  });

  fhir.delete<{ Params: { id: string } }>("/RelatedPerson/:id", async (request, reply) => {
    const caller = callerOf(request);
    const member = parseWireId(request.params.id);
    if (!member) throw notFound();
    const trace = {
      transaction: "RELATION",
      action: "D",
      objectType: "RelatedPerson",
      objectId: request.params.id,
    } as const;
    const record = await openRecord(services, caller, { id: member.recordId }, "status", trace);
    const carer = (await store.listCarers(database, record.id)).find(({ carer_id }) => carer_id === member.memberId);
    const representative = (await store.listRepresentatives(database, record.id)).find(
      ({ representative_id }) => representative_id === member.memberId,
    );
    const refused = carer ? mayEndCarer(record, carer) : representative && mayEndRepresentative(record, representative);
    if (!carer && !representative) {
      const line = { ...trace, recordId: record.id, caller, recorded: record.now, isConcealed: true } as const;
      await appendAccess(database, { ...line, outcome: "refused", rule: "R25" });
      throw notFound();
    }
    if (refused) {
      await appendAccess(database, {
        ...trace,
        recordId: record.id,
        caller,
        recorded: record.now,
        outcome: "refused",
        rule: refused,
        isConcealed: caller.actor.kind !== "patient",
      });
      // To software, a carer is not there; nor is a representative something that it may end.
      throw caller.actor.kind === "patient"
        ? refusalError({ permit: false, rule: refused, refusal: "forbidden" })
        : notFound();
    }
    const isEnded = carer
      ? await endCarer(services, caller, carer)
      : representative && (await endRepresentation(services, caller, representative));
    if (!isEnded) {
      const line = { ...trace, recordId: record.id, caller, recorded: record.now, detail: "unchanged" } as const;
      await appendAccess(database, { ...line, outcome: "granted", rule: carer ? "R14" : "R10" });
    }
    return reply.code(204).send();
  });
}

/** R14: the holder's side revokes, the carer gives up. @returns the rule that refuses */
function mayEndCarer(record: OpenRecord, carer: CarerTable): "R14" | undefined {
  const { actor } = record.caller;
  if (actor.kind === "patient" && isPerson(actor.ins, carer)) return undefined;
  return decide({ ...record.question, act: "care" }).permit ? undefined : "R14";
}

/**
 * R10: an invited parent may step back, or be ended by nobody but the operator: parents in conflict do not shut each other
 * out. What a court decided (R13) is the operator's to end.
 */
function mayEndRepresentative(record: OpenRecord, row: store.RepresentativeRow): "R10" | "R13" | undefined {
  const { actor } = record.caller;
  if (row.kind !== "parent") return "R13";
  const isOwn = actor.kind === "patient" && isPerson(actor.ins, row);
  return isOwn && !row.is_opener ? undefined : "R10";
}

function isPerson(ins: { system: string; value: string }, row: { ins_system: string; ins_value: string }): boolean {
  return ins.system === row.ins_system && ins.value === row.ins_value;
}

interface Named {
  readonly ins: { readonly system: string; readonly value: string };
  readonly name: string;
}

/** R10: at most one more holder of parental authority. */
async function invite(services: Services, record: OpenRecord, whom: Named): Promise<string> {
  const named = await nameRepresentative(services, record.id, record.caller, {
    ...whom,
    kind: "parent",
    isOpener: false,
    attestedAt: record.now,
    endedAt: null,
    most: 2,
  });
  switch (named) {
    case "too-many":
      throw limit("R10", "Il y a déjà deux représentants.", "There are two representatives already.");
    case "already":
      throw limit("R10", "Cette personne représente déjà l'enfant.", "This person represents the child already.");
    default:
      return named.id;
  }
}

async function addNamedCarer(services: Services, record: OpenRecord, wanted: Request, named: Named): Promise<string> {
  const startsAt = wanted.period?.start ?? record.now;
  const endsAt = wanted.period?.end;
  if (!endsAt || endsAt <= startsAt || endsAt <= record.now) throw malformed("period.end");
  const outcome = await addCarer(services, record.id, record.caller, { ...named, startsAt, endsAt });
  switch (outcome) {
    case "already":
      throw limit("R14", "Cette personne est déjà proche aidant.", "This person is a carer already.");
    case "too-many-carers":
      throw limit("R14", "Le nombre de proches aidants est atteint.", "The number of carers is reached.");
    case "too-many-people":
      throw limit(
        "R14",
        "Cette personne aide déjà le nombre permis.",
        "This person helps as many people as is allowed.",
      );
    default:
      return outcome.carer_id;
  }
}

async function memberOf(services: Services, record: OpenRecord, id: string) {
  const { database } = services.store;
  const view = { showsIns: true, now: record.now };
  const carer = (await store.listCarers(database, record.id)).find(({ carer_id }) => carer_id === id);
  if (carer) return carerResource(carer, view);
  const row = (await store.listRepresentatives(database, record.id)).find(
    ({ representative_id }) => representative_id === id,
  );
  if (!row) throw notFound();
  return representativeResource(row, view);
}

function locatorOf({ patient }: Request, services: Services): RecordLocator {
  if (patient.identifier) {
    const { system, value } = patient.identifier;
    const accepts = services.config.rules.acceptsWrongTestKeys;
    return { ins: parseInsToken(`${system}|${value}`, "RelatedPerson.patient.identifier", accepts) };
  }
  const id = /^Patient\/([0-9a-f-]{36})$/.exec(patient.reference ?? "")?.[1];
  if (!id) throw malformed("patient");
  return { id };
}

function insOf({ identifier: [given] }: Request, services: Services) {
  const { rules } = services.config;
  const token = `${given?.system}|${given?.value}`;
  const ins = parseInsToken(token, "RelatedPerson.identifier[0]", rules.acceptsWrongTestKeys);
  if (!isAcceptedInsSystem(ins.system, rules)) throw malformed("identifier[0].system");
  return ins;
}

function isAttested({ extension }: Request): boolean {
  return extension?.some(({ url, valueBoolean }) => url === extensionUrl.attestation && valueBoolean === true) ?? false;
}

function unattested(): WireError {
  return new WireError(422, [
    {
      code: "required",
      fr: "La personne qui ajoute un représentant ou un aidant l'atteste (extension attestation).",
      en: "Whoever adds a representative or a carer attests it (extension attestation).",
      expression: "RelatedPerson.extension",
    },
  ]);
}

function limit(rule: "R10" | "R14", fr: string, en: string): WireError {
  return new WireError(409, [{ code: "business-rule", fr, en, rule }]);
}

function malformed(place: string): WireError {
  return new WireError(422, [
    {
      code: "value",
      fr: "Personne non comprise : patient, identifier (INS), name.text, relationship (GUARD ou CAREGIVER), period.end d'un aidant.",
      en: "Person not understood: patient, identifier (INS), name.text, relationship (GUARD or CAREGIVER), period.end of a carer.",
      expression: place ? `RelatedPerson.${place}` : "RelatedPerson",
    },
  ]);
}
