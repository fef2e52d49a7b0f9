/** What is read of a posted Consent: whom it names, what it grants, withholds or blocks. The rest is the record's to say. */
import { codeSystem, identifierSystem } from "@carnet/sdk/fhir";
import { isInsSystem } from "@carnet/sdk/identity";
import * as v from "valibot";
import type { AuthorisationRow } from "../store/authorisations.ts";
import type { RecordLocator } from "../store/records.ts";
import type { Restriction } from "../store/restrictions.ts";
import type { CareRole } from "../store/tables.ts";
import type { Caller } from "./caller.ts";
import { CARE_ROLE, REFERRING } from "./consent-resource.ts";
import { WireError } from "./outcome.ts";
import { parseInsToken } from "./parameters.ts";
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
const coding = v.looseObject({ system: v.optional(v.string()), code: v.optional(v.string()) });
const concept = v.looseObject({ coding: v.optional(v.array(coding)) });
/** Says less than the whole record to whom it names: left unread, more would be opened than was agreed to. */
const unread = v.optional(v.never());
const declaration = v.looseObject({
  resourceType: v.literal("Consent"),
  modifierExtension: unread,
  status: v.literal("active"),
  patient: reference,
  sourceAttachment: v.optional(v.looseObject({ title: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200))) })),
  provision: v.optional(
    v.looseObject({
      type: v.optional(v.picklist(["permit", "deny"])),
      modifierExtension: unread,
      provision: unread,
      class: unread,
      code: unread,
      securityLabel: unread,
      dataPeriod: unread,
      period: v.optional(
        v.looseObject({ start: v.optional(v.string()), end: v.optional(v.pipe(v.string(), v.isoTimestamp())) }),
      ),
      actor: v.optional(v.pipe(v.array(v.looseObject({ role: v.optional(concept), reference })), v.maxLength(1))),
      purpose: v.optional(v.pipe(v.array(coding), v.maxLength(2))),
      data: v.optional(v.pipe(v.array(v.looseObject({ meaning: v.literal("instance"), reference })), v.length(1))),
    }),
  ),
});

export type Declaration = v.InferOutput<typeof declaration>;

/** @throws WireError 422 naming the place */
export function readDeclaration(body: unknown): Declaration {
  const parsed = v.safeParse(declaration, body);
  if (!parsed.success) throw malformedConsent(v.getDotPath(parsed.issues[0]) ?? "");
  return parsed.output;
}

type AskedPeriod = NonNullable<NonNullable<Declaration["provision"]>["period"]>;

export type Wanted = Pick<AuthorisationRow, "kind" | "subject_kind" | "subject_id" | "subject_name"> & {
  readonly care_role: CareRole | null;
  readonly proof: string | null;
};

type Subject = Pick<AuthorisationRow, "subject_kind" | "subject_id" | "subject_name">;
type Named = NonNullable<NonNullable<Declaration["provision"]>["actor"]>[number];

/** Whom an actor names by its identifier. @throws WireError 422 */
function subjectOf(named: Named, { actor }: Caller): Subject {
  const given = named.reference.identifier;
  if (!given) throw malformedConsent("provision.actor.reference.identifier");
  const isStructure = given.system === identifierSystem.structure || named.reference.type === "Organization";
  if (!isStructure && given.system !== identifierSystem.professional) {
    throw malformedConsent("provision.actor.reference.identifier");
  }
  const isCaller = actor.kind === "professional" && actor.rpps === given.value;
  return {
    subject_kind: isStructure ? "structure" : "professional",
    subject_id: given.value,
    subject_name: (isCaller ? actor.name : named.reference.display) ?? given.value,
  };
}

/** Who declares without naming anybody declares for themselves: a professional, or a structure (R58). */
function callerAsSubject({ actor }: Caller): Subject {
  switch (actor.kind) {
    case "professional":
      return { subject_kind: "professional", subject_id: actor.rpps, subject_name: actor.name };
    case "establishment":
      return { subject_kind: "structure", subject_id: actor.structure.id, subject_name: actor.structure.name };
    case "patient":
      throw malformedConsent("provision.actor");
  }
}

/** How SDKs before this version wrote an actor that is the caller. */
const CALLER = "caller";
const CARE_ROLES: readonly CareRole[] = ["referring-midwife", "corresponding-pharmacist"];

/** Whom the Consent names, and as what; without an actor, the caller. @throws WireError 422 */
export function wantedOf(consent: Declaration, caller: Caller): Wanted {
  const named = consent.provision?.actor?.[0];
  const codes = named?.role?.coding ?? [];
  const isReferring = codes.some(({ code }) => code === REFERRING || code === "PCP");
  const written = codes.find(({ system }) => system === CARE_ROLE)?.code;
  const careRole = CARE_ROLES.find((role) => role === written) ?? null;
  // R63: who is the treating doctor for the health insurance is shown, and not set here.
  if (written !== undefined && careRole === null) throw malformedConsent("provision.actor.role");
  const kind = consent.provision?.type === "deny" ? "block" : isReferring ? "referring" : "access";
  // R59: a block is of somebody; who forgets to say of whom would lock themselves out.
  // R53: nor is an agreement for somebody whom only a name or an address tells the caller's own.
  const { reference: address, display = CALLER, identifier: number } = named?.reference ?? {};
  if (!number && (kind === "block" || address !== undefined || display !== CALLER))
    throw malformedConsent("provision.actor.reference.identifier");
  const subject = named?.reference.identifier ? subjectOf(named, caller) : callerAsSubject(caller);
  if (subject.subject_kind === "structure" && (kind === "referring" || careRole)) {
    throw malformedConsent("provision.actor.role");
  }
  const proof = consent.sourceAttachment?.title || null;
  return { ...subject, kind, care_role: careRole, proof };
}

/** The one document that the Consent is about, and from whom it is withheld; undefined when it is about the record. */
export interface WantedRestriction {
  /** Id on the wire. */
  readonly documentId: string;
  readonly restriction: Restriction;
}

/** @throws WireError 422 */
export function restrictionOf(consent: Declaration, caller: Caller): WantedRestriction | undefined {
  const { data, type, actor, purpose } = consent.provision ?? {};
  const written = data?.[0]?.reference.reference;
  if (!data) return undefined;
  const documentId = /^DocumentReference\/([0-9a-f]{64})$/.exec(written ?? "")?.[1];
  if (!documentId) throw malformedConsent("provision.data.reference");
  if (type !== "deny") throw malformedConsent("provision.type");
  if (purpose) {
    const codes = new Set(purpose.map(({ system, code }) => (system === codeSystem.actReason ? code : undefined)));
    if (actor || codes.size !== 2 || !codes.has("BTG") || !codes.has("ETREAT"))
      throw malformedConsent("provision.purpose");
    return { documentId, restriction: { kind: "never-in-emergency" } };
  }
  const named = actor?.[0];
  if (!named) throw malformedConsent("provision.actor");
  return { documentId, restriction: { kind: "withheld", ...subjectOf(named, caller) } };
}

/** Whose record. @throws WireError 400, 422 */
export function recordOfConsent(consent: Declaration, services: Services): RecordLocator {
  const { identifier: given, reference: literal } = consent.patient;
  if (given?.system && isInsSystem(given.system)) {
    const token = `${given.system}|${given.value}`;
    return { ins: parseInsToken(token, "Consent.patient.identifier", services.config.rules.acceptsWrongTestKeys) };
  }
  const id = /^Patient\/([0-9a-f-]{36})$/.exec(literal ?? "")?.[1];
  if (id) return { id };
  throw malformedConsent("patient");
}

const DAY_MS = 86_400_000;

/**
 * When an authorisation ends: an earlier end may be asked for, nobody gets a later one than the usual (R56).
 * @throws WireError 422 when it is over already, or has not begun: open now, it would open more than was agreed to
 */
export function expiryOf(asked: AskedPeriod | undefined, now: Date, { config }: Services): Date {
  const longest = new Date(now.getTime() + config.rules.authorisationDays * DAY_MS);
  const end = asked?.end === undefined ? longest : new Date(asked.end);
  if (end <= now) throw malformedConsent("provision.period.end");
  // The caller's clock may be ahead.
  if (new Date(asked?.start ?? 0).getTime() > now.getTime() + DAY_MS) throw malformedConsent("provision.period.start");
  return end < longest ? end : longest;
}

export function malformedConsent(place: string): WireError {
  return new WireError(422, [
    {
      code: "value",
      fr: "Consentement non compris : patient (INS), statut active, un seul acteur nommé par son identifiant.",
      en: "Consent not understood: patient (INS), status active, one actor named by identifier.",
      expression: place ? `Consent.${place}` : "Consent",
    },
  ]);
}

const endPatch = v.pipe(
  v.array(
    v.object({
      op: v.picklist(["add", "replace", "remove"]),
      path: v.literal("/provision/period/end"),
      value: v.optional(v.pipe(v.string(), v.isoTimestamp())),
    }),
  ),
  v.length(1),
);

/** The end that a JSON Patch sets; null: none of its own. @throws WireError 422 */
export function readEndPatch(body: unknown): Date | null {
  const parsed = v.safeParse(endPatch, body);
  const step = parsed.success ? parsed.output[0] : undefined;
  if (!step || (step.op === "remove") !== (step.value === undefined)) throw malformedConsent("provision.period.end");
  return step.value === undefined ? null : new Date(step.value);
}
