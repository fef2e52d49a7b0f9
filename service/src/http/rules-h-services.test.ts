/** Section H, services: messages (R166), agenda (R167), applications of the catalogue (R168). */

import { randomUUID } from "node:crypto";
import type {
  Appointment,
  Bundle,
  Communication,
  Consent,
  HealthcareService,
  OperationOutcome,
} from "@carnet/sdk/fhir";
import { identifierSystem } from "@carnet/sdk/fhir";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deposit, pdf, provideBundle, search, token } from "../testing/documents.ts";
import { patients, rppsOf, type TestPatient } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
  await carnet.service.applications.reference({
    id: "agenda-plus",
    name: "Agenda Plus",
    publisher: "Éditeur d'essai",
    description: { fr: "Prend vos rendez-vous.", en: "Books your appointments." },
    purposes: ["agenda", "read-documents"],
  });
});
afterAll(() => carnet.close());

const { anna, bruno, leo } = patients;
const DAY_MS = 86_400_000;
const json = async <T>(response: Response): Promise<T> => response.json();
const ruleOf = async (response: Response) =>
  (await json<OperationOutcome>(response)).issue[0]?.details?.coding?.[0]?.code;
const refused = async (response: Response) => [response.status, await ruleOf(response)];
const post = (account: string, path: string, body: unknown) =>
  carnet.call(account, path, { method: "POST", body: JSON.stringify(body) });
const patch = (account: string, path: string, value: unknown) =>
  carnet.call(account, path, {
    method: "PATCH",
    headers: { "content-type": "application/json-patch+json" },
    body: JSON.stringify(value),
  });
const patientOf = ({ ins }: TestPatient) => ({ type: "Patient", identifier: { ...ins } });

const message = (text: string, more: Partial<Communication> = {}, of: TestPatient = anna) => ({
  resourceType: "Communication",
  status: "completed",
  category: [{ coding: [{ code: "message" }] }],
  subject: patientOf(of),
  payload: [{ contentString: text }],
  ...more,
});
const to = (account: string) => ({
  recipient: [{ type: "Practitioner", identifier: { system: identifierSystem.professional, value: rppsOf(account) } }],
});
const answer = (root: Communication) => ({ inResponseTo: [{ reference: `Communication/${root.id}` }] });
const send = async (account: string, body: unknown): Promise<Communication> => {
  const response = await post(account, "/Communication", body);
  expect(response.status, await response.clone().text()).toBe(201);
  return response.json();
};
const messages = async (account: string, of: TestPatient = anna): Promise<Communication[]> => {
  const response = await carnet.call(account, `/Communication?patient.identifier=${token(of)}&category=message`);
  expect(response.status).toBe(200);
  return ((await json<Bundle<Communication>>(response)).entry ?? []).flatMap((entry) => entry.resource ?? []);
};
const textsOf = (found: readonly Communication[]) =>
  found.flatMap((one) => one.payload ?? []).flatMap((part) => part.contentString ?? []);

describe("messages", () => {
  test("R166 the professional writes first, the patient answers, each reads when the other has read", async () => {
    const root = await send("cardiologist", message("Bonjour, comment allez-vous ?", { topic: { text: "Suivi" } }));
    expect(root).toMatchObject({
      status: "in-progress",
      topic: { text: "Suivi" },
      sender: { display: "Dr cardiologist" },
    });
    await send("anna", message("Mieux, merci.", answer(root)));
    expect(textsOf(await messages("anna"))).toEqual(["Mieux, merci.", "Bonjour, comment allez-vous ?"]);
    expect(textsOf(await messages("cardiologist"))).toEqual(["Mieux, merci.", "Bonjour, comment allez-vous ?"]);
    const received = [{ op: "add", path: "/received", value: "2026-01-01T00:00:00Z" }];
    expect((await patch("cardiologist", `/Communication/${root.id}`, received)).status).toBe(403);
    expect((await patch("anna", `/Communication/${root.id}`, received)).status).toBe(200);
    const read = (await messages("cardiologist")).find((one) => one.id === root.id);
    expect(Date.parse(read?.received ?? "")).toBeGreaterThan(carnet.now().getTime() - DAY_MS);
  });

  test("R166 a message sent again under its number is there once, however often and concurrently", async () => {
    const numbered = (text: string, more: Partial<Communication> = {}) =>
      message(text, { identifier: [{ system: identifierSystem.uri, value: `urn:uuid:${randomUUID()}` }], ...more });
    const first = numbered("Une fois", { topic: { text: "Suivi" } });
    const answers = await Promise.all([1, 2, 3, 4].map(() => post("cardiologist", "/Communication", first)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    const [root, ...others] = await Promise.all(answers.map((one) => json<Communication>(one)));
    if (!root) throw new Error("no message");
    expect(others).toEqual([root, root, root]);
    expect(root.identifier).toEqual(first.identifier);
    expect(textsOf(await messages("anna")).filter((text) => text === "Une fois")).toHaveLength(1);
    expect(
      (await post("cardiologist", "/Communication", { ...first, payload: [{ contentString: "Autre" }] })).status,
    ).toBe(409);
    // An answer too, and when the exchange was ended meanwhile: it had been sent before.
    const reply = numbered("Merci", { ...answer(root), identifier: first.identifier ?? [] });
    const sent = await send("anna", reply);
    await patch("cardiologist", `/Communication/${root.id}`, [{ op: "replace", path: "/status", value: "stopped" }]);
    const again = await post("anna", "/Communication", reply);
    expect([again.status, (await json<Communication>(again)).id]).toEqual([200, sent.id]);
    expect(textsOf(await messages("anna")).filter((text) => text === "Merci")).toHaveLength(1);
  });

  test("R166 nobody else learns that there is a message: not the referring doctor, a colleague, a stranger", async () => {
    const root = await send("cardiologist", message("Pour Anna seule"));
    for (const account of ["gp", "colleague", "nurse"]) {
      expect(textsOf(await messages(account))).not.toContain("Pour Anna seule");
      const absent = `${root.id?.slice(0, 32)}${"0".repeat(32)}`;
      const [hidden, missing] = [
        await carnet.call(account, `/Communication/${root.id}`),
        await carnet.call(account, `/Communication/${absent}`),
      ];
      expect(hidden.status).toBe(404);
      expect(await hidden.text()).toBe(await missing.text());
      expect((await post(account, "/Communication", message("Moi aussi", answer(root)))).status).toBe(404);
    }
    expect((await carnet.call("bruno", `/Communication/${root.id}`)).status).toBe(404);
    expect(await refused(await carnet.call("secretariat", `/Communication?patient.identifier=${token(anna)}`))).toEqual(
      [403, "R79"],
    );
  });

  test("R59 whom the patient blocked no longer writes in an exchange that is open, and still reads it", async () => {
    const root = await send("colleague", message("Avant le blocage"));
    const block = {
      resourceType: "Consent",
      status: "active",
      scope: { coding: [{ code: "patient-privacy" }] },
      category: [{ coding: [{ code: "59284-0" }] }],
      patient: patientOf(anna),
      provision: {
        type: "deny",
        actor: [
          {
            role: { coding: [{ code: "IRCP" }] },
            reference: {
              type: "Practitioner",
              identifier: { system: identifierSystem.professional, value: rppsOf("colleague") },
            },
          },
        ],
      },
    };
    const blocked = await json<Consent>(await post("anna", "/Consent", block));
    expect(await refused(await post("colleague", "/Communication", message("Après", answer(root))))).toEqual([
      403,
      "R59",
    ]);
    expect(textsOf(await messages("colleague"))).toEqual(["Avant le blocage"]);
    await send("anna", message("Je vous ai bloqué.", answer(root)));
    await carnet.call("anna", `/Consent/${blocked.id}`, { method: "DELETE" });
    await send("colleague", message("À nouveau", answer(root)));
  });

  test("R166 the patient writes first to a pharmacist they have been to, and to nobody else", async () => {
    expect(await refused(await post("anna", "/Communication", message("Bonjour", to("pharmacist"))))).toEqual([
      403,
      "R166",
    ]);
    expect(await refused(await post("anna", "/Communication", message("Bonjour", to("gp"))))).toEqual([403, "R166"]);
    expect(await refused(await post("anna", "/Communication", message("Bonjour")))).toEqual([403, "R166"]);
    await deposit(carnet, { author: "pharmacist", typeCode: "60593-1", classCode: "43" });
    const root = await send("anna", message("Avez-vous reçu mon traitement ?", to("pharmacist")));
    expect(textsOf(await messages("pharmacist"))).toEqual(["Avez-vous reçu mon traitement ?"]);
    await send("pharmacist", message("Oui, passez demain.", answer(root)));
  });

  test("R166 the professional ends the exchange: then nobody writes in it, and it stays readable", async () => {
    const root = await send("nurse", message("Je passe lundi."));
    const stop = [{ op: "replace", path: "/status", value: "stopped" }];
    expect((await patch("anna", `/Communication/${root.id}`, stop)).status).toBe(403);
    expect((await json<Communication>(await patch("nurse", `/Communication/${root.id}`, stop))).status).toBe("stopped");
    for (const account of ["anna", "nurse"])
      expect(await refused(await post(account, "/Communication", message("Encore", answer(root))))).toEqual([
        403,
        "R166",
      ]);
    expect(textsOf(await messages("anna"))).toContain("Je passe lundi.");
  });

  test("R166 attachments: sealed, of the format they say, 5 MB and five at most", async () => {
    const file = pdf("pièce jointe lisible");
    const attached = (data: Uint8Array, contentType = "application/pdf") => ({
      contentAttachment: { contentType, data: Buffer.from(data).toString("base64"), title: "Compte rendu" },
    });
    const root = await send(
      "cardiologist",
      message("Voici", { payload: [{ contentString: "Voici" }, attached(file)] as Communication["payload"] }),
    );
    const { contentAttachment } = root.payload?.[1] ?? {};
    expect(contentAttachment).toMatchObject({
      title: "Compte rendu",
      size: file.length,
      contentType: "application/pdf",
    });
    const path = contentAttachment?.url?.replace(carnet.base, "") ?? "";
    const read = await carnet.call("anna", path);
    expect(Buffer.from(await read.arrayBuffer()).equals(Buffer.from(file))).toBe(true);
    expect(read.headers.get("content-security-policy")).toContain("sandbox");
    expect((await carnet.call("gp", path)).status).toBe(404);
    const rejected = async (...parts: unknown[]) =>
      (await post("cardiologist", "/Communication", { ...message("x"), payload: parts })).status;
    expect(await rejected(attached(file, "image/png"))).toBe(422);
    expect(await rejected(attached(file, "text/html"))).toBe(422);
    expect(await rejected(attached(new Uint8Array([0x25, 0x50, 0x44, 0x46, ...new Uint8Array(5 * 1024 * 1024)])))).toBe(
      422,
    );
    expect(await rejected(...Array.from({ length: 6 }, () => attached(file)))).toBe(422);
    expect(await rejected()).toBe(422);
    // At rest nothing of it can be read.
    const { rows } = await sql<{ sealed: Buffer }>`select sealed from message`.execute(carnet.service.store.database);
    expect(rows.every(({ sealed }) => !sealed.toString("latin1").includes("Voici"))).toBe(true);
  });

  test("R78, R9 for a minor, who does not sign in, the representative reads and answers", async () => {
    const root = await send("gp", message("Le rappel de vaccin approche.", {}, leo));
    expect(textsOf(await messages("anna", leo))).toEqual(["Le rappel de vaccin approche."]);
    const reply = await send("anna", message("Nous viendrons.", answer(root), leo));
    expect(reply.sender).toEqual({ type: "RelatedPerson", display: "ANNA FICTIVE" });
    expect(await refused(await carnet.call("leo", `/Communication?patient.identifier=${token(leo)}`))).toEqual([
      403,
      "R9",
    ]);
  });

  test("R59 whom the patient blocked does not write", async () => {
    expect(await refused(await post("blocked", "/Communication", message("Bonjour")))).toEqual([403, "R59"]);
  });

  test("R166 the other side is told by mail, without a word of the message", async () => {
    await send("colleague", message("Texte très personnel", { topic: { text: "Sujet personnel" } }));
    await carnet.service.sendNotices();
    const { rows } = await sql<{ subject: string; body: string }>`
      select subject, body from mail where kind = 'message' and recipient = 'anna@mail.example'`.execute(
      carnet.service.store.database,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/personnel/);
    expect(rows.some((row) => row.body.includes("Dr colleague"))).toBe(true);
  });
});

describe("agenda", () => {
  const appointment = (start: Date, more: Record<string, unknown> = {}) => ({
    resourceType: "Appointment",
    status: "booked",
    start: start.toISOString(),
    description: "Contrôle annuel",
    participant: [{ actor: patientOf(anna), status: "accepted" }],
    ...more,
  });
  const remind = (at: Date) => ({
    extension: [{ url: "https://carnet.example/fhir/StructureDefinition/remind-at", valueInstant: at.toISOString() }],
  });
  const list = async (query = ""): Promise<Appointment[]> => {
    const response = await carnet.call("anna", `/Appointment?patient.identifier=${token(anna)}${query}`);
    return ((await json<Bundle<Appointment>>(response)).entry ?? []).flatMap((entry) => entry.resource ?? []);
  };
  const inDays = (days: number) => new Date(carnet.now().getTime() + days * DAY_MS);

  test("R167 the patient writes, changes and removes an appointment; professionals do not see the agenda", async () => {
    const created = await json<Appointment>(await post("anna", "/Appointment", appointment(inDays(20))));
    expect((await list()).map((one) => one.id)).toContain(created.id);
    const changed = await carnet.call("anna", `/Appointment/${created.id}`, {
      method: "PUT",
      body: JSON.stringify(appointment(inDays(21), { description: "Contrôle déplacé" })),
    });
    expect(await json(changed)).toMatchObject({ description: "Contrôle déplacé", meta: { versionId: "2" } });
    expect(await list(`&date=ge${inDays(20.5).toISOString().slice(0, 10)}`)).toHaveLength(1);
    for (const account of ["gp", "nurse"]) {
      expect(await refused(await carnet.call(account, `/Appointment?patient.identifier=${token(anna)}`))).toEqual([
        403,
        "R170",
      ]);
      expect(await refused(await carnet.call(account, `/Appointment/${created.id}`))).toEqual([403, "R170"]);
    }
    expect((await carnet.call("bruno", `/Appointment/${created.id}`)).status).toBe(404);
    expect((await carnet.call("anna", `/Appointment/${created.id}`, { method: "DELETE" })).status).toBe(204);
    expect(await list()).toEqual([]);
  });

  test("R167 a reminder comes at its time, once, and says nothing of what it is about", async () => {
    await post("anna", "/Appointment", appointment(inDays(2), remind(inDays(1))));
    const mails = async () => {
      await carnet.service.runJobs();
      await carnet.service.sendNotices();
      const { rows } = await sql<{ body: string }>`select body from mail where kind = 'appointment'`.execute(
        carnet.service.store.database,
      );
      return rows.map((row) => row.body);
    };
    expect(await mails()).toEqual([]);
    carnet.travel(1.5 * DAY_MS);
    expect(await mails()).toHaveLength(1);
    const [body] = await mails();
    expect(await mails()).toHaveLength(1);
    expect(body).not.toContain("Contrôle");
  });

  test("R167 a reminder that comes too late is none: the appointment is over, or the record closed", async () => {
    const mailed = async () => {
      await carnet.service.runJobs();
      await carnet.service.sendNotices();
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from mail where kind = 'appointment'`.execute(carnet.service.store.database);
      return rows[0]?.count ?? 0;
    };
    const before = await mailed();
    await post("anna", "/Appointment", appointment(inDays(2), remind(inDays(1))));
    await post("anna", "/Appointment", appointment(inDays(12), remind(inDays(1))));
    // The job stood still for a week.
    carnet.travel(7 * DAY_MS);
    expect(await mailed()).toBe(before + 1);

    await post("anna", "/Appointment", appointment(inDays(5), remind(inDays(1))));
    const record = (await json<Bundle>(await carnet.call("anna", `/Patient?identifier=${token(anna)}`))).entry?.[0];
    await carnet.call("anna", `/Patient/${record?.resource?.id}/$close`, { method: "POST" });
    carnet.travel(2 * DAY_MS);
    expect(await mailed()).toBe(before + 1);
    await carnet.call("anna", `/Patient/${record?.resource?.id}/$reactivate`, { method: "POST" });
    expect(await mailed()).toBe(before + 2);
  });

  test("R167 at most ten reminders in a day", async () => {
    const at = new Date(Math.ceil(inDays(30).getTime() / DAY_MS) * DAY_MS + DAY_MS / 2);
    const statuses: number[] = [];
    for (let count = 0; count < 11; count++)
      statuses.push((await post("anna", "/Appointment", appointment(at, remind(at)))).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 201), 422]);
    expect(await refused(await post("anna", "/Appointment", appointment(at, remind(at))))).toEqual([422, "R167"]);
    const nextDay = new Date(at.getTime() + DAY_MS);
    expect((await post("anna", "/Appointment", appointment(nextDay, remind(nextDay)))).status).toBe(201);
  });

  test("R167, R186 an appointment and a report sent again under their numbers are there once", async () => {
    const identifier = [{ system: identifierSystem.uri, value: `urn:uuid:${randomUUID()}` }];
    const report = {
      ...message("Je ne connais pas cette application."),
      category: [{ coding: [{ code: "report" }] }],
      about: [{ reference: "HealthcareService/agenda-plus" }],
      identifier,
    };
    for (const [path, body] of [
      ["/Communication", report],
      ["/Appointment", appointment(inDays(30), { identifier })],
    ] as const) {
      const answers = await Promise.all([1, 2, 3].map(() => post("anna", path, body)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
      const [first, ...others] = await Promise.all(answers.map((one) => json<Communication | Appointment>(one)));
      expect(others).toEqual([first, first]);
      expect(first?.identifier).toEqual(identifier);
    }
  });

  test("R166, R167 a condition on the number of what is made is what the record does anyway; any other is refused, not passed over", async () => {
    const value = `urn:uuid:${randomUUID()}`;
    const identifier = [{ system: identifierSystem.uri, value }];
    const conditional = (path: string, body: object, condition: string) =>
      carnet.call("anna", path, {
        method: "POST",
        headers: { "if-none-exist": condition },
        body: JSON.stringify(body),
      });
    for (const [path, body] of [
      [
        "/Communication",
        message("Je ne connais pas cette application.", {
          about: [{ reference: "HealthcareService/agenda-plus" }],
          category: [{ coding: [{ code: "report" }] }],
          identifier,
        }),
      ],
      ["/Appointment", appointment(inDays(34), { identifier })],
      ["/List", { resourceType: "List", title: "Dos", identifier }],
      ["/Consent", { resourceType: "Consent" }],
    ] as const) {
      for (const condition of ["subject=1", "identifier=urn:uuid:other", `identifier=${value}&status=booked`]) {
        const answer = await conditional(path, body, condition);
        expect([answer.status, await answer.text()], path).toEqual([422, expect.stringContaining("If-None-Exist")]);
      }
      if (path === "/List" || path === "/Consent") continue;
      const own = () => conditional(path, body, `identifier=${identifierSystem.uri}|${value}`);
      expect([(await own()).status, (await own()).status], path).toEqual([201, 200]);
    }
  });

  test("R167 the number of an appointment stands for no other one: what was corrected before it was sent again is refused, not lost in silence", async () => {
    const identifier = [{ system: identifierSystem.uri, value: `urn:uuid:${randomUUID()}` }];
    const wanted = appointment(inDays(31), { identifier });
    const made = await json<Appointment>(await post("anna", "/Appointment", wanted));
    for (const other of [
      appointment(inDays(32), { identifier }),
      { ...wanted, description: "Ophtalmologue" },
      { ...wanted, status: "cancelled" },
      { ...wanted, ...remind(inDays(31)) },
    ]) {
      const response = await post("anna", "/Appointment", other);
      expect(response.status).toBe(409);
      const outcome = await json<OperationOutcome>(response);
      expect(outcome.issue[0]?.expression).toEqual(["Appointment.identifier"]);
    }
    const moved = { ...wanted, start: inDays(33).toISOString() };
    const put = { method: "PUT", body: JSON.stringify(moved) };
    expect((await carnet.call("anna", `/Appointment/${made.id}`, put)).status).toBe(200);
    // It was changed meanwhile: nobody knows any more what the number stood for, and it is told as it stands.
    expect(await json<Appointment>(await post("anna", "/Appointment", wanted))).toMatchObject({
      id: made.id,
      start: moved.start,
    });
  });

  test("R167 recommended examinations follow age and sex", async () => {
    const recommended = async (account: string, of: TestPatient) => {
      const response = await carnet.call(account, `/Appointment/$recommended?patient.identifier=${token(of)}`);
      const bundle = await json<Bundle<Appointment>>(response);
      return (bundle.entry ?? []).map((entry) => entry.resource?.reasonCode?.[0]?.coding?.[0]?.code);
    };
    expect(await recommended("anna", anna)).toEqual(["cervical-screening"]);
    expect(await recommended("bruno", bruno)).toEqual(["prevention-check-up"]);
    expect(await recommended("anna", leo)).toEqual([]);
  });
});

describe("applications of the catalogue", () => {
  const tokens = new Map<string, string>();
  /** A call through an application, as whoever signed in there. */
  const through = async (application: string, path: string, init: RequestInit = {}) => {
    const origin = carnet.base.replace("/fhir", "");
    const known = tokens.get(application);
    const response = known
      ? undefined
      : await fetch(`${origin}/oidc/demo-token`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ account: "bruno", application }),
        });
    const bearer = known ?? (await json<{ access_token: string }>(response as Response)).access_token;
    tokens.set(application, bearer);
    const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/fhir+json" };
    return fetch(`${carnet.base}${path}`, { ...init, headers });
  };
  const consent = (purposes: readonly string[], id = "agenda-plus") => ({
    resourceType: "Consent",
    status: "active",
    patient: patientOf(bruno),
    provision: {
      type: "permit",
      actor: [
        {
          reference: {
            type: "Device",
            identifier: { system: "https://carnet.example/fhir/identifier/application", value: id },
          },
        },
      ],
      purpose: purposes.map((code) => ({ system: "https://carnet.example/fhir/CodeSystem/application-purpose", code })),
    },
  });
  const documents = `/DocumentReference?patient.identifier=${token(bruno)}&status=current`;
  const agenda = `/Appointment?patient.identifier=${token(bruno)}`;

  test("R168 the catalogue holds what the operator referenced, with what each asks for", async () => {
    const response = await carnet.call("bruno", "/HealthcareService", { headers: { "accept-language": "en" } });
    const bundle = await json<Bundle<HealthcareService>>(response);
    expect(bundle.entry?.[0]?.resource).toMatchObject({
      id: "agenda-plus",
      name: "Agenda Plus",
      comment: "Books your appointments.",
      program: [{ coding: [{ code: "agenda" }, { code: "read-documents" }] }],
    });
  });

  test("R168 without consent an application does nothing; with it, only what it was given for; withdrawn, nothing at once", async () => {
    expect(await refused(await through("agenda-plus", documents))).toEqual([403, "R168"]);
    const given = await json<Consent>(await post("bruno", "/Consent", consent(["agenda"])));
    expect(given).toMatchObject({ status: "active", provision: { purpose: [{ code: "agenda" }] } });
    expect((await through("agenda-plus", agenda)).status).toBe(200);
    expect(await refused(await through("agenda-plus", documents))).toEqual([403, "R168"]);
    await post("bruno", "/Consent", consent(["agenda", "read-documents"]));
    expect((await through("agenda-plus", documents)).status).toBe(200);
    const active = await json<Bundle<Consent>>(
      await carnet.call("bruno", `/Consent?patient.identifier=${token(bruno)}&status=active`),
    );
    const [current] = (active.entry ?? []).flatMap((entry) => entry.resource ?? []);
    expect((await carnet.call("bruno", `/Consent/${current?.id}`, { method: "DELETE" })).status).toBe(204);
    for (const path of [documents, agenda])
      expect(await refused(await through("agenda-plus", path))).toEqual([403, "R168"]);
  });

  test("R168 an application changes no consent, no document, no notice, and reads no message or log", async () => {
    const { id } = await deposit(carnet, { patient: bruno });
    await post("bruno", "/Consent", consent(["agenda", "read-documents"]));
    const asked = [
      [`/Communication?patient.identifier=${token(bruno)}`, "GET"],
      [`/AuditEvent?patient.identifier=${token(bruno)}`, "GET"],
      [`/AuditEvent/$download?patient.identifier=${token(bruno)}`, "GET"],
      [`/Consent?patient.identifier=${token(bruno)}`, "GET"],
      [`/Patient/$notice-preferences?identifier=${token(bruno)}`, "GET"],
    ] as const;
    for (const [path, method] of asked)
      expect(await refused(await through("agenda-plus", path, { method })), path).toEqual([403, "R168"]);
    const declared = await through("agenda-plus", "/Consent", {
      method: "POST",
      body: JSON.stringify(consent(["agenda"])),
    });
    expect(await refused(declared)).toEqual([403, "R168"]);
    const hidden = await through("agenda-plus", `/DocumentReference/${id}`, {
      method: "PATCH",
      body: JSON.stringify({ resourceType: "Parameters", parameter: [] }),
    });
    expect([400, 403, 405, 415, 422]).toContain(hidden.status);
    const added = await through("agenda-plus", "/", {
      method: "POST",
      body: JSON.stringify(provideBundle({ patient: bruno, author: "bruno", typeCode: "DOCPAT01", classCode: "11" })),
    });
    expect(added.status).toBe(403);
  });

  test("R168 an application out of the catalogue, or never in it, is refused whatever was consented to", async () => {
    await carnet.service.applications.reference({
      id: "short-lived",
      name: "Éphémère",
      publisher: "Éditeur d'essai",
      description: { fr: "Essai.", en: "Trial." },
      purposes: ["agenda"],
    });
    await post("bruno", "/Consent", consent(["agenda"], "short-lived"));
    expect((await through("short-lived", agenda)).status).toBe(200);
    await carnet.service.applications.dereference("short-lived");
    expect(await refused(await through("short-lived", agenda))).toEqual([403, "R168"]);
    expect(await refused(await through("unheard-of", agenda))).toEqual([403, "R168"]);
    expect((await post("bruno", "/Consent", consent(["agenda"], "short-lived"))).status).toBe(422);
    expect((await post("bruno", "/Consent", consent(["add-documents"]))).status).toBe(422);
  });

  test("R168, R183 the log names the application, and professionals do not see such consents", async () => {
    await post("bruno", "/Consent", consent(["agenda"]));
    await through("agenda-plus", agenda);
    const log = await (
      await carnet.call("bruno", `/AuditEvent?patient.identifier=${token(bruno)}&agent-role=service`)
    ).text();
    expect(log).toContain("Agenda Plus");
    const seen = await (await carnet.call("gp", `/Consent?patient.identifier=${token(bruno)}`)).text();
    expect(seen).not.toContain("agenda-plus");
    expect((await search(carnet, "bruno", "", bruno)).ids.length).toBeGreaterThan(0);
  });
});
