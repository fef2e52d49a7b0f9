/** The service alone, without the pages of the demonstration: `node service/dist/main.js`. */
import { loadConfig } from "./config.ts";
import { createService } from "./create-service.ts";
import { runProgram } from "./run-program.ts";

await runProgram({ create: async () => createService(loadConfig(process.env)) });
