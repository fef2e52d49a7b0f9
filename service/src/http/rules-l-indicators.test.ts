/** Section L of the rules: figures for everybody, and what they must not tell. */
import { existsSync } from "node:fs";
import type { DocumentReference } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, lookAt } from "../identity-provider/testing/chromium.ts";
import type { PublishedTable } from "../indicators/publish.ts";
import { deposit, search } from "../testing/documents.ts";
import { patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

interface Published {
  readonly countedAt: string;
  readonly threshold: number;
  readonly tables: readonly PublishedTable[];
}

const complementary = "https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaire/FHIR/TRE-A05-TypeDocComplementaire";

let carnet: TestCarnet;
let origin = "";
beforeAll(async () => {
  carnet = await startCarnet({ SMALL_COUNT_THRESHOLD: "2" });
  origin = carnet.base.replace(/\/fhir$/, "");
}, 120_000);
afterAll(() => carnet.close());

const read = async (): Promise<Published> => (await fetch(`${origin}/indicators/indicators.json`)).json();
const cellsOf = ({ tables }: Published, id: string) =>
  Object.fromEntries(tables.find((table) => table.id === id)?.cells.map((cell) => [cell.id, cell.count]) ?? []);

describe("indicators", () => {
  it("R212 counts records, documents and consultations", async () => {
    for (let count = 0; count < 3; count += 1) await deposit(carnet, { author: "gp" });
    for (let count = 0; count < 2; count += 1) {
      await deposit(
        carnet,
        { author: "anna", typeCode: "DOCPAT01", typeSystem: complementary, classCode: "11" },
        "anna",
      );
    }
    await deposit(carnet, { author: "gp", patient: patients.bruno });
    await deposit(carnet, { author: "gp", patient: patients.bruno });
    const { bundle } = await search(carnet, "gp");
    const [first] = (bundle.entry ?? []).map(({ resource }) => resource as DocumentReference);
    const path = new URL(first?.content[0]?.attachment.url ?? "", `${carnet.base}/`).href.replace(carnet.base, "");
    for (let count = 0; count < 2; count += 1) expect((await carnet.call("gp", path)).status).toBe(200);

    await carnet.service.runJobs();
    const published = await read();
    expect(published.threshold).toBe(2);
    expect(published.tables.map(({ id }) => id)).toEqual([
      "beneficiaries",
      "records-by-department",
      "records-by-channel",
      "records-fed-by",
      "documents-by-author",
      "documents-by-month",
      "consultations-by-profession",
      "consultations-by-month",
    ]);
    // anna, bruno and leo are open; two have documents: the third would be told by the difference.
    expect(cellsOf(published, "beneficiaries")).toEqual({ open: 3, fed: null, consulted: null });
    const documents = published.tables.find(({ id }) => id === "documents-by-author");
    expect(documents?.total).toBe(7);
    // The patient's two would be what is left of the total beside cells of none: they are hidden with them.
    expect(cellsOf(published, "documents-by-author")).toMatchObject({ practice: 5, patient: null, pharmacy: null });
    const month = carnet.now().toISOString().slice(0, 7);
    expect(cellsOf(published, "documents-by-month")[month] ?? 7).toBe(7);
    expect(published.tables.find(({ id }) => id === "consultations-by-profession")?.total).toBe(2);
  });

  it("R214 with the usual threshold nothing of so few people is published, not even a total", async () => {
    const strict = await publishedUnder(11);
    for (const { cells, total } of strict.tables) {
      expect(total).toBeNull();
      expect(cells.every(({ count }) => count === null)).toBe(true);
    }
  });

  it("R212 R214 the same figures as CSV, where a hidden count is empty", async () => {
    const response = await fetch(`${origin}/indicators/indicators.csv`);
    expect(response.headers.get("content-type")).toContain("text/csv");
    const lines = (await response.text()).trim().split("\r\n");
    expect(lines[0]).toBe("indicator,cell,count");
    expect(lines).toContain("documents-by-author,total,7");
    expect(lines).toContain("beneficiaries,fed,");
    const published = await read();
    const fromJson = published.tables.flatMap(({ id, cells }) =>
      cells.map((cell) => `${id},${cell.id},${cell.count ?? ""}`),
    );
    for (const line of fromJson) expect(lines).toContain(line);
  });

  it("R212 the page has each figure in a real table, in French and English, and says nothing that is hidden", async () => {
    const french = await (await fetch(`${origin}/indicators/?lang=fr`)).text();
    const english = await (await fetch(`${origin}/indicators/?lang=en`)).text();
    const { tables } = await read();
    expect(french.match(/<table>/g)).toHaveLength(tables.length);
    expect(french.match(/<svg role="img" aria-label="Graphique/g)).toHaveLength(tables.length);
    expect(french).toContain("non publié");
    expect(english).toContain("not published");
    expect(english).toContain("Documents deposited, by kind of author");
    const response = await fetch(`${origin}/indicators/`);
    expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'/);
    expect(french).not.toMatch(/<script|style="|https?:\/\//);
  });

  it.skipIf(!existsSync(chromiumPath))(
    "R212 the page is accessible, fits 320 px and asks nobody else, in light and dark (needs Chromium)",
    async () => {
      expect(await lookAt(async (show) => show(`${origin}/indicators/`))).toEqual([]);
    },
    120_000,
  );
});

/** What the same counts give under another threshold. */
async function publishedUnder(threshold: number): Promise<Published> {
  const { publish } = await import("../indicators/publish.ts");
  const publication = await publish(carnet.service.store.database, threshold);
  if (!publication) throw new Error("nothing was counted");
  return { ...publication, countedAt: publication.countedAt.toISOString() };
}
