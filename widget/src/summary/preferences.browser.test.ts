/** What a reader's system asks of every page: a few colours of their own (forced colours), and nothing that moves. */
import { afterEach, describe, expect, it } from "vitest";
import { commands, userEvent } from "vitest/browser";
import { insAttribute, odile } from "../testing/fixtures.ts";
import { axeViolations, find, reached, section, summaryElement, textOf } from "../testing/mount.ts";
import { startService } from "../testing/record-server.ts";

afterEach(() => commands.prefer({ forcedColors: "none", reducedMotion: "no-preference" }));

/** A system colour as this page computes it. */
function systemColour(name: string): string {
  const probe = document.createElement("i");
  probe.style.color = name;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const open = async () => {
  const service = startService([{ person: odile, authorisation: "valid" }]);
  const panel = summaryElement({ client: service.client(), ins: insAttribute(odile) });
  await reached(panel, "ready");
  return panel;
};

describe("forced colours", () => {
  it("leave every mark of the summary: edges, curves, arrows and dangers in words, on the reader's own ground", async () => {
    await commands.prefer({ forcedColors: "active" });
    expect(matchMedia("(forced-colors: active)").matches).toBe(true);
    const panel = await open();
    const [text, ground] = [systemColour("CanvasText"), systemColour("Canvas")];
    expect(text).not.toBe(ground);

    const styleOf = (selector: string) => getComputedStyle(find(panel, selector));
    // No ground of ours lies under the words.
    expect(["rgba(0, 0, 0, 0)", "rgba(255, 255, 255, 0)", ground]).toContain(styleOf(".section").backgroundColor);
    expect(styleOf(".row-title").color).toBe(text);
    for (const selector of [".section", ".tag", ".button"]) {
      const { borderTopStyle, borderTopWidth } = styleOf(selector);
      expect([selector, borderTopStyle, Number.parseFloat(borderTopWidth) >= 1]).toEqual([selector, "solid", true]);
    }
    expect(styleOf(".sparkline .line").stroke).toBe(text);
    expect(styleOf(".sparkline .last").fill).toBe(text);
    // What colour said is said in words too.
    expect(textOf(section(panel, "allergies"))).toContain("Risque élevé");
    expect(textOf(section(panel, "results"))).toMatch(/élevé \(calculé\).*bas/);
    expect(await axeViolations(panel)).toEqual([]);
  });

  it("show where the keyboard is", async () => {
    await commands.prefer({ forcedColors: "active" });
    const panel = await open();
    for (let stop = 0; stop < 5 && panel.shadowRoot?.activeElement === null; stop++) await userEvent.tab();
    const { activeElement } = panel.shadowRoot ?? {};
    if (activeElement == null) throw new Error("the tabulator does not reach the panel");
    const { outlineStyle, outlineWidth } = getComputedStyle(activeElement);
    expect([outlineStyle, Number.parseFloat(outlineWidth) >= 2]).toEqual(["solid", true]);
  });
});

describe("reduced motion", () => {
  /** Animations that run in the panel: the places of what is still loading breathe. */
  const moving = (panel: HTMLElement) => panel.shadowRoot?.getAnimations().length ?? Number.NaN;
  const loading = async () => {
    const service = startService([{ person: odile, authorisation: "valid" }]);
    service.intercept = () => new Promise(() => undefined);
    const panel = summaryElement({ client: service.client(), ins: insAttribute(odile) });
    await reached(panel, "loading");
    await panel.updateComplete;
    return panel;
  };

  it("keeps the places of what is loading, and holds them still", async () => {
    expect(moving(await loading())).toBeGreaterThan(0);
    await commands.prefer({ reducedMotion: "reduce" });
    const panel = await loading();
    expect(moving(panel)).toBe(0);
    expect(panel.shadowRoot?.querySelectorAll(".skeleton-line").length).toBeGreaterThan(0);
  });
});
