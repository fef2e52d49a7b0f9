/** `npm start`: the record service with the pages of the demo on one address, fictitious patients on first start. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CarnetService, createService, loadConfig, runProgram } from "@carnet/service";
import { registerHospital } from "./hospital/routes.ts";
import { Calendar } from "./seed/calendar.ts";
import { loadDemoDrugData } from "./seed/drug-data.ts";
import { loadAccounts, loadHistories } from "./seed/load.ts";
import { loadServices } from "./seed/services.ts";
import { folders } from "./serve/folders.ts";
import { registerSandbox } from "./serve/sandbox.ts";
import { registerStaticPages } from "./serve/static-pages.ts";

const say = (line: string) => process.stderr.write(`${line}\n`);

await runProgram({
  create: async () => createService(loadConfig({ LOG_LEVEL: "warn", ...process.env, CARNET_DEMO: "1" })),
  prepare: furnish,
});

/** Pages, drug data and fictitious patients: what makes the service a demonstration. */
async function furnish(service: CarnetService): Promise<void> {
  loadDemoDrugData(service.config.drugDataFile);
  const calendar = new Calendar(new Date());
  await registerStaticPages(service.app, folders);
  registerSandbox(service);
  registerHospital(service.app, {
    calendar,
    shell: readFileSync(join(folders.pages, "hospital", "index.html"), "utf8"),
    picture: folders.picture,
  });
  const progress = (done: number, total: number) => say(`fictitious patients: ${done} of ${total} documents`);
  // A first start hashes some twenty secrets, a third of a second each: on another core, while documents are made.
  await Promise.all([loadAccounts(service), loadHistories(service, calendar, progress)]);
  await loadServices(service);
}
