/** The job that seals the access log. R180; service-stack.md §6. */
import type { Services } from "../http/services.ts";
import { checkpointFolder, logSigner, sealEveryMs } from "../log/log-settings.ts";
import { sealLog } from "../log/seal-log.ts";
import type { Job } from "./run-jobs.ts";

/** @throws Error when a setting cannot be understood */
export function sealLogJob({ config, store }: Services): Job {
  const parts = { store, signer: logSigner(config), folder: checkpointFolder(config) };
  return { name: "seal-log", everyMs: sealEveryMs(config), run: (now, signal) => sealLog(parts, now, signal) };
}
