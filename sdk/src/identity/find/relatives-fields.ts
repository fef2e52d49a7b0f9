import { besideHeaded, headed, newborns } from "./kin-words.ts";
import type { Token } from "./tokens.ts";

interface Block {
  readonly start: number;
  end: number;
  /** Index of the token before which a field must begin to be of this block. */
  reach: number;
  readonly kinds: Set<string>;
}

/** Tokens between two fields of one block. */
const reach = 12;
/** Characters behind the last field in which a number still belongs to it. */
const behind = 60;
/** Under these the patient's own fields begin. */
const patients: ReadonlySet<string> = new Set(["PATIENT", "PATIENTE", "ENFANT", "BEBE", "NN", ...newborns]);

/**
 * The fields under a heading of a relative ("Identité de la mère"), which are nobody's that the text is about: up to the first
 * that comes a second time, a heading of the patient, or a longer gap. Asked in the order of the text.
 */
export class RelativesFields {
  readonly #tokens: readonly Token[];
  /** Each heading: its first token and the first one under it. */
  readonly #headings: readonly { readonly from: number; readonly to: number }[];
  #next = 0;
  #block: Block | undefined;
  readonly #blocks: Block[] = [];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#headings = headingsOf(tokens);
  }

  /** The reading has come to this token. */
  pass(at: number): void {
    for (
      let heading = this.#headings[this.#next];
      heading && heading.to <= at;
      heading = this.#headings[++this.#next]
    ) {
      const start = this.#tokens[heading.from]?.start ?? 0;
      this.#block = {
        start,
        end: this.#tokens[heading.to - 1]?.end ?? start,
        reach: heading.to + reach,
        kinds: new Set(),
      };
      this.#blocks.push(this.#block);
    }
    const isPatients = this.#tokens[at - 1]?.kind === "newline" && patients.has(this.#tokens[at]?.folded ?? "");
    if (isPatients || at > (this.#block?.reach ?? at)) this.#block = undefined;
  }

  /** Whether this field is one of a relative's. */
  has(kind: string, next: number): boolean {
    const block = this.#block;
    if (block === undefined) return false;
    if (block.kinds.has(kind)) {
      this.#block = undefined;
      return false;
    }
    block.kinds.add(kind);
    block.reach = next + reach;
    block.end = this.#tokens[next - 1]?.end ?? block.end;
    return true;
  }

  places(): readonly { readonly start: number; readonly end: number }[] {
    return this.#blocks.map(({ start, end }) => ({ start, end: end + behind }));
  }
}

/** Lines that say a relative and nothing else. */
function headingsOf(tokens: readonly Token[]): readonly { readonly from: number; readonly to: number }[] {
  const headings: { from: number; to: number }[] = [];
  let from = 0;
  for (let at = 0; at <= tokens.length; at++) {
    if (at < tokens.length && tokens[at]?.kind !== "newline") continue;
    if (isHeading(tokens, from, at)) headings.push({ from, to: at });
    from = at + 1;
  }
  return headings;
}

function isHeading(tokens: readonly Token[], from: number, to: number): boolean {
  if (to - from > 8) return false;
  const line = tokens.slice(from, to);
  const words = line.filter(({ kind }) => kind === "word").flatMap(({ folded }) => folded.split(" "));
  return (
    line.every(({ kind }) => kind !== "number") &&
    words.some((word) => headed.has(word)) &&
    words.every((word) => headed.has(word) || besideHeaded.has(word))
  );
}
