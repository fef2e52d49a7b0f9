import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bundle, DetectedIssue, FhirResource } from "@carnet/sdk/fhir";
import { compileDrugData } from "@carnet/sdk/safety";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deposit, token } from "../testing/documents.ts";
import { allergyTo, fhirDocument, subject } from "../testing/fhir-documents.ts";
import { patients, rppsOf } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

/** The project's own small set, as `npm run load-drug-data` would write it. */
function ownDrugData(): string {
  const folder = join(import.meta.dirname, "../../../sdk/src/summary/safety/test-data");
  const files = readdirSync(folder).map((name) => ({
    name,
    json: JSON.parse(readFileSync(join(folder, name), "utf8")),
  }));
  return JSON.stringify(compileDrugData(files).data);
}

let carnet: TestCarnet;
const folder = mkdtempSync(join(tmpdir(), "carnet-drugs-"));
const file = join(folder, "drug-data.json");
beforeAll(async () => {
  carnet = await startCarnet({ DRUG_DATA: file });
});
afterAll(async () => {
  await carnet.close();
  rmSync(folder, { recursive: true });
});

const medicine = (number: number, prescriber = "gp", authoredOn = today()): FhirResource => ({
  resourceType: "MedicationRequest",
  status: "active",
  intent: "order",
  authoredOn,
  subject,
  requester: { display: rppsOf(prescriber) },
  medicationCodeableConcept: {
    text: `médicament ${number}`,
    coding: [{ system: "urn:oid:1.2.250.1.213.2.3.1", code: `990000${String(number).padStart(2, "0")}` }],
  },
});
const today = () => carnet.now().toISOString().slice(0, 10);

async function summary(account: string, patient = patients.anna): Promise<{ bundle: Bundle; etag: string | null }> {
  const response = await carnet.call(account, `/Patient/$summary?identifier=${token(patient)}`);
  expect(response.status).toBe(200);
  return { bundle: await response.json(), etag: response.headers.get("etag") };
}
const issuesOf = ({ bundle }: { readonly bundle: Bundle }, section: string): DetectedIssue[] => {
  const composition = bundle.entry?.[0]?.resource;
  const sections = composition?.resourceType === "Composition" ? (composition.section ?? []) : [];
  const entries = sections.find((one) => one.code?.coding?.[0]?.code === section)?.entry ?? [];
  return entries.map(
    ({ reference }) => bundle.entry?.find(({ fullUrl }) => fullUrl === reference)?.resource as DetectedIssue,
  );
};
const codes = (issues: readonly DetectedIssue[]) =>
  issues.map((one) => (one.code?.coding ?? []).map(({ code }) => code).join(" "));

test("no drug data loaded: the summary says not checked, never no interaction", async () => {
  await deposit(carnet, fhirDocument([medicine(5), medicine(6), allergyTo("Pollens")], { section: "10160-0" }));
  const found = issuesOf(await summary("gp"), "safety");
  expect(codes(found)).toEqual(["not-checked no-reference-data"]);
  expect(found[0]?.status).toBe("preliminary");
});

test("drug data loaded while the service runs: interactions with level, sources and date of the data", async () => {
  const before = await summary("gp");
  writeFileSync(file, ownDrugData());
  const after = await summary("gp");
  expect(after.etag).not.toBe(before.etag);
  const [issue] = issuesOf(after, "safety");
  expect(codes(issue ? [issue] : [])).toEqual(["DRG CI"]);
  expect(issue?.severity).toBe("high");
  expect(issue?.detail).toContain("(1er novembre 2026)");
  expect(issue?.meta?.source).toMatch(/^urn:oid:/);
});

test("a file that cannot be read leaves the data that was there", async () => {
  writeFileSync(file, "{");
  utimesSync(file, new Date(), new Date(Date.now() + 5000));
  expect(codes(issuesOf(await summary("gp"), "safety"))[0]).toBe("DRG CI");
});

test("R89, R144 an interaction with a medicine of a hidden document is told to nobody who may not see it", async () => {
  await deposit(carnet, fhirDocument([medicine(3), medicine(4)], { flags: ["MASQUE_PS"], section: "10160-0" }));
  const levels = async (account: string) => codes(issuesOf(await summary(account), "safety"));
  expect(await levels("gp")).toContain("DRG AD");
  expect(await levels("cardiologist")).not.toContain("DRG AD");
  expect(JSON.stringify((await summary("cardiologist")).bundle)).not.toContain("médicament 4");
});

test("unusual consumption is told to prescribers, not to a nurse, not to the patient", async () => {
  const prescribers = ["gp", "cardiologist", "colleague"];
  for (const prescriber of prescribers) {
    await deposit(carnet, fhirDocument([medicine(14, prescriber)], { author: prescriber, section: "10160-0" }));
  }
  const seen = async (account: string) =>
    codes(issuesOf(await summary(account), "care-gaps")).some((one) => one.includes("several-prescribers"));
  expect(await seen("gp")).toBe(true);
  expect(await seen("cardiologist")).toBe(true);
  expect(await seen("nurse")).toBe(false);
  expect(await seen("anna")).toBe(false);
});

test("a missing synthesis is said of the documents that the caller may see, to professionals only", async () => {
  carnet.travel(400 * 86_400_000);
  await carnet.service.records.declareAuthorisation(patients.anna.ins, {
    subjectId: rppsOf("gp"),
    subjectName: "gp",
    kind: "access",
    grantedAt: carnet.now(),
  });
  const rules = async (account: string) => codes(issuesOf(await summary(account), "care-gaps")).join(" ");
  expect(await rules("gp")).toContain("overdue synthesis");
  expect(await rules("anna")).not.toContain("synthesis");
  await deposit(carnet, fhirDocument([allergyTo("Iode")], { date: carnet.now().toISOString() }));
  expect(await rules("gp")).not.toContain("synthesis");
});
