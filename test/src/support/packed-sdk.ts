/** The SDK as its users get it: packed, and installed into a project of somebody else. */
import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { checkout } from "./machine.ts";

const run = promisify(execFile);
const Packed = v.object({ filename: v.string(), files: v.array(v.object({ path: v.string() })) });

export interface Consumer {
  /** Folder of the project; whoever asked for it removes it. */
  readonly home: string;
  /** Paths in the packed tarball. */
  readonly files: readonly string[];
}

/** Packs the SDK and installs the tarball into a new project. */
export async function consumerProject(): Promise<Consumer> {
  const home = mkdtempSync(join(tmpdir(), "carnet-consumer-"));
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", home], {
    cwd: join(checkout, "sdk"),
  });
  // npm 11 prints a list; later ones an object by name.
  const printed: unknown = JSON.parse(stdout);
  const [packed] = v.parse(v.array(Packed), Array.isArray(printed) ? printed : Object.values(Object(printed)));
  writeFileSync(join(home, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", `./${packed?.filename}`], { cwd: home });
  return { home, files: packed?.files.map(({ path }) => path) ?? [] };
}
