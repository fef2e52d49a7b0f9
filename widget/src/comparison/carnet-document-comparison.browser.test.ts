import { describe, expect, it } from "vitest";
import { cdaLetter, insAttribute, letter, marcel, odile, smallPdf } from "../testing/fixtures.ts";
import { axeViolations, find, mount, textOf, until } from "../testing/mount.ts";
import { startService, type TestDocument, type TestService, testDocument } from "../testing/record-server.ts";
import type { CarnetDocument } from "../viewer/carnet-document.ts";

const cda = (body: string) => cdaLetter(odile, `<paragraph>${body}</paragraph>`);
const former = (text: string | Uint8Array, more: Partial<TestDocument> = {}) =>
  testDocument(text, { uniqueId: "urn:uuid:former", date: "2026-10-02T09:00:00+02:00", isSuperseded: true, ...more });

function open(documents: readonly TestDocument[]): { viewer: CarnetDocument; service: TestService } {
  const service = startService([{ person: odile, authorisation: "valid", documents }]);
  const properties = { client: service.client(), ins: insAttribute(odile), uniqueId: letter };
  return { service, viewer: mount<CarnetDocument>("carnet-document", properties) };
}

/** Opens the latest version and asks for the comparison. */
async function compare(
  documents: readonly TestDocument[],
): Promise<{ viewer: CarnetDocument; comparison: HTMLElement }> {
  const { viewer } = open(documents);
  await until(() => viewer.shadowRoot?.querySelector("[data-compare]") != null, "offered");
  find(viewer, "[data-compare]").click();
  await until(
    () =>
      viewer.shadowRoot?.querySelector("carnet-document-comparison")?.shadowRoot?.querySelector("[data-state]") != null,
    "compared",
  );
  return { viewer, comparison: find(viewer, "carnet-document-comparison") };
}

const state = (comparison: HTMLElement) => find(comparison, "[data-state]").dataset.state;

describe("the comparison of two versions of a document", () => {
  it("R118: shows what was added, taken out and reworded, in words, and passes axe in light and dark", async () => {
    const previous = former(cda("Lévothyroxine 12,5 microgrammes le matin."), { author: "Dr Paul AUTRE" });
    const { viewer, comparison } = await compare([
      testDocument(
        cdaLetter(
          odile,
          "<paragraph>Lévothyroxine 125 microgrammes le matin.</paragraph><paragraph>Arrêt du tabac conseillé.</paragraph>",
        ),
        { replaces: previous },
      ),
      previous,
    ]);
    expect(textOf(comparison)).toContain("1 passage ajouté, 0 passage retiré, 1 passage modifié");
    expect(textOf(find(comparison, "li.changed"))).toBe(
      "Modifié Lévothyroxine [retiré : 12,5 fin] [ajouté : 125 fin] microgrammes le matin.",
    );
    expect(textOf(find(comparison, "li.added"))).toBe("Ajouté Arrêt du tabac conseillé.");
    expect(find<HTMLSelectElement>(comparison, "select").selectedOptions[0]?.text).toMatch(
      /^2\s+octobre\s+2026 à\s+9\s+h\s+00, Dr Paul AUTRE$/,
    );
    expect(await axeViolations(viewer)).toEqual([]);
    viewer.theme = "dark";
    await viewer.updateComplete;
    expect(await axeViolations(viewer)).toEqual([]);
    const toggle = find(viewer, "[data-compare]");
    expect(toggle.getAttribute("aria-expanded")).toBe("true");
    toggle.click();
    await viewer.updateComplete;
    expect(viewer.shadowRoot?.querySelector("carnet-document-comparison")).toBeNull();
  });

  it("follows the chain of versions, and compares with the one that is chosen", async () => {
    const first = former("Tension 12/8", { uniqueId: "urn:uuid:first", contentType: "text/plain", date: "2026-09-01" });
    const second = former("Tension 13/8", { contentType: "text/plain", replaces: first });
    const last = testDocument("Tension 13/8", { contentType: "text/plain", replaces: second });
    const { comparison } = await compare([last, second, first]);
    expect(textOf(comparison)).toContain("Le texte des deux versions est le même.");
    const choice = find<HTMLSelectElement>(comparison, "select");
    expect(choice.options).toHaveLength(2);
    choice.value = "1";
    choice.dispatchEvent(new Event("change"));
    await until(() => textOf(comparison).includes("12/8"), "compared with the first");
    expect(textOf(find(comparison, "del"))).toContain("12/8");
  });

  it("compares the text of two PDF", async () => {
    const previous = former(smallPdf(), { contentType: "application/pdf" });
    const { comparison } = await compare([
      testDocument("Bonsoir", { contentType: "text/plain", replaces: previous }),
      previous,
    ]);
    expect(textOf(comparison)).toMatch(/Retiré Bonjour Ajouté Bonsoir/);
  });

  it("says so when a version is no text, about somebody else, out of reach or unreadable: never that nothing changed", async () => {
    const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const image = former(png, { contentType: "image/png" });
    const foreign = former(cdaLetter(marcel));
    const absent = former(cda("Avant"));
    for (const [previous, isHeld, expected] of [
      [image, true, "noText"],
      [foreign, true, "otherPerson"],
      [absent, false, "none"],
    ] as const) {
      const latest = testDocument(cda("Suite"), { replaces: previous });
      const { comparison } = await compare(isHeld ? [latest, previous] : [latest]);
      expect(state(comparison)).toBe(expected);
      expect(textOf(comparison)).not.toMatch(/le même|Modifié|MARCEL/);
      expect(await axeViolations(comparison)).toEqual([]);
    }
    const { viewer, service } = open([testDocument(cda("Suite"), { replaces: absent }), absent]);
    await until(() => viewer.shadowRoot?.querySelector("[data-compare]") != null, "offered");
    service.intercept = () => new Response("", { status: 500 });
    find(viewer, "[data-compare]").click();
    await until(
      () =>
        viewer.shadowRoot?.querySelector("carnet-document-comparison")?.shadowRoot?.querySelector("[data-retry]") !=
        null,
      "failure told",
    );
    service.intercept = undefined;
    const comparison = find(viewer, "carnet-document-comparison");
    find(comparison, "[data-retry]").click();
    await until(() => comparison.shadowRoot?.querySelector("[data-state=ready]") != null, "compared at the second try");
  });

  it("is not offered for a document that replaces none, and goes with the patient", async () => {
    const { viewer } = open([testDocument(cda("Seule"))]);
    await until(() => textOf(viewer).includes("Seule"), "shown");
    expect(viewer.shadowRoot?.querySelector("[data-compare]")).toBeNull();
    const previous = former(cda("Avant"));
    const compared = await compare([testDocument(cda("Après"), { replaces: previous }), previous]);
    compared.viewer.ins = insAttribute(marcel);
    await compared.viewer.updateComplete;
    expect(textOf(compared.viewer)).not.toContain("Avant");
  });
});
