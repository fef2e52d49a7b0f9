import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cdaToFhir, readCdaBody, readCdaHeader } from "@carnet/sdk/cda";
import { checkInsKey, matchTraits, parseIns } from "@carnet/sdk/identity";
import { checkSafety, isNotChecked, parseDrugData } from "@carnet/sdk/safety";
import { summarise } from "@carnet/sdk/summary";
import { findDocumentType } from "@carnet/sdk/terminology";
import { describe, expect, it } from "vitest";
import { accounts } from "./accounts.ts";
import { Calendar } from "./calendar.ts";
import { contentOf } from "./content.ts";
import { type SeedDocument, uniqueIdOf } from "./document.ts";
import { demoDrugData, loadDemoDrugData } from "./drug-data.ts";
import { fhirDocument } from "./fhir-document.ts";
import { histories } from "./histories.ts";
import { documentsOfJean } from "./patients/jean.ts";
import { people } from "./people.ts";
import { professionals } from "./professionals.ts";

const calendar = new Calendar(new Date("2026-11-22T10:00:00Z"));
const all = histories(calendar);
const documents = all.flatMap((history) => history.documents);
/** Every document but the look-alikes of the large record, of which a few stand for all. */
const checked = documents.filter(
  ({ person, key }) => person.id !== "patient-jean" || /-(1|7|41)$/.test(key) || key === "synthesis",
);

describe("the fictitious people", () => {
  it("R33: have test INS with a right key that agrees with sex, birth month and birth place", () => {
    for (const person of Object.values(people)) {
      const { value } = parseIns(person.ins);
      expect(checkInsKey(value)).toBe(true);
      expect(value.slice(0, 1)).toBe(person.sex === "male" ? "1" : "2");
      expect(value.slice(1, 5)).toBe(person.birthDate.slice(2, 4) + person.birthDate.slice(5, 7));
      expect(value.slice(5, 10)).toBe(person.birthPlaceCode);
    }
  });

  it("are each one person: no INS, RPPS or account id is used twice", () => {
    const ins = Object.values(people).map((person) => person.ins.value);
    const rpps = Object.values(professionals).map((professional) => professional.rpps);
    const ids = accounts.map(({ id }) => id);
    for (const list of [ins, rpps, ids]) expect(new Set(list).size).toBe(list.length);
  });

  it("give the accounts that outside users rely on", () => {
    const ids = accounts.map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining([
        ...["dr-martin", "dr-leroy", "pharma-dubois", "ide-petit", "bio-laurent", "samu-15", "secretariat-chu"],
        ...["patient-camille", "patient-noe", "patient-alix", "patient-sasha", "patient-jean"],
      ]),
    );
  });
});

describe("the histories", () => {
  it("are at least twelve, the large one having 2 000 documents, and Sasha, who opposed, none", () => {
    expect(all.length).toBeGreaterThanOrEqual(12);
    expect(all.find(({ person }) => person.id === "patient-jean")?.documents).toHaveLength(documentsOfJean);
    expect(all.some(({ person }) => person.id === "patient-sasha")).toBe(false);
  });

  it("never use a document identifier twice", () => {
    const ids = documents.map(uniqueIdOf);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("are in the past, after birth, oldest first, each act beginning before its document", () => {
    for (const history of all) {
      const dates = history.documents.map(({ date }) => date);
      expect(dates).toEqual([...dates].sort());
      for (const { date, act } of history.documents) {
        expect(date < "2026-11-22T00:00:00Z").toBe(true);
        expect(date >= history.person.birthDate).toBe(true);
        if (act) expect(act.start <= (act.end ?? date) && act.start <= date).toBe(true);
      }
    }
  });

  it("use document types of the value set only", () => {
    for (const { type } of documents) expect(findDocumentType(type)?.isInValueSet, type).toBe(true);
  });

  it("are the same when they are written again the same day", () => {
    expect(histories(new Calendar(new Date("2026-11-22T23:00:00Z")))).toEqual(all);
  });

  it("hold a masked document, one that waits for its announcement, an archived one and a replaced version", () => {
    expect(documents.some(({ visibility }) => visibility?.hiddenFromProfessionals)).toBe(true);
    expect(documents.some(({ visibility }) => visibility?.invisibleToPatient)).toBe(true);
    expect(documents.some(({ isArchived }) => isArchived)).toBe(true);
    expect(documents.some(({ replaces }) => replaces)).toBe(true);
  });
});

describe("the documents", () => {
  it("R36: carry the identity of their patient, their own identifier and type", async () => {
    for (const document of checked) {
      const content = await contentOf(document);
      if (content.kind !== "cda") continue;
      const header = readCdaHeader(content.xml);
      expect(header.uniqueId).toBe(uniqueIdOf(document));
      expect(header.type.code).toBe(document.type);
      expect(matchTraits(header.patient, document.person).verdict).toBe("certain");
    }
  });

  it("wrap a PDF when they are letters", async () => {
    const letter = checked.find(({ kind }) => kind === "letter");
    const content = letter && (await contentOf(letter));
    const body = content?.kind === "cda" ? readCdaBody(content.xml) : undefined;
    expect(body?.level === 1 && body.contentType).toBe("application/pdf");
  });

  it("hold plain text when a machine printed them", async () => {
    const sheet = checked.find((document) => document.kind === "letter" && document.form === "text");
    const content = sheet && (await contentOf(sheet));
    const body = content?.kind === "cda" ? readCdaBody(content.xml) : undefined;
    expect(body?.level === 1 && new TextDecoder().decode(body.bytes)).toContain("INS : 1 55 07 49 007 031 71");
  });

  it("are the same bytes each time", async () => {
    for (const document of checked.slice(0, 12))
      expect((await contentOf(document)).bytes).toEqual((await contentOf(document)).bytes);
  });

  it("state every fact that was put into them when they are read back", async () => {
    for (const document of checked) {
      if (document.kind !== "structured") continue;
      const content = await contentOf(document);
      if (content.kind !== "cda") continue;
      const read = JSON.stringify(cdaToFhir(content.xml));
      for (const code of codesOf(document))
        expect(read, `${document.person.id} ${document.key}`).toContain(`"${code}"`);
    }
  });

  it("name the active substances of each treatment, in CDA and in FHIR", async () => {
    const written = checked.filter(({ person, kind }) => person.id === "patient-camille" && kind === "structured");
    const contents = await Promise.all(written.map(contentOf));
    const substances = contents
      .flatMap((content) => cdaToFhir(content.kind === "cda" ? content.xml : "").entry ?? [])
      .flatMap(({ resource }) => (resource?.resourceType === "Medication" ? (resource.ingredient ?? []) : []))
      .map(({ itemCodeableConcept }) => itemCodeableConcept?.text);
    expect(substances).toEqual(expect.arrayContaining(["Budésonide", "formotérol"]));
    for (const document of checked) {
      if (document.kind !== "fhir") continue;
      const resources = fhirDocument(document).entry?.map(({ resource }) => resource) ?? [];
      for (const one of resources) {
        if (one?.resourceType === "MedicationStatement") expect(one.contained).toBeUndefined();
        if (one?.resourceType === "Medication") expect(one.ingredient?.length).toBeGreaterThan(0);
      }
    }
  });

  it("make a summary in which the diabetic's last HbA1c comes from the last report", async () => {
    const monique = all.find(({ person }) => person.id === "patient-monique")?.documents ?? [];
    const reports = monique.filter(({ type }) => type === "11502-2");
    const bundles = await Promise.all(
      reports.slice(-3).map(async (report) => {
        const content = await contentOf(report);
        return cdaToFhir(content.kind === "cda" ? content.xml : "");
      }),
    );
    const summary = JSON.stringify(summarise(bundles, { now: "2026-11-22T10:00:00Z" }));
    expect(summary).toContain(uniqueIdOf(reports.at(-1) as SeedDocument));
    expect(summary).toContain("4548-4");
  });
});

/** First code of each fact of a structured document. */
function codesOf(document: SeedDocument): readonly string[] {
  if (document.kind === "letter") return [];
  return document.sections
    .flatMap(({ facts }) => facts ?? [])
    .flatMap((fact) => {
      const concept =
        fact.resourceType === "MedicationStatement"
          ? fact.contained?.flatMap((one) => (one.resourceType === "Medication" ? one.code : undefined))[0]
          : fact.resourceType === "Immunization"
            ? fact.vaccineCode
            : "code" in fact
              ? fact.code
              : undefined;
      const code = concept?.coding?.[0]?.code;
      return code ? [code] : [];
    });
}

describe("the demo's own drug data", () => {
  const louis = all.find(({ person }) => person === people.louis)?.documents ?? [];

  it("finds what the duty doctor's prescription does to the ten other drugs, with its source and date", async () => {
    const bundles = await Promise.all(
      louis
        .filter(({ kind }) => kind === "structured")
        .map(async (document) => {
          const content = await contentOf(document);
          return content.kind === "cda" ? cdaToFhir(content.xml) : content.bundle;
        }),
    );
    const data = parseDrugData(JSON.parse(JSON.stringify(demoDrugData())));
    const now = calendar.daysAgo(0);
    const issues = checkSafety(summarise(bundles, { now }), data, { now });
    expect(issues[0]?.code?.coding?.map(({ code }) => code)).toEqual(["DRG", "AD"]);
    expect(issues[0]?.detail).toMatch(/CLARITHROMYCINE.*ELIQUIS.*Jeu d'essai de Carnet \(novembre 2026\)/);
    expect(issues.filter((issue) => !isNotChecked(issue)).length).toBeGreaterThanOrEqual(3);
  });

  it("is written where there is none, and never over the operator's", () => {
    const folder = mkdtempSync(join(tmpdir(), "carnet-demo-drugs-"));
    const file = join(folder, "drug-data.json");
    loadDemoDrugData(file);
    expect(parseDrugData(JSON.parse(readFileSync(file, "utf8"))).sources[0]?.title).toContain("Jeu d'essai");
    const own = JSON.stringify({
      ...demoDrugData(),
      sources: demoDrugData().sources.map((one) => ({ ...one, title: "ANSM" })),
    });
    writeFileSync(file, own);
    loadDemoDrugData(file);
    expect(readFileSync(file, "utf8")).toBe(own);
    rmSync(folder, { recursive: true });
  });
});
