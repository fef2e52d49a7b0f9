import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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
      const shared = ["activeTab", "alarms", "contextMenus", "idle", "scripting", "storage", "unlimitedStorage"];
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

  it.skipIf(!isRunnable)("weighs at most two megabytes compressed", () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const size = files.reduce(
      (sum, { parentPath, name }) => sum + deflateRawSync(readFileSync(join(parentPath, name)), { level: 9 }).length,
      0,
    );
    expect(size).toBeLessThan(2_000_000);
  });
});
