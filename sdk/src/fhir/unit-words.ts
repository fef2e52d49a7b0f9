type Forms = readonly [one: string, several: string];

/** How one language says units. */
export interface UnitWords {
  /** What UCUM annotations count; those of a bare number count nothing by name. */
  readonly counted: Readonly<Record<string, Forms>>;
  /** Units of time by their UCUM codes. */
  readonly times: Readonly<Record<string, Forms>>;
  /** Between what is counted and its span: "verres par jour". */
  readonly per: string;
}

/** In French. One export for each language: a bundle that speaks one holds its words alone. */
export const frenchUnits: UnitWords = {
  counted: {
    tablet: ["comprimé", "comprimés"],
    capsule: ["gélule", "gélules"],
    drop: ["goutte", "gouttes"],
    puff: ["bouffée", "bouffées"],
    sachet: ["sachet", "sachets"],
    patch: ["patch", "patchs"],
    dose: ["dose", "doses"],
    pack: ["paquet", "paquets"],
    drink: ["verre", "verres"],
    count: ["", ""],
    score: ["", ""],
    ratio: ["", ""],
  },
  times: {
    s: ["seconde", "secondes"],
    min: ["minute", "minutes"],
    h: ["heure", "heures"],
    d: ["jour", "jours"],
    wk: ["semaine", "semaines"],
    mo: ["mois", "mois"],
    a: ["an", "ans"],
  },
  per: " par ",
};
/** In English. */
export const englishUnits: UnitWords = {
  counted: {
    tablet: ["tablet", "tablets"],
    capsule: ["capsule", "capsules"],
    drop: ["drop", "drops"],
    puff: ["puff", "puffs"],
    sachet: ["sachet", "sachets"],
    patch: ["patch", "patches"],
    dose: ["dose", "doses"],
    pack: ["pack", "packs"],
    drink: ["drink", "drinks"],
    count: ["", ""],
    score: ["", ""],
    ratio: ["", ""],
  },
  times: {
    s: ["second", "seconds"],
    min: ["minute", "minutes"],
    h: ["hour", "hours"],
    d: ["day", "days"],
    wk: ["week", "weeks"],
    mo: ["month", "months"],
    a: ["year", "years"],
  },
  per: " a ",
};
const otherNames: Readonly<Record<string, string>> = { tbl: "tablet", tab: "tablet", drp: "drop", gtt: "drop" };

/** What is counted in a span of these is said "par jour". */
const spans = /^(h|d|wk|mo|a)$/;

/**
 * A unit as it is read: UCUM annotations in words ("{tablet}" → "comprimés", "{drink}/d" → "verres par jour"), anything else as
 * it stands.
 *
 * @see {@link https://ucum.org/ucum#para-6 | UCUM, §6}: an annotation names what is counted, it has no meaning of its own
 */
export function unitInWords(unit: string | undefined, value: number, words: UnitWords): string {
  if (unit === undefined || !unit.includes("{")) return unit ?? "";
  const [first = "", ...others] = unit.split("/");
  const isCount = first.startsWith("{");
  const whole = annotationInWords(first, value, words);
  const by = others.map(
    (part) => (isCount && spans.test(part) && words.times[part]?.[0]) || annotationInWords(part, 1, words),
  );
  return [whole, ...by.filter((part) => part !== "")].join(isCount && whole !== "" ? words.per : "/");
}

function annotationInWords(part: string, value: number, { counted }: UnitWords): string {
  return part.replace(/\{([^{}]*)\}/g, (whole, written: string) => {
    const name = written.toLowerCase();
    const known = counted[otherNames[name] ?? name];
    if (known) return whole === part ? known[Math.abs(value) >= 2 ? 1 : 0] : known[0];
    return written.replaceAll("_", " ");
  });
}
