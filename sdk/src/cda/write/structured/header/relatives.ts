import type {
  Address,
  CodeableConcept,
  ContactPoint,
  HumanName,
  PatientContact,
  RelatedPerson,
} from "../../../../fhir/index.ts";
import { writeAddresses, writeTelecoms } from "../../reachable-at.ts";
import { element, pieces, type XmlPiece } from "../../xml.ts";
import { wordsOf, writeConcept } from "../codes.ts";
import { identifiersOf, writeName } from "../identity.ts";

/** The places of a header where relatives of the patient stand, and what no place of theirs can hold. */
export interface WrittenRelative {
  readonly guardians: readonly XmlPiece[];
  readonly informants: readonly XmlPiece[];
  readonly participants: readonly XmlPiece[];
  readonly words: readonly string[];
}

interface Relative {
  readonly name: HumanName | undefined;
  readonly relationship: readonly CodeableConcept[];
  readonly telecom: readonly ContactPoint[];
  readonly address: readonly Address[];
  readonly ids: readonly XmlPiece[];
}

/** Qualities of a relative in the classes of HL7: person to call, trusted person, guardian, contact, carer, relation. */
const classes: Readonly<Record<string, string>> = {
  ECON: "ECON",
  // Emergency contact, in the words of HL7 v2.
  C: "ECON",
  NOK: "NOK",
  GUARD: "GUARD",
  CON: "CON",
  CAREGIVER: "CAREGIVER",
  PRS: "PRS",
};

/** `true` for whom a document names to be called or trusted, or who answers for the patient, wherever the Bundle names them. */
export function isContact(person: RelatedPerson): boolean {
  return classesOf(person.relationship ?? []).some((each) => each === "ECON" || each === "NOK" || each === "GUARD");
}

/** A relative that a resource of their own describes. */
export function writeRelatedPerson(person: RelatedPerson): WrittenRelative {
  const { name, relationship = [], telecom = [], address = [] } = person;
  return writeRelative({ name: name?.[0], relationship, telecom, address, ids: identifiersOf(person) });
}

/** A relative among the contacts of a Patient. */
export function writePatientContact({
  name,
  relationship = [],
  telecom = [],
  address,
}: PatientContact): WrittenRelative {
  return writeRelative({ name, relationship, telecom, address: address ? [address] : [], ids: [] });
}

/** Once for each quality: a role of CDA has one. */
function writeRelative(relative: Relative): WrittenRelative {
  const { name, relationship, telecom, address, ids } = relative;
  const links = relationship.flatMap((concept) => linkOf(concept) ?? []);
  const [link, ...further] = links;
  if (!name && !link && telecom.length === 0) return { guardians: [], informants: [], participants: [], words: [] };
  const kinds = classesOf(relationship);
  const code = link && writeConcept("code", link);
  const reach = pieces(writeAddresses(address), writeTelecoms(telecom));
  const person = (tag: string) => name && element(tag, {}, writeName(name));
  const written = (kind: string) => kinds.includes(kind);
  const others = kinds.filter((kind) => !inPlace.has(kind));
  return {
    guardians: written("GUARD")
      ? [element("guardian", { classCode: "GUARD" }, ids, code, reach, person("guardianPerson"))]
      : [],
    informants: ["ECON", "NOK"]
      .filter(written)
      .map((classCode) =>
        element("informant", {}, element("relatedEntity", { classCode }, code, reach, person("relatedPerson"))),
      ),
    participants: (kinds.length > 0 ? others : ["PRS"]).map((classCode) =>
      element(
        "participant",
        { typeCode: "IND" },
        element("associatedEntity", { classCode }, ids, code, reach, person("associatedPerson")),
      ),
    ),
    words: further.map((each) => `Lien : ${wordsOf(each)}`),
  };
}

const inPlace: ReadonlySet<string> = new Set(["GUARD", "ECON", "NOK"]);

function classesOf(relationship: readonly CodeableConcept[]): readonly string[] {
  const codes = relationship.flatMap(({ coding = [] }) => coding.flatMap(({ code }) => classes[code ?? ""] ?? []));
  return [...new Set(codes)];
}

/** What they are to the patient ("Fille"), without the quality in which they are named. */
function linkOf({ coding = [], text }: CodeableConcept): CodeableConcept | undefined {
  const own = coding.filter(({ code }) => !Object.hasOwn(classes, code ?? ""));
  if (own.length === 0 && (coding.length > 0 || !text)) return undefined;
  return { ...(own.length > 0 ? { coding: own } : {}), ...(text ? { text } : {}) };
}
