import axe from "axe-core";
import { expect } from "vitest";
import type { PanelDriver } from "./panel-driver.ts";

/** Nothing that axe finds wrong with the panel as it stands (WCAG 2.2 AA), light and, where it can be asked for, dark. */
export async function expectAccessible(panel: PanelDriver): Promise<void> {
  expect(await violations(panel)).toEqual([]);
  if (panel.setColours === undefined) return;
  await panel.setColours("dark");
  expect(await violations(panel)).toEqual([]);
  await panel.setColours("light");
}

function violations(panel: PanelDriver): Promise<unknown> {
  return panel.evaluate(`(async () => {
    if (globalThis.axe === undefined) { ${axe.source} }
    const { violations } = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] });
    return violations.map(({ id, nodes }) => id + ": " + nodes[0]?.html);
  })()`);
}
