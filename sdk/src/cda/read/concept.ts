import type { CodeableConcept, Coding, Extension } from "../../fhir/index.ts";
import { namesNothing } from "../../fhir/other-codes.ts";
import { systemOfOid } from "./code-systems.ts";
import { deniesAnotherBranch, isFilling, saysNo, saysNone } from "./polarity.ts";
import type { NarrativeReader } from "./references.ts";
import { attribute, child, children, type XmlElement } from "./xml.ts";

export const dataAbsentReasonUrl = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/** FHIR reason of an HL7 null flavour. MSK is withheld on purpose: it must never read as "nothing". */
const reasons: Readonly<Record<string, string>> = {
  MSK: "masked",
  UNK: "unknown",
  NASK: "not-asked",
  ASKU: "asked-unknown",
  NAV: "temp-unknown",
  NA: "not-applicable",
  OTH: "unsupported",
  NI: "unknown",
};

/** Why a value is absent, as `data-absent-reason` code. */
export function absentReason(element: XmlElement | undefined): string | undefined {
  const flavor = attribute(element, "nullFlavor");
  return flavor ? (Object.hasOwn(reasons, flavor) ? reasons[flavor] : "unknown") : undefined;
}

/** `data-absent-reason` extension, for a value that a document withholds or does not know. */
export function absentExtension(reason: string): Extension {
  return { url: dataAbsentReasonUrl, valueCode: reason };
}

/** In place of a date that a document does not give: why, as the IPS asks. */
export function absentTime(statement: XmlElement): { extension: Extension[] } {
  return { extension: [absentExtension(timeReason(statement) ?? "unknown")] };
}

/** Why a statement has no time: said of it as a whole, of its start or of its end. */
function timeReason(statement: XmlElement): string | undefined {
  const time = child(statement, "effectiveTime");
  return absentReason(time) ?? absentReason(child(time, "low")) ?? absentReason(child(time, "high"));
}

/** `true` when a document withholds when something was: no other date, and no silence, may take its place. */
export function isTimeMasked(statement: XmlElement): boolean {
  return timeReason(statement) === "masked";
}

/** What stands for a code, a product or a whole statement that is withheld; `undefined` when none is. */
export function maskedConcept(...elements: readonly (XmlElement | undefined)[]): CodeableConcept | undefined {
  return elements.some((each) => absentReason(each) === "masked")
    ? { extension: [absentExtension("masked")], text: "Masqué" }
    : undefined;
}

const oneLine = (text: string | undefined) =>
  text !== undefined && /[^\S ]| {2}/.test(text) ? text.replace(/\s+/g, " ") : text;

/** The coding an element itself bears. */
export function coding(element: XmlElement | undefined): Coding | undefined {
  const code = oneLine(attribute(element, "code"));
  if (!element || !code) return undefined;
  const oid = attribute(element, "codeSystem");
  const version = attribute(element, "codeSystemVersion");
  const display = oneLine(attribute(element, "displayName"));
  // Made thousands of times for one report: assigned rather than spread, in the order of FHIR.
  const found: Coding = {};
  if (oid) found.system = systemOfOid(oid);
  if (version) found.version = version;
  found.code = code;
  if (display) found.display = display;
  return found;
}

/** Its own coding and those of its translations at any depth: a translation without code may nest others. */
export function codings(element: XmlElement | undefined): Coding[] {
  if (!element) return [];
  const own = coding(element);
  const found = own ? [own] : [];
  if (element.content.length > 0)
    for (const translation of children(element, "translation")) found.push(...codings(translation));
  if (found.length < 2) return found;
  const seen = new Set<string>();
  return found.filter((each) => {
    const key = `${each.system}|${each.code}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

const none: readonly string[] = [];

/** What makes a code precise, in words: the values of its qualifiers, or the question of one that has no value. */
function details(element: XmlElement): readonly string[] {
  if (!child(element, "qualifier")) return none;
  return children(element, "qualifier").flatMap((qualifier) => {
    const values = codings(child(qualifier, "value")).flatMap((each) => each.display ?? []);
    return values.length > 0 ? values : (coding(child(qualifier, "name"))?.display ?? []);
  });
}

/** Codings of the qualifiers' values: the question asked, when the code only says "other". */
export function qualifierCodings(element: XmlElement | undefined): Coding[] {
  if (!child(element, "qualifier")) return [];
  return children(element, "qualifier").flatMap((qualifier) => codings(child(qualifier, "value")));
}

function nestedText(element: XmlElement, reader: NarrativeReader): string | undefined {
  const own = reader.textOf(child(element, "originalText")) ?? ownWords(element, reader);
  if (own) return own;
  for (const translation of children(element, "translation")) {
    const text = nestedText(translation, reader);
    if (text) return text;
  }
  return undefined;
}

/** Words that an element holds itself or points to: SC, ST, ED where a code might stand. */
function ownWords(element: XmlElement, reader: NarrativeReader): string | undefined {
  if (attribute(element, "representation") === "B64") return undefined;
  const hasWords = element.content.some((item) => (typeof item === "string" ? item.trim() : item.name === "reference"));
  const words = hasWords ? reader.textOf(element) : undefined;
  return words !== undefined && isFilling(words) ? undefined : words;
}

/**
 * A CDA code (CD, CE, CO) as FHIR concept: codings as recorded, text from the narrative. A masked code keeps its reason.
 * `undefined` when it says nothing at all.
 */
export function concept(element: XmlElement | undefined, reader: NarrativeReader): CodeableConcept | undefined {
  if (!element) return undefined;
  const own = codings(element);
  const qualifiers = qualifierCodings(element);
  const all = qualifiers.length > 0 ? [...own, ...qualifiers] : own;
  const narrative = nestedText(element, reader);
  // Several lines, of a whole table: the label says better which of them is meant.
  const isBlock = narrative?.includes("\n") && reader.pointsToBlock(child(element, "originalText"));
  const isNamed = isBlock && own.some((each) => each.display);
  const words = wordsOf(isNamed ? undefined : narrative, own, details(element));
  const text = withSide(element, words ?? labelAlone(element, all));
  if (all.length > 0 || text) {
    const found: CodeableConcept = {};
    if (all.length > 0) found.coding = all;
    if (text) found.text = text;
    return found;
  }
  return absentReason(element) === "masked" ? { extension: [absentExtension("masked")] } : undefined;
}

/** A label without code ("other", a local name) says what is meant; that of "unknown" says that nobody knows. */
function labelAlone(element: XmlElement, found: readonly Coding[]): string | undefined {
  const isSaid = /^(OTH|NA)?$/.test(attribute(element, "nullFlavor") ?? "");
  const label = isSaid && found.length === 0 ? oneLine(attribute(element, "displayName"))?.trim() : undefined;
  return label && !isFilling(label) && !unknownLabel.test(label) ? label : undefined;
}

const unknownLabel =
  /^(inconnu|autre|non (renseign|communiqu|pr[ée]cis|connu|applicable|d[ée]termin|document|disponible)|sans objet|unknown|other|not |n\/?a$)/i;

/** Qualifiers that name a side or a part of a place on the body: LOINC and SNOMED CT laterality, topographical modifier. */
const sides = new Set(["20228-3", "272741003", "106233006"]);
/** Left, right, both (SNOMED CT), whatever the qualifier is called. */
const sideValues = new Set(["7771000", "24028007", "51440002"]);

/** The side is told with its place, where the words of the narrative leave it to another cell: "genou" is no left knee. */
function withSide(element: XmlElement, text: string | undefined): string | undefined {
  if (!text || !child(element, "qualifier")) return text;
  const missing = children(element, "qualifier").flatMap((qualifier) => {
    const value = child(qualifier, "value");
    const isSide =
      sides.has(attribute(child(qualifier, "name"), "code") ?? "") || sideValues.has(attribute(value, "code") ?? "");
    const side = isSide && attribute(value, "displayName");
    return side && !text.toLowerCase().includes(side.toLowerCase()) && !tellsSide(text, side) ? [side] : [];
  });
  return missing.length > 0 ? `${text} (${missing.join(", ")})` : text;
}

/** Words that tell a side, whatever their gender. */
const sideWords = [/\bdroite?s?\b/, /\bgauches?\b/, /\bbilat[ée]ral/, /\bright\b/, /\bleft\b/, /\bbilateral/];

/** `true` when words tell the side that a detail tells: "genou droit" tells "droite". */
function tellsSide(words: string, detail: string): boolean {
  const side = sideWords.find((each) => each.test(detail.toLowerCase()));
  // A muscle may be "droit" (rectus) on either side.
  return side?.test(words.toLowerCase().replace(/\b(muscle|grand|oblique) droits?\b/g, "")) ?? false;
}

/**
 * Words for a concept: those of the narrative, unless they only answer ("Oui", "2,5"), which would name the code by one
 * of its values; then the label recorded with the code, made precise by its qualifiers (side, kind of meeting).
 */
function wordsOf(
  narrative: string | undefined,
  own: readonly Coding[],
  precisions: readonly string[],
): string | undefined {
  const label = own.find((each) => each.display)?.display;
  const isAnswer = narrative !== undefined && /^(oui|non|fait|[\s\d.,/:%<>=+–—-]+)$/i.test(narrative);
  const isDetail = precisions.some((each) => each.toLowerCase() === narrative?.toLowerCase());
  if (narrative && !((isAnswer || isDetail) && own.length > 0)) return narrative;
  const precise = precisions.filter((each) => !label || !tellsSide(label, each)).join(", ");
  if (!label) return precise || undefined;
  return precise ? `${label} (${precise})` : label;
}

/** First of several concepts that says something. */
export function firstCode(conceptOrUndefined: CodeableConcept | undefined): string | undefined {
  return conceptOrUndefined?.coding?.[0]?.code;
}

/** A concept named by the words that its entry points to, where its code only says "something else". */
export function namedBy(found: CodeableConcept, words: string | undefined): CodeableConcept {
  const own = found.coding?.find((each) => each.display === found.text);
  return words && !words.includes("\n") && own && namesNothing(own.code) ? { ...found, text: words } : found;
}

/** Codes that state absence: "no known medication", "no information". */
export const absentUnknownSystem = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";

/** "Aucun" of the French nomenclature, under any kind of entry. */
const isNone = (each: Coding) => each.code === "02276797" && each.system === "urn:oid:1.2.250.1.213.2.63";

const deniesKind = (text: string | undefined, absence: string) =>
  text !== undefined && saysNone(text) && !deniesAnotherBranch(text, absence);

/**
 * A code made of words only that deny the whole kind ("Aucun antécédent"), or the French code of "aucun", becomes the
 * IPS code of absence (a recorded code stays behind it); any other stays. A coded entry beside words that deny keeps its
 * code: that contradiction is told, not settled.
 */
export function orAbsence(found: CodeableConcept, absence: string): CodeableConcept {
  const denies = found.coding ? found.coding.some(isNone) : deniesKind(found.text, absence);
  if (!denies) return found;
  const { coding = [], ...rest } = found;
  return { coding: [{ system: absentUnknownSystem, code: absence }, ...coding], ...rest };
}

/**
 * `true` for words without code that deny one fact ("Pas de fièvre"): it is refuted, which says nothing of others. What
 * is named by an absence ("Absence de rein gauche", "Non-observance") stays what it is.
 */
export function isDeniedInWords(found: CodeableConcept | undefined): boolean {
  return (
    found?.text !== undefined && !found.coding && saysNo(found.text) && !/^(non[ -]|(l.)?absence)/i.test(found.text)
  );
}

/** `true` when a concept states that there is nothing, or nothing known: an IPS code, or the French "Aucun". */
export function isAbsence(found: CodeableConcept | undefined): boolean {
  return (
    found?.coding?.some(
      (each) =>
        each.system === absentUnknownSystem || isNone(each) || /^no-(known-[a-z-]+|[a-z]+-info)$/.test(each.code ?? ""),
    ) ?? false
  );
}
