/** Entry point of `npm run rotate-keys`. */
import { rotateKeysCommand } from "./rotate-keys.ts";

try {
  process.stdout.write(`${await rotateKeysCommand(process.env)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
