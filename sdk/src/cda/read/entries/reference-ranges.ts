import type { Observation } from "../../../fhir/index.ts";
import type { Conversion } from "../conversion.ts";
import { filled } from "../filled.ts";
import { interval, inWords, observationValue } from "../values.ts";
import { at, child, readEach, type XmlElement } from "../xml.ts";

/** Reference ranges as printed, never recomputed. */
export function referenceRanges(
  conversion: Conversion,
  statement: XmlElement,
): NonNullable<Observation["referenceRange"]> {
  return readEach(statement, "referenceRange", (each) => {
    const range = child(each, "observationRange");
    const value = child(range, "value");
    const { range: both, quantity: one, words } = interval(value);
    const isInterval = both !== undefined || one !== undefined || words !== undefined;
    const said = isInterval ? undefined : inWords(observationValue(value, conversion.reader));
    const text =
      conversion.reader.textOf(child(range, "text")) ??
      said ??
      words ??
      // A bound that is left out is told: FHIR's ranges hold theirs.
      (one && one.comparator?.length !== 2 ? inWords({ valueQuantity: one }) : undefined);
    const meaning = conversion.concept(child(range, "interpretationCode"));
    const low = both?.low ?? (one?.comparator?.startsWith(">") ? bare(one) : undefined);
    const high = both?.high ?? (one?.comparator?.startsWith("<") ? bare(one) : undefined);
    if (!low && !high && !text) return undefined;
    return filled({
      low,
      high,
      ...(meaning?.coding && meaning.coding[0]?.code !== "N" ? { type: meaning } : {}),
      ...holdsFor(conversion, range),
      text,
    });
  });
}

/** For whom a range holds (XD-LAB): a sex, an age. */
function holdsFor(
  conversion: Conversion,
  range: XmlElement | undefined,
): Pick<NonNullable<Observation["referenceRange"]>[number], "appliesTo" | "age"> {
  const values = readEach(range, "lab:precondition", (each) => at(each, "lab:criterion", "lab:value"));
  if (values.length === 0) return {};
  const appliesTo = values.flatMap((each) => conversion.concept(each) ?? []);
  const [age] = values.flatMap((each) => {
    const { range: both, quantity: one } = interval(each, "lab:");
    if (both) return [both];
    return one?.comparator ? [one.comparator.startsWith(">") ? { low: bare(one) } : { high: bare(one) }] : [];
  });
  return filled({ appliesTo, age });
}

const bare = <T extends { comparator?: unknown }>({ comparator: _, ...quantity }: T): Omit<T, "comparator"> => quantity;
