/** Nothing of the former patient, or of the former reader, stays on screen or is sent. */
import { describe, expect, it } from "vitest";
import { cdaLetter, insAttribute, letter, marcel, odile, summaryBundle } from "../testing/fixtures.ts";
import { find, mount, reached, summaryElement, textOf, until } from "../testing/mount.ts";
import { startService, testDocument } from "../testing/record-server.ts";
import type { CarnetDocument } from "../viewer/carnet-document.ts";

const service = () =>
  startService([
    { person: odile, authorisation: "valid", documents: [testDocument(cdaLetter(odile))] },
    { person: marcel, authorisation: "valid" },
  ]);

/** A language whose words never come. */
function withSlowWords(): { readonly words: string; readonly end: () => void } {
  const { fetch } = globalThis;
  globalThis.fetch = () => new Promise(() => undefined);
  return {
    words: "/never.json",
    end: () => {
      globalThis.fetch = fetch;
    },
  };
}

describe("a change of patient together with one of language", () => {
  it("does not wait for the words under the name of the former patient", async () => {
    const slow = withSlowWords();
    try {
      for (const [before, after] of [
        [{ client: service().client(), ins: insAttribute(odile) }, { ins: insAttribute(marcel) }],
        [{ bundle: summaryBundle(odile) }, { bundle: summaryBundle(marcel) }],
      ] as const) {
        const panel = summaryElement(before);
        await reached(panel, "ready");
        expect(textOf(panel)).toContain("TESTARD");
        Object.assign(panel, after, { locale: "nl", words: slow.words });
        await new Promise((resolve) => requestAnimationFrame(resolve));
        expect(textOf(panel)).not.toContain("TESTARD");
      }
      const bytes = (text: string) => ({ bytes: new TextEncoder().encode(text), contentType: "text/plain" });
      const viewer = mount<CarnetDocument>("carnet-document", { content: bytes("Pour Odile") });
      await until(() => textOf(viewer).includes("Pour Odile"), "shown");
      Object.assign(viewer, { content: bytes("Pour Marcel"), locale: "nl", words: slow.words });
      await new Promise((resolve) => requestAnimationFrame(resolve));
      expect(textOf(viewer)).not.toContain("Pour Odile");
    } finally {
      slow.end();
    }
  });

  it("says everything in the new language once its words are there", async () => {
    const panel = summaryElement({ client: service().client(), ins: insAttribute(odile) });
    await reached(panel, "ready");
    Object.assign(panel, { ins: insAttribute(marcel), locale: "en" });
    await until(() => panel.shadowRoot?.querySelector(".root")?.getAttribute("lang") === "en", "English");
    await reached(panel, "ready");
    expect(textOf(panel)).toContain("Birth name");
  });
});

describe("a reader who signs out", () => {
  it("leaves nothing of the record behind, and the next one reads it anew", async () => {
    const { fetch } = globalThis;
    globalThis.fetch = service().fetch;
    try {
      const given = { baseUrl: "https://record.test/fhir", ins: insAttribute(odile) };
      const panel = summaryElement({ ...given, accessToken: () => "of-one" });
      await reached(panel, "ready");
      panel.accessToken = undefined;
      await panel.updateComplete;
      expect(textOf(panel)).not.toContain("Pénicilline");
      expect(panel.dataset.state).toBe("loading");
      panel.accessToken = () => "of-another";
      await reached(panel, "ready");
      expect(textOf(panel)).toContain("Pénicilline");
      const viewer = mount<CarnetDocument>("carnet-document", { ...given, accessToken: () => "x", uniqueId: letter });
      await until(() => textOf(viewer).includes("Histoire de la maladie"), "shown");
      viewer.accessToken = undefined;
      await viewer.updateComplete;
      expect(textOf(viewer)).not.toContain("Histoire de la maladie");
      expect(find(viewer, ".card")).toBeDefined();
    } finally {
      globalThis.fetch = fetch;
    }
  });
});
