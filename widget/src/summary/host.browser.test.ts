import { connect } from "@carnet/sdk";
import { describe, expect, it, vi } from "vitest";
import { cdp, page, userEvent } from "vitest/browser";
import { define } from "../shared/define.ts";
import { cdaLetter, insAttribute, letter, marcel, odile, summaryBundle } from "../testing/fixtures.ts";
import { axeViolations, find, mount, reached, summaryElement, textOf, until } from "../testing/mount.ts";
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
  it("marks the documents that came since the reader's last look, until they are opened", async () => {
    const mark = (panel: HTMLElement) => panel.shadowRoot?.querySelector("[data-section=documents] .tag")?.textContent;
    const before = summaryElement({ ...open(), newSince: "2000-01-01T00:00:00Z" });
    await reached(before, "ready");
    await until(() => mark(before) === "Nouveau", "the new document is marked");
    before.addEventListener("carnet-open-document", (event) => event.preventDefault());
    find<HTMLButtonElement>(before, "[data-section=documents] [data-document]").click();
    await until(() => mark(before) === undefined, "the opened document is no longer new");

    const after = summaryElement({ ...open(), newSince: "2999-01-01T00:00:00Z" });
    await reached(after, "ready");
    await until(() => textOf(after).includes("1 document"), "the documents came");
    expect(mark(after)).toBeUndefined();
  });

  it("shows the host's own actions beside its own, and the record's state beside the identity", async () => {
    const panel = summaryElement(open());
    const print = document.createElement("button");
    print.slot = "actions";
    print.textContent = "Ajouter à la consultation";
    panel.append(print);
    await reached(panel, "ready");
    expect(print.assignedSlot?.closest(".foot")).not.toBeNull();
    expect(print.getBoundingClientRect().height).toBeGreaterThan(0);
    expect(textOf(find(panel, ".identity"))).toMatch(/Dossier ouvert(?!,)/);

    const waiting = summaryElement(open("none"));
    await reached(waiting, "consent-needed");
    expect(textOf(find(waiting, ".identity"))).toMatch(/ouvert, accord à recueillir/);
  });

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

  it("declares consent by keyboard, and goes on from the record that opens", async () => {
    const panel = summaryElement(open("none"));
    await reached(panel, "consent-needed");
    await userEvent.keyboard("{Tab}");
    expect(find(panel, "carnet-access").shadowRoot?.activeElement?.hasAttribute("data-consent")).toBe(true);
    await userEvent.keyboard("{Enter}");
    await reached(panel, "ready");
    expect(panel.shadowRoot?.activeElement?.className).toBe("root");
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

  it("keeps the age in one piece beside a name that is written from right to left", async () => {
    const bundle = summaryBundle(odile);
    for (const { resource } of bundle.entry ?? [])
      if (resource?.resourceType === "Patient")
        resource.name = [{ use: "official", family: "الأندلسي", given: ["محمد"] }];
    const panel = summaryElement({ bundle });
    await until(() => textOf(panel).includes("الأندلسي"), "shown");
    expect(find(panel, ".identity-name .age").getClientRects()).toHaveLength(1);
  });

  it("leaves room to read under the identity and the dangers at 400 % of zoom", async () => {
    await page.viewport(320, 256);
    try {
      const panel = summaryElement(open());
      await reached(panel, "ready");
      find(panel, "[data-section=problems]").scrollIntoView();
      const top = find(panel, ".top").getBoundingClientRect();
      expect(top.top).toBeLessThan(1);
      expect(top.height).toBeLessThan(192);
      for (const kept of [".identity-name", ".alert-line"])
        expect(find(panel, kept).getBoundingClientRect().bottom).toBeLessThanOrEqual(top.bottom + 1);
      expect(await axeViolations(panel)).toEqual([]);
    } finally {
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

  it("a page that says !important about everything changes neither its text nor its colours", async () => {
    const style = document.createElement("style");
    style.textContent = `body * { color: lime !important; font: italic 40px/4 cursive !important; letter-spacing: 9px !important;
      text-transform: uppercase !important; text-align: right !important; box-sizing: content-box !important; margin: 9px !important;
      white-space: nowrap !important; word-break: break-all !important; word-spacing: 9px !important;
      text-indent: 9px !important; font-variant: small-caps !important }
      button, p, li, dl, h2, table, input { all: unset !important; position: fixed !important; z-index: 99999 !important }`;
    document.head.append(style);
    try {
      const panel = summaryElement({ bundle: summaryBundle(odile), theme: "light" });
      await reached(panel, "ready");
      const looks = getComputedStyle(find(panel, "[data-section=problems] .row-title"));
      expect([
        looks.color,
        looks.fontSize,
        looks.fontStyle,
        looks.letterSpacing,
        looks.textTransform,
        looks.textAlign,
      ]).toEqual(["rgb(16, 36, 43)", "15px", "normal", "normal", "none", "start"]);
      expect(looks.position).toBe("static");
      // A line that does not turn is cut at the edge of the panel, and a small capital makes a unit another one.
      const words = [looks.whiteSpace, looks.wordBreak, looks.wordSpacing, looks.textIndent, looks.fontVariant];
      expect(words).toEqual(["normal", "normal", "0px", "0px", "normal"]);
    } finally {
      style.remove();
    }
  });

  it("mounted, given another patient and taken out a hundred times: no listener, request or panel remains", async () => {
    document.body.replaceChildren();
    const held = new Map<string, number>();
    const { addEventListener: add, removeEventListener: remove } = window;
    const count = (name: string, by: number) => held.set(name, (held.get(name) ?? 0) + by);
    window.addEventListener = ((...rest: Parameters<typeof add>) => {
      count(rest[0], 1);
      add.apply(window, rest);
    }) as typeof add;
    window.removeEventListener = ((...rest: Parameters<typeof remove>) => {
      count(rest[0], -1);
      remove.apply(window, rest);
    }) as typeof remove;
    const service = startService([
      { person: odile, authorisation: "valid", documents },
      { person: marcel, authorisation: "valid", documents: [] },
    ]);
    let underWay = 0;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      underWay++;
      try {
        return await service.fetch(input, init);
      } finally {
        underWay--;
      }
    };
    const panels: WeakRef<CarnetSummary>[] = [];
    try {
      const client = connect({ baseUrl: "https://record.test/fhir", accessToken: () => "test-token", fetch });
      for (let round = 0; round < 100; round++) {
        const panel = summaryElement({ client, ins: insAttribute(odile) });
        panels.push(new WeakRef(panel));
        // Some are taken out before their first answer, some after a change of patient, some when all is there.
        if (round % 3 > 0) await reached(panel, "ready");
        if (round % 3 > 1) {
          panel.ins = insAttribute(marcel);
          await panel.updateComplete;
        }
        panel.remove();
      }
      await until(() => underWay === 0, "no request under way");
      expect([...held].filter(([, listeners]) => listeners !== 0)).toEqual([]);
    } finally {
      window.addEventListener = add;
      window.removeEventListener = remove;
    }
    const alive = async () => {
      await cdp().send("HeapProfiler.collectGarbage");
      return panels.filter((panel) => panel.deref() !== undefined).length;
    };
    let left = await alive();
    for (let tries = 0; tries < 20 && left > 1; tries++) left = await alive();
    expect(left).toBeLessThanOrEqual(1);
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

describe("on paper", () => {
  it("the summary is one page of black on white, without its buttons, from a dark screen too", async () => {
    const panel = summaryElement({ ...open(), theme: "dark" });
    await reached(panel, "ready");
    await until(() => textOf(panel).includes("Lettre de sortie"), "documents");
    // A4 with margins of 10 mm, at 96 points an inch.
    panel.style.inlineSize = "718px";
    await cdp().send("Emulation.setEmulatedMedia", { media: "print" });
    try {
      // What paper needs is fetched after the first paint.
      await until(() => getComputedStyle(find(panel, ".top")).position === "static", "dressed for paper");
      expect(panel.getBoundingClientRect().height).toBeLessThan(1047);
      const styleOf = (selector: string) => getComputedStyle(panel.shadowRoot?.querySelector(selector) as Element);
      expect(styleOf(".section").color).toBe("rgb(0, 0, 0)");
      expect(styleOf(".section").backgroundColor).toBe("rgb(255, 255, 255)");
      const buttons = [...(panel.shadowRoot?.querySelectorAll<HTMLElement>("button:not(.link)") ?? [])];
      expect(buttons.filter((button) => button.getBoundingClientRect().height > 0)).toEqual([]);
      expect(styleOf(".columns").gridTemplateColumns.split(" ")).toHaveLength(2);
      expect(await axeViolations(panel)).toEqual([]);
      // What was said on screen is said on paper.
      expect(
        panel.shadowRoot?.querySelector("[data-section=allergies]")?.getBoundingClientRect().height,
      ).toBeGreaterThan(20);
    } finally {
      await cdp().send("Emulation.setEmulatedMedia", { media: "" });
    }
  });
});
