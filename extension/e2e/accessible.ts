import axe from "axe-core";
import { expect } from "vitest";
import type { PanelDriver } from "./panel-driver.ts";

/** The panel, or another page of the extension. */
type Shown = Pick<PanelDriver, "evaluate" | "setColours">;

/** Nothing that axe finds wrong with the panel as it stands (WCAG 2.2 AA), light and, where it can be asked for, dark. */
export async function expectAccessible(panel: Shown): Promise<void> {
  expect(await violations(panel, ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])).toEqual([]);
  if (panel.setColours === undefined) return;
  await panel.setColours("dark");
  // The theme changes colours and nothing else.
  expect(await violations(panel, ["color-contrast"])).toEqual([]);
  await panel.setColours("light");
}

async function violations(panel: Shown, only: readonly string[]): Promise<unknown> {
  // Half a megabyte: given to the panel once.
  if ((await panel.evaluate("globalThis.axe === undefined")) === true) await panel.evaluate(`{ ${axe.source} }`);
  return panel.evaluate(`(async () => {
    const { violations } = await axe.run(document, {
      runOnly: ${JSON.stringify(only)},
      resultTypes: ["violations"],
      selectors: false,
    });
    return violations.map(({ id, nodes }) => id + ": " + nodes[0]?.html);
  })()`);
}
