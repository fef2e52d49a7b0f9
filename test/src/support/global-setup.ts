/**
 * Once per run of the project `whole`: where the seeded Carnet stands, from which every test's own is copied.
 * `CARNET_TEST_TEMPLATE=FOLDER` keeps it from run to run, to save the minute while writing tests.
 */
import { beginTemplate } from "./template-of-run.ts";

export default function setup(): (() => Promise<void>) | undefined {
  return beginTemplate();
}
