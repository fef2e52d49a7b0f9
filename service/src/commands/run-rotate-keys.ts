/** Entry point of `npm run rotate-keys`. */
import { reasonToTell } from "../unforeseen.ts";
import { rotateKeysCommand } from "./rotate-keys.ts";

try {
  process.stdout.write(`${await rotateKeysCommand(process.env)}\n`);
} catch (error) {
  process.stderr.write(`${reasonToTell(error)}\n`);
  process.exitCode = 1;
}
