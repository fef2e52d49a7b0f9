/** Section A of the rules, continued: minors, protected adults, carers, secret connections. */
import type { Bundle, OperationOutcome, Parameters, Patient, RelatedPerson } from "@carnet/sdk/fhir";
import { codeSystem, extensionUrl, identifierSystem } from "@carnet/sdk/fhir";
import type { Ins } from "@carnet/sdk/identity";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deposit, provideBundle, receiptOf, search, type TestDocument, token } from "../testing/documents.ts";
import {
  DAY_MS,
  extensionOf,
  logOf,
  mailsTo,
  type Newcomer,
  newcomer,
  newcomerWithRecord,
  operate,
  ruleOf,
  statusOf,
} from "../testing/newcomers.ts";
import { patients, rppsOf } from "../testing/people.ts";
import { json, labels, patch, post, refusalOf } from "../testing/requests.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const CHILD = "2017-06-20";
const card = "1234567890";
const identifierOf = (ins: Ins) => ({ name: "identifier", valueIdentifier: { ...ins } });
const attested = { name: "attestation", valueBoolean: true };

/** What somebody of the patient's side writes of their wishes. */
const wishes: TestDocument = {
  author: "anna",
  typeCode: "EXPPAT_1",
  typeSystem: codeSystem.documentTypeNational,
  classCode: "90",
};

const GUARDIAN = { coding: [{ code: "GUARD" }] };
const CAREGIVER = { coding: [{ code: "CAREGIVER" }] };
const inDays = (days: number) => new Date(carnet.now().getTime() + days * DAY_MS).toISOString();
/** When a day is over in Paris, which is an hour ahead in winter and two in summer. */
function midnightInParis(day: string): number {
  const candidate = new Date(`${day}T22:00:00Z`);
  const hour = candidate.toLocaleString("fr-FR", { timeZone: "Europe/Paris", hour: "numeric" });
  return candidate.getTime() + (hour.startsWith("23") ? 3_600_000 : 0);
}

/** Asks to name `whom` for the record of `of`. */
async function name(
  account: string,
  of: Newcomer,
  whom: { readonly ins: Ins; readonly account: string },
  given: object = {},
): Promise<Response> {
  return carnet.call(account, "/RelatedPerson", {
    method: "POST",
    body: JSON.stringify({
      resourceType: "RelatedPerson",
      patient: { identifier: of.ins },
      identifier: [whom.ins],
      name: [{ text: whom.account }],
      relationship: [CAREGIVER],
      period: { end: inDays(30) },
      extension: [{ url: extensionUrl.attestation, valueBoolean: true }],
      ...given,
    }),
  });
}
async function related(account: string, of: { readonly ins: Ins }): Promise<readonly RelatedPerson[]> {
  const response = await carnet.call(account, `/RelatedPerson?patient.identifier=${token(of as never)}`);
  const bundle: Bundle = await response.json();
  return (bundle.entry ?? []).flatMap(({ resource }) => (resource?.resourceType === "RelatedPerson" ? [resource] : []));
}
const idOf = (response: Response) => response.headers.get("location")?.split("/").at(-1) ?? "";
const remove = (account: string, id: string) => carnet.call(account, `/RelatedPerson/${id}`, { method: "DELETE" });

/** A child whose record opened by time, the parent of attachment, and another adult. */
async function family() {
  const [parent, other, child] = [await newcomer(carnet), await newcomer(carnet), await newcomer(carnet, CHILD)];
  const { id } = await carnet.service.records.open({ ins: child.ins, traits: child.traits, attachedTo: parent.ins });
  await operate(carnet, parent.account, "/Patient/$open", [identifierOf(child.ins), attested]);
  return { parent, other, child: { ...child, id } };
}

describe("minors", () => {
  test("R8 a child is announced and gets a record like anybody, and needs a parent of attachment for it", async () => {
    const [parent, child] = [await newcomer(carnet), await newcomer(carnet, "2024-02-05")];
    const { ins, traits } = child;
    await expect(carnet.service.records.announce({ ins, traits, cardSerialNumber: card })).rejects.toMatchObject({
      code: "parent-missing",
    });
    const told = await carnet.service.records.announce({ ins, traits, cardSerialNumber: card, attachedTo: parent.ins });
    expect(told.letter?.text).toContain("votre enfant");
    carnet.travel(43 * DAY_MS);
    await carnet.service.runJobs();
    expect((await statusOf(carnet, "gp", child))?.active).toBe(true);
  });

  test("R9 a minor has no access of their own, whatever they ask", async () => {
    const { child } = await family();
    const mine = `patient.identifier=${token(child.patient)}`;
    const answers = await Promise.all([
      carnet.call(child.account, `/DocumentReference?${mine}&status=current`),
      carnet.call(child.account, `/AuditEvent?${mine}`),
      carnet.call(child.account, `/RelatedPerson?${mine}`),
      operate(carnet, child.account, `/Patient/${child.id}/$close`),
      carnet.call(child.account, `/Patient/${child.id}/$summary`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect(new Set(await Promise.all(answers.map(ruleOf)))).toEqual(new Set(["R9"]));
    const announced = await newcomer(carnet, "2015-01-02");
    const { ins, traits } = announced;
    await carnet.service.records.announce({ ins, traits, cardSerialNumber: card, attachedTo: child.ins });
    expect(await ruleOf(await operate(carnet, announced.account, "/Patient/$open", [identifierOf(ins)]))).toBe("R9");
    expect(await ruleOf(await operate(carnet, announced.account, "/Patient/$oppose", [identifierOf(ins)]))).toBe("R9");
  });

  test("R9 coming of age ends the parents' representation by itself, and gives the person their record", async () => {
    const turns = new Date(carnet.now().getTime() + 20 * DAY_MS);
    turns.setUTCFullYear(turns.getUTCFullYear() - 18);
    const [parent, child] = [await newcomer(carnet), await newcomer(carnet, turns.toISOString().slice(0, 10))];
    await carnet.service.records.open({ ins: child.ins, traits: child.traits });
    await carnet.service.records.addRepresentative(child.ins, { ins: parent.ins, name: "Parent", kind: "parent" });
    expect((await search(carnet, parent.account, "", child.patient)).ids).toEqual([]);
    carnet.travel(21 * DAY_MS);
    await expect(search(carnet, parent.account, "", child.patient)).rejects.toThrow("404");
    expect((await search(carnet, child.account, "", child.patient)).ids).toEqual([]);
  });

  test("R10 only the parent to whom the child is attached opens, having attested; then invites one other holder", async () => {
    const [parent, other, third] = [await newcomer(carnet), await newcomer(carnet), await newcomer(carnet)];
    const child = await newcomer(carnet, CHILD);
    const { ins, traits } = child;
    await carnet.service.records.announce({ ins, traits, cardSerialNumber: card, attachedTo: parent.ins });
    const open = (account: string, ...more: readonly object[]) =>
      operate(carnet, account, "/Patient/$open", [identifierOf(ins), ...more]);
    expect((await open(other.account, attested)).status).toBe(404);
    expect(await ruleOf(await open(parent.account))).toBe("R10");
    const opened = await open(parent.account, attested);
    expect(opened.status).toBe(201);
    const patient: Patient = await opened.json();
    expect(extensionOf(patient, extensionUrl.relation)?.valueCode).toBe("representative");

    expect((await name(other.account, child, third, { relationship: [GUARDIAN] })).status).toBe(404);
    const invited = await name(parent.account, child, other, { relationship: [GUARDIAN] });
    expect(invited.status).toBe(201);
    expect((await search(carnet, other.account, "", child.patient)).ids).toEqual([]);
    expect(await ruleOf(await name(other.account, child, third, { relationship: [GUARDIAN] }))).toBe("R10");
    expect((await name(parent.account, child, third, { relationship: [GUARDIAN] })).status).toBe(409);
    expect(await mailsTo(carnet, parent.account)).toContain("representative-added");
    // Parents in conflict do not shut each other out; who was invited may step back.
    expect(await ruleOf(await remove(parent.account, idOf(invited)))).toBe("R10");
    expect((await remove(other.account, idOf(invited))).status).toBe(204);
    await expect(search(carnet, other.account, "", child.patient)).rejects.toThrow("404");
  });

  test("R10 one other holder, also when four are invited at once", async () => {
    for (let round = 0; round < 3; round += 1) {
      const { parent, other, child } = await family();
      const invited = [other, await newcomer(carnet), await newcomer(carnet), await newcomer(carnet)];
      await carnet.token(parent.account);
      const asked = invited.map((one) => name(parent.account, child, one, { relationship: [GUARDIAN] }));
      expect((await Promise.all(asked)).map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
      expect((await related(parent.account, child)).filter(({ active }) => active)).toHaveLength(2);
    }
  });

  test("R10, R15 the legal representative closes and re-activates the child's record", async () => {
    const { parent, other, child } = await family();
    expect((await operate(carnet, other.account, `/Patient/${child.id}/$close`)).status).toBe(404);
    expect((await operate(carnet, parent.account, `/Patient/${child.id}/$close`)).status).toBe(200);
    expect((await operate(carnet, parent.account, `/Patient/${child.id}/$reactivate`)).status).toBe(200);
  });

  test("R11 what a minor had done in secret is in no list, search, trace, consent or notice of the representatives", async () => {
    const { parent, child } = await family();
    await carnet.service.records.declareAuthorisation(child.ins, { subjectId: rppsOf("gp"), subjectName: "gp" });
    await carnet.service.sendNotices();
    const mails = await mailsTo(carnet, parent.account);
    const secret = { "x-secret-connection": "true" };
    const bundle = provideBundle({ patient: child.patient, title: "Consultation confidentielle" });
    const stored = await carnet.call("gp", "/", { method: "POST", body: JSON.stringify(bundle), headers: secret });
    const { id } = receiptOf(await stored.json());
    await carnet.call("gp", `/DocumentReference/${id}`, { headers: secret });
    await carnet.call("nurse", "/Consent", {
      method: "POST",
      headers: secret,
      body: JSON.stringify({
        resourceType: "Consent",
        status: "active",
        patient: { identifier: child.ins },
        provision: { type: "permit" },
      }),
    });
    const lines = await logOf(carnet, child.id);
    expect(lines.filter(({ transaction }) => ["TD2.1", "TD0.3"].includes(transaction)).length).toBeGreaterThan(1);

    expect((await search(carnet, parent.account, "", child.patient)).ids).toEqual([]);
    const mine = `patient.identifier=${token(child.patient)}`;
    const traces = await (await carnet.call(parent.account, `/AuditEvent?${mine}&_count=200`)).text();
    expect(traces).not.toContain(id);
    expect(traces).not.toContain(rppsOf("gp"));
    expect(traces).not.toContain(rppsOf("nurse"));
    const consents = await (await carnet.call(parent.account, `/Consent?${mine}`)).text();
    expect(consents).toContain(rppsOf("gp"));
    expect(consents).not.toContain(rppsOf("nurse"));
    expect(await mailsTo(carnet, parent.account)).toEqual(mails);
    expect((await carnet.call(parent.account, `/DocumentReference/${id}`)).status).toBe(404);
    // The author and the team see it as any other.
    expect((await search(carnet, "gp", "", child.patient)).ids).toEqual([id]);
    expect((await search(carnet, "nurse", "", child.patient)).ids).toEqual([id]);
  });

  test("R11, R12 a secret agreement shows in no other one: neither one in force nor an expired one moves", async () => {
    const { parent, child } = await family();
    const agree = (account: string, headers: Readonly<Record<string, string>> = {}) =>
      carnet.call(account, "/Consent", {
        method: "POST",
        headers,
        body: JSON.stringify({
          resourceType: "Consent",
          status: "active",
          patient: { identifier: child.ins },
          provision: { type: "permit" },
        }),
      });
    const mine = `patient.identifier=${token(child.patient)}`;
    const seen = async () => {
      const bundle: Bundle = await (await carnet.call(parent.account, `/Consent?${mine}`)).json();
      return (bundle.entry ?? []).map(({ resource }) => resource);
    };
    await agree("gp");
    const shown = await seen();
    expect(shown).toHaveLength(1);
    carnet.travel(30 * DAY_MS);
    expect((await agree("gp", { "x-secret-connection": "true" })).status).toBe(201);
    expect(await seen()).toEqual(shown);

    // Expired, it is renewed in secret: the doctor reads, and the parents see what had expired.
    carnet.travel(340 * DAY_MS);
    const over = await seen();
    expect(over).toMatchObject([{ status: "inactive" }]);
    const renewed = await agree("gp", { "x-secret-connection": "true" });
    expect(renewed.status).toBe(201);
    expect(await seen()).toEqual(over);
    const { id } = await deposit(carnet, { patient: child.patient, author: "cardiologist" });
    expect((await search(carnet, "gp", "", child.patient)).ids).toContain(id);
    const secretId = (await renewed.json()).id;
    expect((await carnet.call(parent.account, `/Consent/${secretId}`)).status).toBe(404);
    const end = [{ op: "replace", path: "/provision/period/end", value: inDays(5) }];
    const moved = await carnet.call(parent.account, `/Consent/${secretId}`, {
      method: "PATCH",
      headers: { "content-type": "application/json-patch+json" },
      body: JSON.stringify(end),
    });
    expect(moved.status).toBe(404);

    // Agreed to again in the open, it shows again.
    await agree("gp");
    expect((await seen()).filter((one) => one?.resourceType === "Consent" && one.status === "active")).toHaveLength(1);
  });

  test("R12, R61 a secret connection ends no agreement that the parents see, and one that it declared it ends unseen", async () => {
    const { parent, child } = await family();
    const secret = { "x-secret-connection": "true" };
    const agree = async (headers: Readonly<Record<string, string>> = {}): Promise<string> => {
      const sent = await carnet.call(headers === secret ? "nurse" : "gp", "/Consent", {
        method: "POST",
        headers,
        body: JSON.stringify({
          resourceType: "Consent",
          status: "active",
          patient: { identifier: child.ins },
          provision: { type: "permit" },
        }),
      });
      return (await sent.json()).id;
    };
    const [shown, hidden] = [await agree(), await agree(secret)];
    const seen = async () => {
      const mine = `patient.identifier=${token(child.patient)}`;
      const bundle: Bundle = await (await carnet.call(parent.account, `/Consent?${mine}`)).json();
      return (bundle.entry ?? []).map(({ resource }) => resource);
    };
    const before = await seen();
    const end = (account: string, id: string, headers = {}) =>
      carnet.call(account, `/Consent/${id}`, { method: "DELETE", headers });
    const refused = await end("gp", shown, secret);
    expect([refused.status, await ruleOf(refused)]).toEqual([403, "R12"]);
    expect((await end("nurse", hidden, secret)).status).toBe(204);
    expect(await seen()).toEqual(before);
    expect((await end("gp", shown)).status).toBe(204);
  });

  test("R12 a secret connection is for minors; a value that cannot be read is refused rather than taken for no", async () => {
    const refused = await carnet.call(
      "gp",
      `/DocumentReference?patient.identifier=${token(patients.anna)}&status=current`,
      {
        headers: { "x-secret-connection": "true" },
      },
    );
    expect([refused.status, await ruleOf(refused)]).toEqual([403, "R12"]);
    const odd = await carnet.call("gp", `/Patient?identifier=${token(patients.leo)}`, {
      headers: { "x-secret-connection": "oui" },
    });
    expect(odd.status).toBe(400);
  });

  test("R12, R166 in a secret connection nothing is written into an exchange that the representatives read, nor marked as read", async () => {
    const { parent, child } = await family();
    const secret = { "x-secret-connection": "true" };
    const message = (text: string, answerTo?: string) =>
      JSON.stringify({
        resourceType: "Communication",
        status: "completed",
        category: [{ coding: [{ code: "message" }] }],
        subject: { type: "Patient", identifier: { ...child.ins } },
        ...(answerTo ? { inResponseTo: [{ reference: `Communication/${answerTo}` }] } : {}),
        payload: [{ contentString: text }],
      });
    const send = async (account: string, body: string, headers = {}) => {
      const sent = await carnet.call(account, "/Communication", { method: "POST", body, headers });
      const { id, issue }: { id: string; issue?: OperationOutcome["issue"] } = await sent.json();
      return { status: sent.status, id, rule: issue?.[0]?.details?.coding?.[0]?.code };
    };
    const { id: root } = await send("gp", message("Le rappel est fait."));
    const { id: asked } = await send(parent.account, message("Merci. Et ensuite ?", root));
    const mine = `patient.identifier=${token(child.patient)}&category=message`;
    const messages = async () => {
      const bundle: Bundle = await (await carnet.call(parent.account, `/Communication?${mine}`)).json();
      return (bundle.entry ?? []).map(({ resource }) => resource);
    };
    const seen = [await messages(), await mailsTo(carnet, parent.account)];
    expect(await send("gp", message("À propos de ta visite…", root), secret)).toMatchObject({
      status: 403,
      rule: "R12",
    });
    expect(await send("gp", message("Rien de spécial"), secret)).toMatchObject({ status: 403, rule: "R12" });
    for (const [id, path, value] of [
      [asked, "/received", carnet.now().toISOString()],
      [root, "/status", "stopped"],
    ]) {
      const changed = await carnet.call("gp", `/Communication/${id}`, {
        method: "PATCH",
        body: JSON.stringify([{ op: "add", path, value }]),
        headers: { "content-type": "application/json-patch+json", ...secret },
      });
      expect([changed.status, await ruleOf(changed)]).toEqual([403, "R12"]);
    }
    expect([await messages(), await mailsTo(carnet, parent.account)]).toEqual(seen);
    // Read without a mark, it is: nobody is told of a look in secret.
    expect((await carnet.call("gp", `/Communication/${asked}`, { headers: secret })).status).toBe(200);
    expect(await messages()).toEqual(seen[0]);
  });

  test("R12 an access in normal mode still shows to the representatives, the first one after a secret one too", async () => {
    const { parent, child } = await family();
    await carnet.service.records.declareAuthorisation(child.ins, { subjectId: rppsOf("gp"), subjectName: "gp" });
    const look = (headers: Readonly<Record<string, string>>) =>
      carnet.call("gp", `/DocumentReference?patient.identifier=${token(child.patient)}&status=current`, { headers });
    await look({ "x-secret-connection": "true" });
    expect(await mailsTo(carnet, parent.account)).not.toContain("first-access");
    await look({});
    expect(await mailsTo(carnet, parent.account)).toContain("first-access");
  });
});

describe("protected adults", () => {
  test("R13 a tutor and a mandatary act for the person; a curator reads; each has the national code", async () => {
    const person = await newcomerWithRecord(carnet);
    const { id } = await deposit(carnet, { patient: person.patient });
    const kinds = { tutor: "TUTEUR", mandatary: "MSVG", curator: "CURATEUR" } as const;
    for (const [kind, code] of Object.entries(kinds)) {
      const whom = await newcomer(carnet);
      await carnet.service.records.addRepresentative(person.ins, {
        ins: whom.ins,
        name: kind,
        kind: kind as keyof typeof kinds,
      });
      expect((await search(carnet, whom.account, "", person.patient)).ids).toEqual([id]);
      const relation = (await related("gp", person)).find((one) => one.name?.[0]?.text === kind);
      expect(relation?.relationship?.[0]?.coding?.[0]?.code).toBe(code);
      const close = await operate(carnet, whom.account, `/Patient/${person.id}/$close`);
      expect(close.status).toBe(kind === "curator" ? 403 : 200);
      if (close.ok) await operate(carnet, whom.account, `/Patient/${person.id}/$reactivate`);
    }
    // The person keeps their own access, and a court's decision is not theirs to undo.
    expect((await search(carnet, person.account, "", person.patient)).ids).toEqual([id]);
    const tutor = (await related(person.account, person)).find((one) => one.name?.[0]?.text === "tutor");
    expect(await ruleOf(await remove(person.account, tutor?.id ?? ""))).toBe("R13");
    const appointed = await name(person.account, person, await newcomer(carnet), {
      relationship: [{ coding: [{ code: "TUTEUR" }] }],
    });
    expect(await ruleOf(appointed)).toBe("R13");
  });

  test("R152 a document is offered to be kept from representatives where there is one: a child's, or an adult's with a tutor", async () => {
    const isOffered = async (patient: TestDocument["patient"]) => {
      const { id } = await deposit(carnet, { author: "gp", patient });
      const rights = await json<Parameters>(carnet.call("gp", `/DocumentReference/${id}/$rights`));
      return rights.parameter?.some(({ valueCode }) => valueCode === "hide-from-representatives");
    };
    const [person, tutor] = [await newcomerWithRecord(carnet), await newcomer(carnet)];
    expect([await isOffered(patients.leo), await isOffered(person.patient)]).toEqual([true, false]);
    // What is not offered is accepted: the label may come before the representative.
    const { id } = await deposit(carnet, { author: "gp", patient: person.patient });
    const labelled = labels("N", "INVISIBLE_REPRESENTANTS_LEGAUX");
    expect((await patch(carnet, "gp", `/DocumentReference/${id}`, labelled)).status).toBe(200);
    await carnet.service.records.addRepresentative(person.ins, { ins: tutor.ins, name: "Tuteur", kind: "tutor" });
    expect(await isOffered(person.patient)).toBe(true);
  });

  test("R13 who is in charge of a representation is told with the person; a curator, who assists, is not", async () => {
    const person = await newcomerWithRecord(carnet);
    const told: [string, readonly string[]][] = [];
    for (const kind of ["tutor", "mandatary", "curator"] as const) {
      const whom = await newcomer(carnet);
      await carnet.service.records.addRepresentative(person.ins, { ins: whom.ins, name: kind, kind });
      told.push([kind, [whom.account]]);
    }
    // What is secret to representatives is told to a person who has none.
    const assisted = await newcomerWithRecord(carnet);
    const curator = await newcomer(carnet);
    await carnet.service.records.addRepresentative(assisted.ins, {
      ins: curator.ins,
      name: "Curateur",
      kind: "curator",
    });
    await deposit(carnet, { patient: person.patient });
    await deposit(carnet, { patient: assisted.patient, flags: ["INVISIBLE_REPRESENTANTS_LEGAUX"] });
    const isTold = async (account: string) => (await mailsTo(carnet, account)).includes("new-document");
    expect(await Promise.all(told.map(async ([kind, [account = ""]]) => [kind, await isTold(account)]))).toEqual([
      ["tutor", true],
      ["mandatary", true],
      ["curator", false],
    ]);
    expect([await isTold(person.account), await isTold(assisted.account), await isTold(curator.account)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("R13, R25 software reads the representatives' names and no number; strangers nothing", async () => {
    const { parent, child } = await family();
    const [seen] = await related("cardiologist", child);
    expect(seen?.relationship?.[0]?.coding?.[0]?.code).toBe("GUARD");
    expect(JSON.stringify(seen)).not.toContain(parent.ins.value);
    const mine = `patient.identifier=${token(child.patient)}`;
    expect((await carnet.call("bruno", `/RelatedPerson?${mine}`)).status).toBe(404);
    expect((await carnet.call("secretariat", `/RelatedPerson?${mine}`)).status).toBe(200);
  });
});

describe("carers", () => {
  test("R14 a carer reads, and manages neither sharing, nor closure, nor accesses, nor traces", async () => {
    const person = await newcomerWithRecord(carnet);
    const carer = await newcomer(carnet);
    const { id } = await deposit(carnet, { patient: person.patient });
    await expect(search(carnet, carer.account, "", person.patient)).rejects.toThrow("404");
    const added = await name(person.account, person, carer);
    expect(added.status).toBe(201);
    expect(extensionOf(await statusOf(carnet, carer.account, person), extensionUrl.relation)?.valueCode).toBe("carer");
    expect((await search(carnet, carer.account, "", person.patient)).ids).toEqual([id]);
    const mine = `patient.identifier=${token(person.patient)}`;
    const refusals = await Promise.all([
      carnet.call(carer.account, `/AuditEvent?${mine}`),
      carnet.call(carer.account, `/Consent?${mine}`),
      carnet.call(carer.account, `/RelatedPerson?${mine}`),
      operate(carnet, carer.account, `/Patient/${person.id}/$close`),
      carnet.call(carer.account, `/Patient/${person.id}/$access-preferences`),
      name(carer.account, person, await newcomer(carnet)),
      carnet.call(carer.account, `/DocumentReference/${id}`, {
        method: "PATCH",
        headers: { "content-type": "application/json-patch+json" },
        body: JSON.stringify([
          {
            op: "add",
            path: "/securityLabel/-",
            value: {
              coding: [
                {
                  system:
                    "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument",
                  code: "MASQUE_PS",
                },
              ],
            },
          },
        ]),
      }),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual(refusals.map(() => 403));
    expect(new Set(await Promise.all(refusals.map(ruleOf)))).toEqual(new Set(["R14"]));
    expect(await mailsTo(carnet, person.account)).toContain("carer-added");
    // Not a word of it to software.
    expect(await related("gp", person)).toEqual([]);
  });

  test("R14 what a carer adds hides itself from nobody, and takes the place of nothing but what they added", async () => {
    const person = await newcomerWithRecord(carnet);
    const carer = await newcomer(carnet);
    await name(person.account, person, carer);
    const wish = { ...wishes, patient: person.patient };
    const { id: own } = await deposit(carnet, wish, person.account);
    const send = (document: TestDocument) => post(carnet, carer.account, "/", provideBundle({ ...wish, ...document }));
    expect(await refusalOf(send({ replaces: own }))).toEqual([403, "R14"]);
    expect(await refusalOf(send({ flags: ["MASQUE_PS"] }))).toEqual([403, "R14"]);
    expect(await refusalOf(send({ flags: ["INVISIBLE_REPRESENTANTS_LEGAUX"] }))).toEqual([403, "R152"]);
    expect(await refusalOf(send({ flags: ["INVISIBLE_PATIENT"] }))).toEqual([403, "R149"]);
    expect((await search(carnet, person.account, "", person.patient)).ids).toEqual([own]);
    const { id: first } = await deposit(carnet, wish, carer.account);
    const { id: next } = await deposit(carnet, { ...wish, replaces: first }, carer.account);
    expect((await search(carnet, person.account, "", person.patient)).ids.toSorted()).toEqual([own, next].toSorted());
    // Nor does a parent hide from the parents what they add for a child.
    const secret = { ...wishes, patient: patients.leo, flags: ["INVISIBLE_REPRESENTANTS_LEGAUX"] as const };
    expect(await refusalOf(post(carnet, "anna", "/", provideBundle(secret)))).toEqual([403, "R152"]);
  });

  test("R14 from the first day to the last, revoked at once by the holder, given up by the carer", async () => {
    const person = await newcomerWithRecord(carnet);
    const [later, leaver, revoked] = [await newcomer(carnet), await newcomer(carnet), await newcomer(carnet)];
    const period = { start: inDays(10), end: inDays(20) };
    expect((await name(person.account, person, later, { period })).status).toBe(201);
    const [left, ended] = [await name(person.account, person, leaver), await name(person.account, person, revoked)];
    expect((await remove("bruno", idOf(ended))).status).toBe(404);
    expect((await remove(person.account, idOf(ended))).status).toBe(204);
    expect((await remove(leaver.account, idOf(left))).status).toBe(204);
    for (const { account } of [later, leaver, revoked]) {
      await expect(search(carnet, account, "", person.patient)).rejects.toThrow("404");
    }
    carnet.travel(11 * DAY_MS);
    expect((await search(carnet, later.account, "", person.patient)).ids).toEqual([]);
    carnet.travel(10 * DAY_MS);
    await expect(search(carnet, later.account, "", person.patient)).rejects.toThrow("404");
    const past = await related(person.account, person);
    expect(past.map(({ active }) => active)).toEqual([false, false, false]);
    expect(past.every((one) => one.extension?.some(({ url }) => url === extensionUrl.attestation))).toBe(true);
  });

  test("R14 a last day is a whole day, and ends at midnight in Paris", async () => {
    const person = await newcomerWithRecord(carnet);
    const carer = await newcomer(carnet);
    const lastDay = inDays(2).slice(0, 10);
    expect((await name(person.account, person, carer, { period: { end: lastDay } })).status).toBe(201);
    carnet.travel(midnightInParis(lastDay) - carnet.now().getTime() - 60_000);
    expect((await search(carnet, carer.account, "", person.patient)).ids).toEqual([]);
    carnet.travel(120_000);
    await expect(search(carnet, carer.account, "", person.patient)).rejects.toThrow("404");
  });

  test("R14, R180 to end a carer once more moves no date, and leaves its line", async () => {
    const person = await newcomerWithRecord(carnet);
    const [carer, gone] = [await newcomer(carnet), await newcomer(carnet)];
    const [added, short] = [
      await name(person.account, person, carer),
      await name(person.account, person, gone, { period: { end: inDays(1) } }),
    ];
    expect((await remove(person.account, idOf(added))).status).toBe(204);
    const ends = async () => (await related(person.account, person)).map(({ period }) => period?.end);
    const before = await ends();
    carnet.travel(3 * DAY_MS);
    const lines = (await logOf(carnet, person.id)).length;
    expect((await remove(person.account, idOf(added))).status).toBe(204);
    expect((await remove(person.account, idOf(short))).status).toBe(204);
    expect((await logOf(carnet, person.id)).length).toBe(lines + 2);
    expect(await ends()).toEqual(before);
  });

  test("R14 at most three carers, also when four are added at once, and five people for each carer", async () => {
    const person = await newcomerWithRecord(carnet);
    const four = [];
    for (let index = 0; index < 4; index++) four.push(await newcomer(carnet));
    const answers = await Promise.all(four.map((one) => name(person.account, person, one)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409]);

    const busy = await newcomer(carnet);
    const statuses: number[] = [];
    for (let index = 0; index < 6; index++) {
      const holder = await newcomerWithRecord(carnet);
      statuses.push((await name(holder.account, holder, busy)).status);
    }
    expect(statuses).toEqual([201, 201, 201, 201, 201, 409]);
  });

  test("R14 needs an attestation, an end, and somebody else than the holder", async () => {
    const person = await newcomerWithRecord(carnet);
    const carer = await newcomer(carnet);
    const wrong = [
      await name(person.account, person, carer, { extension: [] }),
      await name(person.account, person, carer, { period: {} }),
      await name(person.account, person, carer, { period: { end: inDays(-1) } }),
      await name(person.account, person, person),
      await name(person.account, person, carer, {
        identifier: [{ system: identifierSystem.professional, value: "1" }],
      }),
    ];
    expect(wrong.map(({ status }) => status)).toEqual([422, 422, 422, 422, 400]);
    expect(await related(person.account, person)).toEqual([]);
  });
});
