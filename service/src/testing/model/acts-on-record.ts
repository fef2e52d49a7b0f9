/** What people do to a record as a whole: who may read it, its switches, its life; made in the model too, if let. */
import type { Bundle, Consent } from "@carnet/sdk/fhir";
import { identifierSystem } from "@carnet/sdk/fhir";
import { token } from "../documents.ts";
import { patients, rppsOf } from "../people.ts";
import { pick, type StepOf } from "./moves.ts";
import { patientsOf, professionals } from "./people.ts";
import { isReferringDoctor } from "./record-model.ts";
import { DAY_MS, type Place, type WatchedCarnet } from "./watched-carnet.ts";

const PREFERENCES = ["allowsDispatch", "allowsBreakGlass", "allowsHiddenInEmergency", "hidesDocuments"] as const;

export async function declare(watched: WatchedCarnet, at: Place, step: StepOf<"declare">): Promise<void> {
  const { record, person, name } = at;
  const isPatient = person.kind !== "professional" && person.kind !== "establishment";
  const subject = isPatient ? pick(professionals, step.role) : person;
  const role = pick(["access", "access", "referring", "block"] as const, Math.floor(step.role / 10));
  const isReferring = role === "referring";
  const consent = {
    resourceType: "Consent",
    status: "active",
    patient: { identifier: patients[name].ins },
    provision: {
      type: role === "block" ? "deny" : "permit",
      actor: [
        {
          role: { coding: [{ code: isReferring ? "PPRF" : "IRCP" }] },
          reference: {
            type: "Practitioner",
            identifier: {
              system: identifierSystem.professional,
              value: subject.kind === "professional" ? rppsOf(subject.id) : "899999999999",
            },
          },
        },
      ],
    },
  };
  const now = watched.carnet.now().getTime();
  const wasBlocked = record.blocked.has(subject.id);
  const answer = await watched.ask(at, "/Consent", { method: "POST", body: JSON.stringify(consent) });
  if (answer.status !== 201) return;
  const isHolders = person.kind === "holder" || person.kind === "representative";
  const isForbidden =
    !record.isOpen ||
    at.mode !== "TREAT" ||
    (!isHolders && person.kind !== "professional") ||
    (person.kind === "professional" && wasBlocked) ||
    (person.kind === "professional" && person.column === "occupational") ||
    (role === "block" && !isHolders && !isReferringDoctor(record, person));
  if (isForbidden) throw new Error(`R54, R59, R75: ${answer.about} should be refused`);
  if (role === "block") {
    record.blocked.add(subject.id);
    record.authorised.delete(subject.id);
    record.referring.delete(subject.id);
    return;
  }
  record.blocked.delete(subject.id);
  if (isReferring) record.referring.add(subject.id);
  else record.authorised.set(subject.id, now + 365 * DAY_MS);
}

/** R61: a professional leaves; the patient ends any of the authorisations. */
export async function renounce(watched: WatchedCarnet, at: Place): Promise<void> {
  const { record, person, name } = at;
  const list = await watched.ask(at, `/Consent?patient.identifier=${token(patients[name])}&status=active`);
  if (list.status !== 200) return;
  const bundle: Bundle = JSON.parse(list.body);
  // What is withheld of one document is listed beside the authorisations, and is none; some people do not walk here.
  const walking = new Set(professionals.map(({ id }) => rppsOf(id)));
  const listed = (bundle.entry ?? []).map(({ resource }) => resource as Consent);
  const first = listed.find(
    ({ provision }) =>
      provision?.data === undefined && walking.has(provision?.actor?.[0]?.reference.identifier?.value ?? ""),
  );
  if (!first?.id) return;
  const answer = await watched.ask(at, `/Consent/${first.id}`, { method: "DELETE" });
  if (answer.status !== 204) return;
  const actor = first.provision?.actor?.[0];
  const rpps = actor?.reference?.identifier?.value;
  const subject = professionals.find(({ id }) => rppsOf(id) === rpps);
  if (!subject) throw new Error(`${answer.about}: an authorisation of nobody`);
  const isHolders = patientsOf(name).some(({ id, kind }) => id === person.id && kind !== "stranger");
  if (!isHolders && subject.id !== person.id && !isReferringDoctor(record, person)) {
    throw new Error(`R61: ${answer.about} ended the authorisation of ${subject.id}`);
  }
  if (first.provision?.type === "deny") record.blocked.delete(subject.id);
  else if (actor?.role?.coding?.some(({ code }) => code === "PPRF")) record.referring.delete(subject.id);
  else record.authorised.delete(subject.id);
}

/** R73, R74, R146: the switches of the whole record. */
export async function prefer(watched: WatchedCarnet, at: Place, step: StepOf<"prefer">): Promise<void> {
  const { record, person, name } = at;
  const id = await watched.recordId(name);
  const preference = pick(PREFERENCES, step.preference);
  const answer = await watched.ask(at, `/Patient/${id}/$access-preferences`, {
    method: "POST",
    body: JSON.stringify({
      resourceType: "Parameters",
      parameter: [{ name: preference, valueBoolean: step.value }],
    }),
  });
  if (answer.status !== 200) return;
  if (person.kind !== "holder" && person.kind !== "representative") throw new Error(`${answer.about}: refused?`);
  if (preference === "allowsDispatch") record.allowsDispatch = step.value;
  if (preference === "allowsBreakGlass") record.allowsBreakGlass = step.value;
  if (preference === "allowsHiddenInEmergency") record.allowsMaskedInEmergency = step.value;
  if (preference !== "hidesDocuments") return;
  record.hidesNewDocuments = step.value;
  if (!step.value) return;
  for (const document of record.documents) {
    if (!(at.name === "leo" && document.isInvisibleToRepresentatives)) document.isMasked = true;
  }
}

/** R15, R16, R21: who closes an open record, or opens a closed one again. Both are attached to Mon espace santé. */
export async function closeOrReopen(watched: WatchedCarnet, at: Place, step: StepOf<"live">): Promise<void> {
  const { record, name } = at;
  // Closed records end a walk early: mostly others try to close one, and often the holder re-activates it.
  const person = step.isByHolder !== record.isOpen ? pick(patientsOf(name), 0) : at.person;
  const id = await watched.recordId(name);
  const operation = record.isOpen ? "$close" : "$reactivate";
  const answer = await watched.ask({ ...at, person, mode: "TREAT" }, `/Patient/${id}/${operation}`, {
    method: "POST",
    body: JSON.stringify({
      resourceType: "Parameters",
      parameter: [{ name: "motive", valueCode: "FERMETURE_DEMANDE_PATIENT" }],
    }),
  });
  if (answer.status !== 200) return;
  if (person.kind !== "holder" && person.kind !== "representative") {
    throw new Error(`R15, R16, R21: ${answer.about} should be refused`);
  }
  record.isOpen = !record.isOpen;
}
