/**
 * Before a record is there: the person opens it at once (`Patient/$open`) or opposes it (`Patient/$oppose`), signed in, or
 * with the letter that they received: card number, birth date, provisional code. R3, R7, R8, R9, R10, R206.
 */
import type { Ins } from "@carnet/sdk/identity";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { announcedTo, openByPerson, openForChild, oppose } from "../life-cycle/announce.ts";
import { appendAccess } from "../log/access-log.ts";
import { isAcceptedInsSystem, isMinor, type PatientActor, refuse } from "../rules/index.ts";
import { loadRecord } from "../store/records.ts";
import { openRecord } from "./access.ts";
import { type Caller, callerOf } from "./caller.ts";
import { pretendedRecordId } from "./ids.ts";
import { malformedParameters, type OperationParameter, readOperationParameters } from "./operation-parameters.ts";
import { notFound, refusalError, WireError } from "./outcome.ts";
import { parseInsToken } from "./parameters.ts";
import { viewOf } from "./patient.ts";
import { patientResource } from "./patient-resource.ts";
import { sendFhir } from "./respond.ts";
import type { Services } from "./services.ts";

/** Who asks, and for whom. */
interface Asked {
  readonly caller: Caller & { readonly actor: PatientActor };
  readonly ins: Ins;
  readonly parameters: readonly OperationParameter[];
  /** The letter proves who the person is; the one who holds it acts for a child too. */
  readonly isByLetter: boolean;
}

export function registerOpenings(fhir: FastifyInstance, services: Services): void {
  fhir.post("/Patient/$oppose", { config: { isTokenOptional: true } }, async (request, reply) => {
    const asked = await read(services, request);
    await checkMayOppose(services, asked);
    const isConfirmed = asked.parameters.some(
      ({ name, valueBoolean }) => name === "confirmed" && valueBoolean === true,
    );
    const state = await oppose(services, asked.ins, asked.caller, isConfirmed);
    if (state === "unconfirmed") throw unconfirmed();
    return sendFhir(reply, 200, {
      resourceType: "Parameters",
      parameter: [{ name: "state", valueCode: "opposed" }],
    });
  });

  fhir.post("/Patient/$open", { config: { isTokenOptional: true } }, async (request, reply) => {
    const asked = await read(services, request);
    const { caller, ins, isByLetter } = asked;
    const isOwn = ins.system === caller.actor.ins.system && ins.value === caller.actor.ins.value;
    const opened =
      isOwn || isByLetter
        ? await openOwn(services, asked)
        : await openForChild(services, ins, { ...caller, actor: caller.actor }, isAttested(asked));
    if (!opened) return refuseUnknown(services, asked, "OPENING");
    if (opened === "unattested") throw unattested();
    const now = services.now();
    const record = await loadRecord(services.store.database, { id: opened.id }, caller.actor, now);
    if (!record) throw notFound();
    // What is closed comes back by $reactivate, and what it held with it.
    if (record.row.state === "closed") throw refusalError(refuse("R15", "closed"));
    return sendFhir(reply, opened.isNew ? 201 : 200, patientResource(record, viewOf(services, caller, now)));
  });
}

/** @throws WireError 422, 401, 403, 404 */
async function read(services: Services, request: FastifyRequest): Promise<Asked> {
  const parameters = readOperationParameters(request.body);
  const named = parameters.find(({ name }) => name === "identifier")?.valueIdentifier;
  const { rules } = services.config;
  const ins =
    named &&
    parseInsToken(`${named.system}|${named.value}`, "Parameters.parameter.identifier", rules.acceptsWrongTestKeys);
  if (ins && !isAcceptedInsSystem(ins.system, rules)) throw malformedParameters("parameter.identifier");
  if (request.caller) {
    const { actor, ...rest } = callerOf(request);
    // TD1.1 again, under another name: software opens and opposes nothing (R7).
    if (actor.kind !== "patient") throw refusalError(refuse("R7"));
    return { caller: { ...rest, actor }, ins: ins ?? actor.ins, parameters, isByLetter: false };
  }
  const text = (wanted: string) => parameters.find(({ name }) => name === wanted)?.valueString ?? "";
  const invited = await services.letters.check({
    nir: ins?.value ?? "",
    cardSerialNumber: text("cardSerialNumber"),
    birthDate: text("birthDate"),
    code: text("provisionalCode"),
  });
  if (!ins || !invited || invited.ins.system !== ins.system) throw unproved();
  const actor: PatientActor = { kind: "patient", id: "enrolment", name: invited.name, ins };
  return { caller: { actor, purposeOfUse: "TREAT" }, ins, parameters, isByLetter: true };
}

/** Of a record that is there, who may close it; before, the person, or the parent of a child. */
async function checkMayOppose(services: Services, asked: Asked): Promise<void> {
  const { caller, ins, isByLetter } = asked;
  if (isByLetter) return;
  const record = await loadRecord(services.store.database, { ins }, caller.actor, services.now());
  if (record) {
    const act = record.row.state === "closed" ? "request-deletion" : "close";
    const trace = { transaction: "OPPOSITION", action: "C", objectType: "Patient" } as const;
    await openRecord(services, caller, { id: record.id }, act, trace);
    return;
  }
  const announced = await announcedTo(services, ins, caller.actor.ins);
  if (announced === "other") return refuseUnknown(services, asked, "OPPOSITION");
  const isOwn = ins.value === caller.actor.ins.value;
  if (isOwn && announced && isMinor(announced.traits.birthDate, services.config.rules.majorityAge, services.now())) {
    throw refusalError(refuse("R9"));
  }
}

async function openOwn(services: Services, { caller, ins, isByLetter }: Asked) {
  const announced = await announcedTo(services, ins, ins);
  const birthDate = announced && announced !== "other" ? announced.traits.birthDate : undefined;
  const { majorityAge } = services.config.rules;
  if (!isByLetter && birthDate && isMinor(birthDate, majorityAge, services.now())) throw refusalError(refuse("R9"));
  return openByPerson(services, ins, caller);
}

/** Nobody told us of this person, or somebody else asks: the same answer. */
async function refuseUnknown(services: Services, { caller, ins }: Asked, transaction: string): Promise<never> {
  await appendAccess(services.store.database, {
    recordId: pretendedRecordId(ins.system, ins.value),
    caller,
    transaction,
    action: "C",
    objectType: "Patient",
    recorded: services.now(),
    outcome: "failed",
    rule: "none",
  });
  throw notFound();
}

function isAttested({ parameters }: Asked): boolean {
  return parameters.some(({ name, valueBoolean }) => name === "attestation" && valueBoolean === true);
}

/** Which of the four is wrong is not said, nor whether such a letter was ever sent. */
function unproved(): WireError {
  return new WireError(403, [
    {
      code: "login",
      fr: "Ces informations ne correspondent à aucun courrier : vérifiez le matricule, le numéro de la carte, la date de naissance et le code.",
      en: "These details match no letter: check the number, the card's number, the birth date and the code.",
    },
  ]);
}

function unconfirmed(): WireError {
  return new WireError(409, [
    {
      code: "business-rule",
      fr: "Un dossier existe : l'opposition le fermera. Confirmez (paramètre confirmed).",
      en: "A record exists: the opposition will close it. Confirm (parameter confirmed).",
      rule: "R3",
      expression: "Parameters.parameter.confirmed",
    },
  ]);
}

function unattested(): WireError {
  return new WireError(422, [
    {
      code: "required",
      fr: "Le parent atteste qu'il exerce l'autorité parentale (paramètre attestation).",
      en: "The parent attests to holding parental authority (parameter attestation).",
      rule: "R10",
      expression: "Parameters.parameter.attestation",
    },
  ]);
}
