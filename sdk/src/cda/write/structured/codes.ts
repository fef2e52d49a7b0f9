import type { CodeableConcept, Coding, Quantity } from "../../../fhir/index.ts";
import { frenchUnits, unitInWords } from "../../../fhir/unit-words.ts";
import { oidOfSystem } from "../../read/code-systems.ts";
import { element, pieces, type XmlPiece } from "../xml.ts";

const names: Readonly<Record<string, string>> = {
  "2.16.840.1.113883.6.1": "LOINC",
  "2.16.840.1.113883.6.96": "SNOMED CT",
  "2.16.840.1.113883.6.3": "CIM-10",
  "2.16.840.1.113883.6.347": "CIM-11",
  "2.16.840.1.113883.6.73": "ATC",
  "0.4.0.127.0.16.1.1.2.1": "EDQM",
  "1.2.250.1.213.2.3.1": "CIS",
  "1.2.250.1.213.2.3.2": "CIP",
  "1.2.250.1.215.300.1": "CCAM",
  "2.16.840.1.113883.5.4": "HL7:ActCode",
  "2.16.840.1.113883.5.111": "HL7:RoleCode",
  "1.2.250.1.213.1.1.4.322": "TA_ASIP",
};

/** OIDs of systems that only written documents need; those that are read too stand with the reader. */
const extraOids: Readonly<Record<string, string>> = {
  "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification": "2.16.840.1.113883.4.642.1.1075",
  "http://terminology.hl7.org/CodeSystem/v3-RoleCode": "2.16.840.1.113883.5.111",
};

export interface WriteConceptOptions {
  /** `xsi:type` of a value. */
  readonly type?: "CD" | "CE";
  /** ID of the words in the narrative. */
  readonly reference?: string;
}

/**
 * A concept as CDA code: the first coding whose system has an OID, the others as translations, the words by reference to
 * the narrative, else (what the codes do not say of them) in place. Without any such coding only the words remain.
 */
export function writeConcept(
  name: string,
  concept: CodeableConcept | undefined,
  options: WriteConceptOptions = {},
): XmlPiece {
  const codings = (concept?.coding ?? []).flatMap((coding) => written(coding) ?? []);
  const [first, ...others] = codings;
  const words = options.reference
    ? element("originalText", {}, element("reference", { value: `#${options.reference}` }))
    : ownWords(concept, first);
  const type = options.type ? { "xsi:type": options.type } : {};
  if (!first) return element(name, { ...type, ...(words ? {} : { nullFlavor: "UNK" }) }, words);
  return element(
    name,
    { ...type, ...first },
    words,
    others.map((other) => element("translation", other)),
  );
}

/** Words that no code says stand in the code itself: a side ("genou gauche"), a precision, or all that is known. */
function ownWords(concept: CodeableConcept | undefined, first: WrittenCoding | undefined): XmlPiece | undefined {
  const text = first ? concept?.text : wordsOf(concept);
  return text && text !== first?.displayName ? element("originalText", {}, text) : undefined;
}

type WrittenCoding = { code: string; displayName?: string; codeSystem: string; codeSystemName?: string };

function written({ code, system, display }: Coding): WrittenCoding | undefined {
  const codeSystem = system === undefined ? undefined : (extraOids[system] ?? oidOfSystem(system));
  if (!code || !codeSystem) return undefined;
  return {
    code,
    ...(display ? { displayName: display } : {}),
    codeSystem,
    ...(names[codeSystem] ? { codeSystemName: names[codeSystem] } : {}),
  };
}

/** A code written out by the models themselves. */
export function fixedCode(
  name: string,
  code: string,
  displayName: string | undefined,
  codeSystem: string,
  type?: "CD" | "CE",
): XmlPiece {
  return element(name, {
    ...(type ? { "xsi:type": type } : {}),
    code,
    displayName,
    codeSystem,
    codeSystemName: names[codeSystem],
  });
}

export const loincOid = "2.16.840.1.113883.6.1";
export const snomedOid = "2.16.840.1.113883.6.96";
export const actCodeOid = "2.16.840.1.113883.5.4";

/** Words of a concept: its text, else its first label, else its first code. */
export function wordsOf(concept: CodeableConcept | undefined): string {
  return (
    concept?.text ??
    concept?.coding?.find((coding) => coding.display)?.display ??
    concept?.coding?.find((coding) => coding.code)?.code ??
    ""
  );
}

/** Whether a concept has a code of this system, whichever way its address is spelt. */
export function isOfSystem({ coding }: CodeableConcept, system: string): boolean {
  const oid = oidOfSystem(system);
  return coding?.some((one) => one.system !== undefined && oidOfSystem(one.system) === oid) === true;
}

/** UCUM code of a quantity, else the unit as printed; blanks cannot stand in an attribute of that type. */
export function unitOf(quantity: Quantity): string | undefined {
  return (quantity.code ?? quantity.unit)?.trim().replace(/\s+/g, "_") || undefined;
}

/** PQ attributes of a quantity. */
export function quantityAttributes(quantity: Quantity): { value: string; unit?: string } | undefined {
  if (quantity.value === undefined) return undefined;
  const unit = unitOf(quantity);
  return { value: decimalText(quantity.value), ...(unit ? { unit } : {}) };
}

/** Never in scientific notation: XML decimals have none. */
export function decimalText(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(12).replace(/\.?0+$/, "") : text;
}

/** French form: decimal comma, printed unit after a non-breaking space. */
export function frenchQuantity(quantity: Quantity | undefined): string {
  if (quantity?.value === undefined) return "";
  const unit = unitInWords(quantity.unit ?? quantity.code, quantity.value, frenchUnits);
  return `${comparatorWords(quantity.comparator)}${decimalText(quantity.value).replace(".", ",")}${unit ? `\u00a0${unit}` : ""}`;
}

function comparatorWords(comparator: Quantity["comparator"]): string {
  switch (comparator) {
    case "<":
      return "inférieur à ";
    case "<=":
      return "au plus ";
    case ">":
      return "supérieur à ";
    case ">=":
      return "au moins ";
    default:
      return "";
  }
}

export function templates(...roots: readonly string[]): XmlPiece {
  return pieces(roots.map((root) => element("templateId", { root })));
}

export const reference = (id: string): XmlPiece => element("text", {}, element("reference", { value: `#${id}` }));
export const completed: XmlPiece = element("statusCode", { code: "completed" });
