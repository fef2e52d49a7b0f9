/**
 * Extensions whose place and value are known: PDSm, MHD, annuaire, fr-core and the ones of R4 used by them.
 * An extension of these guides that is not in the table does not exist, and is refused; others are kept as they are.
 */

/** value: type after `value`, or "" for an extension made of extensions. Contexts are paths or data types. */
interface KnownExtension {
  readonly value: string;
  readonly contexts: readonly string[];
}

const frCore = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-";
const annuaire = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/as-ext-";
const pdsm = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-";
const mhd = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-";
const r4 = "http://hl7.org/fhir/StructureDefinition/";

/** `suffix: "value contexts…"`; a dash stands for an extension made of extensions. */
const tables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [frCore]: {
    "address-insee-code": "Coding Address",
    comment: "String Patient.contact",
    "contact-point-email-type": "Coding ContactPoint",
    "identity-reliability": "- Patient",
    "location-position-room": "Coding Location.partOf",
    "organization-description": "String Organization",
    "organization-short-name": "String Organization",
    "patient-birth-list-given-name": "String Patient.name",
    "patient-birthdate-update-indicator": "Boolean Patient",
    "patient-contact-identifier": "Identifier Patient.contact",
    "patient-death-place": "String Patient",
    "patient-nationality": "- Patient",
    "practitioner-specialty": "Coding Practitioner",
    "service-type-duration": "- PractitionerRole",
    "use-period": "Period Location",
  },
  [annuaire]: {
    "codeableconcept-timed-metadata": "Period CodeableConcept",
    "data-trace": "- *",
    "digital-certificate": "- PractitionerRole Organization Practitioner",
    "education-level": "- Practitioner.qualification",
    "lieu-dit": "String Address.line",
    "mailbox-mss-metadata": "- ContactPoint",
    "organization-authorization-deadline": "- Organization",
    "organization-budget-type": "String Organization",
    "organization-closing-type": "CodeableConcept Organization",
    "organization-pharmacy-licence": "String Organization",
    "organization-pricing-model": "CodeableConcept Organization",
    "organization-types": "Code Organization.type",
    "practitioner-authorization": "- Practitioner",
    "practitionerrole-contracted": "CodeableConcept PractitionerRole",
    "practitionerrole-hascas": "Boolean PractitionerRole",
    "practitionerrole-vitale-accepted": "Boolean PractitionerRole",
    registration: "- Practitioner",
    smartcard: "- Practitioner",
  },
  [pdsm]: { "intended-recipient": "Reference List", "is-archived": "Boolean DocumentReference List" },
  [mhd]: {
    authorOrg: "Reference List.source",
    designationType: "CodeableConcept List",
    intendedRecipient: "Reference List",
    sourceId: "Identifier List",
  },
};

const r4Table: Readonly<Record<string, string>> = {
  "patient-birthPlace": "Address Patient",
  "patient-birthTime": "DateTime Patient.birthDate",
  "humanname-assembly-order": "Code HumanName",
  "iso21090-EN-qualifier": "Code HumanName HumanName.given HumanName.prefix HumanName.suffix HumanName.family",
  "data-absent-reason": "Code *",
};

function readRow(row: string): KnownExtension {
  const [value = "", ...contexts] = row.split(" ");
  return { value: value === "-" ? "" : value, contexts };
}

const known = new Map<string, KnownExtension>();
for (const [prefix, rows] of Object.entries(tables)) {
  for (const [suffix, row] of Object.entries(rows)) known.set(prefix + suffix, readRow(row));
}
for (const [suffix, row] of Object.entries(r4Table)) known.set(r4 + suffix, readRow(row));

const closedPrefixes = [
  "https://hl7.fr/ig/fhir/core/",
  "https://interop.esante.gouv.fr/ig/fhir/annuaire/",
  "https://interop.esante.gouv.fr/ig/fhir/pdsm/",
  "https://profiles.ihe.net/ITI/MHD/",
];

/** What is wrong with an extension, if anything. */
export type ExtensionFault = "unknown" | "place" | "value";

/**
 * @param url address of the extension; relative names (inside an extension) are not judged
 * @param valueType what follows `value` in the property (`String`), "" when there is no value
 * @param path element path in R4 (`Patient.contact`)
 * @param type data type that carries the extension (`HumanName`)
 */
export function extensionFault(url: string, valueType: string, path: string, type: string): ExtensionFault | undefined {
  const entry = known.get(url);
  if (!entry) return closedPrefixes.some((prefix) => url.startsWith(prefix)) ? "unknown" : undefined;
  const isInPlace = entry.contexts.some((context) => context === "*" || context === path || context === type);
  if (!isInPlace) return "place";
  return entry.value === valueType ? undefined : "value";
}
