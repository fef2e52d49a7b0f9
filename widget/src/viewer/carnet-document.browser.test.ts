import { describe, expect, it } from "vitest";
import { cdp } from "vitest/browser";
import { cdaLetter, insAttribute, letter, marcel, odile, smallPdf, summaryBundle } from "../testing/fixtures.ts";
import { axeViolations, find, heard, mount, textOf, until } from "../testing/mount.ts";
import { startService, testDocument } from "../testing/record-server.ts";
import type { CarnetDocument } from "./carnet-document.ts";

function view(content: string | Uint8Array, contentType: string, properties: object = {}) {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return mount<CarnetDocument>("carnet-document", { content: { bytes, contentType }, ...properties });
}

const png = Uint8Array.from(
  atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
  (character) => character.charCodeAt(0),
);

function level1(mediaType: string, base64: string): string {
  return cdaLetter(odile).replace(
    /<component><structuredBody>[\s\S]*<\/structuredBody><\/component>/,
    `<component><nonXMLBody><text mediaType="${mediaType}" representation="B64">${base64}</text></nonXMLBody></component>`,
  );
}

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

describe("<carnet-document>", () => {
  it("shows a structured CDA: header in French order, sections with headings, tables, links that stay inside", async () => {
    const viewer = view(cdaLetter(odile), "text/xml");
    await until(() => textOf(viewer).includes("Histoire de la maladie"), "shown");
    const text = textOf(viewer);
    expect(text).toMatch(/Lettre de sortie du service de cardiologie Auteur Ines MODELE/);
    expect(text).toMatch(/Substance Réaction Pénicilline Œdème du visage/);
    expect(viewer.shadowRoot?.querySelectorAll("[role=heading]")).toHaveLength(3);
    expect(await axeViolations(viewer)).toEqual([]);
    viewer.theme = "dark";
    await viewer.updateComplete;
    expect(await axeViolations(viewer)).toEqual([]);
    // Paper is white, whatever the screen was: what it says in pale letters is not read.
    await cdp().send("Emulation.setEmulatedMedia", { media: "print" });
    try {
      expect(getComputedStyle(find(viewer, "table")).color).toBe("rgb(16, 36, 43)");
    } finally {
      await cdp().send("Emulation.setEmulatedMedia", { media: "" });
    }
  });

  it("opens at the section of a fact and marks it", async () => {
    const viewer = view(cdaLetter(odile), "text/xml", { section: "48765-2" });
    await until(() => viewer.shadowRoot?.querySelector(".from-fact") != null, "marked");
    expect(find(viewer, ".from-fact").textContent).toContain("Œdème du visage");
  });

  it("shows the PDF of a level-1 document, in the browser's viewer or page by page", async () => {
    const viewer = view(level1("application/pdf", base64(smallPdf())), "text/xml");
    await until(() => viewer.shadowRoot?.querySelector("iframe.frame, canvas") != null, "PDF shown");
    expect(textOf(viewer)).toContain("Lettre de sortie du service de cardiologie");
    expect(viewer.shadowRoot?.querySelector("iframe")?.getAttribute("title") ?? "Document").toContain("Document");
  });

  it("draws the pages itself when the browser has no viewer of its own", async () => {
    const own = Object.getOwnPropertyDescriptor(Navigator.prototype, "pdfViewerEnabled");
    Object.defineProperty(Navigator.prototype, "pdfViewerEnabled", { configurable: true, get: () => false });
    try {
      const viewer = view(smallPdf(), "application/pdf");
      await until(
        () => viewer.shadowRoot?.querySelector("canvas")?.getAttribute("aria-label")?.includes("Bonjour") === true,
        "page drawn",
      );
      expect(find(viewer, "canvas").getAttribute("aria-label")).toContain("Page 1 sur 1");
      expect(find<HTMLCanvasElement>(viewer, "canvas").width).toBeGreaterThan(200);
      expect(await axeViolations(viewer)).toEqual([]);
    } finally {
      if (own !== undefined) Object.defineProperty(Navigator.prototype, "pdfViewerEnabled", own);
    }
  });

  it("shows images and texts, inside a CDA or alone", async () => {
    const image = view(level1("image/png", base64(png)), "text/xml");
    await until(() => image.shadowRoot?.querySelector("img") != null, "image shown");
    expect(await axeViolations(image)).toEqual([]);
    const text = view("Bonjour\nDeuxième ligne <b>", "text/plain");
    await until(() => text.shadowRoot?.querySelector("pre") != null, "text shown");
    expect(find(text, "pre").textContent).toBe("Bonjour\nDeuxième ligne <b>");
  });

  it("shows a FHIR document with the sections of the summary", async () => {
    const viewer = view(JSON.stringify(summaryBundle(odile)), "application/fhir+json");
    await until(() => textOf(viewer).includes("Pénicilline"), "shown");
    expect(textOf(viewer)).toContain("12,5 microgrammes");
    expect(await axeViolations(viewer)).toEqual([]);
  });

  it("shows a FHIR document whole: whose it is, what changes the meaning of a fact, every row, no dead button", async () => {
    const result = (position: number) => ({
      resourceType: "Observation" as const,
      id: `r${position}`,
      status: "preliminary" as const,
      code: { text: `Analyse ${position}` },
      valueQuantity: { value: position, unit: "g/L" },
    });
    const results = Array.from({ length: 60 }, (_, position) => result(position));
    const viewer = view(JSON.stringify(summaryBundle(odile, results)), "application/fhir+json");
    await until(() => textOf(viewer).includes("Pénicilline"), "shown");
    expect(textOf(find(viewer, "[part=identity]"))).toContain("TESTARD");
    expect(textOf(viewer)).toContain("Résultat provisoire");
    expect(textOf(viewer)).toContain("Analyse 59");
    expect(textOf(viewer)).toContain("Le codage dit type 2, le texte type 1");
    expect(textOf(viewer)).not.toMatch(/Réduire la liste|Afficher \d+ de plus|Tout afficher/);
    expect(await axeViolations(viewer)).toEqual([]);
  });

  it("says that a damaged document cannot be shown, and offers its bytes", async () => {
    for (const content of [
      cdaLetter(odile).slice(0, 900),
      cdaLetter(odile).replace("?>", '?><!DOCTYPE x [<!ENTITY e "e">]>'),
    ]) {
      const viewer = view(content, "text/xml");
      await until(() => viewer.shadowRoot?.querySelector("[data-state=unreadable]") != null, "refused");
      expect(find(viewer, "[data-download]").textContent).toContain("Télécharger");
      expect(await axeViolations(viewer)).toEqual([]);
    }
  });

  it("a PDF that says it is a web page is shown as a PDF; a web page is never opened", async () => {
    const pdf = view(smallPdf(), "text/html");
    await until(() => pdf.shadowRoot?.querySelector("iframe.frame, canvas") != null, "PDF");
    const page = view("<html><script>globalThis.__ran=1</script></html>", "text/html");
    await until(() => textOf(page).includes("Format non affichable"), "refused");
    expect(page.shadowRoot?.querySelector("iframe")).toBeNull();
  });

  it("says that a document is not there, in plain words, and tells the host", async () => {
    const errors = heard("carnet-error");
    const service = startService([{ person: odile, authorisation: "valid", documents: [] }]);
    const viewer = mount("carnet-document", { client: service.client(), ins: insAttribute(odile), uniqueId: letter });
    await until(() => textOf(viewer).includes("n’est pas dans le dossier"), "said");
    expect(errors[0]?.detail).toEqual({ code: "document-not-found" });
    expect(await axeViolations(viewer)).toEqual([]);
  });

  it("warns when the document carries the INS of somebody else than the record's, and that it was replaced", async () => {
    for (const [person, isWarned] of [
      [marcel, true],
      [odile, false],
    ] as const) {
      const service = startService([
        { person: odile, authorisation: "valid", documents: [testDocument(cdaLetter(person), { isSuperseded: true })] },
      ]);
      const viewer = mount("carnet-document", { client: service.client(), ins: insAttribute(odile), uniqueId: letter });
      await until(() => textOf(viewer).includes("Histoire de la maladie"), "shown");
      // The version that replaced it may be deleted since: what is said holds all the same.
      expect(textOf(viewer)).toContain("Ce document a été remplacé par une version plus récente.");
      expect(textOf(viewer).includes("d’une autre personne que le patient affiché")).toBe(isWarned);
      expect(await axeViolations(viewer)).toEqual([]);
    }
  });

  it("says how much of a large document has come, and stops at once when its reader wants no more", async () => {
    const megabyte = 1024 * 1024;
    const document = testDocument("Compte rendu", { contentType: "text/plain" });
    const service = startService([{ person: odile, authorisation: "valid", documents: [document] }]);
    const whole = document.bytes;
    let line: ReadableStreamDefaultController<Uint8Array> | undefined;
    service.intercept = (_request, path) => {
      if (!path.startsWith("/Binary") || line !== undefined) return undefined;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          line = controller;
          controller.enqueue(new Uint8Array(1.5 * megabyte));
        },
      });
      return new Response(body, { headers: { "content-type": "text/plain", "content-length": `${50 * megabyte}` } });
    };
    const viewer = mount<CarnetDocument>("carnet-document", {
      client: service.client(),
      ins: insAttribute(odile),
      uniqueId: letter,
    });
    await until(() => textOf(viewer).includes("1,5 Mo sur 50 Mo"), "told");
    const bar = find<HTMLProgressElement>(viewer, "progress");
    expect(bar.position).toBeCloseTo(0.03);
    expect(bar.getAttribute("aria-label")).toBe("Ouverture du document…");
    expect(await axeViolations(viewer)).toEqual([]);

    find(viewer, "[data-stop]").focus();
    find(viewer, "[data-stop]").click();
    await until(() => textOf(viewer).includes("L’ouverture de ce document a été arrêtée."), "stopped");
    expect(viewer.shadowRoot?.activeElement).toBe(find(viewer, "[data-retry]"));
    expect(await axeViolations(viewer)).toEqual([]);
    line?.enqueue(new Uint8Array(megabyte));
    line?.close();

    find(viewer, "[data-retry]").click();
    await until(() => textOf(viewer).includes("Compte rendu"), "opened again");
    expect(find(viewer, "pre").textContent).toBe(new TextDecoder().decode(whole));
  });

  it("keeps the reader's place when a document comes while its stop button has the focus", async () => {
    const document = testDocument("Compte rendu", { contentType: "text/plain" });
    const service = startService([{ person: odile, authorisation: "valid", documents: [document] }]);
    let release: () => void = () => undefined;
    service.intercept = (_request, path) =>
      path.startsWith("/Binary") ? new Promise((resolve) => (release = () => resolve(undefined))) : undefined;
    const viewer = mount("carnet-document", { client: service.client(), ins: insAttribute(odile), uniqueId: letter });
    await until(() => {
      viewer.shadowRoot?.querySelector<HTMLElement>("[data-stop]")?.focus();
      return viewer.shadowRoot?.activeElement?.matches("[data-stop]") === true;
    }, "focused");
    release();
    await until(() => viewer.shadowRoot?.querySelector("pre") != null, "shown");
    await until(() => viewer.shadowRoot?.activeElement === find(viewer, ".document-title"), "on the title");
  });

  it("drops the answer for a document that is no longer asked for", async () => {
    const other = "urn:uuid:second";
    const documents = [
      testDocument("premier", { contentType: "text/plain" }),
      testDocument("second", { uniqueId: other, contentType: "text/plain" }),
    ];
    const service = startService([{ person: odile, authorisation: "valid", documents }]);
    let release: () => void = () => undefined;
    let held = 0;
    service.intercept = (_request, path) =>
      path.startsWith("/Binary") && held++ === 0
        ? new Promise((resolve) => {
            release = () => resolve(undefined);
          })
        : undefined;
    const viewer = mount<CarnetDocument>("carnet-document", {
      client: service.client(),
      ins: insAttribute(odile),
      uniqueId: letter,
    });
    await until(() => held === 1, "first asked");
    viewer.uniqueId = other;
    await until(() => textOf(viewer).includes("second"), "second shown");
    release();
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(textOf(viewer)).not.toContain("premier");
  });
});
