/** Once per run of the project `whole`: seeds one Carnet, from which every test's own is copied. */
import { makeTemplate, removeTemplate } from "./carnet.ts";

export default async function setup(): Promise<() => Promise<void>> {
  const template = await makeTemplate();
  process.env.CARNET_TEST_TEMPLATE = `${template.data}|${template.database ?? ""}`;
  return () => removeTemplate(template);
}
