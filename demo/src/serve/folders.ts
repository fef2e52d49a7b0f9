/** Where things are, from the compiled file (`demo/dist/serve`) as from the source (`demo/src/serve`). */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout that this demo belongs to. */
export const checkout = fileURLToPath(new URL("../../../", import.meta.url));

export const folders = {
  pages: join(checkout, "demo", "dist", "pages"),
  docs: join(checkout, "demo", "dist", "site"),
  widget: join(checkout, "widget", "dist"),
  picture: join(checkout, "demo", "assets", "electrocardiogram.jpg"),
} as const;
