/** Entry point of `npm run rotate-signing-key`. */
import { reasonToTell } from "../unforeseen.ts";
import { rotateSigningKeyCommand } from "./rotate-signing-key.ts";

try {
  process.stdout.write(`${await rotateSigningKeyCommand(process.env, process.argv.slice(2))}\n`);
} catch (error) {
  process.stderr.write(`${reasonToTell(error)}\n`);
  process.exitCode = 1;
}
