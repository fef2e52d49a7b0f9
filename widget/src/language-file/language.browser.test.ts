/** Every element, in every state, in a language of which no letter is French or English: what is read in Latin was forgotten. */
import type { Bundle } from "@carnet/sdk/fhir";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CarnetDeposit } from "../deposit/carnet-deposit.ts";
import "../deposit/define.ts";
import {
  cdaLetter,
  insAttribute,
  letter,
  marcel,
  odile,
  smallPdf,
  summaryBundle,
  withKey,
} from "../testing/fixtures.ts";
import { fillWithHostile } from "../testing/hostile.ts";
import { axeViolations, find, heard, mount, reached, summaryElement, until } from "../testing/mount.ts";
import { refusal, startService, type TestDocument, testDocument } from "../testing/record-server.ts";

const locale = "ru-x-pseudo";
const words = new URL("../../languages/pseudo.json", import.meta.url).href;
const person = { ...odile, family: "Данные", given: "Анна" };

/** Attributes that somebody reads or hears. */
const said = [
  "aria-label",
  "title",
  "placeholder",
  "alt",
  "label",
  "aria-description",
  "aria-valuetext",
  "aria-roledescription",
];

/** Everything an element says, shadow roots, attributes and what is folded included. */
function sayings(node: Node): string[] {
  if (node.nodeType === Node.TEXT_NODE) return [node.nodeValue ?? ""];
  if (!(node instanceof Element) && !(node instanceof ShadowRoot)) return [];
  // Kinds of document are those of the national list, in French as it is.
  if (node instanceof HTMLStyleElement || node instanceof HTMLOptGroupElement) return [];
  const own = node instanceof Element ? said.flatMap((name) => node.getAttribute(name) ?? []) : [];
  const shadow = node instanceof Element && node.shadowRoot !== null ? sayings(node.shadowRoot) : [];
  return [...own, ...shadow, ...[...node.childNodes].flatMap(sayings)];
}

/** Words in letters of French and English, but for codes and names of formats. */
function forgotten(element: Element, known: readonly string[] = []): string[] {
  const latin = sayings(element).flatMap((text) => text.match(/[A-Za-zÀ-ÖØ-öø-ÿŒœ]{2,}/g) ?? []);
  // Letters of the pseudo-language that stand beside Latin ones in a word make it no Latin word.
  return [...new Set(latin)].filter((word) => !known.includes(word));
}

const russian = (bundle: Bundle): Bundle =>
  JSON.parse(JSON.stringify(fillWithHostile(bundle, "Данные")).replace(/<div xmlns.*?<\/div>/g, "<div>Данные</div>"));
const cda = (body = "") =>
  cdaLetter(person, body)
    .replace(/>[^<>]*[A-Za-zéÉœŒ][^<>]*</g, ">Данные<")
    .replace(/displayName="[^"]*"/g, 'displayName="Данные"');
const document = (more: Partial<TestDocument> = {}) =>
  testDocument(cda(), { title: "Письмо", author: "Анна", category: "Данные", type: "Данные", ...more });
const formats = ["txt"];
const author = {
  rpps: "899700000001",
  family: "ДАННЫЕ",
  given: "Анна",
  profession: "G15_10",
  organization: { id: "1990000001", name: "Данные", facilityType: "SA07", practiceSetting: "AMBULATOIRE" },
};
const wrongPatient = cdaLetter({ ...marcel, family: "Другой", given: "Иван" });
const spoken = { locale, words };

describe("a panel in a language that came as a file", () => {
  beforeEach(() => void vi.spyOn(console, "warn"));
  afterEach(() => void vi.restoreAllMocks());

  it("says nothing in French or English: the summary of a Bundle, and axe is clean", async () => {
    const panel = summaryElement({ bundle: russian(summaryBundle(person)), ...spoken });
    await reached(panel, "ready");
    expect(find(panel, ".root").lang).toBe(locale);
    expect(forgotten(panel)).toEqual([]);
    expect(await axeViolations(panel)).toEqual([]);
    expect(console.warn).not.toHaveBeenCalled();
  });

  it("nor in the states in which there is nothing to read", async () => {
    const closed = { ...marcel, ins: withKey("1550699123456") };
    const unknown = { ...marcel, ins: withKey("1550699123457") };
    const service = startService([
      { person, authorisation: "none" },
      { person: marcel, authorisation: "forbidden" },
      { person: closed, authorisation: "valid", state: "closed" },
    ]);
    const panel = summaryElement({
      client: service.client(),
      ins: insAttribute(person),
      dispatchCentre: true,
      ...spoken,
    });
    await reached(panel, "consent-needed");
    await until(
      () => panel.shadowRoot?.querySelector("carnet-access")?.shadowRoot?.querySelector("textarea") != null,
      "ways in",
    );
    const access = find(panel, "carnet-access");
    find(access, "[data-open=break-glass]").click();
    await until(() => access.shadowRoot?.querySelector("[role=alert]") != null, "reason asked for");
    expect(forgotten(panel)).toEqual([]);
    for (const [other, state] of [
      [marcel, "forbidden"],
      [closed, "closed"],
      [unknown, "no-record"],
    ] as const) {
      panel.ins = insAttribute(other);
      await reached(panel, state);
      // Why it was closed is what the record says.
      expect(forgotten(panel, ["la", "demande", "du", "titulaire"]), state).toEqual([]);
    }
    for (const [answer, state] of [
      [() => new Response("{}", { status: 500 }), "error"],
      [() => Promise.reject(new TypeError("no network")), "offline"],
    ] as const) {
      service.intercept = answer;
      panel.ins = insAttribute(state === "error" ? person : marcel);
      await reached(panel, state);
      expect(forgotten(panel), state).toEqual([]);
    }
  });

  it("nor in the panel of a service, its list, its viewer, what acts on a document and the comparison of two versions", async () => {
    const former = document({ uniqueId: "urn:uuid:former", date: "2026-10-02T09:00:00+02:00", isSuperseded: true });
    const marked = { isHidden: true, isInvisibleToPatient: true, replaces: former };
    const rights = () => ["hide", "show", "show-to-patient", "archive", "unarchive", "delete", "replace"];
    const documents = [
      document({ ...marked, rights, bytes: new TextEncoder().encode(cda("<paragraph>Новое</paragraph>")) }),
      former,
    ];
    const service = startService([
      { person, authorisation: "valid", documents, summary: russian(summaryBundle(person)) },
    ]);
    const panel = summaryElement({ client: service.client(), ins: insAttribute(person), ...spoken });
    await reached(panel, "ready");
    await until(() => panel.shadowRoot?.querySelector("[data-document]") != null, "documents");
    expect(forgotten(panel)).toEqual([]);

    const list = mount("carnet-documents", {
      client: service.client(),
      ins: insAttribute(person),
      reader: "8997",
      newSince: "2020-01-01",
      ...spoken,
    });
    await until(() => list.shadowRoot?.querySelector("[data-document]") != null, "list");
    expect(forgotten(list)).toEqual([]);
    const search = find<HTMLInputElement>(list, "[data-filter=text]");
    search.value = "нет";
    search.dispatchEvent(new Event("input", { bubbles: true }));
    await until(() => list.shadowRoot?.querySelector("[data-state=nothing-recorded]") != null, "none found");
    expect(forgotten(list)).toEqual([]);

    const viewer = mount("carnet-document", {
      client: service.client(),
      ins: insAttribute(person),
      uniqueId: letter,
      ...spoken,
    });
    await until(
      () =>
        viewer.shadowRoot?.querySelector("carnet-document-actions")?.shadowRoot?.querySelector("[data-act]") != null,
      "offered",
    );
    find(viewer, "[data-compare]").click();
    await until(
      () =>
        viewer.shadowRoot?.querySelector("carnet-document-comparison")?.shadowRoot?.querySelector("[data-state]") !=
        null,
      "compared",
    );
    expect(forgotten(viewer)).toEqual([]);
    const actions = find(viewer, "carnet-document-actions");
    for (const right of ["hide", "show-to-patient", "delete"]) {
      find(actions, `[data-act=${right}]`).click();
      await until(() => actions.shadowRoot?.querySelector("[data-confirm]") != null, "asked");
      expect(forgotten(actions), right).toEqual([]);
      find(actions, "[data-cancel]").click();
      await until(() => actions.shadowRoot?.querySelector("[data-act]") != null, "offered again");
    }
  });

  it("nor where one deposits, writes to the patient, or is signed out", async () => {
    const service = startService([{ person, authorisation: "valid", summary: russian(summaryBundle(person)) }]);
    const deposit = mount<CarnetDeposit>("carnet-deposit", {
      client: service.client(),
      ins: insAttribute(person),
      author,
      ...spoken,
    });
    await deposit.updateComplete;
    expect(forgotten(deposit, formats)).toEqual([]);
    await deposit.choose(new File(["Привет"], "письмо.txt", { type: "text/plain" }));
    await until(() => deposit.shadowRoot?.querySelector("[data-send]") != null, "form");
    find(deposit, "[data-send]").click();
    await until(() => deposit.shadowRoot?.querySelector("[role=alert]") != null, "something is missing");
    expect(forgotten(deposit, formats)).toEqual([]);
    service.intercept = () => refusal(403, "R108");
    for (const name of ["title", "date"]) find<HTMLInputElement>(deposit, `[name=${name}]`).value = "2026-01-01";
    find<HTMLSelectElement>(deposit, "select").selectedIndex = 1;
    find(deposit, "[data-send]").click();
    await until(() => deposit.shadowRoot?.querySelector("[data-state=failed], [data-obstacle]") != null, "refused");
    expect(forgotten(deposit, formats)).toEqual([]);

    service.intercept = undefined;
    const panel = summaryElement({
      client: service.client(),
      ins: insAttribute(person),
      sessionEnd: Date.now() + 60_000,
      renewSession: () => Promise.reject(new Error("no")),
      ...spoken,
    });
    await reached(panel, "ready");
    find(panel, "[data-message]").click();
    await until(
      () => panel.shadowRoot?.querySelector("carnet-patient-messages")?.shadowRoot?.querySelector("textarea") != null,
      "form",
    );
    await until(() => find(panel, "carnet-session-end").shadowRoot !== null, "watched");
    const area = find<HTMLTextAreaElement>(find(panel, "carnet-patient-messages"), "textarea");
    area.value = "Привет";
    area.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    await until(() => find(panel, "carnet-session-end").shadowRoot?.querySelector("[data-renew]") != null, "warned");
    find(find(panel, "carnet-session-end"), "[data-renew]").click();
    await until(() => find(panel, "carnet-session-end").shadowRoot?.querySelector(".wrong") != null, "not renewed");
    expect(forgotten(panel, formats)).toEqual([]);
  });

  it("nor once a document is deposited, in an exchange with the patient, in an emergency, nor over a PDF and a FHIR document", async () => {
    const service = startService([
      { person, authorisation: "none", documents: [document()], summary: russian(summaryBundle(person)) },
    ]);
    const access = { client: service.client(), ins: insAttribute(person), ...spoken };
    const deposit = mount<CarnetDeposit>("carnet-deposit", access);
    await deposit.choose(new File([wrongPatient], "письмо.xml", { type: "text/xml" }));
    await until(() => deposit.shadowRoot?.querySelector("[data-obstacle]") != null, "somebody else");
    expect(forgotten(deposit, ["xml"])).toEqual([]);

    const sent = { resourceType: "Communication", status: "in-progress", sent: "2026-11-20T09:00:00Z" };
    const kept = [
      {
        ...sent,
        id: "m1",
        sender: { type: "Practitioner", display: "Анна" },
        topic: { text: "Тема" },
        payload: [{ contentString: "Да?" }],
      },
      {
        ...sent,
        id: "m2",
        sender: { type: "Patient", display: "Анна" },
        inResponseTo: [{ reference: "Communication/m1" }],
        payload: [{ contentString: "Да." }],
      },
    ];
    service.intercept = (_request, path) =>
      path.startsWith("/Communication")
        ? new Response(
            JSON.stringify({
              resourceType: "Bundle",
              type: "searchset",
              entry: kept.map((resource) => ({ resource, search: { mode: "match" } })),
            }),
            { headers: { "content-type": "application/fhir+json" } },
          )
        : undefined;
    const messages = mount("carnet-patient-messages", access);
    await until(() => messages.shadowRoot?.querySelector("details") != null, "exchange");
    expect(forgotten(messages)).toEqual([]);

    service.intercept = undefined;
    const panel = summaryElement(access);
    await reached(panel, "consent-needed");
    await until(
      () => panel.shadowRoot?.querySelector("carnet-access")?.shadowRoot?.querySelector("textarea") != null,
      "ways",
    );
    const ways = find(panel, "carnet-access");
    find<HTMLTextAreaElement>(ways, "textarea").value = "Да";
    find(ways, "[data-open=break-glass]").click();
    await reached(panel, "ready");
    expect(sayings(find(panel, ".top")).join(" ")).toContain("⟦Ēɱēŕǧēňčŷ");
    expect(forgotten(panel)).toEqual([]);

    const own = Object.getOwnPropertyDescriptor(Navigator.prototype, "pdfViewerEnabled") ?? {};
    Object.defineProperty(Navigator.prototype, "pdfViewerEnabled", { configurable: true, get: () => false });
    const pdf = mount("carnet-document", { content: { bytes: smallPdf(), contentType: "application/pdf" }, ...spoken });
    await until(() => pdf.shadowRoot?.querySelector("canvas[aria-label]") != null, "page drawn");
    Object.defineProperty(Navigator.prototype, "pdfViewerEnabled", own);
    // What the page itself says is the document's.
    expect(forgotten(pdf, ["Bonjour"])).toEqual([]);
    const bytes = new TextEncoder().encode(JSON.stringify(russian(summaryBundle(person))));
    const fhir = mount("carnet-document", { content: { bytes, contentType: "application/fhir+json" }, ...spoken });
    await until(() => fhir.shadowRoot?.querySelector("[data-section]") != null, "sections");
    expect(forgotten(fhir)).toEqual([]);
  });

  it("runs from right to left where its script does, and comes to panels that are there already", async () => {
    const { addLanguage } = await import("../index.ts");
    const pseudo: object = await (await fetch(words)).json();
    const panel = summaryElement({ bundle: russian(summaryBundle(person)), locale: "ar-x-pseudo" });
    await reached(panel, "ready");
    expect(find(panel, ".root").lang).toBe("fr");
    await addLanguage({ ...pseudo, language: "ar-x-pseudo" });
    await panel.updateComplete;
    expect([find(panel, ".root").lang, find(panel, ".root").dir]).toEqual(["ar-x-pseudo", "rtl"]);
    expect(forgotten(panel)).toEqual([]);
    expect(panel.scrollWidth).toBeLessThanOrEqual(panel.clientWidth);
    expect(await axeViolations(panel)).toEqual([]);
    // What a document says keeps its own direction: its table, and the order of a name and a number.
    const bytes = new TextEncoder().encode(cdaLetter(odile));
    const viewer = mount("carnet-document", { content: { bytes, contentType: "text/xml" }, locale: "ar-x-pseudo" });
    await until(() => viewer.shadowRoot?.querySelector("table") != null, "document");
    const [first, second] = viewer.shadowRoot?.querySelectorAll("th") ?? [];
    expect(first?.getBoundingClientRect().left).toBeLessThan(second?.getBoundingClientRect().left ?? 0);
    expect(getComputedStyle(find(viewer, "dd")).unicodeBidi).toBe("plaintext");
  });

  it("gives way to English, and says so by name, where the file is not there, is another's, or says too little", async () => {
    const errors = heard("carnet-error");
    const addressOf = (text: string) => URL.createObjectURL(new Blob([text]));
    const files: readonly (readonly [string, string, object])[] = [
      ["sv", "/no-such-file.json", { code: "words-unusable" }],
      ["da", addressOf('{"language": "nb"}'), { code: "words-unusable" }],
      ["fi", addressOf("half a {"), { code: "words-unusable" }],
      ["nb", addressOf('{"language": "nb", "summary": {"reload": "<b>Hent</b>"}}'), { code: "words-incomplete" }],
    ];
    for (const [tag, file, detail] of files) {
      const panel = summaryElement({ bundle: summaryBundle(odile), locale: tag, words: file });
      await reached(panel, "ready");
      expect(errors.at(-1)?.detail).toMatchObject(detail);
      expect(find(panel, ".root").lang).toBe(tag === "nb" ? "nb" : "en");
      expect(find(panel, "[data-section=allergies] [role=heading]").textContent).toBe("Allergies and intolerances");
      expect(panel.shadowRoot?.querySelector("b")).toBeNull();
    }
    expect(errors.at(-1)?.detail.flaws).toContainEqual({ key: "summary.panel", flaw: "missing" });
    expect(errors).toHaveLength(files.length);
  });
});
