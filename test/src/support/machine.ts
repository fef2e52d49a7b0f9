/** What this machine has: browsers, the shared reference folder, the outside FHIR validator. Paths only, nothing is started. */
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the checkout: two folders above `test/src` and `test/dist` alike. */
export const checkout = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

/** `CHROMIUM_PATH`, else Debian's. */
export const chromiumPath = (): string => process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

/** `FIREFOX_PATH`, else Debian's. */
export const firefoxPath = (): string => process.env.FIREFOX_PATH ?? "/usr/bin/firefox-esr";

/** Chromium as root on a machine without a network: nothing is fetched behind the test's back. */
export const chromiumArguments = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
] as const;

export const hasChromium = (): boolean => existsSync(chromiumPath());
export const hasFirefox = (): boolean => existsSync(firefoxPath());

/** The reference folder beside the checkout; tests that need it are skipped by name where it is absent. */
export const shared = join(checkout, "..", "shared");
export const hasShared = (): boolean => existsSync(join(shared, "spec"));

/** Folder holding the modules of the outside FHIR validator, or undefined when they are not installed. */
export function fhirToolsModules(): string | undefined {
  const candidates = [process.env.FHIR_TOOLS_MODULES, "/tmp/fhir-tools", join(shared, "tools", "fhir")];
  return candidates.find((folder) => folder !== undefined && existsSync(join(folder, "node_modules", "fhirpath")));
}

/** Where other runtimes and heavy peers are installed for tests and benches alone: `TEST_PROGRAMS`, else `/tmp/carnet-programs`. */
export const programsForTests = (): string => process.env.TEST_PROGRAMS ?? "/tmp/carnet-programs";

/** A program on the `PATH`, or in {@link programsForTests}; else undefined. */
export function programPath(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), join(programsForTests(), "node_modules", ".bin")];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
