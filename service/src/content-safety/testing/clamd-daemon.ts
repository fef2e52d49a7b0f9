/** ClamAV's own daemon, where Debian's package is on the machine, with the EICAR file as its only signature. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { eicar } from "./clamd-double.ts";

const program = "/usr/sbin/clamd";

export const hasClamd = existsSync(program);

export interface ClamdDaemon {
  readonly url: string;
  close(): Promise<void>;
}

/** @param maxStreamMb what it takes in one document, as an operator sets it (`StreamMaxLength`) */
export async function startClamd(maxStreamMb: number): Promise<ClamdDaemon> {
  const folder = mkdtempSync(join(tmpdir(), "carnet-clamd-"));
  const socket = join(folder, "clamd.ctl");
  const settings = join(folder, "clamd.conf");
  // An extended signature: the file's bytes, wherever they stand, in a document of any kind.
  writeFileSync(join(folder, "eicar.ndb"), `Eicar-Test:0:*:${eicar.toString("hex")}\n`);
  writeFileSync(
    settings,
    `Foreground yes\nLogVerbose yes\nLocalSocket ${socket}\nDatabaseDirectory ${folder}\nStreamMaxLength ${maxStreamMb}M\n`,
  );
  // Into a pipe it would keep its lines to itself until there are many.
  const daemon = spawn("stdbuf", ["-oL", program, "--config-file", settings], { stdio: ["ignore", "pipe", "inherit"] });
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface(daemon.stdout).on("line", (line) => {
      said.push(line);
      if (line.startsWith("Listening daemon")) resolve();
    });
    daemon.once("close", () => reject(new Error(`clamd did not start:\n${said.join("\n")}`)));
  });
  return {
    url: `unix://${socket}`,
    close: async () => {
      daemon.kill("SIGKILL");
      await once(daemon, "close");
      rmSync(folder, { recursive: true });
    },
  };
}
