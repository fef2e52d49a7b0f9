/**
 * Once per run of the project `whole`: where the seeded Carnet stands, from which every test's own is copied, and where
 * those are noted that the files of a worker share.
 * `CARNET_TEST_TEMPLATE=FOLDER` keeps the seeded one from run to run, to save the minute while writing tests.
 */
import { beginSharing } from "./shared-carnet.ts";
import { beginTemplate } from "./template-of-run.ts";

export default function setup(): () => Promise<void> {
  const [endSharing, endTemplate] = [beginSharing(), beginTemplate()];
  return async () => {
    await endSharing();
    await endTemplate?.();
  };
}
