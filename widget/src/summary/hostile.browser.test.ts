import { describe, expect, it } from "vitest";
import { cdaLetter, insAttribute, letter, odile, summaryBundle } from "../testing/fixtures.ts";
import { fillWithHostile, payloads, ran } from "../testing/hostile.ts";
import { find, mount, reached, summaryElement, textOf, until } from "../testing/mount.ts";
import { startService, testDocument } from "../testing/record-server.ts";

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("hostile strings are shown as text and never run", () => {
  for (const payload of payloads) {
    it(`in every field of a summary: ${payload.slice(0, 24)}…`, async () => {
      const panel = summaryElement({ bundle: fillWithHostile(summaryBundle(odile), payload) });
      await reached(panel, "ready");
      await settled();
      expect(ran()).toBe(0);
      expect(textOf(panel)).toContain(payload.replace(/\s+/g, " ").trim().slice(0, 20));
      const root = panel.shadowRoot;
      expect(root?.querySelectorAll("script, img, iframe, svg[onload], [onerror]")).toHaveLength(0);
    });
  }

  it("in a narrative of a section", async () => {
    const bundle = summaryBundle(odile);
    const composition = bundle.entry?.[0]?.resource;
    if (composition?.resourceType === "Composition")
      for (const section of composition.section ?? [])
        section.text = {
          status: "additional",
          div: `<div xmlns="http://www.w3.org/1999/xhtml">${payloads.join(" ")}<p>fin</p></div>`,
        };
    const panel = summaryElement({ bundle });
    await reached(panel, "ready");
    await settled();
    expect(ran()).toBe(0);
    expect(textOf(panel)).toContain("fin");
    expect(panel.shadowRoot?.querySelectorAll("script, img, iframe")).toHaveLength(0);
  });

  it("in the list of documents and in the header of one", async () => {
    const documents = payloads.map((payload, position) =>
      testDocument(cdaLetter(odile), {
        uniqueId: `urn:uuid:${position}`,
        title: payload,
        author: payload,
        category: payload,
        type: payload,
      }),
    );
    const service = startService([{ person: odile, authorisation: "valid", documents }]);
    const list = mount("carnet-documents", { client: service.client(), ins: insAttribute(odile) });
    await until(() => textOf(list).includes("onerror"), "list shown");
    await settled();
    expect(ran()).toBe(0);
    expect(list.shadowRoot?.querySelectorAll("script, img, iframe")).toHaveLength(0);
  });

  it("in the text of a CDA document: scripts, handlers, addresses and style sheets do nothing", async () => {
    const body = `<paragraph>&lt;script&gt;globalThis.__ran=1&lt;/script&gt;</paragraph>
      <paragraph onclick="globalThis.__ran=1" onmouseover="globalThis.__ran=1">texte</paragraph>
      <script>globalThis.__ran=1</script><iframe src="javascript:globalThis.__ran=1"/>
      <linkHtml href="javascript:globalThis.__ran=1">lien</linkHtml><img src="x" onerror="globalThis.__ran=1"/>`;
    const service = startService([
      { person: odile, authorisation: "valid", documents: [testDocument(cdaLetter(odile, body))] },
    ]);
    const viewer = mount("carnet-document", { client: service.client(), ins: insAttribute(odile), uniqueId: letter });
    await until(() => textOf(viewer).includes("Histoire de la maladie"), "document shown");
    for (const link of viewer.shadowRoot?.querySelectorAll<HTMLElement>(".narrative *") ?? []) link.click();
    await settled();
    expect(ran()).toBe(0);
    expect(
      viewer.shadowRoot?.querySelectorAll("script, iframe, .narrative img, [onclick], [href^=javascript]"),
    ).toHaveLength(0);
    expect(textOf(viewer)).toContain("<script>globalThis.__ran=1</script>");
    expect(find(viewer, ".body").textContent).toContain("texte");
  });
});
