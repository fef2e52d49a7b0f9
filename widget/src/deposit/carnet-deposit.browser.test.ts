import { describe, expect, it } from "vitest";
import { cdaLetter, insAttribute, marcel, odile, smallPdf } from "../testing/fixtures.ts";
import { axeViolations, find, heard, mount, textOf, until } from "../testing/mount.ts";
import { refusal, startService } from "../testing/record-server.ts";
import type { CarnetDeposit } from "./carnet-deposit.ts";
import "./define.ts";
import type { DepositAuthor } from "./draft.ts";

const author: DepositAuthor = {
  rpps: "899700000001",
  family: "MODELE",
  given: "Ines",
  prefix: "MME",
  suffix: "DR",
  profession: "G15_10",
  specialty: "SM26",
  organization: {
    id: "1990000001",
    name: "Cabinet des Exemples",
    facilityType: "SA07",
    practiceSetting: "AMBULATOIRE",
  },
};

const patient = { birthPlaceCode: "63113", birthGivenNames: ["Odile"], firstGivenName: "Odile" };

function element(properties: object = {}) {
  const service = startService([{ person: odile, authorisation: "none" }]);
  const deposit = mount<CarnetDeposit>("carnet-deposit", {
    client: service.client(),
    ins: insAttribute(odile),
    author,
    patient,
    ...properties,
  });
  return { service, deposit };
}

const pdf = () => new File([smallPdf().slice()], "courrier_cardio-2026.pdf", { type: "application/pdf" });
const cda = (text: string) => new File([text], "lettre.xml", { type: "text/xml" });

/** What the record answers to a sensitive document nobody spoke about with the patient. */
function sensitive(subject: string): Response {
  const coding = [
    { system: "https://carnet.example/fhir/CodeSystem/rule", code: "R145" },
    { system: "https://carnet.example/fhir/CodeSystem/sensitive-subject", code: subject },
  ];
  const issue = [{ severity: "error", code: "business-rule", details: { coding, text: subject } }];
  return new Response(JSON.stringify({ resourceType: "OperationOutcome", issue }), {
    status: 428,
    headers: { "content-type": "application/fhir+json" },
  });
}

function fill(deposit: HTMLElement, values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) find<HTMLInputElement>(deposit, `[name=${name}]`).value = value;
}

describe("<carnet-deposit>", () => {
  it("explains what it takes, and passes axe", async () => {
    const { deposit } = element();
    await deposit.updateComplete;
    expect(textOf(deposit)).toContain("PDF, JPEG, TIFF");
    expect(await axeViolations(deposit)).toEqual([]);
  });

  it("deposits a PDF with type, title and date, wrapped, and shows the receipt", async () => {
    const received = heard("carnet-deposited");
    const { service, deposit } = element();
    const bodies: string[] = [];
    service.intercept = async (request) => {
      if (request.method === "POST") bodies.push(await request.clone().text());
      return undefined;
    };
    await deposit.choose(pdf());
    await deposit.updateComplete;
    expect(find<HTMLInputElement>(deposit, "[name=title]").value).toBe("courrier cardio 2026");
    expect(await axeViolations(deposit)).toEqual([]);
    find(deposit, "[data-send]").click();
    await until(() => textOf(deposit).includes("Type de document : à renseigner."), "asked for the type");
    fill(deposit, { type: "11490-0", date: "2026-11-03" });
    find(deposit, "[data-send]").click();
    await until(() => textOf(deposit).includes("Document déposé"), "receipt");
    expect(received).toHaveLength(1);
    expect(received[0]?.detail.uniqueId).toMatch(/^urn:uuid:/);
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).toContain(odile.ins);
    expect(await axeViolations(deposit)).toEqual([]);
  });

  it("R145 asks before a sensitive document is sent, then sends that very document", async () => {
    const { service, deposit } = element();
    const acknowledged: (string | null)[] = [];
    const ids: (string | undefined)[] = [];
    service.intercept = async (request) => {
      if (request.method !== "POST") return undefined;
      ids.push(/urn:uuid:[0-9a-f-]{36}/.exec(await request.clone().text())?.[0]);
      acknowledged.push(request.headers.get("x-acknowledge-sensitive"));
      return request.headers.has("x-acknowledge-sensitive") ? undefined : sensitive("genetics");
    };
    await deposit.choose(pdf());
    await deposit.updateComplete;
    fill(deposit, { type: "11490-0", date: "2026-11-03" });
    find(deposit, "[data-send]").click();
    await until(() => textOf(deposit).includes("Document sensible : génétique."), "asked");
    expect(textOf(deposit)).toContain("Rien n’a encore été déposé.");
    expect(await axeViolations(deposit)).toEqual([]);
    find(deposit, "[data-acknowledge]").click();
    await until(() => textOf(deposit).includes("Document déposé"), "receipt");
    expect(acknowledged).toEqual([null, "genetics"]);
    expect(ids[0]).toBe(ids[1]);
  });

  it("sends the same document again after a failure, never a second one", async () => {
    const { service, deposit } = element();
    const ids: string[] = [];
    let isFailing = true;
    service.intercept = async (request) => {
      if (request.method !== "POST") return undefined;
      ids.push(/"masterIdentifier":\{[^}]*"value":"([^"]+)"/.exec(await request.clone().text())?.[1] ?? "");
      return isFailing ? new Response("", { status: 500 }) : undefined;
    };
    await deposit.choose(pdf());
    await deposit.updateComplete;
    fill(deposit, { type: "11490-0", date: "2026-11-03" });
    find(deposit, "[data-send]").click();
    await until(() => textOf(deposit).includes("Le document n’a pas été déposé."), "failure said");
    expect(find<HTMLInputElement>(deposit, "[name=title]").value).toBe("courrier cardio 2026");
    expect(await axeViolations(deposit)).toEqual([]);
    isFailing = false;
    find(deposit, "[data-send]").click();
    await until(() => textOf(deposit).includes("Document déposé"), "receipt");
    expect(new Set(ids).size).toBe(1);
    expect(ids.length).toBeGreaterThan(1);
  });

  it("R40: a CDA about somebody else cannot be sent", async () => {
    const { service, deposit } = element();
    await deposit.choose(cda(cdaLetter(marcel)));
    await until(() => textOf(deposit).includes("Ce document concerne une autre personne"), "refused");
    expect(deposit.shadowRoot?.querySelector("[data-send]")).toBeNull();
    expect(service.requests.some((request) => request.startsWith("POST"))).toBe(false);
    expect(await axeViolations(deposit)).toEqual([]);
  });

  it("a CDA about this patient shows what it says of itself", async () => {
    const { deposit } = element();
    await deposit.choose(cda(cdaLetter(odile)));
    await until(() => deposit.shadowRoot?.querySelector("[data-send]") != null, "form");
    expect(textOf(deposit)).toMatch(/Lettre de sortie du service de cardiologie .*1er novembre 2026/);
  });

  it("says what is wrong with a file, and sends nothing", async () => {
    const { service, deposit } = element();
    for (const [file, words] of [
      [new File([], "vide.pdf"), "Ce fichier est vide."],
      [new File(["<html></html>"], "page.html", { type: "text/html" }), "Ce format n’est pas accepté"],
      [cda(cdaLetter(odile).slice(0, 700)), "n’est pas un CDA lisible"],
    ] as const) {
      await deposit.choose(file);
      await until(() => textOf(deposit).includes(words), words);
    }
    deposit.author = undefined;
    await deposit.choose(pdf());
    await until(() => textOf(deposit).includes("n’a pas indiqué qui dépose"), "no author");
    expect(service.requests.some((request) => request.startsWith("POST"))).toBe(false);
  });

  it("says in plain words that the record refused", async () => {
    const { service, deposit } = element();
    service.intercept = (request) => (request.method === "POST" ? refusal(403, "R108") : undefined);
    await deposit.choose(pdf());
    await deposit.updateComplete;
    fill(deposit, { type: "11490-0", date: "2026-11-03" });
    find(deposit, "[data-send]").click();
    await until(
      () => textOf(deposit).includes("Votre compte ne peut pas déposer dans ce dossier. (Règle R108)"),
      "refusal",
    );
  });

  it("a change of patient forgets the chosen file at once", async () => {
    const { deposit } = element();
    await deposit.choose(pdf());
    await deposit.updateComplete;
    deposit.ins = insAttribute(marcel);
    await deposit.updateComplete;
    expect(textOf(deposit)).not.toContain("courrier");
    expect(deposit.shadowRoot?.querySelector("form")).toBeNull();
  });
});
