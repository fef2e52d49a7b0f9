/**
 * Builders of fictitious CDA documents for the tests of reading and of narrative. Every person is invented; the INS is
 * a test one with a right key.
 */
import type { Bundle } from "../../fhir/index.ts";
import { cdaToFhir } from "./index.ts";

export const testIns = { system: "urn:oid:1.2.250.1.213.1.4.10", value: "285127512345638" };

export interface DocumentParts {
  readonly header?: string;
  readonly sections?: string;
  readonly body?: string;
  readonly id?: string;
  readonly prolog?: string;
}

/** A whole document around sections (or another body). */
export function documentXml(parts: DocumentParts = {}): string {
  return `${parts.prolog ?? ""}<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:pharm="urn:ihe:pharm:medication">
<realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.2.8.2.1"/><templateId root="1.2.250.1.213.1.1.1.1"/>
${parts.id ?? '<id root="1.2.250.1.999.1.7.1"/>'}
<code code="SYNTH" displayName="Synthèse" codeSystem="1.2.250.1.213.1.1.4.12"/>
<title>Synthèse de Mme Exemple</title>
<effectiveTime value="20240312111700+0100"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="fr-FR"/>
<setId root="1.2.250.1.999.1.7"/><versionNumber value="2"/>
<recordTarget><patientRole>
<id root="1.2.250.1.213.1.4.10" extension="${testIns.value}"/><id root="1.2.250.1.999.5" extension="IPP-42"/>
<addr><houseNumber>4</houseNumber><streetName>Rue des Lilas</streetName><postalCode>75020</postalCode><city>PARIS</city></addr>
<telecom value="tel:0100000001" use="MC"/><telecom nullFlavor="MSK"/>
<patient><name><family qualifier="BR">EXEMPLE</family><given>LOUISE ANNE</given><given qualifier="BR">LOUISE</given>
<family qualifier="CL">MODELE</family><given qualifier="CL">LISE</given></name>
<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19851212"/>
<birthplace><place><addr><county>75120</county><city>PARIS</city></addr></place></birthplace></patient>
</patientRole></recordTarget>
<author><functionCode code="PCP" codeSystem="2.16.840.1.113883.5.88"/><time value="20240312111700+0100"/><assignedAuthor>
<id root="1.2.250.1.71.4.2.1" extension="899700000017"/><code code="G15_10/SM26" codeSystem="1.2.250.1.213.1.1.4.5" displayName="Médecin généraliste"/>
<assignedPerson><name><prefix>M</prefix><given>Ali</given><family>TESTEUR</family><suffix>DR</suffix></name></assignedPerson>
<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="1999999999"/><name>Cabinet du Test</name></representedOrganization>
</assignedAuthor></author>
<custodian><assignedCustodian><representedCustodianOrganization><id root="1.2.250.1.71.4.2.2" extension="1999999999"/><name>Cabinet du Test</name></representedCustodianOrganization></assignedCustodian></custodian>
${parts.header ?? ""}
<documentationOf><serviceEvent><code code="34117-2" codeSystem="2.16.840.1.113883.6.1" displayName="Synthèse"/><effectiveTime><low value="20240312"/></effectiveTime>
<performer typeCode="PRF"><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="899700000017"/><representedOrganization><standardIndustryClassCode code="AMBULATOIRE" codeSystem="1.2.250.1.213.1.1.4.9"/></representedOrganization></assignedEntity></performer></serviceEvent></documentationOf>
<componentOf><encompassingEncounter><code code="AMB" codeSystem="2.16.840.1.113883.5.4"/><effectiveTime><low value="20240312"/></effectiveTime><location><healthCareFacility><code code="SA07" codeSystem="1.2.250.1.71.4.2.4"/></healthCareFacility></location></encompassingEncounter></componentOf>
<component>${parts.body ?? `<structuredBody>${parts.sections ?? ""}</structuredBody>`}</component>
</ClinicalDocument>`;
}

/** A section: LOINC code, title, narrative, entries. */
export function sectionXml(code: string, title: string, text: string, ...entries: string[]): string {
  return `<component><section><code code="${code}" codeSystem="2.16.840.1.113883.6.1"/><title>${title}</title><text>${text}</text>${entries
    .map((entry) => `<entry>${entry}</entry>`)
    .join("")}</section></component>`;
}

const fr = (number: string) => `<templateId root="1.2.250.1.213.1.1.3.${number}"/>`;

/** A problem inside its concern; `value` is the whole value element. */
export function problemXml(
  value: string,
  options: { negated?: boolean; text?: string; inner?: string; status?: string; time?: string } = {},
): string {
  return `<act classCode="ACT" moodCode="EVN">${fr("39")}<code nullFlavor="NA"/><statusCode code="${options.status ?? "active"}"/>
<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN" negationInd='${options.negated ?? false}'>${fr("37")}
<code code="282291009" codeSystem="2.16.840.1.113883.6.96"/>${options.text ? `<text><reference value="${options.text}"/></text>` : ""}
<statusCode code="completed"/>${options.time ?? '<effectiveTime><low value="20200105"/></effectiveTime>'}${value}${options.inner ?? ""}</observation></entryRelationship></act>`;
}

/** An allergy inside its concern; `agent` is the playingEntity's content. */
export function allergyXml(
  agent: string | undefined,
  options: { negated?: boolean; text?: string; value?: string; code?: string } = {},
): string {
  return `<act classCode="ACT" moodCode="EVN">${fr("40")}<statusCode code="active"/><entryRelationship typeCode="SUBJ">
<observation classCode="OBS" moodCode="EVN" negationInd="${options.negated ?? false}">${fr("41")}
${options.code ?? '<code code="416098002" displayName="allergie médicamenteuse" codeSystem="2.16.840.1.113883.6.96"/>'}
<text><reference value="${options.text ?? ""}"/></text><statusCode code="completed"/><effectiveTime><low value="2018"/></effectiveTime>
${options.value ?? '<value xsi:type="CD"><originalText><reference value="#"/></originalText></value>'}
${agent ? `<participant typeCode="CSM"><participantRole><playingEntity>${agent}</playingEntity></participantRole></participant>` : ""}
</observation></entryRelationship></act>`;
}

/** A treatment; `product` is the manufacturedMaterial's content. */
export function treatmentXml(product: string, inner = "", attributes = 'moodCode="EVN"', template = "42"): string {
  return `<substanceAdministration classCode="SBADM" ${attributes}>${fr(template)}<statusCode code="completed"/>${inner}
<consumable><manufacturedProduct><manufacturedMaterial>${product}</manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>`;
}

/** An observation of any template. */
export function observationXml(
  template: string,
  code: string,
  value: string,
  attributes = 'moodCode="EVN"',
  inner = "",
): string {
  return `<observation classCode="OBS" ${attributes}>${fr(template)}${code}<statusCode code="completed"/>${value}${inner}</observation>`;
}

/** What is read of a document of these sections. */
export const convert = (...sections: string[]) => cdaToFhir(documentXml({ sections: sections.join("") }));

/** Kinds of the resources that nothing in a document refers to, which a document Bundle must not hold. */
export function unreferenced(bundle: Bundle): string[] {
  const text = JSON.stringify(bundle.entry?.map(({ resource }) => resource));
  return (bundle.entry ?? []).flatMap(({ fullUrl, resource }) =>
    resource?.resourceType === "Composition" || text.includes(`"reference":"${fullUrl}"`)
      ? []
      : [resource?.resourceType ?? ""],
  );
}

/** What `work` gives in a page whose scripts put a name of their own into every object. */
export function inPollutedPage<T>(work: () => T): T {
  Object.defineProperty(Object.prototype, "onclick", {
    value: "run()",
    enumerable: true,
    configurable: true,
    writable: true,
  });
  try {
    return work();
  } finally {
    Reflect.deleteProperty(Object.prototype, "onclick");
  }
}
