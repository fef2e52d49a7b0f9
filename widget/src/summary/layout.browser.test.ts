/**
 * Where things stand and which colours they have, at three widths and in two themes, told in words: what a picture
 * (`../pictures`) shows all at once.
 */
import { afterEach, describe, expect, it } from "vitest";
import { page } from "vitest/browser";
import { odile, summaryBundle } from "../testing/fixtures.ts";
import { find, reached, summaryElement } from "../testing/mount.ts";
import type { CarnetSummary } from "./carnet-summary.ts";

const boxes = (panel: CarnetSummary) =>
  [...(panel.shadowRoot?.querySelectorAll<HTMLElement>("[data-section]") ?? [])].map((section) => ({
    name: section.dataset.section ?? "",
    box: section.getBoundingClientRect(),
  }));

/** `name` for what takes the whole width, `left:` or `right:` for what takes a column, in the order of the page. */
function arrangement(panel: CarnetSummary): string[] {
  const { left, width } = find(panel, ".panel").getBoundingClientRect();
  return boxes(panel).map(({ name, box }) =>
    box.width > width * 0.6 ? name : `${box.left - left > width * 0.4 ? "right" : "left"}: ${name}`,
  );
}

/** Pairs of sections that cover each other. */
function overlaps(panel: CarnetSummary): string[] {
  const all = boxes(panel);
  return all.flatMap(({ name, box }, at) =>
    all
      .slice(at + 1)
      .filter(
        (other) =>
          box.left < other.box.right &&
          other.box.left < box.right &&
          box.top < other.box.bottom - 1 &&
          other.box.top < box.bottom - 1,
      )
      .map((other) => `${name} over ${other.name}`),
  );
}

describe("the layout of the summary", () => {
  afterEach(() => page.viewport(1000, 800));

  it.each([320, 700, 1280])("stands as it should at %i px", async (width) => {
    await page.viewport(width, 900);
    const panel = summaryElement({ bundle: summaryBundle(odile) });
    await reached(panel, "ready");
    expect(overlaps(panel)).toEqual([]);
    expect(arrangement(panel)).toMatchSnapshot();
    expect(panel.scrollWidth).toBeLessThanOrEqual(width);
  });

  it.each(["light", "dark"] as const)("has the colours of its %s theme", async (theme) => {
    const panel = summaryElement({ bundle: summaryBundle(odile), theme });
    await reached(panel, "ready");
    const looks = [
      ".root",
      ".identity",
      "[data-section=allergies]",
      "[data-section=problems]",
      ".row-title",
      ".row-detail",
      ".tag.danger",
    ].map((selector) => {
      const { color, backgroundColor, borderTopColor } = getComputedStyle(find(panel, selector));
      return `${selector}: ${color} on ${backgroundColor}, edge ${borderTopColor}`;
    });
    expect(looks).toMatchSnapshot();
  });
});
