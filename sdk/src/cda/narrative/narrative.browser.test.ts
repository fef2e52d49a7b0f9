import { describe, expect, it } from "vitest";
import { documentXml, sectionXml } from "../read/test-support.ts";
import { narrativeToHtml, readCdaView, renderNarrative } from "./index.ts";
import { payloads } from "./payloads.ts";

const policy = "default-src 'none'; require-trusted-types-for 'script'";

/** A page of the strictest policy, in which anything that runs, loads or parses HTML leaves a trace. */
async function strictPage(markup = ""): Promise<{ page: Document; traces: string[] }> {
  const frame = document.createElement("iframe");
  frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><body>${markup}</body>`;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  document.body.append(frame);
  await loaded;
  const page = frame.contentDocument as Document;
  const traces: string[] = [];
  page.addEventListener("securitypolicyviolation", (event) => traces.push(event.violatedDirective));
  (frame.contentWindow as Window & { alert: () => void }).alert = () => traces.push("alert");
  return { page, traces };
}

const nodesOf = (payload: string) => {
  try {
    return readCdaView(documentXml({ sections: sectionXml("30954-2", "S", payload) })).sections[0]?.blocks ?? [];
  } catch {
    return []; // Not XML: refused as a whole.
  }
};

describe("hostile narrative in a real browser", () => {
  it("runs nothing, loads nothing and parses no HTML under the strictest policy", async () => {
    expect(new Set(payloads).size).toBeGreaterThanOrEqual(300);
    const { page, traces } = await strictPage();
    for (const payload of payloads) page.body.append(renderNarrative(nodesOf(payload), page));
    for (const element of page.body.querySelectorAll<HTMLElement>("*")) {
      if (element.tagName !== "A") element.click();
      element.dispatchEvent(new Event("mouseover"));
      element.dispatchEvent(new Event("error"));
    }
    await new Promise((resolve) => page.defaultView?.requestAnimationFrame(() => resolve(undefined)));
    expect(traces).toEqual([]);
    expect(page.querySelectorAll("script,style,iframe,object,embed,svg,math,img,form,link,base").length).toBe(0);
  });

  it("writes HTML that a browser reads back as allowed elements only", async () => {
    const markup = payloads.map((payload) => narrativeToHtml(nodesOf(payload))).join("");
    const { page } = await strictPage(markup);
    const names = new Set([...page.body.querySelectorAll("*")].map((element) => element.tagName.toLowerCase()));
    for (const name of ["script", "style", "iframe", "object", "embed", "svg", "math", "img", "form", "link", "base"])
      expect(names).not.toContain(name);
    for (const element of page.body.querySelectorAll("*"))
      for (const { name } of [...element.attributes]) expect(name).not.toMatch(/^on|style|src/);
  });
});
