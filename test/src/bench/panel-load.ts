/**
 * What the panel costs the page that embeds it, in Chromium, beside a blank page in the same run: processor time of the
 * main thread (the blank page's own included), longest task, blocking time, heap and nodes, for summaries of 50 and
 * 2 000 resources, at full speed and slowed four times. The bundle is given, so that no server is measured.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bundle, FhirResource } from "@carnet/sdk/fhir";
import type { Browser } from "playwright";
import { launchChromium } from "../support/chromium.ts";
import { checkout, chromiumPath } from "../support/machine.ts";
import { type Figure, figureOf, print } from "./figure.ts";
import { measurePage } from "./page-metrics.ts";

const host = "http://bench.example";
const runs = 7;

const kinds = ["Condition", "MedicationStatement", "AllergyIntolerance", "Immunization", "Observation"] as const;

/** A summary of fictitious facts, in equal parts of five kinds. */
function summaryOf(count: number): Bundle {
  const patient = {
    resourceType: "Patient",
    id: "patient",
    name: [{ use: "official", family: "MESURE", given: ["Odile"] }],
    gender: "female",
    birthDate: "1958-07-14",
  };
  const facts = Array.from({ length: count - 2 }, (_, at) => {
    const resourceType = kinds[at % kinds.length];
    const date = `20${String(10 + (at % 16)).padStart(2, "0")}-03-04`;
    const concept = { text: `Fait ${at}` };
    const common = { resourceType, id: `fact-${at}`, patient: {}, subject: {}, code: concept };
    if (resourceType === "MedicationStatement")
      return { ...common, status: "active", medicationCodeableConcept: concept, effectiveDateTime: date };
    if (resourceType === "Immunization")
      return { ...common, status: "completed", vaccineCode: concept, occurrenceDateTime: date };
    if (resourceType === "Observation")
      return {
        ...common,
        status: "final",
        category: [{ coding: [{ code: "laboratory" }] }],
        code: { text: `Analyse ${at % 40}` },
        effectiveDateTime: date,
        valueQuantity: { value: at % 90, unit: "g/L" },
      };
    return { ...common, recordedDate: date };
  });
  const composition = {
    resourceType: "Composition",
    id: "composition",
    status: "final",
    type: { coding: [{ system: "http://loinc.org", code: "60591-5" }] },
    date: "2026-11-20",
    author: [{ display: "Carnet" }],
    title: "Synthèse",
    subject: { reference: "Patient/patient" },
    section: [],
  };
  const entry = [composition, patient, ...facts].map((resource) => ({
    fullUrl: `${host}/${resource.resourceType}/${resource.id}`,
    // The generator's own objects: the reader parses them as it parses any other maker's.
    resource: resource as unknown as FhirResource,
  }));
  return { resourceType: "Bundle", type: "document", timestamp: "2026-11-20T09:30:00+01:00", entry };
}

interface Load {
  readonly painted: number;
  readonly cpu: number;
  readonly longest: number;
  readonly blocking: number;
  readonly heap: number;
  readonly nodes: number;
}

const units: Readonly<Record<keyof Load, Figure["unit"]>> = {
  painted: "ms",
  cpu: "ms",
  longest: "ms",
  blocking: "ms",
  heap: "B",
  nodes: "nodes",
};

/** Loads the page once, in a context of its own, and reads what it cost. */
async function load(browser: Browser, body: string, bundle: string, slowdown: number): Promise<Load> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route("**/*", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/") await route.fulfill({ contentType: "text/html", body });
    else if (pathname === "/bundle.json") await route.fulfill({ contentType: "application/json", body: bundle });
    else if (pathname.startsWith("/widget/")) {
      const path = join(checkout, "widget", "dist", pathname.slice("/widget/".length));
      await route.fulfill({ contentType: "text/javascript", body: readFileSync(path, "utf8") });
    } else await route.fulfill({ status: 404, body: "" });
  });
  const session = await context.newCDPSession(page);
  const metrics = await measurePage(session);
  if (slowdown > 1) await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  // A binding of the browser, not Playwright's waiting: what waits in the page would be counted as the page's own work.
  const isPainted = new Promise<number>((resolve) => {
    session.on("Runtime.bindingCalled", ({ payload }) => resolve(Number(payload)));
  });
  await session.send("Runtime.enable");
  await session.send("Runtime.addBinding", { name: "tellPainted" });
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Reflect.set(globalThis, "longTasks", tasks);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: "longtask" });
    const tell: (time: string) => void = Reflect.get(globalThis, "tellPainted");
    const mark = () => requestAnimationFrame(() => setTimeout(() => tell(String(performance.now()))));
    document.addEventListener("carnet-ready", mark);
    addEventListener("load", () => document.querySelector("carnet-summary") ?? mark());
  });
  await page.goto(`${host}/`);
  const painted = await isPainted;
  const cpu = await metrics.cpuMs();
  const read = await page.evaluate(() => ({
    tasks: Reflect.get(globalThis, "longTasks") as number[],
    nodes:
      document.querySelectorAll("*").length +
      (document.querySelector("carnet-summary")?.shadowRoot?.querySelectorAll("*").length ?? 0),
  }));
  await session.send("HeapProfiler.collectGarbage");
  const heap = await metrics.heapBytes();
  await context.close();
  return {
    painted,
    cpu,
    longest: Math.max(0, ...read.tasks),
    blocking: read.tasks.reduce((sum, duration) => sum + Math.max(0, duration - 50), 0),
    heap,
    nodes: read.nodes,
  };
}

const blank = '<!doctype html><html lang="fr"><meta charset="utf-8"><title>bench</title></html>';
const embedding = `<!doctype html><html lang="fr"><meta charset="utf-8"><title>bench</title>
<script type="module" src="/widget/carnet.js"></script><carnet-summary></carnet-summary>
<script type="module">document.querySelector("carnet-summary").bundle = await (await fetch("/bundle.json")).json();</script></html>`;

export async function benchPanelLoad(): Promise<void> {
  if (!existsSync(chromiumPath())) return console.error(`panel bench left out: no Chromium at ${chromiumPath()}`);
  const browser = await launchChromium();
  try {
    const pages = [
      ["blank page", blank, "{}"],
      ["50 resources", embedding, JSON.stringify(summaryOf(50))],
      ["2 000 resources", embedding, JSON.stringify(summaryOf(2000))],
    ] as const;
    for (const slowdown of [1, 4]) {
      for (const [name, body, bundle] of pages) {
        const loads: Load[] = [];
        await load(browser, body, bundle, slowdown);
        for (let at = 0; at < runs; at++) loads.push(await load(browser, body, bundle, slowdown));
        for (const [measure, unit] of Object.entries(units)) {
          const samples = loads.map((one) => one[measure as keyof Load]);
          print(figureOf(`panel, ${name}, CPU ${slowdown}x: ${measure}`, unit, samples));
        }
      }
    }
  } finally {
    await browser.close();
  }
}
