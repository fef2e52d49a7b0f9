/** `npm run bench`: every figure as one JSON line. `DATABASE_URL` adds the same measures on that PostgreSQL. */
import { makeTemplate, removeTemplate } from "../support/seeded-template.ts";
import { benchCda } from "./cda.ts";
import { benchDocumentsScroll } from "./documents-scroll.ts";
import { benchExtension } from "./extension.ts";
import { benchPanelLoad } from "./panel-load.ts";
import { benchRules } from "./rules.ts";
import { benchService } from "./service.ts";
import { benchSizes } from "./sizes.ts";
import { benchSummary } from "./summary.ts";
import { benchWidget } from "./widget.ts";
import { benchWorker } from "./worker.ts";

const postgresql = process.env.DATABASE_URL;
delete process.env.DATABASE_URL;

await benchSizes();
await benchCda();
benchSummary();
benchRules();
await benchService("embedded");
await benchExtension();
const template = await makeTemplate();
try {
  await benchWidget(template);
  await benchPanelLoad();
  await benchDocumentsScroll();
  await benchWorker(template);
} finally {
  await removeTemplate(template);
}
if (postgresql) {
  process.env.DATABASE_URL = postgresql;
  await benchService("postgresql");
} else {
  console.error("no DATABASE_URL: the PostgreSQL figures are left out");
}
