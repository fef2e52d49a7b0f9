import { type ChangeObject, diffArrays } from "diff";

/** A run of words inside a line that stands in both versions, otherwise worded. */
export interface Piece {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

/** What became of some lines from the former version to the later one, in the later one's order. */
export type Difference =
  | { readonly kind: "same" | "added" | "removed"; readonly lines: readonly string[] }
  | { readonly kind: "changed"; readonly pieces: readonly Piece[] };

/** Beyond it two texts have nothing in common that a reader could follow, and looking for it would stop the page. */
const limits = { maxEditLength: 1500, timeout: 600 };

/** Two lines with less than this in common are another line, not the same one reworded. */
const leastInCommon = 0.4;

function changes(former: readonly string[], later: readonly string[]): readonly ChangeObject<string[]>[] {
  const found = diffArrays([...former], [...later], limits);
  if (found !== undefined) return found;
  const whole = (value: readonly string[], added: boolean) => ({
    value: [...value],
    added,
    removed: !added,
    count: value.length,
  });
  return [whole(former, false), whole(later, true)].filter(({ count }) => count > 0);
}

const kindOf = ({ added, removed }: ChangeObject<string[]>) => (added ? "added" : removed ? "removed" : "same");

/** Lines that are there, gone, or reworded. */
export function differences(former: readonly string[], later: readonly string[]): readonly Difference[] {
  const out: Difference[] = [];
  const found = changes(former, later);
  for (let at = 0; at < found.length; at++) {
    const [one, next] = [found[at], found[at + 1]];
    if (one === undefined) continue;
    if (kindOf(one) === "removed" && next !== undefined && kindOf(next) === "added") {
      out.push(...reworded(one.value, next.value));
      at++;
    } else out.push({ kind: kindOf(one), lines: one.value });
  }
  return out;
}

/** Lines gone and lines come at the same place, paired in order as long as they say nearly the same. */
function reworded(former: readonly string[], later: readonly string[]): readonly Difference[] {
  const out: Difference[] = [];
  for (let at = 0; at < Math.max(former.length, later.length); at++) {
    const [before, after] = [former[at], later[at]];
    const pieces = before === undefined || after === undefined ? undefined : wordPieces(before, after);
    if (pieces !== undefined) out.push({ kind: "changed", pieces });
    else {
      if (before !== undefined) out.push({ kind: "removed", lines: [before] });
      if (after !== undefined) out.push({ kind: "added", lines: [after] });
    }
  }
  return out;
}

/**
 * The words of a line that changed. Words are cut at blanks only: "12,5" that became "125" is shown whole, twice, never
 * as a comma that went.
 */
function wordPieces(former: string, later: string): readonly Piece[] | undefined {
  const words = (line: string) => line.split(" ");
  const found = changes(words(former), words(later));
  const kept = found
    .filter((one) => kindOf(one) === "same")
    .reduce((sum, { value }) => sum + value.join(" ").length, 0);
  if (kept < leastInCommon * Math.max(former.length, later.length)) return undefined;
  return found.map((one) => ({ kind: kindOf(one), text: one.value.join(" ") }));
}
