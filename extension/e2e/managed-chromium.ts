import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromeExtensionId } from "./drive-chromium.ts";

/** Where Debian's Chromium looks for policies: fixed in its program, and the administrator's. */
const place = "/etc/chromium";

/** A process may see a folder of its own in that place where Linux gives it a mount namespace; nobody else sees it. */
export function canManageChromium(): boolean {
  if (!existsSync(place)) return false;
  try {
    execFileSync("unshare", ["--map-root-user", "--mount", "mount", "--bind", place, place], { stdio: "ignore" });
    return true;
  } catch {
    // No such namespaces here (a container that forbids them, another system).
    return false;
  }
}

/**
 * A Chromium whose computer is managed: this policy for the extension, in a folder that only this browser sees. Nothing of
 * the machine is changed, and nothing is left of it when the browser ends.
 * @param folder an empty folder of the test's
 * @returns the program to start
 */
export async function managedChromium(folder: string, policy: object): Promise<string> {
  const policies = join(folder, "policies", "managed");
  await mkdir(policies, { recursive: true });
  await writeFile(
    join(policies, "carnet.json"),
    JSON.stringify({ "3rdparty": { extensions: { [chromeExtensionId]: policy } } }),
  );
  const program = join(folder, "chromium");
  const browser = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  await writeFile(
    program,
    `#!/bin/sh\nexec unshare --map-root-user --mount sh -c 'mount --bind "$0" ${place} && exec ${browser} "$@"' "${folder}" "$@"\n`,
  );
  await chmod(program, 0o755);
  return program;
}
