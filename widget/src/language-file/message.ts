/** One message of a language file, as text with `{names}`, or as one text for each plural form. */

/** What is wrong with one entry of a file. */
export type Flaw =
  | "missing"
  | "unknown"
  | "not-text"
  | "empty"
  | "characters"
  | "too-long"
  | "placeholders"
  | "plural"
  | "numbers"
  | "same-as-another";

export interface Compiled {
  readonly message: string | ((...values: readonly unknown[]) => string);
  /** Not so wrong that the message cannot be used. */
  readonly flaw?: Flaw;
}

const longest = 2000;
/** Controls, and the marks that turn the order of what follows: a number must be read as it stands. */
const refused = /[\p{Cc}\u00ad\u061c\u202a-\u202e\u2060-\u206f\ufeff]/u;

const pieces = /\{([A-Za-z]+)\}/g;

/**
 * @param names of its arguments, see `placeholders.ts`
 * @param model the same message in the base language: what has letters there needs letters here
 */
export function compile(
  value: unknown,
  names: readonly string[],
  model: string,
  rules: Intl.PluralRules,
): Compiled | Flaw {
  const counting = names.findIndex((name) => name.startsWith("#"));
  const shown = names.map((name) => name.replace("#", "")).filter((name) => name !== "");
  if (typeof value === "string" || counting < 0) {
    const flaw = flawOf(value, shown, shown, model);
    if (flaw !== undefined || typeof value !== "string") return flaw ?? "not-text";
    return { message: names.length === 0 ? value : filled(value, names) };
  }
  return compilePlural(value, { names, shown, counting }, model, rules);
}

/** The forms that a count takes in a record; some languages have one more for millions, which nothing here reaches. */
function categoriesOf(rules: Intl.PluralRules): ReadonlySet<string> {
  return new Set([0.5, 1.5, ...Array.from({ length: 201 }, (_none, n) => n)].map((n) => rules.select(n)));
}

interface Arguments {
  readonly names: readonly string[];
  readonly shown: readonly string[];
  /** Position of the number that the words agree with. */
  readonly counting: number;
}

function compilePlural(
  value: unknown,
  { names, shown, counting }: Arguments,
  model: string,
  rules: Intl.PluralRules,
): Compiled | Flaw {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "not-text";
  // The number as it is written: "=1" may do without it ("once"), a category may not, for `one` is 1, 21, 31 elsewhere.
  const written = names[counting] === "#" ? shown[0] : names[counting]?.slice(1);
  const forms = new Map<string, string>();
  for (const [form, text] of Object.entries(value)) {
    const isExact = /^=\d{1,3}$/.test(form);
    if (!isExact && !/^(zero|one|two|few|many|other)$/.test(form)) return "plural";
    const flaw = flawOf(text, shown, isExact ? shown.filter((name) => name !== written) : shown, model);
    if (flaw !== undefined) return flaw;
    forms.set(form, String(text));
  }
  const other = forms.get("other");
  if (other === undefined) return "plural";
  const messages = new Map([...forms].map(([form, text]) => [form, filled(text, names)] as const));
  const fallback = filled(other, names);
  const message = (...values: readonly unknown[]): string => {
    const n = Number(values[counting]);
    // A range of numbers ("1 to 2") agrees with its last one, but is not that number.
    const isItself = names[counting] !== "#" || written === undefined || values[0] === String(n);
    const exact = isItself ? messages.get(`=${n}`) : undefined;
    return (exact ?? messages.get(rules.select(n)) ?? fallback)(...values);
  };
  return [...categoriesOf(rules)].every((category) => forms.has(category)) ? { message } : { message, flaw: "plural" };
}

function flawOf(
  value: unknown,
  allowed: readonly string[],
  required: readonly string[],
  model: string,
): Flaw | undefined {
  if (typeof value !== "string") return "not-text";
  if (value.length > longest) return "too-long";
  if (refused.test(value)) return "characters";
  const found = [...value.matchAll(pieces)].map(([, name]) => name ?? "");
  const words = value.replace(pieces, "");
  if (/[{}]/.test(words)) return "placeholders";
  if (found.some((name) => !allowed.includes(name))) return "placeholders";
  if (required.some((name) => !found.includes(name))) return "placeholders";
  if (value.trim() === "" || (/\p{L}/u.test(model) && !/[\p{L}\p{N}]/u.test(words))) return "empty";
  return undefined;
}

function filled(text: string, names: readonly string[]): (...values: readonly unknown[]) => string {
  const positions = new Map(names.map((name, position) => [name.replace("#", ""), position] as const));
  return (...values) => text.replace(pieces, (_whole, name: string) => String(values[positions.get(name) ?? -1] ?? ""));
}
