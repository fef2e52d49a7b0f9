import * as v from "valibot";

const short = v.pipe(v.string(), v.maxLength(200));
const index = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a page says of one element: written by the page, so text to judge. */
const sketchSchema = v.object({
  tag: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,59}$/)),
  attributes: v.pipe(v.array(v.tuple([short, short])), v.maxLength(40)),
  /** Which of its parent's children of the same tag, from 1. */
  nth: index,
  /** Which of its parent's children, from 0. */
  child: index,
});

/** The element that a person pointed at: itself first, then what it stands in, up to the body. */
export const pointedSchema = v.object({
  text: short,
  path: v.pipe(v.array(sketchSchema), v.minLength(1), v.maxLength(100)),
});

export type Pointed = v.InferOutput<typeof pointedSchema>;
type Sketch = Pointed["path"][number];

interface Way {
  readonly css: string;
  /** The less, the longer it will hold: what the tool's makers named, before where it happens to stand. */
  readonly cost: number;
}

/** Attributes that name a thing for people or programs. CSS has no words for a label's text: these are its label. */
const naming = /^(data-[a-z-]+|itemprop|name|aria-label|for|headers|property)$/;
/** Written by frameworks at each build. */
const built = /^data-(v-|react|ng-|svelte|emotion|styled|turbo|astro)/;
const passing =
  /^(is|has|js)-|^(active|selected|open|opened|hover|focus|focused|current|first|last|odd|even|hidden|visible|disabled|checked)$/;

/**
 * Ways to find the element again, the most lasting first: ids and named data, then classes, then those inside something
 * named, then the place in the page. No value that can be the patient's goes into one: neither a number, nor a word that
 * the element shows. Which of them finds this element only is for the page to say.
 * @param isOfMany a document among others: what names all of them, never this one
 */
export function waysTo({ path, text }: Pointed, options: { readonly isOfMany?: boolean } = {}): readonly string[] {
  const shown = new Set(wordsOf(text));
  const [leaf, ...around] = path;
  if (leaf === undefined) return [];
  const named = namesOf(leaf, shown).filter(({ cost }) => !(options.isOfMany && cost < 3));
  const own: Way[] = [...named, { css: leaf.tag, cost: 8 }];
  if (!options.isOfMany) own.push({ css: `${leaf.tag}:nth-of-type(${leaf.nth})`, cost: 12 });
  // All links of the nearest list, rather than all those of the page.
  const distance = options.isOfMany ? 4 : 0.1;
  const inside = around.flatMap((sketch, depth) =>
    namesOf(sketch, shown)
      .slice(0, 3)
      .flatMap((holder) => [
        ...own.map(({ css, cost }) => ({ css: `${holder.css} ${css}`, cost: holder.cost + cost + depth * distance })),
        ...(options.isOfMany
          ? []
          : [{ css: `${holder.css} > ${stepsOf(path.slice(0, depth + 1))}`, cost: holder.cost + 20 + depth }]),
      ]),
  );
  const whole = options.isOfMany ? [] : [{ css: stepsOf(path), cost: 1_000 }];
  const sorted = [...named, ...inside, ...whole].sort((one, other) => one.cost - other.cost);
  return [...new Set(sorted.map(({ css }) => css))].filter((css) => css.length <= 300).slice(0, 200);
}

/** The element's text, or one of its attributes where only that can be read. */
export function attributeRead({ path, text }: Pointed, isRead: (text: string) => boolean): string | undefined {
  if (isRead(text)) return undefined;
  const attributes = path[0]?.attributes ?? [];
  return attributes.find(
    ([name, value]) => /^[a-z][a-z0-9-]*$/.test(name) && !/^(id|class|style)$/.test(name) && isRead(value),
  )?.[0];
}

/** The link that was pointed at, or in which it stands; undefined when there is none. */
export function linkOf({ path, text }: Pointed): { readonly link: Pointed; readonly attribute: string } | undefined {
  for (const [depth, { tag, attributes }] of path.entries()) {
    const names = attributes.filter(([, value]) => value !== "").map(([name]) => name);
    const attribute = names.find((name) => (tag === "a" && name === "href") || /^data-(href|url|src)$/.test(name));
    if (attribute !== undefined) return { link: { text, path: path.slice(depth) }, attribute };
  }
  return undefined;
}

/** What an element is called, the most particular name first. */
function namesOf({ tag, attributes }: Sketch, shown: ReadonlySet<string>): readonly Way[] {
  const ways: Way[] = [];
  for (const [name, value] of attributes) {
    const isSteady = isName(value) && !wordsOf(value).some((word) => shown.has(word));
    if (name === "id" && isSteady && /^[A-Za-z][\w-]*$/.test(value)) ways.push({ css: `#${value}`, cost: 1 });
    if (naming.test(name) && !built.test(name)) {
      if (isSteady) ways.push({ css: `[${name}="${value}"]`, cost: 2 });
      if (name.startsWith("data-")) ways.push({ css: `[${name}]`, cost: 3 });
    }
    if (name === "class") {
      const steady = value
        .split(/\s+/)
        .filter(
          (one) =>
            /^[a-z]+([-_]+[a-z]+)*$/.test(one) && !passing.test(one) && !wordsOf(one).some((word) => shown.has(word)),
        );
      ways.push(...steady.slice(0, 6).map((one) => ({ css: `${tag}.${one}`, cost: 4 })));
    }
  }
  return ways.sort((one, other) => one.cost - other.cost);
}

/** A word that somebody chose: numbers are a row's, a patient's or a build's. */
function isName(value: string): boolean {
  return /^[\p{L}_][\p{L}\p{N} _:.-]{0,59}$/u.test(value) && (value.match(/\d/g) ?? []).length <= 1;
}

const wordsOf = (text: string): readonly string[] =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word.length > 2);

/** Step by step from outside to the element, each by its place among its like. */
function stepsOf(path: readonly Sketch[]): string {
  return [...path]
    .reverse()
    .map(({ tag, nth }) => (tag === "body" ? tag : `${tag}:nth-of-type(${nth})`))
    .join(" > ");
}
