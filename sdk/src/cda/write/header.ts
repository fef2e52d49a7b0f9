import type {
  CdaCode,
  CdaId,
  HeaderAuthor,
  HeaderContact,
  HeaderData,
  HeaderOrganization,
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
    writePatient(header.patient),
    writeAuthor(header, header.effectiveTime),
    (header.contacts ?? []).map(writeContact),
    writeCustodian(header.author),
    element(
      "legalAuthenticator",
      {},
      element("time", { value: header.effectiveTime }),
      element("signatureCode", { code: "S" }),
      header.author === "patient"
        ? element("assignedEntity", {}, writePatientIdentity(header.patient))
        : writeAssignedEntity(header.author),
    ),
    writeServiceEvent(header),
    header.replaces &&
      element("relatedDocument", { typeCode: "RPLC" }, element("parentDocument", {}, writeId("id", header.replaces))),
    writeEncounter(header),
  );
}

function writePatient(patient: HeaderPatient): XmlPiece {
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

function writeAssignedEntity(professional: HeaderProfessional): XmlPiece {
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
    element("addr", { nullFlavor: "NASK" }),
    element("telecom", { nullFlavor: "NASK" }),
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
    element("telecom", { nullFlavor: "NASK" }),
    element("addr", { nullFlavor: "NASK" }),
    setting,
  );
}

function writeContact(contact: HeaderContact): XmlPiece {
  return element(
    "informant",
    {},
    element(
      "relatedEntity",
      { classCode: contact.kind },
      contact.relationship && writeCode("code", contact.relationship),
      element("addr", { nullFlavor: "NASK" }),
      contact.phone
        ? element("telecom", { value: `tel:${contact.phone.replace(/[^\d+]/g, "")}` })
        : element("telecom", { nullFlavor: "NASK" }),
      writePersonName("relatedPerson", contact),
    ),
  );
}

/** What the patient writes is kept by Mon espace santé. */
function writeCustodian(author: HeaderAuthor): XmlPiece {
  const organization =
    author === "patient"
      ? element(
          "representedCustodianOrganization",
          {},
          element("id", { root: "1.2.250.1.213.4.1" }),
          element("name", {}, "Mon espace santé"),
        )
      : writeOrganization("representedCustodianOrganization", author.organization);
  return element("custodian", {}, element("assignedCustodian", {}, organization));
}

function writeServiceEvent({ act, author, patient }: HeaderData): XmlPiece {
  return element(
    "documentationOf",
    {},
    element(
      "serviceEvent",
      {},
      act.code && writeCode("code", act.code),
      element(
        "effectiveTime",
        {},
        element("low", { value: act.start }),
        act.end && element("high", { value: act.end }),
      ),
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

function writeEncounter({ act, encounter, author }: HeaderData): XmlPiece {
  const { start, end } = encounter ?? act;
  return element(
    "componentOf",
    {},
    element(
      "encompassingEncounter",
      {},
      encounter?.code && writeCode("code", encounter.code),
      element("effectiveTime", {}, element("low", { value: start }), end && element("high", { value: end })),
      element(
        "location",
        {},
        element(
          "healthCareFacility",
          {},
          author === "patient"
            ? writeCode("code", patientProducer)
            : pieces(
                element("id", { root: structureRoot, extension: author.organization.id }),
                writeCode("code", author.organization.facilityType),
                element("location", {}, element("name", {}, author.organization.name)),
              ),
        ),
      ),
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
