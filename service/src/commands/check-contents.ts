/** `npm run check-contents`: is every content that the database names there, whole and as it came in? */
import { checkContents } from "../store/check-contents.ts";
import { type CommandOutput, exitCode, lookOffline, openExistingStore } from "./offline.ts";

/**
 * Findings for a program, one JSON object a line; the verdict for a person.
 * @returns the exit code: 0 all there, 1 something is not, 2 could not be looked at
 */
export function checkContentsCommand(
  environment: Readonly<Record<string, string | undefined>>,
  output: CommandOutput,
): Promise<number> {
  return lookOffline(environment, output, { verb: "check", done: "checked" }, async (config) => {
    const store = await openExistingStore(config);
    try {
      const { named, unnamed, lost } = await checkContents(store, (finding) => output.out(JSON.stringify(finding)));
      const rest = unnamed > 0 ? `; ${unnamed} that nothing names, which is harmless` : "";
      output.err(
        lost === 0
          ? `all ${named} contents are there as they came in${rest}`
          : `LOST: ${lost} of ${named} contents are not there as they came in: restore these files from a backup${rest}`,
      );
      return lost === 0 ? exitCode.whole : exitCode.faulty;
    } finally {
      await store.close();
    }
  });
}
