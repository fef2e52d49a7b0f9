/** Entry point of `npm run check-contents`. */
import { checkContentsCommand } from "./check-contents.ts";
import { standardOutput } from "./offline.ts";

process.exitCode = await checkContentsCommand(process.env, standardOutput);
