// Code systems of clinical facts: metadata name none of them.

/** LOINC: documents, sections, questions and results. */
export const loinc = "http://loinc.org";
/** SNOMED CT: findings, acts, substances. */
export const snomed = "http://snomed.info/sct";
/** UCUM: units of measure. */
export const ucum = "http://unitsofmeasure.org";
