/** What a reader must not learn: hidden equals absent, by every route, count, version, cursor, trace and mail. R145. */
import type { AuditEvent, Bundle, List, Patient } from "@carnet/sdk/fhir";
import { identifierSystem } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deposit, newUniqueId, provideBundle, search, token } from "../testing/documents.ts";
import { patients, rppsOf } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const json = async <T>(response: Response | Promise<Response>): Promise<T> => (await response).json();
const visibility =
  "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument";
const confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
const label = (code: string) => ({ coding: [{ system: code === "N" ? confidentiality : visibility, code }] });
const labels = (...codes: string[]) => [{ op: "replace", path: "/securityLabel", value: codes.map(label) }];
const patch = (account: string, path: string, steps: unknown) =>
  carnet.call(account, `/DocumentReference${path}`, {
    method: "PATCH",
    headers: { "content-type": "application/json-patch+json" },
    body: JSON.stringify(steps),
  });
const lots = async (account: string, query = "", patient = patients.anna): Promise<Bundle> => {
  const path = `/List?patient.identifier=${token(patient)}&code=submissionset&status=current${query}`;
  const response = await carnet.call(account, path);
  expect(response.status).toBe(200);
  return response.json();
};
/** Follows `next` to the end: the pages as the reader sees them. */
async function pagesOf(account: string, path: string): Promise<Bundle[]> {
  const pages: Bundle[] = [];
  for (let next: string | undefined = path; next; ) {
    const page: Bundle = await json(carnet.call(account, next));
    pages.push(page);
    next = page.link?.find(({ relation }) => relation === "next")?.url.slice(carnet.base.length);
  }
  return pages;
}
const traces = async (account: string, patient = patients.anna): Promise<readonly AuditEvent[]> => {
  const bundle: Bundle = await json(
    carnet.call(account, `/AuditEvent?patient.identifier=${token(patient)}&_count=200`),
  );
  return (bundle.entry ?? []).map((entry) => entry.resource as AuditEvent);
};
/** What the reader cannot know from having asked for it. */
const byOthers = (events: readonly AuditEvent[], reader: string) =>
  JSON.stringify(events.filter((event) => event.agent.every(({ who }) => who?.display !== reader)));
const statusOf = async (account: string, patient = patients.anna): Promise<Patient> => {
  const bundle: Bundle = await json(carnet.call(account, `/Patient?identifier=${token(patient)}`));
  return bundle.entry?.[0]?.resource as Patient;
};

describe("R145: nobody learns that something is hidden", () => {
  test("by the version of the record's Patient: a deposit does not show there", async () => {
    const before = await statusOf("pharmacist");
    await deposit(carnet, { flags: ["MASQUE_PS"] });
    expect((await statusOf("pharmacist")).meta).toEqual(before.meta);
    const closed = await statusOf("pharmacist", patients.clara);
    expect(closed.meta?.versionId).not.toBe(before.meta?.versionId);
  });

  test("by the summary: its body and its ETag stay the same when a hidden document comes in", async () => {
    const read = async (account: string) => {
      const response = await carnet.call(account, `/Patient/$summary?identifier=${token(patients.anna)}`);
      expect(response.status).toBe(200);
      return [response.headers.get("etag"), await response.text()];
    };
    const before = await read("cardiologist");
    await deposit(carnet, { flags: ["MASQUE_PS"] });
    expect(await read("cardiologist")).toEqual(before);
  });

  test("by the pages of lots: hidden lots leave no short page, no empty page and no cursor", async () => {
    for (const flags of [[], ["MASQUE_PS"], [], ["MASQUE_PS"], ["MASQUE_PS"]] as const) {
      await deposit(carnet, { patient: patients.leo, flags });
    }
    await carnet.service.records.declareAuthorisation(patients.leo.ins, {
      subjectId: rppsOf("cardiologist"),
      subjectName: "cardiologist",
    });
    const query = `/List?patient.identifier=${token(patients.leo)}&code=submissionset&status=current&_count=1`;
    const pages = await pagesOf("cardiologist", query);
    expect(pages.map((page) => page.entry?.length)).toEqual([1, 1]);
    expect(pages.map((page) => page.total)).toEqual([2, 2]);
    const seen = new Set(pages.map((page) => page.entry?.[0]?.resource?.id?.slice(32)));
    const cursor = new URL(pages[0]?.link?.find(({ relation }) => relation === "next")?.url ?? "").searchParams;
    const [, named = ""] = Buffer.from(cursor.get("_cursor") ?? "", "base64url")
      .toString()
      .split(" ");
    expect(seen).toContain(named.replaceAll("-", ""));
  });

  test("by the title of a lot: it is told to those who see every document of the lot, as if it had none to others", async () => {
    const both = provideBundle({ title: "Psychiatrie", flags: ["MASQUE_PS"] }, { title: "Radiographie" });
    const list = both.entry?.[0]?.resource as List;
    list.title = "Lot psychiatrie et radiographie";
    list.note = [{ text: "Suivi psychiatrique" }];
    const response = await carnet.call("gp", "/", { method: "POST", body: JSON.stringify(both) });
    expect(response.status).toBe(200);
    expect(JSON.stringify(await lots("cardiologist"))).not.toMatch(/psychiatri/i);
    // Whatever stands there for a lot that is wholly visible stands there too for one that is not.
    const titles = new Set((await lots("cardiologist")).entry?.map((entry) => (entry.resource as List).title));
    expect(titles.size).toBe(1);
  });

  test("by a conditional patch: an identifier that another record holds too changes nothing for its author", async () => {
    const uniqueId = newUniqueId();
    await deposit(carnet, { uniqueId, author: "cardiologist" });
    await deposit(carnet, { uniqueId, patient: patients.bruno });
    const conditional = `?identifier=urn:ietf:rfc:3986|${uniqueId}`;
    expect((await patch("cardiologist", conditional, labels("N", "MASQUE_PS"))).status).toBe(200);
    expect((await patch("nurse", conditional, labels("N", "MASQUE_PS"))).status).toBe(404);
  });

  test("R181: by the cursor of one's own traces, which counts the others'", async () => {
    for (let times = 0; times < 3; times++) {
      await search(carnet, "nurse");
      await search(carnet, "gp");
    }
    const pages = await pagesOf("nurse", `/AuditEvent?patient.identifier=${token(patients.anna)}&_count=1`);
    expect(pages.length).toBeGreaterThan(2);
    for (const page of pages) {
      const next = page.link?.find(({ relation }) => relation === "next")?.url;
      if (next) expect(new URL(next).searchParams.get("_cursor")).not.toMatch(/^\d+$/);
    }
    const ids = pages.flatMap((page) => page.entry?.map((entry) => entry.resource?.id) ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("what the patient, or the parent, is not to know yet", () => {
  test("R148: the list of accesses does not name a result that waits for its announcement", async () => {
    const { id } = await deposit(carnet, { flags: ["INVISIBLE_PATIENT"] });
    await carnet.call("cardiologist", `/Binary/${id}`);
    await carnet.call("anna", `/DocumentReference/${id}`);
    const before = await traces("anna");
    expect(JSON.stringify(before)).not.toMatch(/R148/);
    expect(byOthers(before, "ANNA FICTIVE")).not.toContain(`/${id}"`);
    // That the cardiologist looked is told; at what, later.
    expect(
      before.some((event) => event.action === "R" && JSON.stringify(event.agent).includes("Dr cardiologist")),
    ).toBe(true);
    carnet.travel(31 * 86_400_000);
    expect(JSON.stringify(await traces("anna"))).toContain(`DocumentReference/${id}`);
    carnet.travel(-31 * 86_400_000);
  });
});

test("R144, R181: the log that a referring doctor reads whole does not name what is withheld from them", async () => {
  const { id } = await deposit(carnet, { author: "cardiologist" });
  expect(JSON.stringify(await traces("gp"))).toContain(`DocumentReference/${id}`);
  const withhold = await carnet.call("anna", "/Consent", {
    method: "POST",
    body: JSON.stringify({
      resourceType: "Consent",
      status: "active",
      patient: { identifier: patients.anna.ins },
      provision: {
        type: "deny",
        actor: [
          {
            role: { coding: [{ code: "IRCP" }] },
            reference: { identifier: { system: identifierSystem.professional, value: rppsOf("gp") } },
          },
        ],
        data: [{ meaning: "instance", reference: { reference: `DocumentReference/${id}` } }],
      },
    }),
  });
  expect(withhold.status).toBe(201);
  await carnet.call("nurse", `/Binary/${id}`);
  const seen = JSON.stringify(await traces("gp"));
  expect(seen).not.toContain(id);
  // That the nurse looked is told; at what is not.
  expect(seen).toContain("Dr nurse");
  expect(JSON.stringify(await traces("anna"))).toContain(`DocumentReference/${id}`);
});
