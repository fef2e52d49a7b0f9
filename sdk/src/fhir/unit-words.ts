type Forms = readonly [one: string, several: string];
type Locale = "fr" | "en";

/** What UCUM annotations of French documents count; the annotations of a bare number count nothing by name. */
const counted: Readonly<Record<string, Readonly<Record<Locale, Forms>>>> = {
  tablet: { fr: ["comprimé", "comprimés"], en: ["tablet", "tablets"] },
  capsule: { fr: ["gélule", "gélules"], en: ["capsule", "capsules"] },
  drop: { fr: ["goutte", "gouttes"], en: ["drop", "drops"] },
  puff: { fr: ["bouffée", "bouffées"], en: ["puff", "puffs"] },
  sachet: { fr: ["sachet", "sachets"], en: ["sachet", "sachets"] },
  patch: { fr: ["patch", "patchs"], en: ["patch", "patches"] },
  dose: { fr: ["dose", "doses"], en: ["dose", "doses"] },
  pack: { fr: ["paquet", "paquets"], en: ["pack", "packs"] },
  drink: { fr: ["verre", "verres"], en: ["drink", "drinks"] },
  count: { fr: ["", ""], en: ["", ""] },
  score: { fr: ["", ""], en: ["", ""] },
  ratio: { fr: ["", ""], en: ["", ""] },
};
const otherNames: Readonly<Record<string, string>> = { tbl: "tablet", tab: "tablet", drp: "drop", gtt: "drop" };

/** Units of time by their UCUM codes. */
export const timeUnits: Readonly<Record<Locale, Readonly<Record<string, Forms>>>> = {
  fr: {
    s: ["seconde", "secondes"],
    min: ["minute", "minutes"],
    h: ["heure", "heures"],
    d: ["jour", "jours"],
    wk: ["semaine", "semaines"],
    mo: ["mois", "mois"],
    a: ["an", "ans"],
  },
  en: {
    s: ["second", "seconds"],
    min: ["minute", "minutes"],
    h: ["hour", "hours"],
    d: ["day", "days"],
    wk: ["week", "weeks"],
    mo: ["month", "months"],
    a: ["year", "years"],
  },
};

/** What is counted in a span of these is said "par jour". */
const spans = /^(h|d|wk|mo|a)$/;

/**
 * A unit as it is read: UCUM annotations in words ("{tablet}" → "comprimés", "{drink}/d" → "verres par jour"), anything else as
 * it stands.
 *
 * @see {@link https://ucum.org/ucum#para-6 | UCUM, §6}: an annotation names what is counted, it has no meaning of its own
 */
export function unitInWords(unit: string | undefined, value: number, locale: Locale): string {
  if (unit === undefined || !unit.includes("{")) return unit ?? "";
  const [first = "", ...others] = unit.split("/");
  const isCount = first.startsWith("{");
  const whole = annotationInWords(first, value, locale);
  const by = others.map(
    (part) => (isCount && spans.test(part) && timeUnits[locale][part]?.[0]) || annotationInWords(part, 1, locale),
  );
  const per = isCount && whole !== "" ? (locale === "fr" ? " par " : " a ") : "/";
  return [whole, ...by.filter((part) => part !== "")].join(per);
}

function annotationInWords(part: string, value: number, locale: Locale): string {
  return part.replace(/\{([^{}]*)\}/g, (whole, written: string) => {
    const name = written.toLowerCase();
    const known = counted[otherNames[name] ?? name];
    if (known) return whole === part ? known[locale][Math.abs(value) >= 2 ? 1 : 0] : known[locale][0];
    return written.replaceAll("_", " ");
  });
}
