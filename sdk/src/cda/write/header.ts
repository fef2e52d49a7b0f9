import type {
  CdaCode,
  CdaId,
  HeaderAuthor,
  HeaderData,
  HeaderOrganization,
  HeaderParts,
  HeaderPatient,
  HeaderProfessional,
} from "./header-data.ts";
import { writeAddresses, writeTelecoms } from "./reachable-at.ts";
import { declaration, element, pieces, type XmlPiece } from "./xml.ts";

const professionalRoot = "1.2.250.1.71.4.2.1";
const structureRoot = "1.2.250.1.71.4.2.2";

/** The whole document: header in the order of the schema, then the body. Source: CI-SIS "structuration minimale". */
export function writeDocument(header: HeaderData, body: XmlPiece): string {
  const head = writeHeader(header);
  const usesSdtc = head.xml.includes("<sdtc:") || body.xml.includes("<sdtc:");
  const root = element(
    "ClinicalDocument",
    {
      xmlns: "urn:hl7-org:v3",
      "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
      "xmlns:pharm": "urn:ihe:pharm:medication",
      ...(usesSdtc ? { "xmlns:sdtc": "urn:hl7-org:sdtc" } : {}),
    },
    head,
    element("component", {}, body),
  );
  return `${declaration}${root.xml}\n`;
}

function writeHeader(header: HeaderData): XmlPiece {
  const { parts = {} } = header;
  return pieces(
    element("realmCode", { code: "FR" }),
    element("typeId", { root: "2.16.840.1.113883.1.3", extension: "POCD_HD000040" }),
    writeId("templateId", { root: "2.16.840.1.113883.2.8.2.1" }),
    writeId("templateId", { root: "1.2.250.1.213.1.1.1.1" }),
    header.templateIds.map((template) => writeId("templateId", template)),
    writeId("id", header.id),
    writeCode("code", header.type),
    element("title", {}, header.title),
    element("effectiveTime", { value: header.effectiveTime }),
    writeCode("confidentialityCode", header.confidentiality),
    element("languageCode", { code: header.language }),
    writeId("setId", header.setId),
    element("versionNumber", { value: header.version }),
    writePatient(header.patient, parts.guardians),
    writeAuthor(header, header.effectiveTime),
    parts.authors,
    parts.dataEnterer,
    parts.informants,
    element(
      "custodian",
      {},
      element("assignedCustodian", {}, parts.custodian ?? writeCustodianOrganization(header.author)),
    ),
    parts.recipients,
    parts.legalAuthenticator ??
      writeSigner(
        "legalAuthenticator",
        header.effectiveTime,
        header.author === "patient"
          ? element("assignedEntity", {}, writePatientIdentity(header.patient))
          : writeAssignedEntity(header.author),
      ),
    parts.authenticators,
    parts.participants,
    writeServiceEvent(header),
    parts.acts,
    header.replaces && writeRelatedDocument("RPLC", header.replaces),
    parts.relatedDocuments,
    writeEncounter(header),
  );
}

/** Who answers for the document, and when they signed it. */
export function writeSigner(
  name: "legalAuthenticator" | "authenticator",
  time: string | undefined,
  entity: XmlPiece,
): XmlPiece {
  return element(
    name,
    {},
    element("time", time === undefined ? { nullFlavor: "UNK" } : { value: time }),
    element("signatureCode", { code: "S" }),
    entity,
  );
}

/** Another document, and what this one does to it. */
export function writeRelatedDocument(typeCode: "APND" | "RPLC" | "XFRM", id: CdaId): XmlPiece {
  return element("relatedDocument", { typeCode }, element("parentDocument", {}, writeId("id", id)));
}

function writePatient(patient: HeaderPatient, guardians: HeaderParts["guardians"]): XmlPiece {
  const genders = { male: ["M", "Masculin"], female: ["F", "Féminin"], unknown: ["UN", "Indifférencié"] } as const;
  const [code, displayName] = genders[patient.sex];
  const { more } = patient;
  return element(
    "recordTarget",
    {},
    element(
      "patientRole",
      {},
      element("id", { extension: patient.ins.value, root: patient.ins.system.replace("urn:oid:", "") }),
      (more?.ids ?? []).map((id) => writeId("id", id)),
      writeAddresses(more?.addresses),
      writeTelecoms(more?.telecoms),
      element(
        "patient",
        {},
        element(
          "name",
          {},
          element("family", { qualifier: "BR" }, patient.birthName),
          element("given", {}, patient.birthGivenNames.join(" ")),
          element("given", { qualifier: "BR" }, patient.firstGivenName),
          patient.usedName && element("family", { qualifier: "CL" }, patient.usedName),
          patient.usedGivenName && element("given", { qualifier: "CL" }, patient.usedGivenName),
        ),
        element("administrativeGenderCode", { code, displayName, codeSystem: "2.16.840.1.113883.5.1" }),
        element("birthTime", { value: patient.birthTime }),
        more?.isDeceased === undefined ? undefined : element("sdtc:deceasedInd", { value: more.isDeceased }),
        more?.deceasedTime === undefined ? undefined : element("sdtc:deceasedTime", { value: more.deceasedTime }),
        more?.birthOrder === undefined
          ? undefined
          : pieces(
              element("sdtc:multipleBirthInd", { value: true }),
              element("sdtc:multipleBirthOrderNumber", { value: more.birthOrder }),
            ),
        guardians,
        element(
          "birthplace",
          {},
          element("place", {}, element("addr", {}, element("county", {}, patient.birthPlaceCode))),
        ),
      ),
    ),
  );
}

/** The patient as author, authenticator or performer: told by the INS, as the record of the document is. */
function writePatientIdentity(patient: HeaderPatient, code?: XmlPiece, organization?: XmlPiece): XmlPiece {
  return pieces(
    element("id", { extension: patient.ins.value, root: patient.ins.system.replace("urn:oid:", "") }),
    code,
    element("addr", { nullFlavor: "NASK" }),
    element("telecom", { nullFlavor: "NASK" }),
    element(
      "assignedPerson",
      {},
      element(
        "name",
        {},
        element("family", { qualifier: "BR" }, patient.birthName),
        element("given", { qualifier: "BR" }, patient.firstGivenName),
      ),
    ),
    organization,
  );
}

/** TRE_A00: author, practice setting and facility of what the patient writes. */
const patientProducer: CdaCode = {
  code: "EXP_PATIENT",
  oid: "1.2.250.1.213.1.1.4.6",
  display: "Expression personnelle du patient",
};

/** Author of the document, or of an entry that must name its own. */
export function writeAuthor(
  { author, patient }: Pick<HeaderData, "author" | "patient">,
  time: string | undefined,
): XmlPiece {
  const when = element("time", time === undefined ? { nullFlavor: "UNK" } : { value: time });
  if (author === "patient")
    return element(
      "author",
      {},
      when,
      element("assignedAuthor", {}, writePatientIdentity(patient, writeCode("code", patientProducer))),
    );
  return element(
    "author",
    {},
    author.isReferringDoctor
      ? element("functionCode", { code: "PCP", displayName: "Médecin traitant", codeSystem: "2.16.840.1.113883.5.88" })
      : undefined,
    when,
    element(
      "assignedAuthor",
      {},
      writeProfessionalIdentity(author),
      writePersonName("assignedPerson", author),
      writeOrganization("representedOrganization", author.organization),
    ),
  );
}

/** The author of the document in another part of its header. */
export function writeAssignedEntity(professional: HeaderProfessional): XmlPiece {
  const { practiceSetting } = professional.organization;
  return element(
    "assignedEntity",
    {},
    writeProfessionalIdentity(professional),
    writePersonName("assignedPerson", professional),
    writeOrganization(
      "representedOrganization",
      professional.organization,
      writeCode("standardIndustryClassCode", practiceSetting),
    ),
  );
}

function writeProfessionalIdentity(professional: HeaderProfessional): XmlPiece {
  return pieces(
    element("id", { root: professionalRoot, extension: professional.id }),
    professional.specialty && writeCode("code", professional.specialty),
    writeAddresses(professional.addresses),
    writeTelecoms(professional.telecoms),
  );
}

function writePersonName(
  name: string,
  person: { family: string; given?: string; prefix?: string; suffix?: string },
): XmlPiece {
  return element(
    name,
    {},
    element(
      "name",
      {},
      person.prefix && element("prefix", {}, person.prefix),
      element("family", {}, person.family),
      person.given && element("given", {}, person.given),
      person.suffix && element("suffix", {}, person.suffix),
    ),
  );
}

function writeOrganization(name: string, organization: HeaderOrganization, setting?: XmlPiece): XmlPiece {
  return element(
    name,
    {},
    element("id", { root: structureRoot, extension: organization.id }),
    element("name", {}, organization.name),
    writeTelecoms(organization.telecoms),
    writeAddresses(organization.addresses),
    setting,
  );
}

/** What the patient writes is kept by Mon espace santé. */
function writeCustodianOrganization(author: HeaderAuthor): XmlPiece {
  return author === "patient"
    ? element(
        "representedCustodianOrganization",
        {},
        element("id", { root: "1.2.250.1.213.4.1" }),
        element("name", {}, "Mon espace santé"),
      )
    : writeOrganization("representedCustodianOrganization", author.organization);
}

function writeServiceEvent({ act, author, patient, parts }: HeaderData): XmlPiece {
  return element(
    "documentationOf",
    {},
    element(
      "serviceEvent",
      {},
      parts?.actCode ?? (act.code && writeCode("code", act.code)),
      element(
        "effectiveTime",
        {},
        element("low", { value: act.start }),
        act.end && element("high", { value: act.end }),
      ),
      parts?.performers ??
        element(
          "performer",
          { typeCode: "PRF" },
          author === "patient"
            ? element(
                "assignedEntity",
                {},
                writePatientIdentity(
                  patient,
                  undefined,
                  element("representedOrganization", {}, writeCode("standardIndustryClassCode", patientProducer)),
                ),
              )
            : writeAssignedEntity(author),
        ),
    ),
  );
}

function writeEncounter({ act, encounterCode, author, parts }: HeaderData): XmlPiece {
  const { start, end } = act;
  return element(
    "componentOf",
    {},
    parts?.encounter ??
      element(
        "encompassingEncounter",
        {},
        encounterCode && writeCode("code", encounterCode),
        element("effectiveTime", {}, element("low", { value: start }), end && element("high", { value: end })),
        writeFacility(
          author === "patient" ? {} : { ids: ownIds(author), place: writePlace(author.organization.name) },
          author,
        ),
      ),
  );
}

const ownIds = ({ organization }: HeaderProfessional): XmlPiece =>
  element("id", { root: structureRoot, extension: organization.id });

export const writePlace = (name: string | undefined, addresses?: XmlPiece): XmlPiece =>
  element("location", {}, name && element("name", {}, name), addresses);

/** Where it took place. The CI-SIS wants a kind of facility: that of the author's structure where the place has none. */
export function writeFacility(
  facility: {
    readonly ids?: XmlPiece;
    readonly type?: XmlPiece;
    readonly place?: XmlPiece;
    readonly provider?: XmlPiece;
  },
  author: HeaderAuthor,
): XmlPiece {
  return element(
    "location",
    {},
    element(
      "healthCareFacility",
      {},
      facility.ids,
      facility.type ?? writeCode("code", author === "patient" ? patientProducer : author.organization.facilityType),
      facility.place,
      facility.provider,
    ),
  );
}

export function writeCode(name: string, { code, display, oid }: CdaCode): XmlPiece {
  // The checks of the synthesis want this name; for the other systems the OID says it all.
  const codeSystemName = oid === "2.16.840.1.113883.6.1" ? "LOINC" : undefined;
  return element(name, { code, displayName: display, codeSystem: oid, codeSystemName });
}

export function writeId(name: string, id: CdaId): XmlPiece {
  return element(name, { root: id.root, extension: id.extension });
}
