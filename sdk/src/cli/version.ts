import { readFileSync } from "node:fs";
import * as v from "valibot";

/** Version of the package, two folders up in `src` and in `dist` alike. */
export const version: string = v.parse(
  v.object({ version: v.string() }),
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")),
).version;
