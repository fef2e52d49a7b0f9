import type { Bundle } from "@carnet/sdk/fhir";
import { describe, expect, it } from "vitest";
import { cdaLetter, insAttribute, odile, summaryBundle } from "../testing/fixtures.ts";
import { section, summaryElement, textOf, until } from "../testing/mount.ts";
import { startService, type TestService, testDocument } from "../testing/record-server.ts";

const json = { "content-type": "application/fhir+json" };

/** Every way in which one answer can be missing or wrong. */
const faults: Readonly<Record<string, (request: Request, service: TestService) => Response | Promise<Response>>> = {
  "401": () => new Response("", { status: 401 }),
  "403": () => new Response("", { status: 403 }),
  "404": () =>
    new Response('{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found"}]}', {
      status: 404,
      headers: json,
    }),
  "500": () => new Response("<html>", { status: 500, headers: { "content-type": "text/html" } }),
  network: () => {
    throw new TypeError("Failed to fetch");
  },
  timeout: () => {
    throw new DOMException("took too long", "TimeoutError");
  },
  "half a body": () => new Response('{"resourceType":"Bundle","type":"doc', { headers: json }),
  "a body cut on the way": () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.error(new TypeError("network error")),
      }),
      { headers: json },
    ),
  "another resource": () => new Response('{"resourceType":"Patient"}', { headers: json }),
  "no resource": () => new Response('[null,"x"]', { headers: json }),
};

function withdrawn(bundle: Bundle): Bundle {
  for (const { resource } of bundle.entry ?? []) {
    if (resource?.resourceType === "Composition") resource.status = "entered-in-error";
  }
  return bundle;
}

/** Answers that are right for another question. */
const elsewhere: typeof faults = {
  "an empty search": () => new Response('{"resourceType":"Bundle","type":"searchset","total":0}', { headers: json }),
  "a summary that was entered in error": () =>
    new Response(JSON.stringify(withdrawn(summaryBundle(odile))), { headers: json }),
  "a document about nothing": () => new Response('{"resourceType":"Bundle","type":"document"}', { headers: json }),
};

const requests = {
  status: (path: string) => path.startsWith("/Patient?"),
  summary: (path: string) => path.includes("$summary"),
  documents: (path: string) => path.startsWith("/DocumentReference"),
};

async function panelWith(isBroken: (path: string) => boolean, fault: string) {
  const service = startService([
    { person: odile, authorisation: "valid", documents: [testDocument(cdaLetter(odile))] },
  ]);
  service.intercept = (request, path) =>
    isBroken(path) ? { ...faults, ...elsewhere }[fault]?.(request, service) : undefined;
  const panel = summaryElement({ client: service.client(), ins: insAttribute(odile) });
  await until(() => panel.dataset.state !== undefined && panel.dataset.state !== "loading", `settled: ${fault}`);
  await until(() => panel.shadowRoot?.querySelector(".skeleton") === null, `no part waits: ${fault}`);
  const text = textOf(panel);
  expect(text, fault).not.toMatch(/undefined|\[object|NaN|null/);
  // Nobody recorded it: a failure may not read as an absence.
  expect(text, fault).not.toMatch(/Aucune allergie|Statut allergique|personne n’a renseigné/i);
  return { panel, text };
}

describe("a panel that was set wrongly", () => {
  it.each([
    ["a token in the place of the function", "https://record.test/fhir", "eyJhbGciOiJFUzI1NiJ9"],
    ["an address that is none", "https://", () => "t"],
  ])("%s is said to be a setting: no network is blamed, and nobody waits", async (_, baseUrl, accessToken) => {
    const panel = summaryElement({ baseUrl, accessToken: accessToken as () => string, ins: insAttribute(odile) });
    await until(() => panel.dataset.state !== undefined && panel.dataset.state !== "loading", "settled");
    expect(panel.dataset.state).toBe("error");
    expect(textOf(panel)).toContain("base-url et accessToken");
  });
});

describe("each request fails, in each way", () => {
  it("the state of the record: nothing clinical is shown, and a way on is", async () => {
    for (const fault of Object.keys(faults)) {
      const { panel, text } = await panelWith(requests.status, fault);
      expect(panel.dataset.state, fault).toMatch(/^(error|offline|forbidden|no-record)$/);
      expect(text, fault).not.toMatch(/Pénicilline|metformine|Lettre de sortie/);
      if (/error|offline/.test(panel.dataset.state ?? ""))
        expect(panel.shadowRoot?.querySelector("[data-retry]"), fault).not.toBeNull();
    }
  });

  it("the summary: each clinical section says that it was not loaded, and the documents stay", async () => {
    for (const fault of Object.keys({ ...faults, ...elsewhere })) {
      const { panel, text } = await panelWith(requests.summary, fault);
      expect(panel.dataset.state, fault).toBe("ready");
      expect(textOf(section(panel, "documents")), fault).toContain("Lettre de sortie");
      for (const name of ["allergies", "problems", "currentTreatments", "results"])
        expect(
          section(panel, name).querySelector("[data-state]")?.getAttribute("data-state"),
          `${name}, ${fault}`,
        ).toMatch(/^(failed|refused)$/);
      expect(text, fault).not.toContain("Pénicilline");
    }
  });

  it("the documents: their section alone says so, and every fact stays", async () => {
    for (const fault of Object.keys(faults)) {
      const { panel, text } = await panelWith(requests.documents, fault);
      expect(panel.dataset.state, fault).toBe("ready");
      expect(text, fault).toMatch(/Pénicilline.*metformine/s);
      const failed = [...(panel.shadowRoot?.querySelectorAll("[data-state=failed], [data-state=refused]") ?? [])];
      expect(
        failed.map((one) => one.closest("[data-section]")?.getAttribute("data-section")),
        fault,
      ).toEqual(["documents"]);
    }
  });

  it("all of them at once: the panel says one thing, not ten", async () => {
    for (const fault of Object.keys(faults)) {
      const { panel } = await panelWith(() => true, fault);
      expect(panel.shadowRoot?.querySelectorAll("[data-panel-state]"), fault).toHaveLength(1);
      expect(panel.shadowRoot?.querySelector("[data-section]"), fault).toBeNull();
    }
  });
});
