/** Entry point of `npm run machine-client`. */
import { reasonToTell } from "../unforeseen.ts";
import { machineClientCommand } from "./machine-client.ts";

try {
  for (const line of await machineClientCommand(process.env, process.argv.slice(2))) process.stdout.write(`${line}\n`);
} catch (error) {
  process.stderr.write(`${reasonToTell(error)}\n`);
  process.exitCode = 1;
}
