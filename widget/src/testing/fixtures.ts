import type { Bundle, BundleEntry, CompositionSection, FhirResource, Observation } from "@carnet/sdk/fhir";
import { extensionUrl, identifierSystem } from "@carnet/sdk/fhir";

/** Fictitious people for the widget's tests. INS are test ones (system …4.10) with a right key. */
export interface TestPerson {
  readonly ins: string;
  readonly family: string;
  readonly given: string;
  readonly birthDate: string;
}

/** 13 digits and their key. */
export function withKey(number: string): string {
  return number + String(97 - Number(BigInt(number) % 97n)).padStart(2, "0");
}

export const odile: TestPerson = {
  ins: withKey("2580763220011"),
  family: "TESTARD",
  given: "Odile",
  birthDate: "1958-07-14",
};
export const marcel: TestPerson = {
  ins: withKey("1410333063042"),
  family: "FICTIF",
  given: "Marcel",
  birthDate: "1941-03-02",
};

export const insAttribute = (person: TestPerson) => `${identifierSystem.insTest}|${person.ins}`;

export const letter = "urn:uuid:6f9d6e1c-0c35-4e5c-9a3f-111111111111";
export const laboratory = "urn:uuid:6f9d6e1c-0c35-4e5c-9a3f-222222222222";
export const synthesis = "urn:uuid:6f9d6e1c-0c35-4e5c-9a3f-333333333333";

const loinc = "http://loinc.org";

type WithId = FhirResource & { id: string };
const from = (source: string, ...others: string[]) => ({
  meta: { source },
  ...(others.length === 0 ? {} : { extension: others.map((valueUri) => ({ url: extensionUrl.factSource, valueUri })) }),
});

function glycatedHaemoglobin(position: number, value: number, date: string): Observation & { id: string } {
  return {
    resourceType: "Observation",
    id: `hba1c-${position}`,
    ...from(laboratory),
    status: "final",
    category: [{ coding: [{ code: "laboratory" }] }],
    code: { coding: [{ system: loinc, code: "4548-4" }], text: "Hémoglobine glyquée (HbA1c)" },
    subject: { reference: "Patient/p" },
    effectiveDateTime: date,
    valueQuantity: { value, unit: "%", code: "%", system: "http://unitsofmeasure.org" },
    referenceRange: [{ low: { value: 4, unit: "%" }, high: { value: 6, unit: "%" } }],
  };
}

/** A whole summary: every section has something, one fact has two sources, one contradicts its own text. */
export function summaryBundle(person: TestPerson, extra: readonly WithId[] = []): Bundle {
  const subject = { reference: "Patient/p" };
  const allergies: WithId[] = [
    {
      resourceType: "AllergyIntolerance",
      id: "a1",
      meta: { source: letter },
      extension: [{ url: extensionUrl.factSource, valueUri: synthesis }],
      code: { text: "Pénicilline" },
      type: "allergy",
      criticality: "high",
      clinicalStatus: { coding: [{ code: "active" }] },
      verificationStatus: { coding: [{ code: "confirmed" }] },
      patient: subject,
      onsetDateTime: "2010-05",
      reaction: [{ manifestation: [{ text: "Œdème du visage" }], severity: "severe" }],
    },
    {
      resourceType: "AllergyIntolerance",
      id: "a2",
      ...from(letter),
      code: { text: "Pollen de graminées" },
      verificationStatus: { coding: [{ code: "unconfirmed" }] },
      patient: subject,
    },
    {
      resourceType: "AllergyIntolerance",
      id: "a3",
      code: { text: "Arachide (réfutée)" },
      verificationStatus: { coding: [{ code: "refuted" }] },
      patient: subject,
    },
  ];
  const problems: WithId[] = [
    {
      resourceType: "Condition",
      id: "c1",
      meta: { source: synthesis },
      extension: [
        { url: extensionUrl.disagreement, valueString: "Le codage dit type 2, le texte type 1" },
        { url: extensionUrl.narrativeText, valueString: "Date : 2014 | Diabète de type 1" },
      ],
      code: { text: "Diabète de type 2" },
      clinicalStatus: { coding: [{ code: "active" }] },
      subject,
      onsetDateTime: "2014-03-01",
    },
    {
      resourceType: "Condition",
      id: "c2",
      ...from(synthesis),
      code: { text: "Hypertension artérielle" },
      clinicalStatus: { coding: [{ code: "active" }] },
      subject,
      onsetDateTime: "2016",
    },
  ];
  const history: WithId[] = [
    {
      resourceType: "Condition",
      id: "c3",
      ...from(synthesis),
      code: { text: "Pneumopathie" },
      clinicalStatus: { coding: [{ code: "resolved" }] },
      subject,
      onsetDateTime: "2019-01",
      abatementDateTime: "2019-02",
    },
    {
      resourceType: "Procedure",
      id: "pr1",
      ...from(letter),
      status: "completed",
      code: { text: "Appendicectomie" },
      subject,
      performedDateTime: "1974",
    },
  ];
  const treatments: WithId[] = [
    {
      resourceType: "MedicationStatement",
      id: "m1",
      ...from(letter),
      status: "active",
      medicationReference: { reference: "Medication/metformin" },
      subject,
      effectivePeriod: { start: "2014-04-02" },
      dosage: [
        {
          route: { text: "voie orale" },
          timing: { repeat: { frequency: 2, period: 1, periodUnit: "d", when: ["CM", "CV"] } },
          doseAndRate: [{ doseQuantity: { value: 1, unit: "comprimé" } }],
        },
      ],
    },
    {
      resourceType: "MedicationStatement",
      id: "m2",
      ...from(letter),
      status: "active",
      medicationCodeableConcept: { text: "Lévothyroxine" },
      subject,
      dosage: [
        {
          route: { text: "voie orale" },
          timing: { repeat: { frequency: 1, period: 1, periodUnit: "d" } },
          doseAndRate: [{ doseQuantity: { value: 12.5, unit: "ug", code: "ug" } }],
        },
      ],
    },
    {
      resourceType: "MedicationStatement",
      id: "m3",
      ...from(letter),
      status: "stopped",
      medicationCodeableConcept: { text: "Amoxicilline 1 g" },
      subject,
      effectivePeriod: { start: "2019-01-20", end: "2019-01-27" },
    },
  ];
  const vaccinations: WithId[] = [
    {
      resourceType: "Immunization",
      id: "i1",
      ...from(synthesis),
      status: "completed",
      vaccineCode: { text: "Vaccin grippe saisonnière" },
      patient: subject,
      occurrenceDateTime: "2025-10-21",
      lotNumber: "LOT-42",
    },
  ];
  const results: WithId[] = [
    ...[6.9, 7.2, 7.8, 7.4, 7.1].map((value, position) =>
      glycatedHaemoglobin(position, value, `202${position}-11-03T08:10:00+01:00`),
    ),
    {
      resourceType: "Observation",
      id: "k",
      ...from(laboratory),
      status: "final",
      category: [{ coding: [{ code: "laboratory" }] }],
      code: { text: "Potassium" },
      subject,
      effectiveDateTime: "2024-11-03",
      valueQuantity: { value: 3.1, unit: "mmol/L" },
      interpretation: [{ coding: [{ code: "L" }] }],
      referenceRange: [{ low: { value: 3.5, unit: "mmol/L" }, high: { value: 5, unit: "mmol/L" } }],
    },
  ];
  const risks: WithId[] = [
    {
      resourceType: "Observation",
      id: "tobacco",
      ...from(synthesis),
      status: "final",
      category: [{ coding: [{ code: "social-history" }] }],
      code: { text: "Tabac" },
      subject,
      effectiveDateTime: "2023",
      valueString: "Sevré depuis 2009",
    },
  ];
  const people: WithId[] = [
    {
      resourceType: "Patient",
      id: "p",
      identifier: [{ system: identifierSystem.insTest, value: person.ins }],
      name: [{ use: "official", family: person.family, given: [person.given] }],
      gender: "female",
      birthDate: person.birthDate,
      contact: [
        {
          name: { family: "Essai", given: ["Luc"] },
          relationship: [{ text: "Conjoint" }],
          telecom: [{ system: "phone", value: "tel:+33199001122" }],
        },
      ],
    },
    { resourceType: "Practitioner", id: "dr", name: [{ prefix: ["Dr"], given: ["Inès"], family: "Modèle" }] },
    {
      resourceType: "Medication",
      id: "metformin",
      code: { text: "METFORMINE EXEMPLE 500 mg, comprimé" },
      form: { text: "comprimé" },
      ingredient: [
        {
          itemCodeableConcept: { text: "metformine" },
          isActive: true,
          strength: { numerator: { value: 500, unit: "mg" }, denominator: { value: 1, unit: "{tablet}" } },
        },
      ],
    },
    { resourceType: "Device", id: "pump", type: { text: "Prothèse de hanche" }, patient: subject },
  ];
  const section = (code: string, title: string, entries: readonly WithId[], div?: string): CompositionSection => ({
    title,
    code: { coding: [{ system: loinc, code }] },
    entry: entries.map(({ resourceType, id }) => ({ reference: `${resourceType}/${id}` })),
    ...(div === undefined ? {} : { text: { status: "additional" as const, div } }),
  });
  const composition: WithId = {
    resourceType: "Composition",
    id: "composition",
    status: "final",
    type: { coding: [{ system: loinc, code: "60591-5" }] },
    subject,
    date: "2026-11-20T09:30:00+01:00",
    author: [{ reference: "Practitioner/dr" }],
    title: "Synthèse",
    section: [
      section("48765-2", "Allergies", allergies),
      section("11450-4", "Problèmes", problems),
      section("11348-0", "Antécédents", history),
      section("10160-0", "Traitements", treatments),
      section("11369-6", "Vaccinations", vaccinations),
      section("30954-2", "Résultats", results),
      section("29762-2", "Mode de vie", risks),
      section(
        "X-VIGILANCE",
        "Points de vigilance",
        [],
        '<div xmlns="http://www.w3.org/1999/xhtml"><p>Vit seule, chutes r&#233;p&#233;t&#233;es.</p><ul><li>Prévenir la fille</li></ul></div>',
      ),
    ],
  };
  const all = [
    composition,
    ...people,
    ...allergies,
    ...problems,
    ...history,
    ...treatments,
    ...vaccinations,
    ...results,
    ...risks,
    ...extra,
  ];
  return {
    resourceType: "Bundle",
    type: "document",
    identifier: { system: identifierSystem.uri, value: `urn:uuid:00000000-0000-4000-8000-${person.ins.slice(3)}` },
    timestamp: "2026-11-20T09:30:00+01:00",
    entry: all.map(
      (resource): BundleEntry => ({
        fullUrl: `https://record.test/fhir/${resource.resourceType}/${resource.id}`,
        resource,
      }),
    ),
  };
}

/** A structured CDA letter, level 3, with a table, a link within, an attachment that is missing, and markup as text. */
export function cdaLetter(person: TestPerson, body = ""): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <realmCode code="FR"/>
  <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
  <templateId root="2.16.840.1.113883.2.8.2.1"/>
  <id root="1.2.250.1.213.99.1"/>
  <code code="11490-0" codeSystem="2.16.840.1.113883.6.1" displayName="CR ou lettre de sortie"/>
  <title>Lettre de sortie du service de cardiologie</title>
  <effectiveTime value="20261103103000+0100"/>
  <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
  <languageCode code="fr-FR"/>
  <recordTarget><patientRole>
    <id root="1.2.250.1.213.1.4.10" extension="${person.ins}"/>
    <patient><name><given>${person.given}</given><family qualifier="BR">${person.family}</family></name>
    <administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>
    <birthTime value="${person.birthDate.replaceAll("-", "")}"/></patient>
  </patientRole></recordTarget>
  <author><time value="20261103103000+0100"/><assignedAuthor>
    <id root="1.2.250.1.71.4.2.1" extension="899700000001"/>
    <assignedPerson><name><family>MODELE</family><given>Ines</given></name></assignedPerson>
    <representedOrganization><name>Clinique des Exemples</name></representedOrganization>
  </assignedAuthor></author>
  <custodian><assignedCustodian><representedCustodianOrganization><name>Clinique des Exemples</name></representedCustodianOrganization></assignedCustodian></custodian>
  <documentationOf><serviceEvent><effectiveTime><low value="20261101"/></effectiveTime></serviceEvent></documentationOf>
  <component><structuredBody>
    <component><section>
      <code code="10164-2" codeSystem="2.16.840.1.113883.6.1"/><title>Histoire de la maladie</title>
      <text><paragraph>Patiente adressée pour bilan. Voir <linkHtml href="#tab">le tableau</linkHtml>.</paragraph>${body}</text>
    </section></component>
    <component><section>
      <code code="48765-2" codeSystem="2.16.840.1.113883.6.1"/><title>Allergies</title>
      <text><table ID="tab"><thead><tr><th>Substance</th><th>Réaction</th></tr></thead><tbody><tr><td>Pénicilline</td><td>Œdème du visage</td></tr></tbody></table></text>
    </section></component>
  </structuredBody></component>
</ClinicalDocument>`;
}

/** A PDF of one page that says "Bonjour", the smallest that viewers open. */
export function smallPdf(): Uint8Array {
  return pdfOf([
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    "<</Length 44>>\nstream\nBT /F1 24 Tf 40 100 Td (Bonjour) Tj ET      \nendstream",
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ]);
}

/** A PDF of these objects, of which the first, number 3, is its page. Characters are bytes. */
export function pdfOf(more: readonly string[], trailer = "", kids = "3 0 R", count = 1): Uint8Array {
  const objects = ["<</Type/Catalog/Pages 2 0 R>>", `<</Type/Pages/Kids[${kids}]/Count ${count}>>`, ...more];
  let text = "%PDF-1.4\n";
  const offsets: number[] = [];
  for (const [position, object] of objects.entries()) {
    offsets.push(text.length);
    text += `${position + 1} 0 obj\n${object}\nendobj\n`;
  }
  const start = text.length;
  const size = objects.length + 1;
  text += `xref\n0 ${size}\n0000000000 65535 f \n${offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("")}`;
  text += `trailer<</Size ${size}/Root 1 0 R${trailer}>>\nstartxref\n${start}\n%%EOF`;
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
