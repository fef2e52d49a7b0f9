/** Figures of the extension, measured in its own workspace, where its browsers are driven. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { checkout, chromiumPath } from "../support/machine.ts";

export async function benchExtension(): Promise<void> {
  const built = join(checkout, "extension/.output/chrome-mv3");
  if (!existsSync(chromiumPath()) || !existsSync(built)) {
    console.error(`extension bench left out: it needs Chromium at ${chromiumPath()} and a build at ${built}`);
    return;
  }
  const words = ["vitest", "run", "--config", "e2e/bench.config.ts", "--disable-console-intercept", "--reporter=dot"];
  const child = spawn("npx", words, { cwd: join(checkout, "extension"), stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    const figure = /\{"name".*\}$/.exec(line)?.[0];
    if (figure !== undefined) console.log(figure);
  }
  if ((await ended) !== 0) throw new Error("the bench of the extension failed");
}
