/** The service alone, without the pages of the demonstration: `node service/dist/main.js`. */
import { loadConfig } from "./config.ts";
import { createService } from "./create-service.ts";

const service = await createService(loadConfig(process.env));
const stop = () => {
  service.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
process.stdout.write(`ready ${await service.listen()}\n`);
