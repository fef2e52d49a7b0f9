import { describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { cdaLetter, insAttribute, marcel, odile } from "../testing/fixtures.ts";
import { axeViolations, find, heard, mount, textOf, until } from "../testing/mount.ts";
import { startService, type TestDocument, testDocument } from "../testing/record-server.ts";
import type { CarnetDocuments } from "./carnet-documents.ts";

const many = Array.from({ length: 450 }, (_, position) =>
  testDocument(cdaLetter(odile), {
    uniqueId: `urn:uuid:many-${position}`,
    title: `Compte rendu ${position}`,
    author: position % 2 === 0 ? "Dr Inès MODÈLE" : "Dr Paul ESSAI",
    category: position % 10 === 0 ? "Imagerie médicale" : "Comptes rendus",
    date: `${2010 + (position % 15)}-05-12T10:00:00+01:00`,
    isHidden: position === 449,
    isInvisibleToPatient: position === 448,
    rpps: position % 9 === 0 ? "899700000001" : "899700000002",
    received: position === 3 || position === 4 ? "2026-11-27T10:00:00Z" : "2026-01-01T10:00:00Z",
    type: position % 2 === 0 ? "Lettre" : "Radiographie",
  }),
);

const tenThousand = Array.from({ length: 10_000 }, (_, position) => ({
  ...many[position % many.length],
  bytes: new Uint8Array(),
  uniqueId: `urn:uuid:ten-thousand-${position}`,
  title:
    position % 7 === 0
      ? `Compte rendu ${position} : ${"un titre qui tient sur plusieurs lignes ".repeat(4)}`
      : `Compte rendu ${position}`,
})) as TestDocument[];

function list(documents = many, more: object = {}) {
  const service = startService([
    { person: odile, authorisation: "valid", documents },
    { person: marcel, authorisation: "valid", documents: [] },
  ]);
  const element = mount<CarnetDocuments>("carnet-documents", {
    client: service.client(),
    ins: insAttribute(odile),
    ...more,
  });
  return { service, element };
}

function choose(element: HTMLElement, filter: string, value: string): void {
  const field = find<HTMLInputElement>(element, `[data-filter=${filter}]`);
  if (field.type === "checkbox") field.checked = value === "true";
  field.value = value;
  field.dispatchEvent(new Event(filter === "text" ? "input" : "change", { bubbles: true }));
}

describe("<carnet-documents>", () => {
  it("reads every page, newest first under its year, and keeps few lines in the page, wherever one scrolls", async () => {
    const { element } = list(tenThousand);
    await until(() => textOf(element).includes("10000 sur 10000"), "all loaded");
    const lines = () => [...(element.shadowRoot?.querySelectorAll<HTMLElement>("[data-line]") ?? [])];
    expect(lines()[0]?.textContent).toContain("2024");
    expect(lines()[1]?.getAttribute("aria-setsize")).toBe("10000");
    const scroller = find(element, "[data-lines]");
    for (const share of [0.2, 0.9, 0.5, 1, 0]) {
      scroller.scrollTop = scroller.scrollHeight * share;
      const box = scroller.getBoundingClientRect();
      await until(
        () =>
          lines().some((line) => line.getBoundingClientRect().top <= box.top + 2) &&
          lines().some((line) => line.getBoundingClientRect().bottom >= box.bottom - 2),
        `lines everywhere at ${share}`,
      );
      expect(lines().length).toBeLessThanOrEqual(40);
      expect(element.shadowRoot?.querySelectorAll("*").length).toBeLessThan(700);
    }
    expect(await axeViolations(element)).toEqual([]);
  });

  it("goes by keyboard from the search into the list, from document to document, to the last, and back", async () => {
    const { element } = list();
    await until(() => textOf(element).includes("450 sur 450"), "all loaded");
    find(element, "[data-filter=text]").focus();
    const at = () => element.shadowRoot?.activeElement?.closest("[data-line]")?.getAttribute("aria-posinset");
    const press = async (key: string, position: string | undefined) => {
      await userEvent.keyboard(`{${key}}`);
      await until(() => at() === position, `${key}: ${position}, now ${at()}`);
    };
    await press("ArrowDown", "1");
    await press("ArrowDown", "2");
    await press("End", "450");
    expect(find(element, "[data-line]:focus-within").getBoundingClientRect().bottom).toBeLessThanOrEqual(
      find(element, "[data-lines]").getBoundingClientRect().bottom + 1,
    );
    await press("PageUp", "440");
    await press("Home", "1");
    await userEvent.keyboard("{ArrowUp}");
    await until(() => element.shadowRoot?.activeElement?.matches("[data-filter=text]") === true, "back in the search");
  });

  it("arranges by category (R169), and filters by kind, author, period, mine and new, marking what is new and hidden", async () => {
    const { element } = list(many, { reader: "899700000001", newSince: "2026-11-20T00:00:00Z" });
    await until(() => textOf(element).includes("450 sur 450"), "all loaded");
    find<HTMLDetailsElement>(element, "details").open = true;
    const says = (words: string) => until(() => textOf(element).includes(words), words);
    choose(element, "grouping", "category");
    await until(() => find(element, ".head").textContent?.includes("Comptes rendus") === true, "by category");
    expect(textOf(find(element, ".head"))).toContain("405 documents");
    choose(element, "type", "Lettre");
    await says("225 sur 450");
    choose(element, "author", "Dr Paul ESSAI");
    await says("0 sur 450");
    find(element, "[data-clear]").click();
    await says("450 sur 450");
    choose(element, "from", "2012-05-12");
    await says("390 sur 450");
    choose(element, "to", "2012-05-12");
    await says("30 sur 450");
    find(element, "[data-clear]").click();
    await says("450 sur 450");
    choose(element, "isMine", "true");
    await says("50 sur 450");
    choose(element, "isMine", "false");
    choose(element, "isNew", "true");
    await says("2 sur 450");
    expect(textOf(find(element, "[data-lines]"))).toContain("Nouveau");
    expect(await axeViolations(element)).toEqual([]);
    // What was opened is new no more.
    element.addEventListener("carnet-open-document", (event) => event.preventDefault(), { once: true });
    find(element, "[data-document]").click();
    await says("1 sur 450");
    choose(element, "isNew", "false");
    choose(element, "text", "rendu 44");
    await says("Masqué aux professionnels");
    expect(textOf(element)).toContain("Non visible du patient");
  });

  it("searches the text of documents when asked, shows where the words stand as text, and says when it could not", async () => {
    const letters = [
      testDocument(cdaLetter(odile, "<paragraph>Asthme &lt;b&gt;ancien</paragraph>"), { uniqueId: "urn:uuid:asthma" }),
      testDocument(cdaLetter(odile), { uniqueId: "urn:uuid:other", title: "Autre" }),
    ];
    const { service, element } = list(letters);
    await until(() => textOf(element).includes("2 sur 2"), "loaded");
    choose(element, "text", "Asthme");
    await until(() => textOf(element).includes("0 sur 2"), "no title has it");
    find(element, "[data-search-text]").click();
    await until(() => textOf(element).includes("1 sur 2 · 1 dont le texte contient ces mots"), "found in a text");
    expect(find(element, "mark").textContent).toBe("Asthme");
    expect(await axeViolations(element)).toEqual([]);
    // Other words are another question.
    choose(element, "text", "Asthme stable");
    await until(() => textOf(element).includes("0 sur 2"), "forgotten");
    service.intercept = (_request, path) => (path.includes("_search") ? new Response("", { status: 500 }) : undefined);
    find(element, "[data-search-text]").click();
    await until(() => textOf(element).includes("La recherche dans le texte n’a pas abouti."), "failure");
    expect(textOf(element)).toContain("2");
    expect(await axeViolations(element)).toEqual([]);
  });

  it("finds by words without accents, and by category, and says how many of how many", async () => {
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
