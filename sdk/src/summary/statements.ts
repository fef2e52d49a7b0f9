import type { BundleEntry, Reference } from "fhir/r4.js";
import { extensionUrl } from "../fhir/systems.ts";
import { conform, ips } from "./conform.ts";
import { addExtensions, documentAuthor, sourcesOf } from "./entry.ts";
import type { Telling } from "./merge.ts";
import { ABSENT_UNKNOWN } from "./reading.ts";
import { copyResource, type ReferenceMap } from "./rewrite.ts";
import { requiredSections, type SectionName } from "./sections.ts";
import type { SourceDocument } from "./source-document.ts";
import { stableUuid } from "./stable-id.ts";

const KIND_OF_SECTION: Partial<Record<SectionName, readonly string[]>> = {
  allergies: ["AllergyIntolerance"],
  problems: ["Condition"],
  medications: ["MedicationStatement", "MedicationRequest"],
  immunizations: ["Immunization"],
  procedures: ["Procedure"],
  devices: ["DeviceUseStatement"],
};

const DATE_OF_STATEMENT: Readonly<Record<string, string>> = {
  AllergyIntolerance: "recordedDate",
  Condition: "recordedDate",
  MedicationStatement: "dateAsserted",
  MedicationRequest: "authoredOn",
  Immunization: "recorded",
  DeviceUseStatement: "recordedOn",
};

const WHO_OF_STATEMENT: Readonly<Record<string, string>> = {
  AllergyIntolerance: "recorder",
  Condition: "recorder",
  MedicationStatement: "informationSource",
  MedicationRequest: "recorder",
};

/** FHIR has no organization record what is stated. */
function isPerson({ author, resolve }: SourceDocument): boolean {
  const target = author?.reference ? resolve(author.reference) : undefined;
  return target?.resourceType === "Practitioner" || target?.resourceType === "PractitionerRole";
}

/** "None known" statements about this section, newest first. */
export function statementsFor(name: SectionName, absences: readonly Telling[]): Telling[] {
  const kinds = KIND_OF_SECTION[name];
  return kinds ? absences.filter((telling) => kinds.includes(telling.fact.resource.resourceType)) : [];
}

/** The statement as its document made it, with all who made it. */
export function copyStatement(stated: readonly Telling[], map: ReferenceMap, author: Reference): BundleEntry {
  const [newest] = stated as [Telling, ...Telling[]];
  const url = `urn:uuid:${stableUuid(`${newest.document.id} ${newest.fact.key}`)}`;
  const resource = copyResource(newest.fact.resource, newest.document, map);
  // Said on the day of its document, unless it says otherwise: never on the day of the summary.
  const field = DATE_OF_STATEMENT[resource.resourceType];
  if (field && !(field in resource) && newest.document.date) Object.assign(resource, { [field]: newest.document.date });
  const who = documentAuthor(newest.document, map);
  // Said by the author of its document, unless it names another: never by whoever makes the summary.
  const said = WHO_OF_STATEMENT[resource.resourceType];
  if (who && said && isPerson(newest.document) && !("asserter" in resource) && !(said in resource))
    Object.assign(resource, { [said]: who });
  const profile = conform(resource, map.patientUrl, () => who ?? author);
  const sources = sourcesOf(stated);
  addExtensions(
    resource,
    sources.slice(1).map((source) => ({ url: extensionUrl.factSource, valueUri: source })),
  );
  resource.id = url.slice("urn:uuid:".length);
  resource.meta = { source: sources[0] as string, ...(profile ? { profile: [profile] } : {}) };
  return { fullUrl: url, resource };
}

/** "Nobody wrote anything" (IPS `no-…-info`): never "none known". */
export function toUnknown(name: keyof typeof requiredSections, patientUrl: string, display: string): BundleEntry {
  const id = stableUuid(`unknown ${name} ${patientUrl}`);
  const concept = { coding: [{ system: ABSENT_UNKNOWN, code: requiredSections[name] }], text: display };
  const subject = { reference: patientUrl };
  const fullUrl = `urn:uuid:${id}`;
  switch (name) {
    case "allergies":
      return {
        fullUrl,
        resource: {
          resourceType: "AllergyIntolerance",
          id,
          meta: { profile: [ips("AllergyIntolerance")] },
          clinicalStatus: {
            coding: [{ system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code: "active" }],
          },
          code: concept,
          patient: subject,
        },
      };
    case "problems":
      return {
        fullUrl,
        resource: {
          resourceType: "Condition",
          id,
          meta: { profile: [ips("Condition")] },
          clinicalStatus: {
            coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-clinical", code: "active" }],
          },
          code: concept,
          subject,
        },
      };
    case "medications":
      return {
        fullUrl,
        resource: {
          resourceType: "MedicationStatement",
          id,
          meta: { profile: [ips("MedicationStatement")] },
          status: "unknown",
          medicationCodeableConcept: concept,
          subject,
          _effectiveDateTime: {
            extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "unknown" }],
          },
        },
      };
  }
}
