import type { Message, StringTable } from "../shared/locale.ts";
import { type Compiled, compile, type Flaw } from "./message.ts";
import { namesOf, type Placeholders, placeholders } from "./placeholders.ts";
import { baseTables, type FileTables } from "./tables.ts";

/** One thing that a language file does not say as it should, by the name of its entry. */
export interface WordsFlaw {
  /** `summary.flags.low`; empty when it concerns the whole file. */
  readonly key: string;
  readonly flaw: Flaw;
}

/**
 * Entries that must not be said with the same words, since another decision hangs on each: where two are alike neither is
 * used. Two that are alike in the base language may be alike.
 */
const toldApart: readonly (readonly string[])[] = [
  ["summary.flags"],
  ["summary.criticality"],
  ["summary.severity"],
  ["summary.gravity"],
  ["summary.treatmentStatus"],
  ["summary.trend"],
  ["summary.states"],
  ["disagreements.values"],
  ["summary.identity.record"],
  ["summary.absent", "summary.nothing", "summary.withheld", "summary.unavailable"],
  ["shared.yes", "shared.no"],
  ["access.consent", "access.open", "access.openDispatch"],
  ["acting.rights"],
  ["acting.confirm", "acting.cancel", "acting.undo"],
  ["messages.confirm", "messages.cancel"],
  ["dosage.codes"],
  ["dosage.when"],
  ["dosage.days"],
  ["dosage.timesPer"],
  ["dosage.every"],
  ["writing.units"],
  ["writing.comparators"],
];

/** The words of a file over those of its base language, and what was wrong. Nothing but known keys is ever read. */
export function checkWords(
  file: object,
  base: FileTables,
  rules: Intl.PluralRules,
): { readonly words: FileTables; readonly flaws: readonly WordsFlaw[] } {
  const flaws: WordsFlaw[] = [];
  const alike = alikeEntries(file, base);
  const visit = (given: unknown, table: StringTable, names: Placeholders, path: string): StringTable => {
    const isTable = typeof given === "object" && given !== null && !Array.isArray(given);
    if (given !== undefined && !isTable) flaws.push({ key: path, flaw: "not-text" });
    const own = isTable ? given : {};
    for (const key of Object.keys(own))
      if (!Object.hasOwn(table, key) && !(path === "" && reserved.has(key)))
        flaws.push({ key: join(path, key), flaw: "unknown" });
    const entries = Object.entries(table).map(([key, model]) => {
      const at = join(path, key);
      const value: unknown = Object.hasOwn(own, key) ? Reflect.get(own, key) : undefined;
      const inner = names[key];
      if (typeof model === "object")
        return [key, visit(value, model, inner === undefined || isList(inner) ? {} : inner, at)] as const;
      return [key, one(at, value, model, namesOf(model, inner))] as const;
    });
    return Object.assign(Object.create(null) as object, Object.fromEntries(entries)) as StringTable;
  };
  const compiledOf = (key: string, value: unknown, model: string, names: readonly string[]): Compiled | Flaw => {
    if (value === undefined) return "missing";
    if (alike.has(key)) return "same-as-another";
    const compiled = compile(value, names, model, rules);
    return typeof compiled === "object" && hasOtherNumbers(value, key, names) ? "numbers" : compiled;
  };
  const one = (key: string, value: unknown, model: Message, names: readonly string[]): Message => {
    const compiled = compiledOf(key, value, sample(model), names);
    if (typeof compiled === "string") {
      flaws.push({ key, flaw: compiled });
      return model;
    }
    if (compiled.flaw !== undefined) flaws.push({ key, flaw: compiled.flaw });
    return compiled.message;
  };
  // The shape is that of the base, leaf by leaf.
  const words = visit(file, base as unknown as StringTable, placeholders, "") as unknown as FileTables;
  return { words, flaws };
}

/** What a file says of itself, beside its tables. */
const reserved = new Set(["language", "base", "direction"]);

const join = (path: string, key: string) => (path === "" ? key : `${path}.${key}`);
const isList = (names: readonly string[] | Placeholders): names is readonly string[] => Array.isArray(names);

/** The letters of a message, without what it is given. */
const sample = (model: Message): string =>
  typeof model === "string" ? model : model(...Array.from({ length: model.length }, () => ""));

const numbersIn = (text: string) => text.match(/\p{Nd}+/gu) ?? [];

/** A number that neither French nor English says there: "3 times daily" must not become four. Numbers may become words. */
function hasOtherNumbers(value: unknown, key: string, names: readonly string[]): boolean {
  const forms = typeof value === "object" && value !== null ? Object.entries(value) : [["", value] as const];
  const values = names.map((name) => (name.startsWith("#") ? 1 : ""));
  const ours = [baseTables.fr, baseTables.en].flatMap((table) => {
    const model = at(table, key) as Message;
    return numbersIn(typeof model === "string" ? model : model(...values));
  });
  return forms.some(([form, text]) =>
    numbersIn(String(text)).some((number) => !ours.includes(number) && form !== `=${number}`),
  );
}

/** Keys whose words are those of another decision. */
function alikeEntries(file: object, base: FileTables): ReadonlySet<string> {
  const found = new Set<string>();
  for (const group of toldApart) {
    const seen = new Map<string, { readonly key: string; readonly model: string }[]>();
    for (const [key, model] of group.flatMap((path) => leavesUnder(base, path))) {
      const value = at(file, key);
      if (value === undefined) continue;
      const words = JSON.stringify(value).toLowerCase().replace(/\s+/g, " ");
      const others = seen.get(words) ?? [];
      const said = typeof model === "string" ? model : `${sampled(model, 1)} ${sampled(model, 7)}`;
      for (const other of others) if (other.model !== said) for (const one of [key, other.key]) found.add(one);
      seen.set(words, [...others, { key, model: said }]);
    }
  }
  return found;
}

const sampled = (model: (...values: unknown[]) => string, n: number) =>
  model(...Array.from({ length: model.length }, () => n));

function leavesUnder(base: FileTables, path: string): readonly (readonly [string, Message])[] {
  const table = at(base, path) as Message | StringTable | undefined;
  if (table === undefined) return [];
  if (typeof table !== "object") return [[path, table]];
  return Object.keys(table).flatMap((key) => leavesUnder(base, join(path, key)));
}

function at(table: object, path: string): unknown {
  let here: unknown = table;
  for (const key of path.split(".")) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, key)) return undefined;
    here = Reflect.get(here, key);
  }
  return here;
}
