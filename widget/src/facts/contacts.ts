import type { CodeableConcept } from "@carnet/sdk/fhir";
import { list } from "../shared/guards.ts";
import type { BundleIndex } from "./bundle-index.ts";
import { conceptText } from "./concept.ts";
import { baseOf, type Fact } from "./fact.ts";
import { addressText, bestName, inUse, nameOf, telecomText } from "./people.ts";

/** A person or team to call: family, trusted person, treating doctor, care team. */
export interface ContactFact extends Fact {
  readonly name?: string;
  /** Texts of the roles; a code alone where the source gives no text. */
  readonly roles: readonly string[];
  readonly group: "relative" | "care";
  readonly telecoms: readonly string[];
  readonly address?: string;
}

/** Relatives of the Patient and RelatedPerson entries; general practitioners and care team. */
export function readContacts(index: BundleIndex): readonly ContactFact[] {
  const contacts: ContactFact[] = [];
  const { patient } = index;
  if (patient !== undefined) {
    const base = baseOf(patient, index);
    for (const [position, contact] of list(patient.contact).entries()) {
      const name = bestName(contact.name) ?? nameOf(contact.organization, index, patient);
      const roles = rolesOf(contact.relationship);
      const address = addressText(contact.address);
      contacts.push({
        ...base,
        key: `${base.key}/contact/${position}`,
        group: "relative",
        ...(name === undefined ? {} : { name }),
        roles,
        ...(address === undefined ? {} : { address }),
        telecoms: telecomText(contact.telecom),
      });
    }
    for (const [position, reference] of list(patient.generalPractitioner).entries()) {
      const name = nameOf(reference, index, patient);
      if (name === undefined) continue;
      const found = index.resolve(reference, patient);
      const telecoms =
        found !== undefined && "telecom" in found && Array.isArray(found.telecom) ? telecomText(found.telecom) : [];
      contacts.push({ ...base, key: `${base.key}/practitioner/${position}`, group: "care", roles: [], name, telecoms });
    }
  }
  for (const resource of index.resources) {
    if (resource.resourceType === "RelatedPerson") {
      if (resource.active === false) continue;
      const name = bestName(resource.name);
      const roles = rolesOf(resource.relationship);
      const address = addressText(inUse(list(resource.address))[0]);
      contacts.push({
        ...baseOf(resource, index),
        group: "relative",
        ...(name === undefined ? {} : { name }),
        roles,
        ...(address === undefined ? {} : { address }),
        telecoms: telecomText(resource.telecom),
      });
    } else if (resource.resourceType === "CareTeam" && !/^(entered-in-error|inactive)$/.test(resource.status ?? "")) {
      const base = baseOf(resource, index);
      for (const [position, participant] of list(resource.participant).entries()) {
        const name = nameOf(participant.member, index, resource);
        const roles = rolesOf(participant.role);
        if (name === undefined && roles.length === 0) continue;
        contacts.push({
          ...base,
          key: `${base.key}/${position}`,
          group: "care",
          ...(name === undefined ? {} : { name }),
          roles,
          telecoms: [],
        });
      }
    }
  }
  return merged(contacts);
}

/** One person told several times, with the same telephone, is one line with every role. */
function merged(contacts: readonly ContactFact[]): readonly ContactFact[] {
  const found = new Map<string, ContactFact>();
  for (const contact of contacts) {
    const key =
      contact.name === undefined ? contact.key : `${contact.name.toLowerCase()} ${contact.telecoms.join(" ")}`;
    const known = found.get(key);
    const sources = [...(known?.sources ?? []), ...contact.sources];
    found.set(key, {
      ...contact,
      ...known,
      roles: [...new Set([...(known?.roles ?? []), ...contact.roles])],
      sources: sources.filter((source, at) => sources.findIndex(({ uniqueId }) => uniqueId === source.uniqueId) === at),
    });
  }
  return [...found.values()];
}

function rolesOf(concepts: readonly CodeableConcept[] | undefined): readonly string[] {
  const texts = list(concepts)
    .map((concept) => conceptText(concept))
    .filter((text) => text !== undefined);
  return [...new Set(texts)];
}
