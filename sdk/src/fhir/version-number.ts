/** Extension of HL7 on a Composition: which version of its set the document is; `Composition.identifier` names the set. */
export const versionNumberUrl = "http://hl7.org/fhir/StructureDefinition/composition-clinicaldocument-versionNumber";
