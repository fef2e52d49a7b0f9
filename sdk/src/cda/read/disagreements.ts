import type { CodeableConcept } from "../../fhir/index.ts";
import type { Conversion } from "./conversion.ts";
import { saysNo, saysYes } from "./polarity.ts";
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
  /** Numbers of the posology: doses and daily frequency. */
  readonly posology?: { readonly dose?: number; readonly perDay?: number } | undefined;
}

/**
 * Says, in French, where a coded entry and the narrative beside it contradict each other: yes and no, dates, posology.
 * Neither is changed. Only plain contradictions are told: silence of one of the two is none.
 */
export function disagreements(conversion: Conversion, statement: XmlElement, coded: CodedStatement): string[] {
  const element = child(statement, "text");
  const text = conversion.reader.textOf(element);
  const row = conversion.reader.surroundings(element);
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
    const answer = answerOf(conversion.reader.cells(element));
    if (answer && saysNo(answer.text) === coded.isAffirmed)
      found.push(
        `Le codage ${coded.isAffirmed ? "affirme" : "nie"}, le texte dit « ${answer.heading} : ${answer.text} ».`,
      );
  }
  if (row) {
    const date = dateDisagreement(row, [coded.time?.value, coded.time?.low, coded.time?.high, coded.date]);
    if (date) found.push(date);
    if (coded.posology) found.push(...posologyDisagreement(row, coded.posology));
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

function dateDisagreement(row: string, dates: readonly (string | undefined)[]): string | undefined {
  const coded = dates.filter((each) => each !== undefined && each.length >= 10);
  if (coded.length === 0) return undefined;
  const written = [...row.matchAll(/\b(\d{2})\/(\d{2})\/(\d{4})\b/g)].map(
    ([, day, month, year]) => `${year}-${month}-${day}`,
  );
  if (written.length === 0 || coded.some((each) => written.includes(each?.slice(0, 10) ?? ""))) return undefined;
  return `Le codage porte la date ${coded.map((each) => each?.slice(0, 10)).join(", ")}, le texte ${written.join(", ")}.`;
}

function posologyDisagreement(row: string, posology: { readonly dose?: number; readonly perDay?: number }): string[] {
  const found: string[] = [];
  const perDay = row.match(/(\d+)\s*(?:fois|prises?|x)\s*(?:\/|par)\s*j/i)?.[1];
  const daily = row.match(
    /(\d+(?:[.,]\d+)?)\s*(?:cp|comprim[ée]s?|g[ée]lules?|sachets?|doses?)\s*(?:\/|par)\s*j/i,
  )?.[1];
  const dose = row.match(/(\d+(?:[.,]\d+)?)\s*(?:cp|comprim[ée]s?|g[ée]lules?|sachets?)(?!\s*(?:\/|par))/i)?.[1];
  if (perDay && posology.perDay !== undefined && Math.abs(Number(perDay) - posology.perDay) > 0.01)
    found.push(`Le codage compte ${french(posology.perDay)} prise(s) par jour, le texte « ${perDay} fois par jour ».`);
  if (daily && posology.perDay !== undefined && posology.dose !== undefined) {
    const coded = posology.perDay * posology.dose;
    if (Math.abs(Number(daily.replace(",", ".")) - coded) > 0.01)
      found.push(`Le codage compte ${french(coded)} unité(s) par jour, le texte « ${daily} par jour ».`);
  } else if (dose && posology.dose !== undefined && Math.abs(Number(dose.replace(",", ".")) - posology.dose) > 0.01)
    found.push(`Le codage compte ${french(posology.dose)} unité(s) par prise, le texte « ${dose} ».`);
  return found;
}

const french = (value: number) => String(Math.round(value * 100) / 100).replace(".", ",");
