import type { CodeableConcept, Coding, Medication, Reference } from "../../../fhir/index.ts";
import { concept, isAbsence, maskedConcept, orAbsence } from "../concept.ts";
import type { Conversion } from "../conversion.ts";
import { strengthDisagreement } from "../disagreements.ts";
import { filled } from "../filled.ts";
import { isFilling, saysNothing } from "../polarity.ts";
import { isCalledOff, pcc } from "../statements.ts";
import { dateTimeOf } from "../times.ts";
import { quantity, ratio } from "../values.ts";
import { at, attribute, child, children, hasTemplate, textOf, type XmlElement } from "../xml.ts";
import { stepsOf } from "./step-entries.ts";

/** A product of health as FHIR: a bare concept, or a Medication when form, substances or batch are known. */
export interface Product {
  readonly code: CodeableConcept | undefined;
  readonly medication: { medicationCodeableConcept: CodeableConcept } | { medicationReference: Reference };
  /** Where its name and its substances do not agree. */
  readonly disagreements: readonly string[];
}

/** `manufacturedProduct` of a consumable or a supply. */
function manufacturedProduct(statement: XmlElement): XmlElement | undefined {
  return at(statement, "consumable", "manufacturedProduct") ?? at(statement, "product", "manufacturedProduct");
}

/** What the product is: its material, or a labelled drug of which CDA tells no more than code and name. */
export function materialOf(statement: XmlElement): XmlElement | undefined {
  const manufactured = manufacturedProduct(statement);
  return child(manufactured, "manufacturedMaterial") ?? child(manufactured, "manufacturedLabeledDrug");
}

const atc = "http://www.whocc.no/atc";

/** Code of a product: codings of its presentation, its virtual drug and its class, named as the narrative does. */
export function productCode(
  conversion: Conversion,
  material: XmlElement | undefined,
  fallback?: string,
  absence = "no-known-medications",
): CodeableConcept | undefined {
  const code = concept(child(material, "code"), conversion.reader);
  const written = textOf(child(material, "name"));
  const name = written !== undefined && saysNothing(written) ? undefined : written;
  // A class of medicines is named by what was given of it: "VAXIGRIP" of influenza vaccines.
  const isClass = code?.coding?.every(({ system, display }) => system === atc && display !== undefined);
  const ofClass = isClass && code?.coding?.some(({ display }) => display === code.text) ? name : undefined;
  const text = ofClass ?? code?.text ?? name ?? fallback;
  if (!code?.coding && !text) return undefined;
  return orAbsence(filled({ ...(code?.coding ? { coding: code.coding } : {}), text }), absence);
}

/** Who makes a product. */
export const makerOf = (statement: XmlElement) =>
  textOf(at(manufacturedProduct(statement), "manufacturerOrganization", "name"));

/** The name written beside a code that is named otherwise: both stay. */
export function nameRemark(material: XmlElement | undefined, named: CodeableConcept | undefined): { text: string }[] {
  const name = textOf(child(material, "name"));
  if (name === undefined || saysNothing(name) || isFilling(name) || !named?.text || isAbsence(named)) return [];
  const [one, other] = [plain(name), plain(named.text)];
  return one === "" || one.includes(other) || other.includes(one) ? [] : [{ text: `Nom écrit : ${name}` }];
}

const plain = (text: string) =>
  text
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");

/** Converts the product of a treatment, a prescription or a dispensation. */
export function product(conversion: Conversion, statement: XmlElement): Product {
  const material = materialOf(statement);
  const maker = makerOf(statement);
  const absent = conversion.concept(child(statement, "code"));
  if (absent && isAbsence(absent)) {
    const none = orAbsence(absent, "no-known-medications");
    return { code: none, medication: { medicationCodeableConcept: none }, disagreements: [] };
  }
  const code = productCode(conversion, material, conversion.reader.textOf(child(statement, "text")));
  const lot = conversion.reader.textOf(child(material, "lotNumberText"));
  const expiration = dateTimeOf(attribute(child(material, "pharm:expirationTime"), "value"));
  const form = conversion.concept(child(material, "pharm:formCode"));
  const parts = partsOf(conversion, statement, code);
  const ingredients: NonNullable<Medication["ingredient"]> = [
    ...children(material, "pharm:ingredient").flatMap((each) => ingredient(conversion, each) ?? []),
    ...parts.map((itemCodeableConcept) => ({ itemCodeableConcept })),
  ];
  const classes = children(material, "pharm:asSpecializedKind").flatMap(
    (each) => conversion.concept(at(each, "pharm:generalizedMedicineClass", "pharm:code"))?.coding ?? [],
  );
  const known = code?.coding ?? [];
  const packaged = packagesOf(conversion, material);
  const added = [...packaged.codings, ...classes].filter(
    (each) => !known.some((other) => other.code === each.code && other.system === each.system),
  );
  const whole: CodeableConcept | undefined = added.length > 0 ? { ...code, coding: [...known, ...added] } : code;
  const isNamed = whole?.coding !== undefined || whole?.text !== undefined;
  const named =
    isNamed && whole
      ? whole
      : (maskedConcept(child(material, "code"), statement) ?? {
          ...whole,
          ...(namedByParts(parts) ?? absentConcept(form)),
        });
  if (!form && !packaged.amount && ingredients.length === 0 && !lot && !expiration)
    return { code: named, medication: { medicationCodeableConcept: named }, disagreements: [] };
  const medication = filled<Medication>({
    resourceType: "Medication",
    code: named,
    ...(maker ? { manufacturer: { display: maker } } : {}),
    form,
    amount: packaged.amount,
    ingredient: ingredients,
    ...(lot || expiration ? { batch: filled({ lotNumber: lot, expirationDate: expiration }) } : {}),
  });
  const reference = conversion.add(medication);
  const wrong = strengthDisagreement(
    named.text,
    ingredients.flatMap((each) => each.strength ?? []),
  );
  return {
    code: named,
    medication: { medicationReference: named.text ? { ...reference, display: named.text } : reference },
    disagreements: wrong ? [wrong] : [],
  };
}

/** The box delivered, and what it holds: codes of the presentation (CIP, UCD), number of units in one box. */
function packagesOf(
  conversion: Conversion,
  material: XmlElement | undefined,
): { codings: Coding[]; amount?: Medication["amount"] } {
  const packages = children(material, "pharm:asContent").flatMap(
    (each) => child(each, "pharm:containerPackagedMedicine") ?? child(each, "pharm:containerPackagedProduct") ?? [],
  );
  const codings = packages.flatMap((each) => conversion.concept(child(each, "pharm:code"))?.coding ?? []);
  const [one] = packages;
  const held = quantity(child(one, "pharm:capacityQuantity"));
  const box = conversion.concept(child(one, "pharm:formCode"))?.text;
  if (held?.value === undefined) return { codings };
  return { codings, amount: { numerator: held, denominator: filled({ value: 1, unit: box }) } };
}

/** Combined medications (IHE PCC). */
const combined = pcc("11");

/**
 * Products that the steps of a combined administration give: what is taken, all of it. The steps of one named product may
 * name it again in other words.
 */
function partsOf(conversion: Conversion, statement: XmlElement, whole: CodeableConcept | undefined): CodeableConcept[] {
  if (statement.name !== "substanceAdministration" || (whole && !hasTemplate(statement, combined))) return [];
  const found = new Map<string, CodeableConcept>();
  for (const { step } of stepsOf(statement)) {
    const part = isCalledOff(step) ? undefined : productCode(conversion, materialOf(step));
    const key = part?.coding?.[0]?.code ?? part?.text ?? "";
    if (part && !whole?.coding?.some(({ code }) => code === key)) found.set(key, part);
  }
  return [...found.values()];
}

function namedByParts(parts: readonly CodeableConcept[]): CodeableConcept | undefined {
  const text = parts.flatMap((each) => each.text ?? []).join(" + ");
  return text ? { text } : undefined;
}

/** A product without code nor name: a preparation whose words stand elsewhere. */
function absentConcept(form: CodeableConcept | undefined): CodeableConcept {
  return { text: form?.text ? `Préparation : ${form.text}` : "Produit non précisé" };
}

function ingredient(
  conversion: Conversion,
  element: XmlElement,
): NonNullable<Medication["ingredient"]>[number] | undefined {
  const inner = child(element, "pharm:ingredient");
  const code = conversion.concept(child(inner, "pharm:code"));
  const name = textOf(child(inner, "pharm:name"));
  const item =
    code?.coding || code?.text
      ? { ...code, ...(name && !code.text ? { text: name } : {}) }
      : name
        ? { text: name }
        : undefined;
  if (!item) return undefined;
  const strength = ratio(child(element, "pharm:quantity"), "pharm:");
  return filled({ itemCodeableConcept: item, strength });
}
