/** The pages of the demo and of the extension follow the size of letters that their reader chose in the browser. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");
const folders = ["demo/pages", "extension/ui"];

it("no page measures its letters, or what must hold them, in pixels of its own", () => {
  const sheets = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".css"))
      .map((name) => join(folder, name)),
  );
  const fixed = sheets.flatMap((name) => {
    const css = readFileSync(join(root, name), "utf8");
    return [...css.matchAll(/(?:font(?:-size)?|grid-template-columns):[^;]*?[\d.]+px[^;]*/g)].map(
      ([rule]) => `${name}: ${rule.replace(/\s+/g, " ")}`,
    );
  });
  expect(sheets.length).toBeGreaterThan(3);
  expect(fixed).toEqual([]);
});
