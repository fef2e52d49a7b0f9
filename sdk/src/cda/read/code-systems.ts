import { codeSystem } from "../../fhir/systems.ts";

const hl7 = "http://terminology.hl7.org/CodeSystem/";
const nos = (name: string) => `https://mos.esante.gouv.fr/NOS/${name}/FHIR/${name.replaceAll("_", "-")}`;

/**
 * FHIR addresses of the code systems met in French documents. The first OID of an address is the one written back.
 * A system that is not here keeps its OID as `urn:oid:`.
 */
const uriByOid: Readonly<Record<string, string>> = {
  "2.16.840.1.113883.6.1": codeSystem.loinc,
  "2.16.840.1.113883.6.96": codeSystem.snomed,
  "2.16.840.1.113883.6.8": codeSystem.ucum,
  "2.16.840.1.113883.6.3": "http://hl7.org/fhir/sid/icd-10",
  "2.16.840.1.113883.6.347": "http://id.who.int/icd/release/11/mms",
  "2.16.840.1.113883.6.43.1": `${hl7}icd-o-3`,
  "2.16.840.1.113883.6.73": "http://www.whocc.no/atc",
  "2.16.840.1.113883.6.139": "http://hl7.org/fhir/sid/icpc-2",
  "2.16.840.1.113883.6.254": "http://hl7.org/fhir/sid/icf-nl",
  "2.16.840.1.113883.6.163": "http://terminology.hl7.org/CodeSystem/mdr",
  "2.16.840.1.113883.6.281": "http://www.genenames.org/geneId",
  "2.16.840.1.113883.3.26.1.1": "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
  "1.2.840.10008.2.16.4": "http://dicom.nema.org/resources/ontology/DCM",
  "0.4.0.127.0.16.1.1.2.1": "http://standardterms.edqm.eu",
  "1.0.3166.1.2.2": "urn:iso:std:iso:3166",
  "2.16.840.1.113883.5.1150.1": "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips",
  "2.16.840.1.113883.4.642.1.1074": `${hl7}condition-clinical`,
  "2.16.840.1.113883.4.642.1.1075": `${hl7}condition-ver-status`,
  "2.16.840.1.113883.4.642.4.1373": `${hl7}allergyintolerance-clinical`,
  "2.16.840.1.113883.5.1": `${hl7}v3-AdministrativeGender`,
  "2.16.840.1.113883.5.4": `${hl7}v3-ActCode`,
  "2.16.840.1.113883.5.7": `${hl7}v3-ActPriority`,
  "2.16.840.1.113883.5.8": `${hl7}v3-ActReason`,
  "2.16.840.1.113883.5.25": codeSystem.confidentiality,
  "2.16.840.1.113883.5.83": `${hl7}v3-ObservationInterpretation`,
  "2.16.840.1.113883.5.88": `${hl7}v3-ParticipationFunction`,
  "2.16.840.1.113883.5.90": `${hl7}v3-ParticipationType`,
  "2.16.840.1.113883.5.110": `${hl7}v3-RoleClass`,
  "2.16.840.1.113883.5.111": `${hl7}v3-RoleCode`,
  "2.16.840.1.113883.5.112": `${hl7}v3-RouteOfAdministration`,
  "2.16.840.1.113883.5.1070": `${hl7}v3-substanceAdminSubstitution`,
  "1.2.250.1.213.1.1.4.6": codeSystem.nonProfessionalAuthor,
  "1.2.250.1.213.1.1.4.9": codeSystem.practiceSetting,
  "1.2.250.1.213.1.1.4.12": codeSystem.documentTypeNational,
  "1.2.250.1.71.4.2.4": codeSystem.facilityType,
  "1.2.250.1.71.1.2.7": codeSystem.profession,
  "1.2.250.1.213.1.6.1.8": nos("TRE_R66-CategorieEtablissement"),
  "1.2.250.1.213.3.3.13": nos("TRE_R213-ModePriseEnCharge"),
};

const known = new Map(Object.entries(uriByOid));
// By a call without side effect: who only reads leaves it out of a bundle.
const swapped = () => new Map(Object.entries(uriByOid).map(([oid, uri]) => [uri, oid]));
const oidByUri = /* @__PURE__ */ swapped();

/** FHIR system of a CDA `codeSystem`: its usual address, else `urn:oid:…`. */
export function systemOfOid(oid: string): string {
  const bare = known.has(oid) ? oid : oid.trim().replace(/^urn:oid:/i, "");
  return known.get(bare) ?? `urn:oid:${bare}`;
}

/** CDA `codeSystem` of a FHIR system; `undefined` when it has no OID. */
export function oidOfSystem(system: string): string | undefined {
  return oidByUri.get(system) ?? (system.startsWith("urn:oid:") ? system.slice(8) : undefined);
}

/** `root` (and `extension`) of an HL7 identifier as a URI: `urn:oid:…`, `urn:uuid:…`, `urn:oid:root^extension`. */
export function uriOfIdentifier(root: string, extension?: string): string | undefined {
  const trimmed = root.trim();
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(trimmed))
    return `urn:uuid:${trimmed.toLowerCase()}`;
  if (!/^[0-2](\.(0|[1-9]\d*))+$/.test(trimmed)) return undefined;
  return `urn:oid:${trimmed}${extension ? `^${extension}` : ""}`;
}
