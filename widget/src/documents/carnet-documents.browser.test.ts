import { describe, expect, it } from "vitest";
import { cdaLetter, insAttribute, marcel, odile } from "../testing/fixtures.ts";
import { axeViolations, find, heard, mount, textOf, until } from "../testing/mount.ts";
import { startService, testDocument } from "../testing/record-server.ts";
import type { CarnetDocuments } from "./carnet-documents.ts";

const many = Array.from({ length: 450 }, (_, position) =>
  testDocument(cdaLetter(odile), {
    uniqueId: `urn:uuid:many-${position}`,
    title: `Compte rendu ${position}`,
    author: position % 2 === 0 ? "Dr Inès MODÈLE" : "Dr Paul ESSAI",
    category: position % 10 === 0 ? "Imagerie médicale" : "Comptes rendus",
    date: `${2010 + (position % 15)}-05-12T10:00:00+01:00`,
    isHidden: position === 449,
  }),
);

function list(documents = many) {
  const service = startService([
    { person: odile, authorisation: "valid", documents },
    { person: marcel, authorisation: "valid", documents: [] },
  ]);
  const element = mount<CarnetDocuments>("carnet-documents", { client: service.client(), ins: insAttribute(odile) });
  return { service, element };
}

function choose(element: HTMLElement, filter: string, value: string): void {
  const field = find<HTMLSelectElement>(element, `[data-filter=${filter}]`);
  field.value = value;
  field.dispatchEvent(new Event(filter === "text" ? "input" : "change", { bubbles: true }));
}

describe("<carnet-documents>", () => {
  it("reads every page of the service, newest first, and never puts more than forty rows on screen", async () => {
    const { element } = list();
    await until(() => textOf(element).includes("450 sur 450"), "all loaded");
    const rows = element.shadowRoot?.querySelectorAll(".rows > li");
    expect(rows).toHaveLength(40);
    expect(rows?.[0]?.textContent).toContain("2024");
    expect(element.shadowRoot?.querySelectorAll("*").length).toBeLessThan(700);
    expect(await axeViolations(element)).toEqual([]);
  });

  it("finds by words without accents, by category, author and year, and says how many of how many", async () => {
    const { element } = list();
    await until(() => textOf(element).includes("450 sur 450"), "all loaded");
    choose(element, "text", "compte modele");
    await until(() => textOf(element).includes("225 sur 450"), "words");
    choose(element, "category", "Imagerie médicale");
    await until(() => textOf(element).includes("45 sur 450"), "category");
    choose(element, "text", "introuvable");
    await until(() => textOf(element).includes("Aucun document ne correspond"), "nothing");
    expect(await axeViolations(element)).toEqual([]);
  });

  it("turns pages by buttons", async () => {
    const { element } = list();
    await until(() => textOf(element).includes("450 sur 450"), "all loaded");
    expect(textOf(element)).toContain("Page 1 sur 12");
    const buttons = element.shadowRoot?.querySelectorAll<HTMLButtonElement>(".pages button");
    buttons?.[1]?.click();
    await until(() => textOf(element).includes("Page 2 sur 12"), "next page");
  });

  it("asks the host before it opens a document, and opens it itself otherwise", async () => {
    const { element } = list();
    await until(() => textOf(element).includes("450 sur 450"), "all loaded");
    const asked = heard("carnet-open-document");
    element.addEventListener("carnet-open-document", (event) => event.preventDefault(), { once: true });
    find(element, "[data-document]").click();
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector("carnet-document")).toBeNull();
    find(element, "[data-document]").click();
    await until(() => textOf(element).includes("Histoire de la maladie"), "document shown");
    expect(asked).toHaveLength(2);
  });

  it("a page that fails: keeps what came, says that the list is incomplete, and tries again", async () => {
    const { service, element } = list();
    let count = 0;
    service.intercept = (_request, path) =>
      path.startsWith("/DocumentReference") && ++count === 2 ? new Response("", { status: 500 }) : undefined;
    await until(() => textOf(element).includes("La liste est incomplète : 200 documents chargés"), "said");
    expect(await axeViolations(element)).toEqual([]);
    find(element, "[data-retry]").click();
    await until(() => textOf(element).includes("450 sur 450"), "all loaded");
  });

  it("a record without documents says so; a change of patient empties the list and the criteria at once", async () => {
    const { element } = list();
    await until(() => textOf(element).includes("450 sur 450"), "all loaded");
    choose(element, "text", "compte");
    element.ins = insAttribute(marcel);
    await element.updateComplete;
    expect(textOf(element)).not.toContain("Compte rendu");
    expect(find<HTMLInputElement>(element, "[data-filter=text]").value).toBe("");
    await until(() => textOf(element).includes("Aucun document visible dans ce dossier."), "empty");
    expect(await axeViolations(element)).toEqual([]);
  });
});
