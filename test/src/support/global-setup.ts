/**
 * Once per run of the project `whole`: seeds one Carnet, from which every test's own is copied.
 * `CARNET_TEST_TEMPLATE=FOLDER` names one seeded before, to save the minute while writing tests.
 */
import { makeTemplate, removeTemplate } from "./carnet.ts";

export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.CARNET_TEST_TEMPLATE) return undefined;
  const template = await makeTemplate();
  process.env.CARNET_TEST_TEMPLATE = `${template.data}|${template.database ?? ""}`;
  return () => removeTemplate(template);
}
