import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readCdaHeader } from "@carnet/sdk/cda";
import type { Bundle } from "@carnet/sdk/fhir";
import type { Ins } from "@carnet/sdk/identity";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunningCarnet } from "../support/carnet.ts";
import { launchChromium } from "../support/chromium.ts";
import { clientOf, demoToken } from "../support/demo.ts";
import { hasChromium, hasShared, shared } from "../support/machine.ts";
import { openFictitiousRecord } from "../support/records.ts";
import { sharedCarnet } from "../support/shared-carnet.ts";

const name = "VSM_1.4_2022.01";

interface Code {
  readonly code?: string;
  readonly display?: string;
  readonly text?: string;
}
interface Fact {
  readonly code?: Code;
  readonly text?: string;
  readonly agent?: Code;
}

describe.skipIf(!hasShared())("the facts of the official synthesis document (needs ../shared)", () => {
  let carnet: RunningCarnet;
  let ins: Ins;
  let facts: readonly (readonly [kind: string, fact: Fact])[];

  beforeAll(async () => {
    carnet = await sharedCarnet();
    const xml = readFileSync(join(shared, "cda", "open", `${name}.xml`), "utf8");
    ins = await openFictitiousRecord(carnet.origin, readCdaHeader(xml).patient);
    const record = clientOf(carnet.origin, "dr-martin").record(ins);
    await record.authorise();
    await record.deposit({ kind: "cda", xml });
    const expected = JSON.parse(readFileSync(join(shared, "cda", "expected", `${name}.json`), "utf8")) as {
      facts: Record<string, Fact[]>;
    };
    facts = Object.entries(expected.facts)
      .filter(([kind]) => kind !== "narratives")
      .flatMap(([kind, list]) => list.map((fact) => [kind, fact] as const));
  });

  /** How a fact is told apart: its code, or that of what the patient is allergic to. */
  const codeOf = (fact: Fact) => fact.agent?.code ?? fact.code?.code;
  /** The label of the code or the author's own words: either tells the fact. */
  const wordsOf = ({ agent, code, text }: Fact) =>
    [agent?.text, agent?.display, code?.text, code?.display, text].filter((words) => words !== undefined);

  it("appear in $summary, each with its code and its source", async () => {
    const summary: Bundle = await clientOf(carnet.origin, "dr-martin").record(ins).summary();
    const resources = (summary.entry ?? []).map((entry) => entry.resource);
    expect(facts.length).toBeGreaterThanOrEqual(11);
    for (const [kind, fact] of facts) {
      const found = resources.find((resource) => JSON.stringify(resource).includes(`"${codeOf(fact)}"`));
      expect(found, `${kind} ${codeOf(fact)}`).toBeDefined();
      expect(found?.meta?.source, `${kind} ${codeOf(fact)} says where it comes from`).toMatch(/^urn:oid:/);
    }
  });

  it.skipIf(!hasChromium())("are read in the widget (needs Chromium)", async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ locale: "fr-FR" });
      await page.route("**/host-page", (route) =>
        route.fulfill({
          contentType: "text/html",
          body: `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Logiciel</title>
<script type="module" src="/widget/carnet.js"></script>
<carnet-summary base-url="/fhir" ins="${ins.system}|${ins.value}"></carnet-summary></html>`,
        }),
      );
      const token = await demoToken(carnet.origin, "dr-martin");
      await page.addInitScript((bearer) => {
        customElements.whenDefined("carnet-summary").then(() => {
          const element = document.querySelector("carnet-summary") as HTMLElement & { accessToken: () => string };
          element.accessToken = () => bearer;
        });
      }, token);
      await page.goto(`${carnet.origin}/host-page`);
      await page.locator('carnet-summary[data-state="ready"]').waitFor();
      const text = await page.locator("carnet-summary").evaluate((element) => element.shadowRoot?.textContent ?? "");
      const plain = (words: string) => words.normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/g, "").toLowerCase();
      const read = plain(text);
      const unread = facts.filter(([, fact]) => !wordsOf(fact).some((words) => read.includes(plain(words))));
      expect(unread).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
