import {
  type Bundle,
  type Consent,
  type DocumentReference,
  extensionUrl,
  identifierSystem,
  type Patient,
} from "@carnet/sdk/fhir";
import { afterEach, describe, expect, it } from "vitest";
import { cdp } from "vitest/browser";
import "../../pages/shared/tokens.css";
import "../../pages/patient/views/documents/define.ts";
import "../../pages/patient/views/health/define.ts";
import { type Asked, fhir, ins, recordOf, refusal, searchSet, show, violations, within } from "./page-testing.ts";

const holder: Patient = {
  resourceType: "Patient",
  id: "p1",
  active: true,
  identifier: [ins],
  name: [{ use: "official", family: "MOREAU", given: ["CAMILLE"] }],
  gender: "female",
  birthDate: "1988-05-14",
};

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
    subject: { type: "Patient", identifier: ins },
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

afterEach(() => document.body.replaceChildren());

describe("my documents", () => {
  it("lists them without an accessibility fault, and finds one by a word without its accent", async () => {
    const view = await show(
      "carnet-my-documents",
      recordOf(() =>
        fhir(
          searchSet(
            { ...reference("1", "Échographie"), author: [{ display: "LLANFAIRPWLL".repeat(25) }] },
            reference("2", "Ordonnance"),
          ),
        ),
      ),
    );
    const { text } = within(view);
    await expect.poll(text).toContain("2 documents");
    expect(await violations(view)).toEqual([]);
    const search = view.renderRoot.querySelector("input") as HTMLInputElement;
    // A name of one long word breaks rather than push the page wider than a telephone.
    const shelf = view.parentElement as HTMLElement;
    shelf.style.width = "320px";
    expect(shelf.scrollWidth).toBeLessThanOrEqual(320);
    search.value = "echo";
    search.dispatchEvent(new InputEvent("input"));
    await expect.poll(text).toContain("1 document");
    expect(text()).not.toContain("Ordonnance");
    // The field is no part of a printed page: a list that leaves something out says so there.
    const onPaper = () => view.renderRoot.querySelector(".on-paper")?.textContent?.replaceAll("\u00a0", " ");
    expect(onPaper()).toBe("Liste incomplète : 1 document sur 2. Recherche : « echo ».");
    const isSeen = () => view.renderRoot.querySelector(".on-paper")?.checkVisibility();
    expect(isSeen()).toBe(false);
    await cdp().send("Emulation.setEmulatedMedia", { media: "print" });
    try {
      expect(isSeen()).toBe(true);
    } finally {
      await cdp().send("Emulation.setEmulatedMedia", { media: "" });
    }
    view.renderRoot.querySelector<HTMLElement>("[data-category=reports]")?.click();
    await expect.poll(onPaper).toContain("Catégorie : Comptes rendus. Recherche : « echo ».");
    view.renderRoot.querySelector<HTMLElement>("[data-category=all]")?.click();
    search.value = "";
    search.dispatchEvent(new InputEvent("input"));
    await expect.poll(onPaper).toBeUndefined();
  });

  it("shows one list, of the archive or of the rest, whichever was asked for while a long one was coming in", async () => {
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const archived = {
      ...reference("9", "Vieille lettre"),
      extension: [{ url: extensionUrl.isArchived, valueBoolean: true }],
    };
    const record = recordOf(async ({ path, query }) => {
      if (path === "Consent") return fhir(searchSet());
      if (query.get("page") === "2") {
        await held;
        return fhir(searchSet(reference("2", "Ordonnance")));
      }
      if (query.get("isArchived") === "true") return fhir(searchSet(archived));
      const url = "https://record.example/fhir/DocumentReference?page=2";
      return fhir({ ...searchSet(reference("1", "Lettre")), link: [{ relation: "next", url }] });
    });
    const view = await show("carnet-my-documents", record);
    const { text, find, click } = within(view);
    await expect.poll(text).toContain("la suite arrive");
    find("[name=archive]")?.focus();
    click("[name=archive]");
    await expect.poll(text).toContain("Vieille lettre");
    // Whoever has no mouse is still where they chose.
    expect(view.renderRoot.activeElement).toBe(find("[name=archive]"));
    click("[name=archive]");
    await expect.poll(text).toContain("la suite arrive");
    letGo();
    await expect.poll(text).toContain("2 documents");
    expect(view.renderRoot.querySelectorAll("[data-document]").length).toBe(2);
    expect(text()).not.toContain("Vieille lettre");
  });

  it("keeps the way to the archive when every document lies in it", async () => {
    const archived = {
      ...reference("9", "Vieille lettre"),
      extension: [{ url: extensionUrl.isArchived, valueBoolean: true }],
    };
    const record = recordOf(({ query }) =>
      fhir(query.get("isArchived") === "true" ? searchSet(archived) : searchSet()),
    );
    const view = await show("carnet-my-documents", record);
    const { text, click } = within(view);
    await expect.poll(text).toContain("Aucun document pour l'instant");
    click("[name=archive]");
    await expect.poll(text).toContain("Vieille lettre");
  });

  it("says the consequence before it hides a document, then offers to undo", async () => {
    let isHidden = false;
    const record = recordOf(({ method, path, body }) => {
      if (path === "Consent") return fhir(searchSet());
      if (method !== "PATCH") return fhir(searchSet(reference("1", "Lettre", isHidden)));
      isHidden = body.includes("MASQUE_PS");
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

  it("hides both of two documents on a slow line, and does one act for a double click", async () => {
    const hidden = new Set<string>();
    const waiting: (() => void)[] = [];
    const list = () => ["1", "2"].map((id) => reference(id, id === "1" ? "Lettre" : "Ordonnance", hidden.has(id)));
    const record = recordOf(async ({ method, path, query }) => {
      if (path === "Consent") return fhir(searchSet());
      if (method !== "PATCH") return fhir(searchSet(...list()));
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
      const id = query.get("identifier")?.split(".").pop() ?? "";
      hidden.add(id);
      return fhir(list().find((one) => one.id === id));
    });
    const view = await show("carnet-my-documents", record);
    const { text, find } = within(view);
    await expect.poll(text).toContain("Ordonnance");
    for (const id of ["1", "2"]) {
      find(`[data-document="urn:oid:1.2.${id}"] [data-action=hide]`)?.click();
      await expect.poll(() => find("dialog[open]")).not.toBeNull();
      const confirm = find("dialog[open] [data-action=confirm]");
      // The second half of a double click on the row's button confirms nothing.
      confirm?.dispatchEvent(new MouseEvent("click", { detail: 2, bubbles: true, composed: true, cancelable: true }));
      expect(find("dialog[open]")).not.toBeNull();
      confirm?.click();
      await expect.poll(() => find("dialog[open]")).toBeNull();
    }
    await expect.poll(() => waiting.length).toBe(1);
    waiting.shift()?.();
    await expect.poll(() => waiting.length).toBe(1);
    waiting.shift()?.();
    await expect.poll(() => view.renderRoot.querySelectorAll("[data-action=show]").length).toBe(2);
    expect([...hidden]).toEqual(["1", "2"]);
  });

  it("says that nothing changed when the service refuses, and shows the document as before", async () => {
    const record = recordOf(({ method }) =>
      method === "PATCH" ? refusal() : fhir(searchSet(reference("1", "Lettre"))),
    );
    const view = await show("carnet-my-documents", record);
    const { text, click } = within(view);
    await expect.poll(text).toContain("Lettre");
    click("[data-action=hide]");
    await expect.poll(() => view.renderRoot.querySelector("dialog")?.open).toBe(true);
    click("[data-action=confirm]");
    await expect.poll(text).toContain("Rien n'a changé : vous n'avez pas le droit");
    expect(view.renderRoot.querySelector("[data-action=show]")).toBeNull();
  });

  it("keeps a document out of every emergency only after the person ticked that it cannot be undone", async () => {
    const sent: string[] = [];
    const record = recordOf(({ method, path, body }) => {
      if (method === "POST" && path === "Consent") {
        sent.push(body);
        return fhir(JSON.parse(body), 201);
      }
      if (path.endsWith("$rights")) return fhir({ resourceType: "Parameters" });
      return fhir(path === "Consent" ? searchSet() : searchSet(reference("1", "Lettre")));
    });
    const view = await show("carnet-my-documents", record);
    const { text, click, dialog, find } = within(view);
    await expect.poll(text).toContain("Lettre");
    click("[data-action=more]");
    await expect.poll(() => dialog()?.textContent).toContain("Ne jamais montrer en urgence");
    expect(await violations(view)).toEqual([]);
    click("[data-choice=never]");
    await expect.poll(() => dialog()?.textContent).toContain("Ce choix est définitif");
    expect(await violations(view)).toEqual([]);
    click("dialog [data-action=confirm]");
    expect(sent).toEqual([]);
    find<HTMLInputElement>("[name=understood]")?.click();
    click("dialog [data-action=confirm]");
    await expect.poll(text).toContain("Ce document ne sera jamais lu en urgence.");
    expect(sent[0]).toContain('"BTG"');
    expect(sent[0]).toContain("DocumentReference/1");
    // Nothing takes it back, so nothing is offered.
    expect(find("[data-action=undo]")).toBeNull();
  });

  it("withholds a document from one structure, and gives it back", async () => {
    let consents: Consent[] = [];
    const known = reference("1", "Lettre");
    known.contained = [
      {
        resourceType: "Organization",
        id: "o",
        name: "Clinique du Lac",
        identifier: [{ system: identifierSystem.structure, value: "1750000001" }],
      },
    ];
    const record = recordOf(({ method, path, body }) => {
      if (path === "Consent" && method === "POST") {
        consents = [{ ...(JSON.parse(body) as Consent), id: "c1" }];
        return fhir(consents[0], 201);
      }
      if (path === "Consent/c1") {
        consents = [];
        return new Response(null, { status: 204 });
      }
      if (path === "Consent") return fhir(searchSet(...consents));
      if (path.endsWith("$rights")) return fhir({ resourceType: "Parameters" });
      return fhir(path === "DocumentReference" ? searchSet(known) : searchSet());
    });
    const view = await show("carnet-my-documents", record);
    const { text, click, dialog, fill } = within(view);
    await expect.poll(text).toContain("Lettre");
    click("[data-action=more]");
    await expect.poll(dialog).not.toBeNull();
    click("[data-choice=withhold]");
    await expect.poll(() => dialog()?.textContent).toContain("Clinique du Lac");
    expect(await violations(view)).toEqual([]);
    click("dialog [data-action=confirm]");
    expect(dialog()?.textContent).toContain("Choisissez une personne");
    fill("dialog select", "1750000001");
    click("dialog [data-action=confirm]");
    await expect.poll(text).toContain("Le document est caché à Clinique du Lac.");
    await expect.poll(text).toContain("Caché à 1 personne");
    click("[data-action=undo]");
    await expect.poll(text).toContain("Clinique du Lac peut de nouveau lire ce document");
    expect(consents).toEqual([]);
  });

  it("searches the texts with words that stand in no address, and marks them", async () => {
    const asked: Asked[] = [];
    const found: Bundle = searchSet(reference("2", "Lettre"));
    const [entry] = found.entry ?? [];
    if (entry?.search)
      entry.search.extension = [
        {
          url: "https://carnet.example/fhir/StructureDefinition/text-match",
          extension: [
            { url: "excerpt", valueString: "un asthme ancien" },
            {
              url: "match",
              extension: [
                { url: "start", valueInteger: 3 },
                { url: "end", valueInteger: 9 },
              ],
            },
          ],
        },
      ];
    const record = recordOf((question) => {
      asked.push(question);
      if (question.path === "DocumentReference/_search") return fhir(found);
      return fhir(question.path === "Consent" ? searchSet() : searchSet(reference("1", "Ordonnance")));
    });
    const view = await show("carnet-my-documents", record);
    const { text, click, fill, find } = within(view);
    await expect.poll(text).toContain("Ordonnance");
    fill("[name=words]", "asthme");
    await view.updateComplete;
    click("[data-action=search-text]");
    await expect.poll(text).toContain("1 document contient ces mots.");
    expect(find("mark")?.textContent).toBe("asthme");
    expect(asked.find(({ body }) => body.includes("_content=asthme"))?.method).toBe("POST");
    expect(asked.every(({ query }) => !query.toString().includes("asthme"))).toBe(true);
    expect(await violations(view)).toEqual([]);
  });

  it("sends an own document again under its number when no answer came, so that the record has it once", async () => {
    const numbers: (string | undefined)[] = [];
    const record = recordOf(({ method, path, body }) => {
      if (path === "Patient") return fhir(searchSet(holder));
      if (path === "metadata") return fhir({ resourceType: "CapabilityStatement", rest: [] });
      if (method !== "POST") return fhir(searchSet());
      const resources = ((JSON.parse(body) as Bundle).entry ?? []).flatMap(({ resource }) => resource ?? []);
      const filed = resources.find(({ resourceType }) => resourceType === "DocumentReference") as DocumentReference;
      numbers.push(filed.masterIdentifier?.value);
      // The record has it; the line breaks before it says so.
      if (numbers.length === 1) throw new TypeError("cut");
      const answers = resources.map(({ resourceType }) => ({
        response: { status: "201", location: `${resourceType}/x/_history/1`, lastModified: "2026-11-28T10:00:00Z" },
      }));
      return fhir({ resourceType: "Bundle", type: "transaction-response", entry: answers });
    });
    const view = await show("carnet-my-documents", record);
    const { text, click, dialog, fill, find } = within(view);
    await expect.poll(text).toContain("Aucun document pour l'instant");
    click("[data-action=add]");
    await expect.poll(dialog).not.toBeNull();
    const files = new DataTransfer();
    files.items.add(new File(["%PDF-1.4\n"], "lettre.pdf"));
    const field = find<HTMLInputElement>("[name=file]");
    if (field) field.files = files.files;
    fill("[name=title]", "Ma lettre");
    click("dialog [data-action=confirm]");
    await expect.poll(() => dialog()?.textContent).toContain("nous ne savons pas si votre demande est enregistrée");
    click("dialog [data-action=confirm]");
    await expect.poll(dialog).toBeNull();
    expect(new Set(numbers).size).toBe(1);
    expect(numbers).toHaveLength(2);
  });

  it("R123 tells the limits of an own document, refuses what does not fit, and deposits the rest as the person's", async () => {
    const sent: Bundle[] = [];
    const record = recordOf(({ method, path, body }) => {
      if (path === "Patient")
        return fhir({
          resourceType: "Bundle",
          type: "searchset",
          entry: [{ resource: holder, search: { mode: "match" } }],
        });
      if (path === "metadata") return fhir({ resourceType: "CapabilityStatement", rest: [] });
      if (method !== "POST") return fhir(searchSet());
      const bundle = JSON.parse(body) as Bundle;
      sent.push(bundle);
      const answers = (bundle.entry ?? []).map(({ resource }) => ({
        response: {
          status: "201",
          location: `${resource?.resourceType}/x/_history/1`,
          lastModified: "2026-11-28T10:00:00Z",
        },
      }));
      return fhir({ resourceType: "Bundle", type: "transaction-response", entry: answers });
    });
    const view = await show("carnet-my-documents", record);
    const { text, click, dialog, fill, find } = within(view);
    await expect.poll(text).toContain("Aucun document pour l'instant");
    click("[data-action=add]");
    await expect.poll(() => dialog()?.textContent).toContain("5 Mo au plus");
    expect(await violations(view)).toEqual([]);
    const choose = (name: string) => {
      const files = new DataTransfer();
      files.items.add(new File(["%PDF-1.4\n"], name));
      const field = find<HTMLInputElement>("[name=file]");
      if (field) field.files = files.files;
    };
    click("dialog [data-action=confirm]");
    await expect.poll(() => dialog()?.textContent).toContain("Choisissez d'abord un fichier.");
    choose("lettre.docx");
    click("dialog [data-action=confirm]");
    await expect.poll(() => dialog()?.textContent).toContain("Ce type de fichier n'est pas accepté");
    choose("radio.pdf");
    fill("[name=title]", "Radio du genou");
    fill("[name=type]", "imaging");
    click("dialog [data-action=confirm]");
    await expect.poll(text).toContain("Votre document est ajouté.");
    const document = sent[0]?.entry?.flatMap(({ resource }) =>
      resource?.resourceType === "DocumentReference" ? [resource] : [],
    )[0];
    expect(document?.type?.coding?.[0]?.code).toBe("DOCPAT04");
    expect(document?.contained?.some(({ resourceType }) => resourceType === "Patient")).toBe(true);
  });
});

describe("my health in short", () => {
  it("says that the record may not be opened, in words and with a way on", async () => {
    const view = await show("carnet-health", recordOf(refusal));
    await expect
      .poll(() => view.renderRoot.querySelector("[role=alert]")?.getAttribute("data-problem"))
      .toBe("forbidden");
    expect(await violations(view)).toEqual([]);
  });

  it("shows a serious allergy first, opens its source, prints every line, and has no accessibility fault", async () => {
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
        ...Array.from({ length: 6 }, (_, position) => ({
          resource: {
            resourceType: "MedicationStatement" as const,
            status: "active" as const,
            subject: {},
            medicationCodeableConcept: { text: `Médicament ${position + 1}` },
          },
        })),
      ],
    };
    const view = await show(
      "carnet-health",
      recordOf(() => fhir(summary)),
    );
    const { text, click, find } = within(view);
    await expect.poll(text).toContain("Amoxicilline");
    expect(text()).toContain("5 sur 6");
    for (const [moment, isWhole] of [
      ["beforeprint", true],
      ["afterprint", false],
    ] as const) {
      dispatchEvent(new Event(moment));
      await view.updateComplete;
      expect([moment, text().includes("Médicament 6"), text().includes("5 sur 6")]).toEqual([
        moment,
        isWhole,
        !isWhole,
      ]);
    }
    expect(view.renderRoot.querySelector("section")?.textContent).toContain("Réaction grave");
    expect(await violations(view)).toEqual([]);
    const opened = new Promise((resolve) =>
      view.addEventListener("open-source", (event) => resolve((event as CustomEvent).detail)),
    );
    click(".link");
    expect(await opened).toEqual({ uniqueId: "urn:oid:1.2.7" });
    // Who has no mouse reads on at the first line that was asked for.
    find("[data-more]")?.focus();
    click("[data-more]");
    await view.updateComplete;
    expect(find("[data-more]")).toBeNull();
    expect(view.renderRoot.activeElement?.textContent).toContain("Médicament 6");
  });

  it("never ends a line within a word of a medicine, however narrow the page", async () => {
    const summary = {
      resourceType: "Bundle",
      type: "document",
      entry: [
        {
          resource: {
            resourceType: "MedicationStatement",
            status: "active",
            subject: {},
            medicationCodeableConcept: { text: "SYMBICORT TURBUHALER 200 microgrammes/6 microgrammes par dose" },
          },
        },
      ],
    } as Bundle;
    const view = await show(
      "carnet-health",
      recordOf(() => fhir(summary)),
    );
    const { text, find } = within(view);
    await expect.poll(text).toContain("SYMBICORT");
    for (const width of [400, 340, 300, 260]) {
      (view.parentElement as HTMLElement).style.inlineSize = `${width}px`;
      const torn: string[] = [];
      const walker = document.createTreeWalker(find(".title") as HTMLElement, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        for (const { 0: word, index } of (node.nodeValue ?? "").matchAll(/\p{L}+/gu)) {
          const range = document.createRange();
          range.setStart(node, index);
          range.setEnd(node, index + word.length);
          if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) torn.push(word);
        }
      }
      expect(torn, `${width}px`).toEqual([]);
    }
  });
});
