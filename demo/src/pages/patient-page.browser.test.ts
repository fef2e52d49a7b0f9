import { connect } from "@carnet/sdk";
import type { Bundle, DocumentReference } from "@carnet/sdk/fhir";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import "../../pages/shared/tokens.css";
import { define } from "../../pages/patient/define.ts";
import type { RecordView } from "../../pages/patient/view.ts";
import { DocumentsView } from "../../pages/patient/views/documents-view.ts";
import { HealthView } from "../../pages/patient/views/health-view.ts";

define("carnet-my-documents", DocumentsView);
define("carnet-health", HealthView);

const ins = { system: "urn:oid:1.2.250.1.213.1.4.10", value: "288053726104286" };

/** A service that answers from memory, at the network's edge. */
function service(answers: (path: string, init?: RequestInit) => Response) {
  const fetchFromMemory: typeof fetch = async (input, init) => {
    const request = input instanceof Request ? input : undefined;
    return answers(new URL(request?.url ?? String(input)).pathname, init ?? (request && { method: request.method }));
  };
  return connect({
    baseUrl: "https://record.example/fhir",
    accessToken: () => "token",
    fetch: fetchFromMemory,
    locale: "fr",
  }).record(ins);
}

const fhir = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/fhir+json" } });

const searchSet = (...resources: DocumentReference[]): Bundle => ({
  resourceType: "Bundle",
  type: "searchset",
  total: resources.length,
  entry: resources.map((resource) => ({ resource, search: { mode: "match" } })),
});

function reference(id: string, title: string, isHidden = false): DocumentReference {
  const visibility =
    "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument";
  return {
    resourceType: "DocumentReference",
    id,
    meta: { versionId: "1", lastUpdated: "2026-11-22T10:00:00Z" },
    masterIdentifier: { system: "urn:ietf:rfc:3986", value: `urn:oid:1.2.${id}` },
    status: "current",
    type: { coding: [{ system: "http://loinc.org", code: "11488-4", display: "CR de consultation" }] },
    category: [{ coding: [{ code: "10", display: "Compte rendu" }] }],
    date: "2026-10-16T09:00:00Z",
    author: [{ display: "Dr Sophie MARTIN" }],
    securityLabel: [
      {
        coding: [
          isHidden
            ? { system: visibility, code: "MASQUE_PS" }
            : { system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "N" },
        ],
      },
    ],
    content: [{ attachment: { contentType: "application/pdf", title, url: `Binary/${id}` } }],
  };
}

async function show(tag: string, record: RecordView["record"]): Promise<RecordView & { renderRoot: ShadowRoot }> {
  const main = document.createElement("main");
  const view = document.createElement(tag) as RecordView & { renderRoot: ShadowRoot };
  view.record = record;
  main.append(view);
  document.body.append(main);
  document.documentElement.lang = "fr";
  await view.updateComplete;
  return view;
}

const within = (view: { renderRoot: ShadowRoot }) => ({
  text: () => view.renderRoot.textContent ?? "",
  click: (selector: string) => view.renderRoot.querySelector<HTMLElement>(selector)?.click(),
});

async function violations(element: Element): Promise<readonly string[]> {
  const { violations: found } = await axe.run(element, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] });
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}

afterEach(() => document.body.replaceChildren());

describe("my documents", () => {
  it("lists them without an accessibility fault, and finds one by a word without its accent", async () => {
    const view = await show(
      "carnet-my-documents",
      service(() => fhir(searchSet(reference("1", "Échographie"), reference("2", "Ordonnance")))),
    );
    const { text } = within(view);
    await expect.poll(text).toContain("2 documents");
    expect(await violations(view)).toEqual([]);
    const search = view.renderRoot.querySelector("input") as HTMLInputElement;
    search.value = "echo";
    search.dispatchEvent(new InputEvent("input"));
    await expect.poll(text).toContain("1 document");
    expect(text()).not.toContain("Ordonnance");
  });

  it("says the consequence before it hides a document, then offers to undo", async () => {
    let isHidden = false;
    const record = service((_path, init) => {
      if (init?.method !== "PATCH") return fhir(searchSet(reference("1", "Lettre", isHidden)));
      isHidden = String(init.body).includes("MASQUE_PS");
      return fhir(reference("1", "Lettre", isHidden));
    });
    const view = await show("carnet-my-documents", record);
    const { text, click } = within(view);
    await expect.poll(text).toContain("Lettre");
    click("[data-action=hide]");
    await expect.poll(() => view.renderRoot.querySelector("dialog")?.open).toBe(true);
    expect(view.renderRoot.querySelector("dialog")?.textContent).toContain("ne sauront pas qu'il existe");
    expect(isHidden).toBe(false);
    click("[data-action=confirm]");
    await expect.poll(text).toContain("Le document est caché aux soignants.");
    expect(isHidden).toBe(true);
    click("[data-action=undo]");
    await expect.poll(text).toContain("Le document est visible pour vos soignants.");
    expect(isHidden).toBe(false);
  });

  it("says that nothing changed when the service refuses, and shows the document as before", async () => {
    const record = service((_path, init) =>
      init?.method === "PATCH"
        ? fhir({ resourceType: "OperationOutcome", issue: [{ severity: "error", code: "forbidden" }] }, 403)
        : fhir(searchSet(reference("1", "Lettre"))),
    );
    const view = await show("carnet-my-documents", record);
    const { text, click } = within(view);
    await expect.poll(text).toContain("Lettre");
    click("[data-action=hide]");
    await expect.poll(() => view.renderRoot.querySelector("dialog")?.open).toBe(true);
    click("[data-action=confirm]");
    await expect.poll(text).toContain("Le changement n'a pas été enregistré.");
    expect(view.renderRoot.querySelector("[data-action=show]")).toBeNull();
  });
});

describe("my health in short", () => {
  it("says that the record may not be opened, in words and with a way on", async () => {
    const refused = { resourceType: "OperationOutcome", issue: [{ severity: "error", code: "forbidden" }] };
    const view = await show(
      "carnet-health",
      service(() => fhir(refused, 403)),
    );
    await expect
      .poll(() => view.renderRoot.querySelector("[role=alert]")?.getAttribute("data-problem"))
      .toBe("forbidden");
    expect(await violations(view)).toEqual([]);
  });

  it("shows a serious allergy first, opens its source, and has no accessibility fault", async () => {
    const summary: Bundle = {
      resourceType: "Bundle",
      type: "document",
      entry: [
        {
          resource: {
            resourceType: "Composition",
            status: "final",
            type: {},
            date: "2026-11-22",
            author: [],
            title: "IPS",
          },
        },
        {
          resource: {
            resourceType: "AllergyIntolerance",
            patient: {},
            code: { text: "Amoxicilline" },
            criticality: "high",
            meta: { source: "urn:oid:1.2.7" },
          },
        },
      ],
    };
    const view = await show(
      "carnet-health",
      service(() => fhir(summary)),
    );
    const { text, click } = within(view);
    await expect.poll(text).toContain("Amoxicilline");
    expect(view.renderRoot.querySelector("section")?.textContent).toContain("Réaction grave");
    expect(await violations(view)).toEqual([]);
    const opened = new Promise((resolve) =>
      view.addEventListener("open-source", (event) => resolve((event as CustomEvent).detail)),
    );
    click(".link");
    expect(await opened).toEqual({ uniqueId: "urn:oid:1.2.7" });
  });
});
