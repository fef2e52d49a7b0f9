import type { Observation, Reference, RelatedPerson } from "../../../../fhir/index.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { writeConcept } from "../codes.ts";
import type { EntryContext } from "../context.ts";
import { writeName } from "../identity.ts";
import { referenceInWords } from "../told/value-words.ts";
import { writeTime } from "./shared.ts";

/** Whom an observation is about when it is not the patient: for its entry, and what its words say of the others. */
export interface WrittenSubject {
  readonly element: XmlPiece | undefined;
  /** What else it is about: a device, a further person. */
  readonly others: string;
}

/** An observation about somebody else must never read as one of the patient: that person is its subject. */
export function writeSubject(observation: Observation, context: EntryContext): WrittenSubject {
  const focus = (observation.focus ?? []).map((reference) => ({
    reference,
    found: context.resolve(reference, observation),
  }));
  const isPerson = ({ found }: (typeof focus)[number]) => !found || found.resourceType === "RelatedPerson";
  const isPatient = ({ found }: (typeof focus)[number]) => found?.resourceType === "Patient";
  const person = focus.find(isPerson);
  const others = focus.filter((one) => one !== person && !isPatient(one));
  return {
    element: person && writeRelated(person.reference, person.found as RelatedPerson | undefined),
    others: others
      .map(({ reference }) => referenceInWords(reference, { fact: observation, resolve: context.resolve }))
      .filter(Boolean)
      .join(", "),
  };
}

function writeRelated({ display }: Reference, person: RelatedPerson | undefined): XmlPiece {
  const relationship = person?.relationship?.find(({ coding, text }) => text || coding?.some(({ code }) => code));
  const name = person?.name?.[0];
  const { gender, birthDate } = person ?? {};
  const isKnown = gender === "male" || gender === "female";
  return element(
    "subject",
    {},
    element(
      "relatedSubject",
      { classCode: "PRS" },
      // Of whom is not said: still not of the patient.
      relationship || !name ? writeConcept("code", relationship ?? { text: display ?? "Autre personne" }) : undefined,
      name || isKnown || birthDate
        ? element(
            "subject",
            {},
            name && writeName(name),
            isKnown
              ? element("administrativeGenderCode", {
                  code: gender === "male" ? "M" : "F",
                  codeSystem: "2.16.840.1.113883.5.1",
                })
              : undefined,
            birthDate && writeTime("birthTime", birthDate),
          )
        : undefined,
    ),
  );
}
