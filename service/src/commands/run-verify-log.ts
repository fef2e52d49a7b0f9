/** Entry point of `npm run verify-log`. */
import { standardOutput } from "./offline.ts";
import { verifyLogCommand } from "./verify-log.ts";

process.exitCode = await verifyLogCommand(process.env, standardOutput);
