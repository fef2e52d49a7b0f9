/** Every verb of the SDK against this service: real HTTP, a real database. */
import { type CarnetClient, type ConnectOptions, connect, isAccessRefused, isRecordNotFound } from "@carnet/sdk";
import type { AuditEvent } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deposit, newUniqueId, pdf } from "../testing/documents.ts";
import { type Newcomer, newcomer } from "../testing/newcomers.ts";
import { patients, rppsOf } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
  await carnet.service.applications.reference({
    id: "agenda-plus",
    name: "Agenda Plus",
    publisher: "Éditeur d'essai",
    description: { fr: "Prend vos rendez-vous.", en: "Books your appointments." },
    purposes: ["agenda"],
  });
});
afterAll(() => carnet.close());

const { anna, bruno, leo } = patients;
const as = (account: string, options: Partial<ConnectOptions> = {}): CarnetClient =>
  connect({ baseUrl: carnet.base, accessToken: () => carnet.token(account), ...options });
const record = (account: string, of: { readonly ins: typeof anna.ins } = anna) => as(account).record(of.ins);
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const ruleOf = async (work: Promise<unknown>) => {
  const error = await failure(work);
  return isAccessRefused(error) ? error.rule : error;
};

describe("what the patient looks for", () => {
  test("R171, R183 the whole access log is one file, in the reader's language", async () => {
    const { bytes, contentType } = await record("anna").downloadAccessLog();
    expect(contentType).toBe("text/csv");
    expect(new TextDecoder().decode(bytes)).toContain("Date et heure;");
    const json = await record("anna").downloadAccessLog({ format: "json" });
    expect(JSON.parse(new TextDecoder().decode(json.bytes))).toMatchObject({ resourceType: "Bundle" });
    expect(await ruleOf(record("gp").downloadAccessLog())).toMatch(/^R/);
  });

  test("the texts of documents are searched, page after page, with the places of the words", async () => {
    for (const text of ["un asthme ancien", "asthme stable", "rien de tel"])
      await deposit(carnet, { content: new TextEncoder().encode(text), contentType: "text/plain" });
    await carnet.service.runJobs();
    const found = await record("anna").documents({ text: "asthme", pageSize: 1 }).toArray();
    expect(found).toHaveLength(2);
    for (const { excerpts } of found) {
      const [excerpt] = excerpts ?? [];
      const [match] = excerpt?.matches ?? [];
      expect(excerpt?.text.slice(match?.start, match?.end)).toBe("asthme");
    }
  });
});

describe("what a professional changes", () => {
  test("R124 a change is made in the record that it was asked for, where another one holds the same number", async () => {
    await record("gp", bruno).authorise();
    const uniqueId = newUniqueId();
    for (const patient of [anna, bruno]) await deposit(carnet, { patient, author: "gp", uniqueId });
    const of = async (patient: typeof anna) =>
      (await record("gp", patient).documents().toArray()).filter((one) => one.uniqueId === uniqueId);
    const [hers] = await of(anna);
    if (!hers) throw new Error("no document");
    expect(await record("gp").hide(hers)).toMatchObject({ isHidden: true });
    await record("gp").remove(hers);
    expect(await of(anna)).toEqual([]);
    expect(await of(bruno)).toMatchObject([{ isHidden: false }]);
    await record("gp", bruno).renounce();
  });
});

describe("who may read", () => {
  test("R53, R61 a professional declares the patient's agreement, is in the lists, and gives it up", async () => {
    const nurse = record("colleague", bruno);
    expect(await nurse.status()).toMatchObject({ authorisation: "none" });
    await nurse.authorise({ proof: "accord oral" });
    expect(await nurse.status()).toMatchObject({ authorisation: "valid" });
    expect(await nurse.consents()).toHaveLength(1);
    await nurse.renounce();
    expect(await nurse.status()).toMatchObject({ authorisation: "none" });
  });

  test("R56, R54 the patient moves the end of an authorisation, and withdraws it", async () => {
    await record("gp", bruno).authorise();
    const patient = record("bruno", bruno);
    const of = async () =>
      (await patient.consents()).find(({ provision }) =>
        provision?.actor?.some(({ reference }) => reference.identifier?.value === rppsOf("gp")),
      );
    const until = new Date(carnet.now().getTime() + 86_400_000).toISOString();
    const consent = await of();
    if (!consent) throw new Error("no consent");
    await patient.endAuthorisation(consent, until);
    expect((await of())?.provision?.period?.end).toBe(until);
    await patient.endAuthorisation(consent, undefined);
    expect((await of())?.provision?.period?.end).not.toBe(until);
    await patient.withdraw(consent);
    await patient.withdraw(consent);
    expect(await record("gp", bruno).status()).toMatchObject({ authorisation: "none" });
  });

  test("R59, R62, R64, R69 the patient blocks, unblocks, names a referring doctor and a pharmacist", async () => {
    const patient = record("bruno", bruno);
    const optician = { rpps: rppsOf("optician"), name: "Dr Essai" };
    await patient.block(optician);
    expect(await record("optician", bruno).status()).toMatchObject({ authorisation: "forbidden" });
    await patient.unblock(optician);
    expect(await record("optician", bruno).status()).toMatchObject({ authorisation: "none" });
    expect(await ruleOf(record("gp", bruno).authorise({ asReferringDoctor: true }))).toBe("R64");
    await patient.setReferringDoctor({ rpps: rppsOf("gp") });
    expect(await record("gp", bruno).status()).toMatchObject({ isReferringDoctor: true });
    await patient.setCareRole({ rpps: rppsOf("pharmacist") }, "corresponding-pharmacist");
    expect(JSON.stringify(await patient.consents())).toContain("corresponding-pharmacist");
  });

  test("R61 who gives up their own agreement, referring doctor or patient, ends nobody else's", async () => {
    const patient = record("bruno", bruno);
    await patient.setReferringDoctor({ rpps: rppsOf("gp") });
    await record("colleague", bruno).authorise();
    await record("gp", bruno).renounce();
    expect(await record("gp", bruno).status()).toMatchObject({ authorisation: "none" });
    await patient.renounce();
    expect(await record("colleague", bruno).status()).toMatchObject({ authorisation: "valid" });
    const refused = await patient.accessLog({ outcome: "4", agent: rppsOf("gp") });
    expect(JSON.stringify(refused)).not.toContain("R61");
  });

  test("R59 a block of a structure is lifted by what it was made with", async () => {
    const patient = record("bruno", bruno);
    const clinic = { structure: "1990000011", rpps: rppsOf("optician"), name: "Clinique d'essai" };
    const blocks = async () =>
      (await patient.consents()).filter(({ provision, status }) => provision?.type === "deny" && status === "active");
    const before = await blocks();
    await patient.block(clinic);
    expect(await blocks()).toHaveLength(before.length + 1);
    await patient.unblock(clinic);
    expect(await blocks()).toEqual(before);
  });

  test("R145 a document is withheld from one professional, and given back", async () => {
    const { id } = await deposit(carnet, { patient: anna, author: "gp" });
    const ids = async () => (await record("cardiologist").documents().toArray()).map((one) => one.id);
    expect(await ids()).toContain(id);
    await record("anna").withhold(id, { rpps: rppsOf("cardiologist") });
    expect(await ids()).not.toContain(id);
    const choice = (await record("anna").consents()).find(({ provision }) => provision?.data);
    if (choice) await record("anna").withdraw(choice);
    expect(await ids()).toContain(id);
    await record("anna").withhold(id, "emergencies");
  });

  test("the same handle reads in an emergency, with its reason, and as before without", async () => {
    const handle = record("pharmacist");
    await expect(handle.summary()).rejects.toMatchObject({ code: "consent-required" });
    const urgent = handle.inMode({ purposeOfUse: "BTG", reason: "Inconscient, œdème" });
    expect(urgent.ins).toEqual(handle.ins);
    expect(await urgent.summary()).toMatchObject({ resourceType: "Bundle" });
    expect(await ruleOf(handle.inMode({ purposeOfUse: "ETREAT" }).summary())).toBe("R72");
    await expect(urgent.inMode({ purposeOfUse: "TREAT" }).summary()).rejects.toMatchObject({ rule: "R51" });
    expect(JSON.stringify(await record("anna").accessLog())).toContain("Inconscient, œdème");
  });

  test("R181 the log says who did what, narrowed by agent and by what was refused", async () => {
    const all = await record("anna").accessLog();
    const own = await record("anna").accessLog({ agent: rppsOf("cardiologist") });
    const refused = await record("anna").accessLog({ outcome: "4" });
    expect(all.length).toBeGreaterThan(own.length);
    expect(own.length).toBeGreaterThan(0);
    expect(refused.every((event: AuditEvent) => event.outcome === "4")).toBe(true);
  });
});

test("a filter that the record refuses is named as the caller wrote it", async () => {
  for (const [place, filter] of [
    ["actFrom", { actFrom: "hier", actTo: "2026-01-01" }],
    ["createdTo", { createdTo: "2026-13-01" }],
    ["changedSince", { changedSince: "hier" }],
    ["sort", { sort: "title" }],
  ] as const) {
    const found = record("gp").documents(filter).toArray();
    await expect(found, place).rejects.toMatchObject({ code: "document-rejected", place, status: 400 });
  }
});

describe("finding people", () => {
  const traits = { family: "FICTIVE", given: "Anna", birthDate: "1985-06-14" };

  test("R43 only the dispatch centre finds a person without INS", async () => {
    const found = await as("dispatch", { purposeOfUse: "ETREAT" }).findPatients(traits);
    expect(found.map(({ identifier }) => identifier?.[0]?.value)).toEqual([anna.ins.value]);
    expect(isAccessRefused(await failure(as("gp").findPatients(traits)))).toBe(true);
  });

  test("R9 a patient sees the own record and the child's", async () => {
    const agreed = await as("nurse").myRecords();
    expect(new Set(await as("nurse").myRecords({ sortBy: "lastDocument" }))).toEqual(new Set(agreed));
    expect(agreed.flatMap(({ identifier }) => identifier?.[0]?.value)).toContain(patients.anna.ins.value);
    const found = await as("anna").myRecords();
    expect(found.map(({ identifier }) => identifier?.[0]?.value).sort()).toEqual(
      [anna.ins.value, leo.ins.value].sort(),
    );
  });
});

describe("documents in number", () => {
  test("R147, R169 folders, pins and a change of several documents at once", async () => {
    const [first, second] = [await deposit(carnet, { patient: anna }), await deposit(carnet, { patient: anna })];
    const patient = record("anna");
    const folder = await patient.createFolder("Mon genou", [first.id]);
    const changed = await patient.changeFolder(folder, { documents: [first.id, second.id] });
    expect(changed).toMatchObject({ title: "Mon genou", meta: { versionId: "2" } });
    expect((await patient.folders()).map(({ id }) => id)).toContain(folder.id);
    await expect(patient.changeFolder(folder, { title: "Trop tard" })).rejects.toMatchObject({ code: "conflict" });
    await patient.removeFolder(changed);
    expect((await patient.folders()).map(({ id }) => id)).not.toContain(folder.id);
    await patient.pin([first.id]);
    await patient.pin([second.id, first.id]);
    expect(await patient.pinned()).toEqual([second.id, first.id]);
    await patient.changeDocuments("hide", [first.id, second.id]);
    const hidden = (await patient.documents().toArray()).filter(({ isHidden }) => isHidden);
    expect(hidden.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
    expect((await patient.submissions({ from: "2026-01-01" })).length).toBeGreaterThan(1);
  });
});

describe("beside the documents", () => {
  test("R166, R186 messages: written, answered, read, with a file, ended; and a report to the operator", async () => {
    const nurse = record("nurse");
    const file = { bytes: pdf("consignes"), contentType: "application/pdf", title: "Consignes" };
    const root = await nurse.sendMessage({ text: "Je passe lundi.", topic: "Visite", attachments: [file] });
    const patient = record("anna");
    const [received] = await patient.messages();
    expect(received).toMatchObject({ id: root.id, topic: { text: "Visite" } });
    if (!received) throw new Error("no message");
    const content = await patient.readAttachment(received, 0);
    expect(Buffer.from(content.bytes).equals(Buffer.from(file.bytes))).toBe(true);
    await patient.markMessageRead(received);
    await patient.sendMessage({ text: "D'accord.", inResponseTo: root });
    expect((await nurse.messages()).some(({ id, received }) => id === root.id && received)).toBe(true);
    await nurse.endExchange(root);
    expect(await ruleOf(patient.sendMessage({ text: "Encore", inResponseTo: root }))).toBe("R166");
    const [line] = await patient.accessLog();
    if (!line) throw new Error("no line");
    expect(await patient.report(line, "Je ne connais pas ce cabinet.")).toMatchObject({
      resourceType: "Communication",
    });
  });

  test("R166, R167, R169, R186 what a lost answer makes the SDK send again is there once", async () => {
    let lost = 0;
    const client = as("anna", {
      fetch: async (input, init) => {
        const answer = await fetch(input, init);
        if (init?.method !== "POST" || lost++ % 2 === 1) return answer;
        throw new TypeError("fetch failed");
      },
      retry: { wait: async () => undefined },
    });
    const patient = client.record(anna.ins);
    const [line] = await patient.accessLog();
    const { id } = await record("nurse").sendMessage({ text: "Comment allez-vous ?" });
    if (!line || !id) throw new Error("nothing to write about");
    const told = await patient.report(line, "Je ne connais pas cette infirmière.");
    const sent = await patient.sendMessage({ text: "Bien.", inResponseTo: id });
    const start = new Date(carnet.now().getTime() + 9 * 86_400_000).toISOString();
    const made = await patient.addAppointment({ start, description: "Vaccin" });
    const folder = await patient.createFolder("Vaccins", [(await deposit(carnet)).id]);
    expect(lost).toBe(8);
    expect((await patient.folders()).filter(({ title }) => title === "Vaccins")).toEqual([folder]);
    expect((await patient.messages()).filter(({ payload }) => payload?.[0]?.contentString === "Bien.")).toEqual([sent]);
    expect((await patient.appointments()).filter(({ description }) => description === "Vaccin")).toEqual([made]);
    // Sent again by the page itself, with the number of the first time.
    const number = told.identifier?.[0]?.value ?? "";
    expect(await patient.report(line, "Je ne connais pas cette infirmière.", { number })).toEqual(told);
    await patient.removeAppointment(made);
  });

  test("R193, R194 notices, which of them come by mail, and the types that a professional follows", async () => {
    expect(Array.isArray(await record("anna").notices())).toBe(true);
    const wishes = await record("anna").noticePreferences();
    const [first] = Object.keys(wishes);
    if (!first) throw new Error("no preference");
    expect(await record("anna").noticePreferences({ [first]: false })).toMatchObject({ [first]: false });
    expect(await as("gp").documentAlerts(["11488-4"])).toEqual(["11488-4"]);
    expect(await as("gp").documentAlerts()).toEqual(["11488-4"]);
    expect(await as("gp").documentAlerts([])).toEqual([]);
  });

  test("R167, R170 the agenda is the patient's", async () => {
    const patient = record("anna");
    const start = new Date(carnet.now().getTime() + 20 * 86_400_000).toISOString();
    const made = await patient.addAppointment({ start, description: "Contrôle" });
    expect(await patient.changeAppointment(made, { start, description: "Contrôle déplacé" })).toMatchObject({
      description: "Contrôle déplacé",
    });
    expect(await patient.appointments({ from: carnet.now().toISOString().slice(0, 10) })).toHaveLength(1);
    await patient.removeAppointment(made);
    expect(await patient.appointments()).toEqual([]);
    expect((await patient.recommendedExaminations()).length).toBeGreaterThan(0);
    expect(await ruleOf(record("gp").appointments())).toBe("R170");
  });

  test("R168 applications: the catalogue, a consent, its end", async () => {
    expect((await as("anna").applications()).map(({ id }) => id)).toEqual(["agenda-plus"]);
    expect(await record("anna").allowApplication("agenda-plus", ["agenda"])).toMatchObject({ status: "active" });
    await record("anna").stopApplication("agenda-plus");
    const left = JSON.stringify((await record("anna").consents()).filter(({ status }) => status === "active"));
    expect(left).not.toContain("agenda-plus");
  });

  test("R73, R146 the switches of the whole record", async () => {
    const { allowsBreakGlass, ...others } = await record("bruno", bruno).accessPreferences();
    const changed = { ...others, allowsBreakGlass: !allowsBreakGlass };
    expect(await record("bruno", bruno).accessPreferences({ allowsBreakGlass: !allowsBreakGlass })).toEqual(changed);
    expect(await record("bruno", bruno).accessPreferences()).toEqual(changed);
  });

  test("R68 a professional has understood; R212 the figures are for everybody", async () => {
    expect(await as("gp").professionalInformation()).toMatchObject({ isDue: true });
    expect(await as("gp").professionalInformation({ isUnderstood: true })).toMatchObject({ isDue: false });
    await carnet.service.runJobs();
    const figures = await connect({
      baseUrl: carnet.base,
      accessToken: () => {
        throw new Error("no token is needed");
      },
    }).indicators();
    expect(figures.tables.length).toBeGreaterThan(3);
  });
});

describe("life of a record", () => {
  let person: Newcomer;
  beforeAll(async () => {
    person = await newcomer(carnet);
  });

  test("R14 a carer is named and leaves", async () => {
    const patient = record("anna");
    const until = new Date(carnet.now().getTime() + 90 * 86_400_000).toISOString();
    const carer = { role: "carer", ins: bruno.ins, name: "BRUNO INVENTE", until, isAttested: true } as const;
    const made = await patient.addRelative(carer);
    expect((await patient.relatives()).map(({ id }) => id)).toContain(made.id);
    await patient.removeRelative(made);
    expect((await patient.relatives()).filter(({ active }) => active).map(({ id }) => id)).not.toContain(made.id);
  });

  test("R15, R20, R21 closed, asked to be deleted, re-activated", async () => {
    const patient = record("bruno", bruno);
    expect(await patient.close()).toMatchObject({ active: false });
    expect(await patient.status()).toMatchObject({ state: "closed" });
    await patient.requestDeletion();
    expect(await patient.reactivate()).toMatchObject({ active: true });
    expect(await patient.status()).toMatchObject({ state: "open" });
  });

  test("R3, R7 software opens nothing; nobody opposes for somebody else", async () => {
    expect(await ruleOf(as("gp").record(person.ins).open())).toBe("R7");
    expect(isRecordNotFound(await failure(as("anna").record(person.ins).oppose()))).toBe(true);
    expect(await ruleOf(record("anna").objectToSuspension())).toBeDefined();
  });
});
