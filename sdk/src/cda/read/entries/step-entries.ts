import { decimal } from "../decimal.ts";
import { fr, isStatement } from "../statements.ts";
import { attribute, child, children, hasTemplate, type XmlElement } from "../xml.ts";

/** Relations of a subordinate administration to what it is a step of; as a reason, a cause or a citation it is none. */
const stepTypes: ReadonlySet<string> = new Set(["COMP", "SUBJ", ""]);

/**
 * Subordinate administrations of a treatment (IHE PCC 1.3.6.1.4.1.19376.1.5.3.1.4.7.1 and 1.4.8 to 1.4.11): the steps of a
 * tapered, split, conditional or combined dosage.
 */
export function stepsOf(treatment: XmlElement): { step: XmlElement; sequence: number | undefined }[] {
  return children(treatment, "entryRelationship").flatMap((relationship) => {
    const step = child(relationship, "substanceAdministration");
    if (!step || !isStatement(step) || !stepTypes.has(attribute(relationship, "typeCode") ?? "")) return [];
    // A line that only names the prescription item.
    if (hasTemplate(step, fr("90"))) return [];
    return [{ step, sequence: decimal(attribute(child(relationship, "sequenceNumber"), "value")) }];
  });
}
