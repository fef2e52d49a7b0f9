import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { builtForChrome } from "./drive-chromium.ts";
import { builtForFirefox } from "./drive-firefox.ts";

interface Manifest {
  readonly permissions: readonly string[];
  readonly host_permissions: readonly string[];
  readonly optional_host_permissions: readonly string[];
  readonly content_security_policy: { readonly extension_pages: string };
  readonly [key: string]: unknown;
}

describe.each([
  ["Chrome", builtForChrome, ["offscreen", "sidePanel"]],
  ["Firefox", builtForFirefox, []],
] as const)("the package for %s (needs a build)", (_, folder, own) => {
  const isRunnable = existsSync(folder);
  const manifest = () => JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;

  it.skipIf(!isRunnable)(
    "asks for these permissions and no other, and reaches one host before anybody allows more",
    () => {
      const shared = [
        "activeTab",
        "alarms",
        "contextMenus",
        "identity",
        "idle",
        "scripting",
        "storage",
        "unlimitedStorage",
      ];
      expect([...manifest().permissions].sort()).toEqual([...shared, ...own].sort());
      expect(manifest().optional_permissions).toEqual(["downloads"]);
      expect(manifest().host_permissions.length).toBe(1);
      expect([...manifest().optional_host_permissions].sort()).toEqual(["http://*/*", "https://*/*"]);
    },
  );

  it.skipIf(!isRunnable)("puts nothing in any page before a click, and lets no page in", () => {
    for (const key of ["content_scripts", "externally_connectable", "web_accessible_resources"]) {
      expect(manifest()[key]).toBeUndefined();
    }
    expect(manifest().content_security_policy.extension_pages).toMatch(/^default-src 'none'; script-src 'self' /);
    expect(manifest().content_security_policy.extension_pages).not.toMatch(
      /unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')/,
    );
  });

  it.skipIf(!isRunnable)("wakes its worker without the panel's code", () => {
    const loaded = new Set<string>();
    const load = (file: string) => {
      if (loaded.has(file)) return;
      loaded.add(file);
      const text = readFileSync(file, "utf8");
      for (const [, path = ""] of text.matchAll(/(?:\bfrom|\bimport) ?"(\.{1,2}\/[^"]+)"/g))
        load(join(file, "..", path));
    };
    load(join(folder, "background.js"));
    const names = [...loaded].map((file) => relative(folder, file));
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => /panel-|main-/.test(name))).toEqual([]);
  });

  it.skipIf(!isRunnable)("weighs at most two megabytes compressed", () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const size = files.reduce(
      (sum, { parentPath, name }) => sum + deflateRawSync(readFileSync(join(parentPath, name)), { level: 9 }).length,
      0,
    );
    expect(size).toBeLessThan(2_000_000);
  });

  it.skipIf(!isRunnable)("writes in letters of the size that the browser is set to", () => {
    const page = readFileSync(join(folder, "sidepanel.html"), "utf8");
    const styles = [...page.matchAll(/ href="(\/assets\/[^"]+\.css)"/g)].map(([, path = ""]) => path);
    expect(styles.length).toBeGreaterThan(0);
    for (const path of styles) {
      const style = readFileSync(join(folder, path), "utf8");
      expect(style.match(/font(?:-size)?:[^;}]*\d(?:rem|px)/g)?.filter((size) => size.endsWith("px"))).toEqual([]);
    }
  });

  it.skipIf(!isRunnable)("loads its panel from a few files, without what only some documents need", () => {
    const page = readFileSync(join(folder, "sidepanel.html"), "utf8");
    const scripts = [...page.matchAll(/ (?:src|href)="(\/chunks\/[^"]+)"/g)].map(([, path = ""]) => path);
    const size = scripts.reduce((sum, path) => sum + readFileSync(join(folder, path)).length, 0);
    expect(scripts.length).toBeLessThanOrEqual(6);
    // PDF readers and writers, the summary of a record: each weighs more than all of it. Nor what signs in, sends, or writes a CDA.
    expect(size).toBeLessThan(260_000);
  });
});

describe("the archive for the store (needs a build)", () => {
  const isRunnable = existsSync(builtForChrome);

  it.skipIf(!isRunnable)("is the same, byte for byte, wherever and whenever it is made", async () => {
    const out = await mkdtemp(join(tmpdir(), "carnet-zip-"));
    try {
      // Another folder, another time zone, a later clock than the build beside it; the runner's own variables are no part of a build.
      const { NODE_ENV: _, VITEST: __, ...env } = process.env;
      await promisify(execFile)("npx", ["wxt", "zip"], {
        cwd: new URL("..", import.meta.url).pathname,
        env: { ...env, CARNET_EXTENSION_OUT: out, TZ: "Pacific/Apia" },
      });
      const hashes = (folder: string) =>
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ parentPath, name }) => {
            const path = join(parentPath, name);
            return `${relative(folder, path)} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
          })
          .sort();
      expect(hashes(join(out, "chrome-mv3"))).toEqual(hashes(builtForChrome));

      const [name = ""] = readdirSync(out).filter((one) => one.endsWith(".zip"));
      const entries = entriesOf(readFileSync(join(out, name)));
      expect(entries.map(({ path }) => path)).toEqual(entries.map(({ path }) => path).sort());
      expect(new Set(entries.map(({ dosTime }) => dosTime))).toEqual(new Set([0]));
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  });
});

/** Central directory of a ZIP: the path of each file and its date, in the order that they stand. */
function entriesOf(zip: Buffer): readonly { readonly path: string; readonly dosTime: number }[] {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    const length = zip.readUInt16LE(at + 28);
    const path = zip.toString("utf8", at + 46, at + 46 + length);
    const dosTime = zip.readUInt32LE(at + 12);
    at += 46 + length + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    return { path, dosTime };
  });
}
