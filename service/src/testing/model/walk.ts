/**
 * Random people act on two real records over HTTP; the model says what each may learn. Whatever an answer says of a
 * document whose existence the model denies its reader is a leak: an id, a uniqueId, a title, a fact, a count.
 */
import type { Bundle, Consent } from "@carnet/sdk/fhir";
import { codeSystem, identifierSystem } from "@carnet/sdk/fhir";
import { unzipSync } from "fflate";
import { provideBundle, receiptOf, token } from "../documents.ts";
import { patients, records, rppsOf } from "../people.ts";
import type { TestCarnet } from "../service.ts";
import { CHANGES, changesSomething, mayDelete, mayUnmask, patchOf } from "./changes.ts";
import { type MarkedType, markedDocument } from "./marked-document.ts";
import type { Move, Step } from "./moves.ts";
import { everybody, patientsOf, professionals, type RecordName } from "./people.ts";
import { type Reading, readings } from "./readings.ts";
import {
  firstVersion,
  type Mode,
  type ModelDocument,
  type ModelRecord,
  mayConsult,
  mayKnow,
  mayReadInLog,
  type Person,
  versions,
  visibleDocuments,
} from "./record-model.ts";

const DAY_MS = 86_400_000;
const MODES = ["TREAT", "TREAT", "TREAT", "TREAT", "BTG", "ETREAT"] as const;
const TYPES = ["60591-5", "11502-2", "EXPPAT_3"] as const;
const FLAGS = ["MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"] as const;
const PREFERENCES = ["allowsDispatch", "allowsBreakGlass", "allowsHiddenInEmergency", "hidesDocuments"] as const;

/** What the walks saw in all, so that a test can tell that they saw something. */
export interface Seen {
  readonly granted: Map<string, number>;
  documents: number;
}

const pick = <T>(from: readonly T[], number: number): T => {
  const one = from[number % from.length];
  if (one === undefined) throw new Error("nothing to pick from");
  return one;
};

let serial = 0;

export class Walk {
  readonly #carnet: TestCarnet;
  readonly #seen: Seen;
  readonly #records: Record<RecordName, ModelRecord>;
  /** What each person named, or was rightly told: their own traces may say it again (R181). */
  readonly #learned = new Map<string, Set<string>>();
  /** Ids that each person wrote into a document of their own, as what it replaces. */
  readonly #wrote = new Map<string, Set<string>>();
  #travelled = 0;

  private constructor(carnet: TestCarnet, seen: Seen) {
    this.#carnet = carnet;
    this.#seen = seen;
    // As `people.ts` sets them up.
    const until = carnet.now().getTime() + 365 * DAY_MS;
    this.#records = { anna: emptyRecord(false), leo: emptyRecord(true) };
    this.#records.anna.referring.add("gp");
    for (const id of ["cardiologist", "nurse", "optician"]) this.#records.anna.authorised.set(id, until);
    this.#records.leo.authorised.set("gp", until);
  }

  /** New records for the same people: what former walks left stays behind under no identity. */
  static async begin(carnet: TestCarnet, seen: Seen): Promise<Walk> {
    const { database } = carnet.service.store;
    for (const name of ["anna", "leo"] as const) {
      const { ins } = patients[name];
      const former = await carnet.service.records.idOf(ins);
      if (former) {
        await database.deleteFrom("record_identity").where("record_id", "=", former).execute();
        await database.deleteFrom("representative_of").where("record_id", "=", former).execute();
      }
      const kept = records.find(({ record }) => record.ins.value === ins.value);
      if (!kept) throw new Error(`${name} has no record among the test people`);
      await carnet.service.records.open(kept.record);
      await kept.setUp?.(carnet.service.records);
    }
    return new Walk(carnet, seen);
  }

  /** Undoes the waiting: tokens, records and people of the next walk live now. */
  end(): void {
    if (this.#travelled > 0) this.#carnet.travel(-this.#travelled);
  }

  async make(move: Move): Promise<void> {
    const record = this.#records[move.record];
    const person = pick(everybody(move.record), move.person);
    const mode = person.kind === "professional" ? pick(MODES, move.mode) : "TREAT";
    const at = { name: move.record, record, person, mode };
    switch (move.step.kind) {
      case "deposit":
        return this.#deposit(at, move.step);
      case "read":
        return this.#read(at, move.step);
      case "change":
        return this.#change(at, move.step);
      case "declare":
        return this.#declare(at, move.step);
      case "renounce":
        return this.#renounce(at);
      case "withhold":
        return this.#withhold(at, move.step);
      case "folder":
        return this.#folder(at, move.step);
      case "work":
        // Notices go out, and the words of new documents are read.
        await this.#carnet.service.runJobs();
        return;
      case "prefer":
        return this.#prefer(at, move.step);
      case "live":
        return this.#live(at, move.step);
      case "wait": {
        const milliseconds = move.step.days * DAY_MS;
        this.#travelled += milliseconds;
        this.#carnet.travel(milliseconds);
        return;
      }
    }
  }

  /** Sends, and looks for what the answer should not say. `named`: what the caller's own words already held. */
  async #ask(at: Place, path: string, init: RequestInit = {}, named: readonly string[] = []): Promise<Answer> {
    const headers = new Headers(init.headers);
    headers.set("x-purpose-of-use", at.mode);
    if (at.mode === "BTG") headers.set("x-reason", "essai");
    const response = await this.#carnet.call(at.person.id, path, { ...init, headers });
    const body = await textOf(response);
    const said = [body, ...[...response.headers].map(([name, value]) => `${name}: ${value}`)].join("\n");
    const now = this.#carnet.now().getTime();
    const about = `${at.person.id} ${at.mode} ${init.method ?? "GET"} ${path} → ${response.status}`;
    const learned = this.#learned.get(at.person.id) ?? new Set(named);
    for (const word of named) learned.add(word);
    this.#learned.set(at.person.id, learned);
    // A copy of everything holds the log.
    const isAboutThemselves = path.startsWith("/AuditEvent") || path.endsWith("/$export-record");
    if (response.status >= 500) throw new Error(`${about}: ${body}`);
    for (const [name, record] of Object.entries(this.#records)) {
      const person = everybody(name as RecordName).find(({ id }) => id === at.person.id) ?? at.person;
      for (const document of record.documents) {
        const isTold = isAboutThemselves && mayReadInLog(record, person, at.mode, document, now);
        if (isTold || mayKnow(record, person, at.mode, document, now)) {
          if (said.includes(document.id)) learned.add(document.id);
          continue;
        }
        const written = this.#wrote.get(at.person.id)?.has(document.id) ?? false;
        for (const word of wordsOf(document)) {
          if (word === document.id && (written || (isAboutThemselves && learned.has(word)))) continue;
          if (!named.includes(word) && said.includes(word)) {
            throw new Error(`leak: ${about} told ${person.id} of ${word}\n${JSON.stringify(document)}\n${said}`);
          }
        }
      }
    }
    return { status: response.status, body, about };
  }

  async #deposit(at: Place, step: Extract<Step, { kind: "deposit" }>): Promise<void> {
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
    const answer = await this.#ask(at, "/", { method: "POST", body: JSON.stringify(submission) }, named);
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
    this.#seen.documents++;
    const receivedAt = this.#carnet.now().getTime();
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
    for (const { id } of authors) this.#wrote.set(id, (this.#wrote.get(id) ?? new Set()).add(replaced.id));
  }

  async #read(at: Place, step: Extract<Step, { kind: "read" }>): Promise<void> {
    const reading = pick(readings, step.reading);
    const now = this.#carnet.now().getTime();
    const visible = visibleDocuments(at.record, at.person, at.mode, now);
    const target = at.record.documents.length > 0 ? pick(at.record.documents, step.document) : undefined;
    const context = { patient: patients[at.name], recordId: await this.#recordId(at.name), target, at };
    const path = reading.path(context);
    if (path === undefined) return;
    const words = target ? wordsOf(target).filter((word) => path.includes(encodeURIComponent(word))) : [];
    const answer = await this.#ask(at, path, initOf(reading), words);
    const isAllowed = mayConsult(at.record, at.person, at.mode, now);
    reading.check?.({ ...context, answer, visible, isAllowed });
    if (answer.status === 200) this.#seen.granted.set(reading.name, (this.#seen.granted.get(reading.name) ?? 0) + 1);
    await this.#sameAsAbsent(at, reading, target, visible, answer);
  }

  async #recordId(name: RecordName): Promise<string> {
    const id = await this.#carnet.service.records.idOf(patients[name].ins);
    if (!id) throw new Error(`${name} has no record`);
    return id;
  }

  /** Hidden equals absent: the same address with an id that never was answers the same, byte for byte. */
  async #sameAsAbsent(
    at: Place,
    reading: Reading,
    target: ModelDocument | undefined,
    visible: readonly ModelDocument[],
    answer: Answer,
  ): Promise<void> {
    if (!reading.isOfOneDocument || !target || visible.includes(target)) return;
    if (mayKnow(at.record, at.person, at.mode, target, this.#carnet.now().getTime())) return;
    const absent = {
      ...target,
      id: target.id.slice(0, 32) + "0".repeat(32),
      uniqueId: "urn:oid:1.2.250.1.999.9",
      title: target.title.replace("zq", "zr"),
      substance: target.substance.replace("zq", "zr"),
    };
    const path = reading.path({
      patient: patients[at.name],
      recordId: await this.#recordId(at.name),
      target: absent,
      at,
    });
    if (path === undefined) return;
    const same = await this.#ask(at, path, initOf(reading), []);
    const plain = ({ status, body }: Answer, document: ModelDocument) =>
      wordsOf(document)
        .reduce(
          (text, word, index) => text.replaceAll(word, `W${index}`).replaceAll(encodeURIComponent(word), `W${index}`),
          `${status} ${body}`,
        )
        // Searched words are sealed for the address of the next page.
        .replace(/_content=sealed%3A[^"&]+/g, "_content=SEALED")
        .replace(/"resourceType":"Bundle","id":"[^"]+","meta":\{"lastUpdated":"[^"]+"/, "");
    if (plain(same, absent) !== plain(answer, target)) {
      throw new Error(`hidden differs from absent: ${answer.about}\n${answer.body}\n${same.status} ${same.body}`);
    }
  }

  async #change(at: Place, step: Extract<Step, { kind: "change" }>): Promise<void> {
    if (at.record.documents.length === 0) return;
    const target = pick(at.record.documents, step.document);
    const change = pick(CHANGES, step.change);
    const now = this.#carnet.now().getTime();
    const answer = await this.#ask(
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
      (changesSomething(change, target) && isEmergency && change !== "archive" && change !== "delete") ||
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

  async #declare(at: Place, step: Extract<Step, { kind: "declare" }>): Promise<void> {
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
    const now = this.#carnet.now().getTime();
    const wasBlocked = record.blocked.has(subject.id);
    const answer = await this.#ask(at, "/Consent", { method: "POST", body: JSON.stringify(consent) });
    if (answer.status !== 201) return;
    const isHolders = person.kind === "holder" || person.kind === "representative";
    const isForbidden =
      !record.isOpen ||
      at.mode !== "TREAT" ||
      (!isHolders && person.kind !== "professional") ||
      (person.kind === "professional" && wasBlocked) ||
      (person.kind === "professional" && person.column === "occupational") ||
      (role === "block" && !isHolders && !record.referring.has(person.id));
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

  /** The patient keeps one document from one reader, or from every emergency; later, may take the first back. */
  async #withhold(at: Place, step: Extract<Step, { kind: "withhold" }>): Promise<void> {
    const { record, person, name } = at;
    if (record.documents.length === 0) return;
    const target = pick(record.documents, step.document);
    const reader = pick([...professionals, null, null], step.from) ?? undefined;
    const subject = reader?.structure ?? reader?.id;
    const identifier =
      reader?.structure !== undefined
        ? { system: identifierSystem.structure, value: reader.structure }
        : { system: identifierSystem.professional, value: rppsOf(reader?.id ?? "gp") };
    const answer = await this.#ask(
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
    if (!isHolders || !mayKnow(record, person, at.mode, target, this.#carnet.now().getTime())) {
      throw new Error(`${answer.about} should be refused`);
    }
    const first = firstVersion(target);
    const choices = record.choices.get(first) ?? { withheldFrom: new Set(), isNeverInEmergency: false };
    record.choices.set(first, choices);
    if (subject === undefined) choices.isNeverInEmergency = true;
    else choices.withheldFrom.add(subject);
  }

  /** R169: the patient puts documents together, also ones they cannot know of. */
  async #folder(at: Place, step: Extract<Step, { kind: "folder" }>): Promise<void> {
    const { record, person, name } = at;
    if (record.documents.length === 0) return;
    const ids = [...new Set(step.documents.map((number) => pick(record.documents, number).id))];
    const answer = await this.#ask(
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
    const now = this.#carnet.now().getTime();
    const unknown = record.documents.filter(
      (document) => ids.includes(document.id) && !mayKnow(record, person, at.mode, document, now),
    );
    const isHolders = person.kind === "holder" || person.kind === "representative";
    if (!isHolders || unknown.length > 0) throw new Error(`R145, R169: ${answer.about} should be refused`);
  }

  /** R73, R74, R146: the switches of the whole record. */
  async #prefer(at: Place, step: Extract<Step, { kind: "prefer" }>): Promise<void> {
    const { record, person, name } = at;
    const id = await this.#carnet.service.records.idOf(patients[name].ins);
    const preference = pick(PREFERENCES, step.preference);
    const answer = await this.#ask(at, `/Patient/${id}/$access-preferences`, {
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
  async #live(at: Place, step: Extract<Step, { kind: "live" }>): Promise<void> {
    const { record, name } = at;
    // Closed records end a walk early: mostly others try to close one, and often the holder re-activates it.
    const person = step.isByHolder !== record.isOpen ? pick(patientsOf(name), 0) : at.person;
    const id = await this.#carnet.service.records.idOf(patients[name].ins);
    const operation = record.isOpen ? "$close" : "$reactivate";
    const answer = await this.#ask({ ...at, person, mode: "TREAT" }, `/Patient/${id}/${operation}`, {
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

  /** R61: a professional leaves; the patient ends any of the authorisations. */
  async #renounce(at: Place): Promise<void> {
    const { record, person, name } = at;
    const list = await this.#ask(at, `/Consent?patient.identifier=${token(patients[name])}&status=active`);
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
    const answer = await this.#ask(at, `/Consent/${first.id}`, { method: "DELETE" });
    if (answer.status !== 204) return;
    const actor = first.provision?.actor?.[0];
    const rpps = actor?.reference?.identifier?.value;
    const subject = professionals.find(({ id }) => rppsOf(id) === rpps);
    if (!subject) throw new Error(`${answer.about}: an authorisation of nobody`);
    const isHolders = patientsOf(name).some(({ id, kind }) => id === person.id && kind !== "stranger");
    if (!isHolders && subject.id !== person.id && !record.referring.has(person.id)) {
      throw new Error(`R61: ${answer.about} ended the authorisation of ${subject.id}`);
    }
    if (first.provision?.type === "deny") record.blocked.delete(subject.id);
    else if (actor?.role?.coding?.some(({ code }) => code === "PPRF")) record.referring.delete(subject.id);
    else record.authorised.delete(subject.id);
  }
}

export interface Place {
  readonly name: RecordName;
  readonly record: ModelRecord;
  readonly person: Person;
  readonly mode: Mode;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Who asked what, for the message of a failure. */
  readonly about: string;
}

const initOf = ({ method }: Reading): RequestInit => (method ? { method, body: "{}" } : {});

/** What an answer says: of an archive, the names of its files and what is in them. */
async function textOf(response: Response): Promise<string> {
  if (response.headers.get("content-type") !== "application/zip") return response.text();
  const files = Object.entries(unzipSync(new Uint8Array(await response.arrayBuffer())));
  return files.map(([path, bytes]) => `${path}\n${Buffer.from(bytes).toString("utf8")}`).join("\n");
}

const emptyRecord = (isMinors: boolean): ModelRecord => ({
  isMinors,
  isOpen: true,
  allowsBreakGlass: true,
  allowsDispatch: true,
  allowsMaskedInEmergency: false,
  hidesNewDocuments: false,
  choices: new Map(),
  authorised: new Map(),
  blocked: new Set(),
  referring: new Set(),
  documents: [],
});

const wordsOf = (document: Pick<ModelDocument, "title" | "substance" | "uniqueId" | "id">) => [
  document.title,
  document.substance,
  document.uniqueId,
  document.id,
];
