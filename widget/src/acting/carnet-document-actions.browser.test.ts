import { wrapInCda } from "@carnet/sdk/cda";
import { describe, expect, it } from "vitest";
import { cdaLetter, insAttribute, letter, odile } from "../testing/fixtures.ts";
import { axeViolations, find, heard, mount, textOf, until } from "../testing/mount.ts";
import { refusal, startService, type TestDocument, testDocument } from "../testing/record-server.ts";
import type { CarnetDocument } from "../viewer/carnet-document.ts";
import type { CarnetDocumentActions } from "./carnet-document-actions.ts";
import "../viewer/define.ts";

/** What the author of a document may do, as the record says it from the document's state. */
const authorRights = ({ isHidden, isArchived }: TestDocument) => [
  isHidden === true ? "show" : "hide",
  isArchived === true ? "unarchive" : "archive",
  "delete",
  "replace",
];

async function open(rights: TestDocument["rights"], properties: object = {}) {
  const document = testDocument(cdaLetter(odile), rights === undefined ? {} : { rights });
  const service = startService([{ person: odile, authorisation: "valid", documents: [document] }]);
  const viewer = mount<CarnetDocument>("carnet-document", {
    client: service.client(),
    ins: insAttribute(odile),
    uniqueId: letter,
    ...properties,
  });
  await until(() => viewer.shadowRoot?.querySelector("carnet-document-actions") != null, "document shown");
  const actions = find<CarnetDocumentActions>(viewer, "carnet-document-actions");
  return { document, service, viewer, actions };
}

/** A letter that is fit to be sent. */
function newerLetter(): string {
  return wrapInCda({
    content: new TextEncoder().encode("Lettre corrigée"),
    contentType: "text/plain",
    title: "Lettre corrigée",
    uniqueId: "urn:oid:1.2.250.1.999.9.9",
    effectiveTime: "2026-11-04T10:00:00+01:00",
    type: { code: "11490-0", system: "http://loinc.org", display: "CR ou lettre de sortie" },
    act: { start: "2026-11-03" },
    patient: {
      ins: { system: "urn:oid:1.2.250.1.213.1.4.10", value: odile.ins },
      birthName: odile.family,
      firstGivenName: odile.given,
      birthGivenNames: [odile.given],
      sex: "female",
      birthDate: odile.birthDate,
      birthPlaceCode: "63113",
    },
    author: {
      rpps: "899700000001",
      family: "MODELE",
      given: "Ines",
      profession: "G15_10",
      organization: {
        id: "1990000001",
        name: "Clinique des Exemples",
        facilityType: "SA01",
        practiceSetting: "ETABLISSEMENT",
      },
    },
  });
}

const shown = (actions: HTMLElement, selector: string) =>
  until(() => actions.shadowRoot?.querySelector(selector) != null, selector);

const offered = (actions: HTMLElement) =>
  [...(actions.shadowRoot?.querySelectorAll<HTMLElement>("[data-act]") ?? [])].map((button) => button.dataset.act);

describe("<carnet-document-actions>", () => {
  it("offers what the record grants and nothing else", async () => {
    const { actions } = await open(() => ["archive"]);
    await shown(actions, "[data-act]");
    expect(offered(actions)).toEqual(["archive"]);
    expect(await axeViolations(actions)).toEqual([]);
  });

  it("offers nothing where nothing is granted, or where the server does not say", async () => {
    for (const rights of [() => [], undefined]) {
      const { actions, service } = await open(rights);
      await until(() => service.requests.some((one) => one.includes("$rights")), "asked");
      await actions.updateComplete;
      expect(textOf(actions)).toBe("");
    }
  });

  it("says what masking does before it masks, then lets it be undone", async () => {
    const changes = heard("carnet-document-changed");
    const { actions, document } = await open(authorRights);
    await shown(actions, "[data-act=hide]");
    find(actions, "[data-act=hide]").click();
    await shown(actions, "[data-confirm]");
    expect(textOf(actions)).toContain("ne sauront pas qu’il existe");
    expect(document.isHidden).toBeUndefined();
    expect(await axeViolations(actions)).toEqual([]);
    find(actions, "[data-confirm]").click();
    await shown(actions, "[data-undo]");
    expect(document.isHidden).toBe(true);
    expect(textOf(actions)).toContain("Masqué aux professionnels.");
    expect(offered(actions)).toContain("show");
    find(actions, "[data-undo]").click();
    await until(() => textOf(actions).includes("le document est comme avant"), "undone");
    expect(document.isHidden).toBe(false);
    expect(changes.map(({ detail }) => detail.change)).toEqual(["hide", "show"]);
    expect(changes[0]?.detail.document.isHidden).toBe(true);
  });

  it("archives at once, for archiving hides nothing from anybody", async () => {
    const { actions, document } = await open(authorRights);
    await shown(actions, "[data-act=archive]");
    find(actions, "[data-act=archive]").click();
    await until(() => textOf(actions).includes("Archivé."), "archived");
    expect(document.isArchived).toBe(true);
  });

  it("deletes only after a deliberate confirmation, which can be declined", async () => {
    const changes = heard("carnet-document-changed");
    const { actions, service } = await open(authorRights);
    await shown(actions, "[data-act=delete]");
    find(actions, "[data-act=delete]").click();
    await shown(actions, "[data-confirm]");
    expect(textOf(actions)).toContain("ne peut pas être annulée");
    find(actions, "[data-cancel]").click();
    await shown(actions, "[data-act=delete]");
    expect(service.requests.some((one) => one.startsWith("PATCH"))).toBe(false);
    find(actions, "[data-act=delete]").click();
    await shown(actions, "[data-confirm]");
    find(actions, "[data-confirm]").click();
    await until(() => textOf(actions).includes("Document supprimé."), "deleted");
    expect(actions.shadowRoot?.querySelector("[data-undo]")).toBeNull();
    expect(changes.map(({ detail }) => [detail.change, detail.document])).toEqual([["delete", undefined]]);
  });

  it("says in words that a change was refused, and by which rule", async () => {
    const { actions, service, document } = await open(authorRights);
    await shown(actions, "[data-act=archive]");
    service.intercept = (request) => (request.method === "PATCH" ? refusal(403, "R119") : undefined);
    find(actions, "[data-act=archive]").click();
    await until(() => textOf(actions).includes("Rien n’a été changé."), "refusal shown");
    expect(textOf(actions)).toContain("Règle R119");
    expect(document.isArchived).toBeUndefined();
    expect(await axeViolations(actions)).toEqual([]);
  });

  it("replaces the document by the file that is chosen", async () => {
    const { actions, service } = await open(authorRights);
    const bodies: string[] = [];
    service.intercept = async (request, path) => {
      if (request.method === "POST" && (path === "" || path === "/")) bodies.push(await request.clone().text());
      return undefined;
    };
    await shown(actions, "[data-act=replace]");
    find(actions, "[data-act=replace]").click();
    await shown(actions, "carnet-deposit");
    const deposit = find<HTMLElement & { choose(file: File): Promise<void> }>(actions, "carnet-deposit");
    await customElements.whenDefined("carnet-deposit");
    await deposit.choose(new File([newerLetter()], "lettre.xml", { type: "text/xml" }));
    await shown(deposit, "[data-send]");
    find(deposit, "[data-send]").click();
    await until(() => textOf(deposit).includes("Document déposé"), "receipt");
    expect(bodies[0]).toContain('"code":"replaces"');
  });

  it("works by keyboard: each step takes the focus", async () => {
    const { actions } = await open(authorRights);
    await shown(actions, "[data-act=delete]");
    find(actions, "[data-act=delete]").focus();
    find(actions, "[data-act=delete]").click();
    await until(() => actions.shadowRoot?.activeElement?.classList.contains("ask") === true, "question has the focus");
  });

  it("forgets the former document: its rights are not offered on the next", async () => {
    const { actions, viewer } = await open(authorRights);
    await shown(actions, "[data-act=delete]");
    viewer.uniqueId = "urn:oid:1.2.3.4";
    await viewer.updateComplete;
    expect(viewer.shadowRoot?.querySelector("carnet-document-actions")).toBeNull();
  });
});
