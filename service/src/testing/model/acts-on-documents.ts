/** What people do to the documents of a record; each act is made in the model too, if the service lets it. */
import { codeSystem, identifierSystem } from "@carnet/sdk/fhir";
import { provideBundle, receiptOf } from "../documents.ts";
import { patients, rppsOf } from "../people.ts";
import { CHANGES, changesSomething, mayDelete, mayUnmask, patchOf } from "./changes.ts";
import { type MarkedType, markedDocument } from "./marked-document.ts";
import { pick, type StepOf } from "./moves.ts";
import { professionals } from "./people.ts";
import { firstVersion, mayKnow, versions } from "./record-model.ts";
import { type Place, type WatchedCarnet, wordsOf } from "./watched-carnet.ts";

const TYPES = ["60591-5", "11502-2", "EXPPAT_3"] as const;
const FLAGS = ["MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"] as const;

let serial = 0;

export async function deposit(watched: WatchedCarnet, at: Place, step: StepOf<"deposit">): Promise<void> {
  const { record, person, mode, name } = at;
  const isPatient = person.kind !== "professional" && person.kind !== "establishment";
  const type: MarkedType = isPatient ? "EXPPAT_3" : pick(TYPES.slice(0, 2), step.type);
  const flags = isPatient ? [] : FLAGS.filter((_flag, index) => (step.flags >> index) & 1 && step.flags < 8);
  const replaced =
    step.replaces === null || record.documents.length === 0 ? undefined : pick(record.documents, step.replaces);
  const patient = patients[name];
  const { marks, document } = markedDocument(patient, type, serial++);
  // A secretary files what a doctor of the structure wrote.
  const writer = person.kind === "establishment" ? professionals.find(({ id }) => id === "colleague") : undefined;
  const author = isPatient ? name : (writer ?? person).id;
  const authors = writer ? [person, writer] : [person];
  const submission = provideBundle({
    ...document,
    author,
    flags,
    ...(replaced ? { replaces: replaced.id } : {}),
  });
  const named = [...wordsOf({ ...marks, id: marks.uniqueId }), ...(replaced ? [replaced.id] : [])];
  const answer = await watched.ask(at, "/", { method: "POST", body: JSON.stringify(submission) }, named);
  if (answer.status !== 200) {
    // R141: restrictions that leave only the author are refused.
    const isCommon = flags.length < 2 && !replaced;
    const mustPass = person.kind === "professional" && record.isOpen && mode === "TREAT" && isCommon;
    if (mustPass) throw new Error(`R57, R59: ${answer.about} should be kept: ${answer.body}`);
    return;
  }
  if (!record.isOpen || person.kind === "stranger" || person.kind === "minor") {
    throw new Error(`${answer.about} should be refused`);
  }
  watched.seen.documents++;
  const receivedAt = watched.carnet.now().getTime();
  const isInvisibleToPatient = flags.includes("INVISIBLE_PATIENT");
  // R118, R142: a new version is as hidden as the one before; R141: never so that a minor's author alone could read it.
  const isSentMasked = flags.includes("MASQUE_PS");
  const wasSecret = (replaced?.isInvisibleToRepresentatives ?? false) && !(name === "leo" && isSentMasked);
  const isSecret = flags.includes("INVISIBLE_REPRESENTANTS_LEGAUX") || wasSecret;
  const isToMask = record.hidesNewDocuments || (replaced?.isMasked ?? false);
  const waited = replaced?.isInvisibleToPatient && isInvisibleToPatient ? replaced.awaitsSince : receivedAt;
  record.documents.push({
    ...marks,
    id: receiptOf(JSON.parse(answer.body)).id,
    type,
    authors,
    receivedAt,
    awaitsSince: waited,
    earlier: replaced,
    isMasked: isSentMasked || (isToMask && !(name === "leo" && isSecret)),
    isInvisibleToPatient,
    isInvisibleToRepresentatives: isSecret,
    isArchived: false,
    status: "current",
  });
  if (!replaced) return;
  replaced.status = "superseded";
  // R118: whoever may not read the new version may not read the ones before it.
  for (const version of versions(replaced)) {
    if (record.documents.at(-1)?.isMasked) version.isMasked = true;
    if (isSecret) version.isInvisibleToRepresentatives = true;
  }
  for (const { id } of authors) watched.noteWritten(id, replaced.id);
}

export async function change(watched: WatchedCarnet, at: Place, step: StepOf<"change">): Promise<void> {
  if (at.record.documents.length === 0) return;
  const target = pick(at.record.documents, step.document);
  const change = pick(CHANGES, step.change);
  const now = watched.carnet.now().getTime();
  const answer = await watched.ask(
    at,
    `/DocumentReference/${target.id}`,
    {
      method: "PATCH",
      headers: { "content-type": "application/json-patch+json" },
      body: JSON.stringify(patchOf(change, target)),
    },
    [target.id],
  );
  if (answer.status !== 200) return;
  const isEmergency = at.mode !== "TREAT";
  const isForbidden =
    !at.record.isOpen ||
    target.status === "entered-in-error" ||
    !mayKnow(at.record, at.person, at.mode, target, now) ||
    // R75, R142, R122, R149, R152.
    (changesSomething(change, target, now) && isEmergency && change !== "archive" && change !== "delete") ||
    (change === "delete" && !mayDelete(at.record, at.person, target)) ||
    (change === "show" && target.isMasked && !mayUnmask(at.record, at.person, target));
  if (isForbidden) throw new Error(`${change} should be refused: ${answer.about} ${JSON.stringify(target)}`);
  // R118: what hides a document hides the versions before it.
  if (change === "hide") for (const version of versions(target)) version.isMasked = true;
  if (change === "show") target.isMasked = false;
  if (change === "show-to-patient") target.isInvisibleToPatient = false;
  if (change === "hide-from-representatives") {
    for (const version of versions(target)) version.isInvisibleToRepresentatives = true;
  }
  if (change === "archive") target.isArchived = true;
  if (change === "delete") target.status = "entered-in-error";
}

/** The patient keeps one document from one reader, or from every emergency; later, may take the first back. */
export async function withhold(watched: WatchedCarnet, at: Place, step: StepOf<"withhold">): Promise<void> {
  const { record, person, name } = at;
  if (record.documents.length === 0) return;
  const target = pick(record.documents, step.document);
  const reader = pick([...professionals, null, null], step.from) ?? undefined;
  const subject = reader?.structure ?? reader?.id;
  const identifier =
    reader?.structure !== undefined
      ? { system: identifierSystem.structure, value: reader.structure }
      : { system: identifierSystem.professional, value: rppsOf(reader?.id ?? "gp") };
  const answer = await watched.ask(
    at,
    "/Consent",
    {
      method: "POST",
      body: JSON.stringify({
        resourceType: "Consent",
        status: "active",
        patient: { identifier: patients[name].ins },
        provision: {
          type: "deny",
          ...(reader
            ? { actor: [{ role: { coding: [{ code: "IRCP" }] }, reference: { identifier } }] }
            : { purpose: ["BTG", "ETREAT"].map((code) => ({ system: codeSystem.actReason, code })) }),
          data: [{ meaning: "instance", reference: { reference: `DocumentReference/${target.id}` } }],
        },
      }),
    },
    [target.id],
  );
  if (answer.status !== 201) return;
  const isHolders = person.kind === "holder" || person.kind === "representative";
  if (!isHolders || !mayKnow(record, person, at.mode, target, watched.carnet.now().getTime())) {
    throw new Error(`${answer.about} should be refused`);
  }
  const first = firstVersion(target);
  const choices = record.choices.get(first) ?? { withheldFrom: new Set(), isNeverInEmergency: false };
  record.choices.set(first, choices);
  if (subject === undefined) choices.isNeverInEmergency = true;
  else choices.withheldFrom.add(subject);
}

/** R169: the patient puts documents together, also ones they cannot know of. */
export async function arrange(watched: WatchedCarnet, at: Place, step: StepOf<"folder">): Promise<void> {
  const { record, person, name } = at;
  if (record.documents.length === 0) return;
  const ids = [...new Set(step.documents.map((number) => pick(record.documents, number).id))];
  const answer = await watched.ask(
    at,
    "/List",
    {
      method: "POST",
      body: JSON.stringify({
        resourceType: "List",
        status: "current",
        mode: "working",
        title: "Classeur",
        code: { coding: [{ system: codeSystem.mhdListType, code: "folder" }] },
        subject: { identifier: patients[name].ins },
        entry: ids.map((id) => ({ item: { reference: `DocumentReference/${id}` } })),
      }),
    },
    ids,
  );
  if (answer.status !== 201) return;
  const now = watched.carnet.now().getTime();
  const unknown = record.documents.filter(
    (document) => ids.includes(document.id) && !mayKnow(record, person, at.mode, document, now),
  );
  const isHolders = person.kind === "holder" || person.kind === "representative";
  if (!isHolders || unknown.length > 0) throw new Error(`R145, R169: ${answer.about} should be refused`);
}
