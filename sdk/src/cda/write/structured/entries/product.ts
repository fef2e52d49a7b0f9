import type {
  CodeableConcept,
  Medication,
  MedicationAdministration,
  MedicationDispense,
  MedicationRequest,
  MedicationStatement,
} from "../../../../fhir/index.ts";
import { toHl7Time } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { quantityAttributes, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext } from "../context.ts";
import { template } from "./shared.ts";

/** FR-Produit-de-sante. */
export function writeProduct(code: CodeableConcept | undefined, id: string, details: ProductDetails = {}): XmlPiece {
  return writeManufacturedProduct("consumable", code, id, details);
}

export interface ProductDetails {
  readonly lot?: string | undefined;
  readonly expiration?: string | undefined;
  /** Name of whoever makes it. */
  readonly maker?: string | undefined;
  readonly medication?: Medication | undefined;
}

/** The same in the place that an administration (`consumable`) or a supply (`product`) gives it. */
export function writeManufacturedProduct(
  name: "consumable" | "product",
  code: CodeableConcept | undefined,
  id: string,
  details: ProductDetails,
): XmlPiece {
  const { medication } = details;
  const maker = details.maker ?? medication?.manufacturer?.display;
  const lot = details.lot ?? medication?.batch?.lotNumber;
  const expiration = details.expiration ?? medication?.batch?.expirationDate;
  return element(
    name,
    {},
    element(
      "manufacturedProduct",
      {},
      templates(`${template.ccd}.53`, `${template.pcc}.7.2`, `${template.fr}.43`),
      element(
        "manufacturedMaterial",
        {},
        writeConcept("code", code, { reference: id }),
        element("name", {}, wordsOf(code)),
        medication?.form && writeConcept("pharm:formCode", medication.form),
        lot && element("lotNumberText", {}, lot),
        expiration && element("pharm:expirationTime", { value: toHl7Time(expiration, "expirationDate") }),
        writeBox(medication?.amount),
        (medication?.ingredient ?? []).map(writeIngredient),
      ),
      maker && element("manufacturerOrganization", {}, element("name", {}, maker)),
    ),
  );
}

/** What one box holds. */
function writeBox(amount: Medication["amount"]): XmlPiece | undefined {
  const held = amount?.numerator && quantityAttributes(amount.numerator);
  const box = amount?.denominator?.unit;
  if (!held || amount?.denominator?.value !== 1) return undefined;
  return element(
    "pharm:asContent",
    { classCode: "CONT" },
    element(
      "pharm:containerPackagedMedicine",
      { classCode: "CONT", determinerCode: "INSTANCE" },
      box && element("pharm:formCode", { nullFlavor: "UNK" }, element("originalText", {}, box)),
      element("pharm:capacityQuantity", held),
    ),
  );
}

function writeIngredient(ingredient: NonNullable<Medication["ingredient"]>[number]): XmlPiece {
  const numerator = ingredient.strength?.numerator && quantityAttributes(ingredient.strength.numerator);
  const denominator = ingredient.strength?.denominator && quantityAttributes(ingredient.strength.denominator);
  return element(
    "pharm:ingredient",
    { classCode: "ACTI" },
    numerator &&
      denominator &&
      element(
        "pharm:quantity",
        {},
        element("numerator", { "xsi:type": "PQ", ...numerator }),
        element("denominator", { "xsi:type": "PQ", ...denominator }),
      ),
    element(
      "pharm:ingredient",
      { classCode: "MMAT", determinerCode: "KIND" },
      ingredient.itemCodeableConcept?.coding?.length
        ? writeConcept("pharm:code", ingredient.itemCodeableConcept)
        : undefined,
      element("pharm:name", {}, wordsOf(ingredient.itemCodeableConcept)),
    ),
  );
}

/** The product of a treatment, whether named in place or by reference. */
export function productOf(
  treatment: MedicationAdministration | MedicationDispense | MedicationRequest | MedicationStatement,
  context: EntryContext,
): { code: CodeableConcept | undefined; medication?: Medication } {
  if (treatment.medicationCodeableConcept) return { code: treatment.medicationCodeableConcept };
  const found = context.resolve(treatment.medicationReference, treatment);
  if (found?.resourceType === "Medication") return { code: found.code, medication: found };
  return { code: treatment.medicationReference?.display ? { text: treatment.medicationReference.display } : undefined };
}
