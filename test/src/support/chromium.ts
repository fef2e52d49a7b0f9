/** Debian's Chromium, driven by tests and benches. */
import { type Browser, chromium } from "playwright";
import { chromiumArguments, chromiumPath } from "./machine.ts";

/** Starts one without a profile. `more`: arguments beside the usual ones. */
export function launchChromium(...more: readonly string[]): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArguments, ...more] });
}
