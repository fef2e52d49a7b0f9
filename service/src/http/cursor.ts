/** Opaque cursors of paged answers: where the next page begins. They grant nothing: every row is decided again. */
import { isUuid } from "./ids.ts";
import { badRequest } from "./outcome.ts";

export interface Cursor {
  readonly position: Date;
  readonly id: string;
}

export function encodeCursor({ position, id }: Cursor): string {
  return Buffer.from(`${position.getTime()} ${id}`).toString("base64url");
}

/** A thousand centuries: more than any date that was kept, less than what the database understands. */
const MAX_TIME = 2e14;

/** @throws WireError 400 */
export function decodeCursor(text: string): Cursor {
  const [time = "", id = ""] = Buffer.from(text, "base64url").toString("latin1").split(" ");
  const position = new Date(/^-?\d{1,15}$/.test(time) ? Number(time) : Number.NaN);
  if (Number.isNaN(position.getTime()) || Math.abs(position.getTime()) > MAX_TIME || !isUuid(id)) {
    throw badRequest("Reprenez la recherche depuis le début.", "Start the search again.", "_cursor");
  }
  return { position, id };
}
