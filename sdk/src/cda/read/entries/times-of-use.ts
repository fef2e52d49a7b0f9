import { dateTimeOf, type RecordedTime, recordedTime, unzonedTimes } from "../times.ts";
import { at, attribute, child, children, type XmlElement } from "../xml.ts";

/** What a set of times leaves out (operator "exclude"): no time of its own. */
export const isExcluded = (part: XmlElement) => attribute(part, "operator") === "E";

/** Points in time among the effectiveTime elements of a treatment, in their order. */
function points(statement: XmlElement): string[] {
  return children(statement, "effectiveTime").flatMap((element) => {
    const type = attribute(element, "xsi:type") ?? "TS";
    const isPoint = /TS$/.test(type) && !child(element, "low") && !isExcluded(element);
    return isPoint ? (dateTimeOf(attribute(element, "value")) ?? []) : [];
  });
}

/** The days of a treatment given on several of them. */
function days(statement: XmlElement): string[] {
  const found = points(statement);
  return found.length > 1 ? found.sort() : [];
}

/** The moments of a treatment: its days, or the one beside its interval (an injection during an anaesthesia). */
export function moments(statement: XmlElement): string[] {
  const isBesideOther = children(statement, "effectiveTime").length > 1;
  return isBesideOther ? points(statement).sort() : [];
}

/** Period over which a treatment is taken: from the first to the last of its intervals, or of its days. */
export function treatmentTime(statement: XmlElement): RecordedTime | undefined {
  const [first, ...others] = days(statement);
  const last = others.at(-1);
  if (first && last) return { low: first, high: last };
  const times = children(statement, "effectiveTime").flatMap((element) => {
    const type = attribute(element, "xsi:type");
    if (type === "PIVL_TS" || type === "EIVL_TS" || isExcluded(element)) return [];
    return recordedTime(type === "SXPR_TS" ? intervalPart(element) : element) ?? [];
  });
  // A moment may be told before the interval that it falls in.
  return wholeOf(courses(statement)) ?? times.find(({ low, high }) => low ?? high) ?? times[0];
}

/** The intervals of a treatment that was stopped and taken up again, in their order; none of one that was not. */
export function courses(statement: XmlElement): RecordedTime[] {
  const found = children(statement, "effectiveTime")
    .filter((element) => !isExcluded(element) && /^(IVL_TS)?$/.test(attribute(element, "xsi:type") ?? ""))
    .flatMap((element) => {
      const time = recordedTime(element);
      return time?.low ? [{ time, isNarrowing: attribute(element, "operator") === "A" }] : [];
    })
    // One that only narrows another is no period of its own.
    .filter(({ isNarrowing }, index) => index === 0 || !isNarrowing)
    .map(({ time }) => time);
  return found.length > 1 ? found.sort((a, b) => ((a.low ?? "") < (b.low ?? "") ? -1 : 1)) : [];
}

/** From the start of the first to the last end; without end where one of them goes on. */
function wholeOf(all: readonly RecordedTime[]): RecordedTime | undefined {
  const [first] = all;
  if (!first?.low) return undefined;
  const endless = all.find(({ high }) => high === undefined);
  if (endless) return { ...endless, low: first.low };
  return all.reduce(
    (latest, each) => ((each.high ?? "") > (latest.high ?? "") ? { ...each, low: first.low } : latest),
    first,
  );
}

export function intervalPart(element: XmlElement): XmlElement | undefined {
  return children(element, "comp").find((comp) => attribute(comp, "xsi:type") === "IVL_TS" || child(comp, "low"));
}

/** The rhythms and moments of a treatment. */
export const periodicParts = (statement: XmlElement): XmlElement[] =>
  allParts(statement).filter((part) => !isExcluded(part));

/** What its times leave out: a day of the week, a pause. */
export const excludedParts = (statement: XmlElement): XmlElement[] => [
  ...children(statement, "effectiveTime").filter(
    (element) => isExcluded(element) && !/^([PE]IVL|SXPR)_TS$/.test(attribute(element, "xsi:type") ?? ""),
  ),
  ...allParts(statement).filter(isExcluded),
];

function allParts(statement: XmlElement): XmlElement[] {
  return children(statement, "effectiveTime").flatMap((element) => {
    const type = attribute(element, "xsi:type");
    if (type === "SXPR_TS") return children(element, "comp").filter((comp) => attribute(comp, "xsi:type") !== "IVL_TS");
    return type === "PIVL_TS" || type === "EIVL_TS" ? [element] : [];
  });
}

const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** The day that a weekly rhythm falls on: that of its first phase. */
export function dayOfWeek(part: XmlElement): (typeof weekdays)[number] | undefined {
  if (attribute(part, "alignment") !== "DW") return undefined;
  const first = dateTimeOf(startOfPhase(part));
  return first && first.length >= 10 ? weekdays[new Date(`${first.slice(0, 10)}T00:00:00Z`).getUTCDay()] : undefined;
}

/** The time of day at which a rhythm begins anew: `08:00:00`, which has no zone in FHIR either. */
export function hourOf(part: XmlElement): string | undefined {
  const [[, local = ""] = []] = unzonedTimes(child(part, "phase"));
  return local.includes(":") ? `${local}:00` : dateTimeOf(startOfPhase(part))?.slice(11, 19) || undefined;
}

const startOfPhase = (part: XmlElement) => attribute(at(part, "phase", "low") ?? child(part, "phase"), "value");
