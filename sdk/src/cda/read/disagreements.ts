import type { CodeableConcept, Quantity, Ratio } from "../../fhir/index.ts";
import { type Conversion, pointerOf } from "./conversion.ts";
import { saysNo, saysYes } from "./polarity.ts";
import { type Posology, posologyDisagreement } from "./stated-posology.ts";
import type { LabelledCell } from "./table-lines.ts";
import type { RecordedTime } from "./times.ts";
import { child, type XmlElement } from "./xml.ts";

/** What a coded entry says, to be held against its narrative. */
export interface CodedStatement {
  readonly time?: RecordedTime | undefined;
  /** A date stated as value. */
  readonly date?: string | undefined;
  readonly isAffirmed?: boolean;
  readonly status?: string | undefined;
  readonly words?: CodeableConcept | undefined;
  readonly posology?: Posology | undefined;
  /** A measure: its value and the same in other units. */
  readonly quantities?: readonly Quantity[];
  /** A degree: severity, causality. */
  readonly degree?: string | undefined;
}

/**
 * Says, in French, where a coded entry and the narrative beside it contradict each other: yes and no, dates, posology, values,
 * degrees.
 * Neither is changed. Only plain contradictions are told: silence of one of the two is none.
 */
export function disagreements(conversion: Conversion, statement: XmlElement, coded: CodedStatement): string[] {
  const element = child(statement, "text");
  const text = conversion.reader.textOf(element);
  const pointer = pointerOf(conversion.reader, statement);
  const row = conversion.reader.surroundings(pointer);
  const found: string[] = [];
  if (text && coded.isAffirmed === true && saysNo(text) && text.length < 40)
    found.push(`Le codage affirme, le texte dit « ${text} ».`);
  if (text && coded.isAffirmed === false && saysYes(text)) found.push(`Le codage nie, le texte dit « ${text} ».`);
  if (
    coded.isAffirmed !== undefined &&
    row &&
    /: (oui|non)\.?( \||$)/i.test(row) &&
    !saysNo(text ?? "") &&
    !saysYes(text ?? "")
  ) {
    const answer = answerOf(conversion.reader.cells(pointer));
    if (answer && saysNo(answer.text) === coded.isAffirmed)
      found.push(
        `Le codage ${coded.isAffirmed ? "affirme" : "nie"}, le texte dit « ${answer.heading} : ${answer.text} ».`,
      );
  }
  if (row) {
    const date = dateDisagreement(row, [coded.time?.value, coded.time?.low, coded.time?.high, coded.date]);
    if (date) found.push(date);
    if (coded.posology) {
      const stated = { row, cells: conversion.reader.cells(pointer), name: coded.words?.text };
      found.push(...posologyDisagreement(stated, coded.posology));
    }
    if (coded.quantities?.length && !prints(row, coded.quantities)) {
      const value = valueDisagreement(text, conversion.reader.cells(pointer), { quantities: coded.quantities });
      if (value) found.push(value);
    }
    const degree = coded.degree && degreeDisagreement(conversion.reader.cells(pointer), coded.degree);
    if (degree) found.push(degree);
    if (coded.status === "inactive" && /statut[^|]*: *(actif|active|intermittent|en cours)/i.test(row))
      found.push("Le codage dit inactif, le texte ne le dit pas.");
  }
  return found;
}

/** The cell of a line that answers by yes or no whether what the line is about is there. */
function answerOf(cells: readonly LabelledCell[]): LabelledCell | undefined {
  const answers = cells.filter(
    ({ heading, text }) =>
      /\bO ?\/ ?N\b|oui ?\/ ?non|pr[ée]sen(t|ce)|^r[ée]ponse/i.test(heading) && /^(oui|non)\.?$/i.test(text),
  );
  return answers.length === 1 ? answers[0] : undefined;
}

const months = "janvier f[ée]vrier mars avril mai juin juillet ao[ûu]t septembre octobre novembre d[ée]cembre".split(
  " ",
);
const monthNames = months.map((each) => new RegExp(each, "i"));
const inWords = new RegExp(`\\b(\\d{1,2})(?:er)? (${months.join("|")}) (\\d{4})\\b`, "gi");

/** Dates of a line, in the ways French documents write them, and a year alone under a heading that asks for one. */
function writtenDates(row: string): string[] {
  const found = [...row.matchAll(/\b(\d{2})[/.-](\d{2})[/.-](\d{4})\b/g)].map(
    ([, day, month, year]) => `${year}-${month}-${day}`,
  );
  for (const [date] of row.matchAll(/\b(?:19|20)\d{2}-\d{2}-\d{2}\b/g)) found.push(date);
  for (const [, day = "", month = "", year] of row.matchAll(inWords)) {
    const place = monthNames.findIndex((each) => each.test(month)) + 1;
    found.push(`${year}-${String(place).padStart(2, "0")}-${day.padStart(2, "0")}`);
  }
  const years = /(?:date|d[ée]but|depuis|ann[ée]e|survenue)[^|:]* : ((?:19|20)\d{2})(?= \||$)/gi;
  for (const [, year = ""] of row.matchAll(years)) found.push(year);
  return found;
}

function dateDisagreement(row: string, dates: readonly (string | undefined)[]): string | undefined {
  const coded: string[] = [];
  for (const each of dates) if (each !== undefined) coded.push(each.slice(0, 10));
  if (coded.length === 0) return undefined;
  if (!/\d{4}/.test(row) || coded.some((each) => row.includes(each.split("-").reverse().join("/")))) return undefined;
  const written = writtenDates(row);
  // "2022" and "12 March 2022" say the same, each at its precision.
  const agree = coded.some((each) => written.some((other) => other.startsWith(each) || each.startsWith(other)));
  if (written.length === 0 || agree) return undefined;
  return `Le codage porte la date ${coded.join(", ")}, le texte ${written.join(", ")}.`;
}

/** The number as recorded is a cell of the line: the common case, told without looking for that cell. */
const prints = (row: string, quantities: readonly Quantity[]) =>
  quantities.some(({ value }) => {
    const digits = ` ${String(value).replace(".", ",")}`;
    const at = row.indexOf(digits);
    return at >= 0 && !/[\d,./-]/.test(row.charAt(at + digits.length));
  });

/** A result whose cell prints other numbers than the code, in the same unit or in none. */
function valueDisagreement(
  text: string | undefined,
  cells: readonly LabelledCell[],
  { quantities }: { readonly quantities: readonly Quantity[] },
): string | undefined {
  const printed =
    text !== undefined && /^[<>=≤≥\s]*\d/.test(text) && text.length < 40 ? text : resultCell(cells, quantities)?.text;
  // Dates, powers of ten and titers are numbers of another kind.
  if (!printed || /10 ?[\^*⁰-⁹]|\d\s*[/xe×]\s*\d|\d[-–.]\d+[-–.]/i.test(printed)) return undefined;
  const numbers = [...printed.matchAll(/\d+(?:[ \u00a0\u202f]\d{3})*(?:[.,]\d+)?/g)].map(([digits]) => digits);
  const unit =
    printed.replace(/^.*?\d[\d\s.,]*/, "").trim() || cells.find(({ heading }) => /unit/i.test(heading))?.text;
  const isOtherUnit = quantities.every((each) => unit && each.unit && plainUnit(unit) !== plainUnit(each.unit));
  if (numbers.length === 0 || isOtherUnit) return undefined;
  const isPrinted = quantities.some(({ value }) => numbers.some((each) => value === undefined || rounds(value, each)));
  if (isPrinted) return undefined;
  const [{ comparator = "", value = 0, unit: recorded = "" } = {}] = quantities;
  const coded = `${comparator}${String(value).replace(".", ",")} ${recorded}`.trim();
  return `Le codage donne ${coded}, le texte « ${printed} ».`;
}

/** The cell of the result: by its heading; in a table without headings, the one that prints a number in that unit. */
function resultCell(cells: readonly LabelledCell[], quantities: readonly Quantity[]): LabelledCell | undefined {
  const units = quantities.flatMap(({ unit }) => (unit ? [plainUnit(unit)] : []));
  return (
    cells.find(
      ({ heading }) =>
        /r[ée]sultat|valeur|\bcmi\b/i.test(heading) && !/ant[ée]r|pr[ée]c[ée]d|r[ée]f[ée]r|norm/i.test(heading),
    ) ??
    cells.find(
      ({ heading, text }) =>
        !heading &&
        /^[<>=≤≥\s]*\d[\d\s.,]*\D/.test(text) &&
        units.includes(plainUnit(text.replace(/^[<>=≤≥\s\d.,]+/, ""))),
    )
  );
}

const plainUnit = (unit: string) =>
  unit
    .toLowerCase()
    .replace(/[µμ]/g, "u")
    .replace(/[{}[\]\s()]/g, "");

/** A number printed with fewer decimals than the recorded one is the same. */
function rounds(value: number, printed: string): boolean {
  const digits = printed.replace(/[ \u00a0\u202f]/g, "").replace(",", ".");
  const decimals = digits.split(".")[1]?.length ?? 0;
  return Math.abs(Math.abs(value) - Number(digits)) <= 0.5 * 10 ** -decimals + 1e-9;
}

/** Degrees that a code and a cell may both tell, in French words: another degree is another statement. */
const scales = [
  {
    heading: /s[ée]v[ée]rit[ée]|gravit[ée]/i,
    degrees: [/l[ée]g|b[ée]nin|mineur|faible/i, /mod[ée]r|moyen/i, /s[ée]v[èe]r|grave|majeur|critique|[ée]lev[ée]/i],
  },
  { heading: /causalit|imputabilit/i, degrees: [/^certain/i, /^probable/i, /^possible/i, /improbable|douteu|exclu/i] },
];

function degreeDisagreement(cells: readonly LabelledCell[], said: string): string | undefined {
  for (const { heading, degrees } of scales) {
    const coded = degrees.findIndex((each) => each.test(said));
    const cell = cells.find((each) => heading.test(each.heading));
    const written = degrees.findIndex((each) => each.test(cell?.text ?? ""));
    if (cell && coded >= 0 && written >= 0 && coded !== written)
      return `Le codage dit « ${said} », le texte « ${cell.heading} : ${cell.text} ».`;
  }
  return undefined;
}

const micrograms: Readonly<Record<string, number>> = {
  µg: 1,
  μg: 1,
  ug: 1,
  mcg: 1,
  microgramme: 1,
  microgrammes: 1,
  mg: 1000,
  g: 1e6,
};

/** A substance whose strength is not the one that the product is named by: 75 mg in a tablet of 75 µg. */
export function strengthDisagreement(name: string | undefined, strengths: readonly Ratio[]): string | undefined {
  // "500 mg/62,5 mg", "5 mg/mL": several substances, or a concentration.
  if (name === undefined || /\d ?[a-zµμ]+ ?\//i.test(name)) return undefined;
  const named = [...name.matchAll(/(\d+(?:[.,]\d+)?) ?(µg|μg|mcg|microgrammes?|mg|g)(?![\w%])/gi)];
  const [strength, ...others] = strengths;
  const [one, ...more] = named;
  if (!one || more.length > 0 || others.length > 0 || strength?.denominator?.unit) return undefined;
  const { value, unit = "" } = strength?.numerator ?? {};
  const written = Number(one[1]?.replace(",", ".")) * (micrograms[one[2]?.toLowerCase() ?? ""] ?? Number.NaN);
  const coded = ((value ?? Number.NaN) / (strength?.denominator?.value ?? 1)) * (micrograms[unit] ?? Number.NaN);
  if (Number.isNaN(written) || Number.isNaN(coded) || Math.abs(written - coded) < written * 0.001) return undefined;
  return `Le codage donne à la substance un dosage de ${String(value).replace(".", ",")} ${unit}, le nom du médicament dit « ${one[0]} ».`;
}
