/** Deposits that must not mix people, unmask, lose a content or tell of what is hidden. R40, R102, R114 to R117, R142, R152. */
import type { Bundle, DocumentReference, List, OperationOutcome, Patient } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startClamdDouble } from "../content-safety/testing/clamd-double.ts";
import type { SharedCommits } from "../store/shared-commits.ts";
import { deposit, documentReference, newUniqueId, pdf, provideBundle, search, token } from "../testing/documents.ts";
import { patients, type TestPatient } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const { anna, bruno, leo } = patients;
const post = (account: string, body: unknown, path = "/") =>
  carnet.call(account, path, { method: "POST", body: JSON.stringify(body) });
const ruleOf = async (response: Response): Promise<string | undefined> => {
  const outcome: OperationOutcome = await response.json();
  return outcome.issue[0]?.details?.coding?.[0]?.code;
};
const refused = async (response: Response) => [response.status, await ruleOf(response)];
const referenceIn = (bundle: Bundle): DocumentReference => bundle.entry?.[1]?.resource as DocumentReference;
const patientOf = ({ ins, birthName, given, sex, birthDate }: TestPatient): Patient => ({
  resourceType: "Patient",
  identifier: [{ ...ins }],
  name: [{ use: "official", family: birthName, given: [given] }],
  gender: sex,
  birthDate,
});
/** An ITI-105 body. */
const simplified = (document: Parameters<typeof documentReference>[0]): DocumentReference => {
  const content = document.content ?? pdf();
  const reference = documentReference({ ...document, content }, "");
  const attachment = reference.content[0]?.attachment;
  for (const name of ["url", "size", "hash", "creation"] as const) delete attachment?.[name];
  if (attachment) attachment.data = Buffer.from(content).toString("base64");
  return reference;
};
const lots = async (account: string): Promise<Bundle> => {
  const path = `/List?patient.identifier=${token(anna)}&code=submissionset&status=current`;
  return (await carnet.call(account, path)).json();
};

describe("R40: a document enters the record of the person whom all of it names", () => {
  test("a subject that is another record than the lot's is refused", async () => {
    const brunoId = await carnet.service.records.idOf(bruno.ins);
    const bundle = provideBundle({});
    referenceIn(bundle).subject = { reference: `Patient/${brunoId}`, type: "Patient" };
    expect(await refused(await post("gp", bundle))).toEqual([422, "R40"]);
  });

  test("a subject that names two people is refused", async () => {
    const brunoId = await carnet.service.records.idOf(bruno.ins);
    const reference = simplified({});
    reference.subject = { reference: `Patient/${brunoId}`, type: "Patient", identifier: { ...anna.ins } };
    expect(await refused(await post("gp", reference, "/DocumentReference"))).toEqual([422, "R40"]);
  });

  test("a contained Patient that is not said to be the source patient is compared too: it would be kept as such", async () => {
    const reference = simplified({});
    reference.contained = [...(reference.contained ?? []).slice(1), { ...patientOf(bruno), id: "writer" }];
    reference.author = [...(reference.author ?? []), { reference: "#writer" }];
    delete reference.context?.sourcePatientInfo;
    const response = await post("gp", reference, "/DocumentReference");
    if (response.status !== 201) expect(await refused(response)).toEqual([422, "R40"]);
    else expect(JSON.stringify(((await response.json()) as DocumentReference).context)).not.toContain("writer");
  });
});

test("R102: a patient does not deposit in a professional's name", async () => {
  const typeSystem = "https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaire/FHIR/TRE-A05-TypeDocComplementaire";
  const reference = simplified({ author: "gp", typeCode: "DOCPAT01", typeSystem, classCode: "11" });
  expect(await refused(await post("anna", reference, "/DocumentReference"))).toEqual([422, "R102"]);
});

describe("a replacement", () => {
  test("R142: of a masked document is masked too", async () => {
    const { id } = await deposit(carnet, { flags: ["MASQUE_PS"], author: "cardiologist" });
    const next = await deposit(carnet, { author: "cardiologist", replaces: id });
    expect((await search(carnet, "nurse")).ids).not.toContain(next.id);
    expect((await carnet.call("nurse", `/Binary/${next.id}`)).status).toBe(404);
    expect((await search(carnet, "anna")).ids).toContain(next.id);
  });

  test("R152: of a document secret to the parents is secret too", async () => {
    const document = { patient: leo, author: "gp" } as const;
    const { id } = await deposit(carnet, { ...document, flags: ["INVISIBLE_REPRESENTANTS_LEGAUX"] });
    const next = await deposit(carnet, { ...document, replaces: id });
    expect((await search(carnet, "anna", "", leo)).ids).not.toContain(next.id);
  });

  test("R146: hidden by the patient while it is on its way, a document comes in hidden", async () => {
    const clamd = await startClamdDouble();
    const slow = await startCarnet({ CLAMD_URL: clamd.url });
    try {
      const held = clamd.holdNext();
      const deposited = deposit(slow, { author: "cardiologist" });
      const { answer } = await held;
      const hidden = await slow.call(
        "anna",
        `/Patient/${await slow.service.records.idOf(anna.ins)}/$access-preferences`,
        {
          method: "POST",
          body: JSON.stringify({
            resourceType: "Parameters",
            parameter: [{ name: "hidesDocuments", valueBoolean: true }],
          }),
        },
      );
      expect(hidden.status).toBe(200);
      answer();
      const { id } = await deposited;
      expect((await search(slow, "nurse")).ids).toEqual([]);
      expect((await slow.call("nurse", `/Binary/${id}`)).status).toBe(404);
      expect((await search(slow, "anna")).ids).toEqual([id]);
    } finally {
      await slow.close();
      await clamd.close();
    }
  });

  test("R117: two at once leave one current version", async () => {
    const { id } = await deposit(carnet, {});
    const answers = await Promise.all([1, 2, 3].map(() => post("gp", provideBundle({ replaces: id }))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
    const { bundle } = await search(carnet, "gp", "_count=200");
    const heirs = bundle.entry?.filter(({ resource }) => JSON.stringify(resource).includes(`DocumentReference/${id}`));
    expect(heirs?.length).toBe(1);
  });
});

describe("R116: a receipt is only given for what is in the record", () => {
  test("two contents under one uniqueId at once: one is kept, the other refused", async () => {
    const uniqueId = newUniqueId();
    const answers = await Promise.all(
      [1, 2, 3, 4].map((text) => post("gp", provideBundle({ uniqueId, content: pdf(`${text}`) }))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  test("a deleted document sent again is refused, not said to be there", async () => {
    const [uniqueId, content] = [newUniqueId(), pdf("effacé")];
    const { id } = await deposit(carnet, { uniqueId, content });
    const remove = await carnet.call("gp", `/DocumentReference/${id}`, {
      method: "PATCH",
      headers: { "content-type": "application/json-patch+json" },
      body: JSON.stringify([{ op: "replace", path: "/status", value: "entered-in-error" }]),
    });
    expect(remove.status).toBe(200);
    expect((await post("gp", provideBundle({ uniqueId, content }))).status).toBe(409);
  });

  test("a connection lost after the commit keeps the content: the retry's receipt is true", async () => {
    const [uniqueId, content] = [newUniqueId(), pdf("commit inconnu")];
    const store: { commits: SharedCommits } = carnet.service.store;
    const { commits } = store;
    // The database commits, and its answer is lost on the way.
    store.commits = {
      ...commits,
      commit: async (work) => {
        await commits.commit(work);
        throw new Error("Connection terminated unexpectedly");
      },
    };
    const lost = await post("gp", provideBundle({ uniqueId, content })).finally(() => {
      store.commits = commits;
    });
    expect(lost.status).toBe(503);
    const { id, status } = await deposit(carnet, { uniqueId, content });
    expect(status).toBe("200 OK");
    const read = await carnet.call("gp", `/Binary/${id}`, { headers: { accept: "application/pdf" } });
    expect(read.status).toBe(200);
    expect(new Uint8Array(await read.arrayBuffer())).toEqual(content);
  });

  test("R15: closing a record among deposits: what was acknowledged is there, nothing after", async () => {
    const closing: TestPatient = bruno;
    const answers: Promise<Response>[] = [];
    for (let count = 0; count < 12; count++) {
      answers.push(post("gp", provideBundle({ patient: closing })));
      if (count === 6) {
        answers.push(carnet.service.records.close(closing.ins, { motive: "essai" }).then(() => new Response()));
      }
    }
    const acknowledged = (await Promise.all(answers)).filter(({ status, url }) => url && status === 200);
    const { rows } = await carnet.service.store.database
      .selectFrom("document")
      .select("unique_id")
      .where("record_id", "=", (await carnet.service.records.idOf(closing.ins)) ?? "")
      .execute()
      .then((found) => ({ rows: found }));
    expect(rows.length).toBe(acknowledged.length);
    expect((await post("gp", provideBundle({ patient: closing }))).status).toBe(410);
  });
});

describe("R145: a deposit tells nothing of what is hidden", () => {
  test("R116: by sending again what somebody else deposited: the answer is the same, hidden or not", async () => {
    const answers = [];
    for (const flags of [[], ["MASQUE_PS"]] as const) {
      const [uniqueId, content] = [newUniqueId(), pdf("lettre")];
      const { id } = await deposit(carnet, { uniqueId, content, flags, title: "Confidentiel" });
      const again = async (account: string, bytes: Uint8Array) => {
        const reference = documentReference({ uniqueId, content: bytes, author: account }, "");
        const attachment = reference.content[0]?.attachment;
        for (const name of ["url", "size", "hash", "creation"] as const) delete attachment?.[name];
        if (attachment) attachment.data = Buffer.from(bytes).toString("base64");
        const answer = await carnet.call(account, "/DocumentReference", {
          method: "POST",
          body: JSON.stringify(reference),
        });
        return [
          answer.status,
          answer.headers.get("location")?.replace(id, "ID"),
          answer.headers.get("etag"),
          await answer.text(),
        ];
      };
      // Its depositor gets it back; who merely holds it learns that it is kept; other bytes are refused.
      expect((await again("gp", content))[3]).toContain("Confidentiel");
      answers.push([await again("cardiologist", content), await again("cardiologist", pdf("autre"))]);
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.map(([status]) => status)).toEqual([200, 409]);
    expect(JSON.stringify(answers)).not.toContain("Confidentiel");
  });

  test("R114: by joining the lot of another depositor", async () => {
    const hidden = provideBundle({ flags: ["MASQUE_PS"] });
    const list = hidden.entry?.[0]?.resource as List;
    list.title = "Titre du lot masqué";
    expect((await carnet.call("gp", "/", { method: "POST", body: JSON.stringify(hidden) })).status).toBe(200);
    const own = provideBundle({ author: "cardiologist" });
    const ownList = own.entry?.[0]?.resource as List;
    if (list.identifier) ownList.identifier = list.identifier;
    const response = await carnet.call("cardiologist", "/", { method: "POST", body: JSON.stringify(own) });
    expect(response.status).toBe(409);
    expect(JSON.stringify(await lots("cardiologist"))).not.toContain("Titre du lot masqué");
  });

  test("R117: by a status patch that names a hidden document", async () => {
    const hidden = await deposit(carnet, { flags: ["MASQUE_PS"] });
    const provideWithPatch = async (url: string, replaces?: string) => {
      const bundle = provideBundle({ author: "cardiologist", ...(replaces ? { replaces } : {}) });
      bundle.entry?.push({
        fullUrl: `urn:uuid:${crypto.randomUUID()}`,
        resource: {
          resourceType: "Parameters",
          parameter: [
            {
              name: "operation",
              part: [
                { name: "type", valueCode: "replace" },
                { name: "path", valueString: "DocumentReference.status" },
                { name: "value", valueCode: "superseded" },
              ],
            },
          ],
        },
        request: { method: "PATCH", url },
      });
      const response = await carnet.call("cardiologist", "/", { method: "POST", body: JSON.stringify(bundle) });
      return [response.status, await response.text()];
    };
    const absent = hidden.id.slice(0, 32) + crypto.randomUUID().replaceAll("-", "");
    const mine = await deposit(carnet, { author: "cardiologist" });
    const named = await provideWithPatch(`DocumentReference/${hidden.id}`, mine.id);
    expect(named).toEqual(await provideWithPatch(`DocumentReference/${absent}`, mine.id));
    expect(named[0]).toBe(422);
    // A patch that goes with no replacement is not done: it must not be said to be.
    expect((await provideWithPatch(`DocumentReference/${mine.id}`))[0]).toBe(422);
    expect((await search(carnet, "cardiologist")).ids).toContain(mine.id);
  });

  test("R152, R184: neither the list of accesses nor a mail tells a parent of a secret document", async () => {
    const mails = async () => {
      await carnet.service.sendNotices();
      const response = await fetch(`${carnet.base.replace("/fhir", "")}/mailbox/messages.json?to=anna@mail.example`);
      return ((await response.json()) as { kind: string }[]).filter(({ kind }) => kind === "new-document").length;
    };
    const sent = await mails();
    const document = { patient: leo, author: "cardiologist" } as const;
    const { id } = await deposit(carnet, { ...document, flags: ["INVISIBLE_REPRESENTANTS_LEGAUX"] });
    expect(await mails()).toBe(sent);
    expect((await carnet.call("anna", `/DocumentReference/${id}`)).status).toBe(404);
    const told: Bundle = await (await carnet.call("anna", `/AuditEvent?patient.identifier=${token(leo)}`)).json();
    const byOthers = told.entry?.filter(({ resource }) => !JSON.stringify(resource).includes("ANNA FICTIVE"));
    expect(JSON.stringify(byOthers)).not.toContain(`/${id}"`);
    expect(JSON.stringify(told)).not.toMatch(/R152/);
    await deposit(carnet, document);
    expect(await mails()).toBe(sent + 1);
  });
});
