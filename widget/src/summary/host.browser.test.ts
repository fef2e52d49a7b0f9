import { describe, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { define } from "../shared/define.ts";
import { cdaLetter, insAttribute, letter, odile, summaryBundle } from "../testing/fixtures.ts";
import { find, mount, reached, summaryElement, textOf, until } from "../testing/mount.ts";
import { startService, testDocument } from "../testing/record-server.ts";
import { CarnetSummary } from "./carnet-summary.ts";

const documents = [testDocument(cdaLetter(odile))];
const open = (authorisation: "valid" | "none" = "valid") => {
  const service = startService([{ person: odile, authorisation, documents }]);
  return { client: service.client(), ins: insAttribute(odile) };
};

/** A page whose policy allows its own files and nothing else, and no string as markup. */
async function strictPage(tag: string, properties: object): Promise<{ element: HTMLElement; violations: string[] }> {
  document.body.replaceChildren();
  const frame = document.createElement("iframe");
  frame.style.inlineSize = "900px";
  frame.style.blockSize = "900px";
  const policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src blob:; frame-src blob:; require-trusted-types-for 'script'";
  frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><title>t</title><${tag}></${tag}>`;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
  document.body.append(frame);
  await loaded;
  const inner = frame.contentDocument;
  const view = frame.contentWindow as (Window & Record<string, unknown>) | null;
  if (view !== null) view.__vitest_browser_runner__ = (globalThis as Record<string, unknown>).__vitest_browser_runner__;
  const element = inner?.querySelector<HTMLElement>(tag);
  if (inner === null || element === null || element === undefined) throw new Error("the strict page did not load");
  const violations: string[] = [];
  inner.addEventListener("securitypolicyviolation", (event) =>
    violations.push(`${event.effectiveDirective} ${event.sample}`),
  );
  const { trustedTypes } = view as unknown as {
    trustedTypes: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } };
  };
  const script = inner.createElement("script");
  script.type = "module";
  script.src = trustedTypes
    .createPolicy("test-host", { createScriptURL: (url: string) => url })
    .createScriptURL(new URL("../index.ts", import.meta.url).pathname);
  inner.head.append(script);
  Object.assign(element, properties);
  return { element, violations };
}

describe("in a host with a strict policy (script-src 'self'; style-src 'self'; require-trusted-types-for 'script')", () => {
  it("the summary renders whole, styled, without a violation", async () => {
    const { element, violations } = await strictPage("carnet-summary", { bundle: summaryBundle(odile) });
    await reached(element, "ready");
    expect(textOf(element)).toContain("Pénicilline");
    expect(getComputedStyle(element.shadowRoot?.querySelector(".section") as Element).borderTopWidth).toBe("1px");
    expect(violations).toEqual([]);
  });

  it("the viewer renders a CDA and a PDF without a violation", async () => {
    const encode = (text: string) => new TextEncoder().encode(text);
    const { element, violations } = await strictPage("carnet-document", {
      content: { bytes: encode(cdaLetter(odile)), contentType: "text/xml" },
    });
    await until(() => textOf(element).includes("Histoire de la maladie"), "shown");
    expect(violations).toEqual([]);
  });
});

describe("in any host", () => {
  it("by keyboard alone: from the top of the panel to a fact's document and back to the same button", async () => {
    const panel = summaryElement(open());
    await reached(panel, "ready");
    const button = find<HTMLButtonElement>(panel, `[data-section=currentTreatments] [data-source="${letter}"]`);
    for (let presses = 0; presses < 20 && panel.shadowRoot?.activeElement !== button; presses++)
      await userEvent.keyboard("{Tab}");
    expect(panel.shadowRoot?.activeElement).toBe(button);
    await userEvent.keyboard("{Enter}");
    await until(() => textOf(panel).includes("Histoire de la maladie"), "document shown");
    expect(panel.shadowRoot?.activeElement?.hasAttribute("data-back")).toBe(true);
    await userEvent.keyboard("{Enter}");
    await until(() => panel.shadowRoot?.querySelector("[data-section]") !== null, "back");
  });

  it("declares consent by keyboard", async () => {
    const panel = summaryElement(open("none"));
    await reached(panel, "consent-needed");
    await userEvent.keyboard("{Tab}");
    expect(find(panel, "carnet-access").shadowRoot?.activeElement?.hasAttribute("data-consent")).toBe(true);
    await userEvent.keyboard("{Enter}");
    await reached(panel, "ready");
  });

  it("fits 320 px and doubled text without scrolling sideways, and buttons are at least 24 px high", async () => {
    await page.viewport(320, 800);
    try {
      const panel = summaryElement(open());
      await reached(panel, "ready");
      for (const size of ["", "2rem"]) {
        document.documentElement.style.setProperty("--carnet-font-size", size);
        await panel.updateComplete;
        const place = panel.getBoundingClientRect();
        const wide = [...(panel.shadowRoot?.querySelectorAll("*") ?? [])].filter(
          (element) =>
            element.getBoundingClientRect().right > place.right + 1 &&
            element.closest(".table-scroll, .visually-hidden") === null,
        );
        expect(wide.map((element) => element.className)).toEqual([]);
      }
      const small = [...(panel.shadowRoot?.querySelectorAll("button, summary") ?? [])].filter((element) => {
        const { height } = element.getBoundingClientRect();
        return height > 0 && height < 23.5;
      });
      expect(small.map((element) => element.textContent?.trim())).toEqual([]);
    } finally {
      document.documentElement.style.removeProperty("--carnet-font-size");
      await page.viewport(1000, 800);
    }
  });

  it("takes its colours from the host's tokens and its headings from the host's level", async () => {
    const panel = summaryElement({ bundle: summaryBundle(odile), headingLevel: 4 });
    panel.style.setProperty("--carnet-surface", "rgb(1, 2, 3)");
    await reached(panel, "ready");
    expect(getComputedStyle(find(panel, ".section")).backgroundColor).toBe("rgb(1, 2, 3)");
    expect(find(panel, "[role=heading]").getAttribute("aria-level")).toBe("4");
  });

  it("does not grow with the record: two thousand entries are as many nodes as twenty", async () => {
    const count = async (entries: number) => {
      const extra = Array.from({ length: entries }, (_, position) => ({
        resourceType: "Condition" as const,
        id: `extra-${position}`,
        subject: {},
        code: { text: `Problème ${position}` },
      }));
      const panel = summaryElement({ bundle: summaryBundle(odile, extra) });
      await reached(panel, "ready");
      return panel.shadowRoot?.querySelectorAll("*").length ?? 0;
    };
    const few = await count(20);
    expect(await count(2000)).toBe(few);
    expect(few).toBeLessThan(600);
  });

  it("two panels live on one page without mixing", async () => {
    const first = summaryElement({ bundle: summaryBundle(odile) });
    const second = document.createElement("carnet-summary") as CarnetSummary;
    document.body.append(second);
    await reached(first, "ready");
    expect(second.dataset.state).toBe("loading");
    expect(textOf(second)).not.toContain("TESTARD");
  });

  it("a second copy of the script, or a page that owns the name, leaves the page working and warns", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    define("carnet-summary", CarnetSummary);
    expect(warn).not.toHaveBeenCalled();
    define("carnet-summary", class extends HTMLElement {});
    expect(warn).toHaveBeenCalledOnce();
    expect(customElements.get("carnet-summary")).toBe(CarnetSummary);
    warn.mockRestore();
  });

  it("reaches a service by base-url, ins and accessToken; the token is asked for each request and never kept", async () => {
    const asked: string[] = [];
    const own = globalThis.fetch;
    const service = startService([{ person: odile, authorisation: "valid", documents }]);
    globalThis.fetch = (input, init) => {
      asked.push(new Request(input, init).headers.get("authorization") ?? "");
      return service.fetch(input, init);
    };
    try {
      let calls = 0;
      const panel = mount<CarnetSummary>("carnet-summary");
      panel.setAttribute("base-url", "https://record.test/fhir");
      panel.setAttribute("ins", insAttribute(odile));
      panel.accessToken = () => `token-${++calls}`;
      await reached(panel, "ready");
      await until(() => textOf(panel).includes("Lettre de sortie"), "documents");
      expect(new Set(asked).size).toBe(asked.length);
      expect(panel.outerHTML + (panel.shadowRoot?.innerHTML ?? "")).not.toContain("token-");
      expect(localStorage.length + sessionStorage.length).toBe(0);
    } finally {
      globalThis.fetch = own;
    }
  });
});
