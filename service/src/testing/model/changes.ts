/** The changes of a document that a walk asks for, and by whom the model lets each be made. */
import { codeSystem } from "@carnet/sdk/fhir";
import {
  isAuthor,
  isAwaiting,
  isOfStructure,
  isReferringDoctor,
  type ModelDocument,
  type ModelRecord,
  type Person,
} from "./record-model.ts";

export const CHANGES = ["hide", "show", "show-to-patient", "hide-from-representatives", "archive", "delete"] as const;

export type Change = (typeof CHANGES)[number];

/** A patch that leaves a document as it is asks for nothing. */
export function changesSomething(change: Change, document: ModelDocument, now: number): boolean {
  switch (change) {
    case "hide":
      return !document.isMasked;
    case "show":
      return document.isMasked;
    case "show-to-patient":
      return isAwaiting(document, now);
    case "hide-from-representatives":
      return !document.isInvisibleToRepresentatives;
    case "archive":
      return !document.isArchived;
    case "delete":
      return true;
  }
}

/** R120 to R122: the author or the author's structure; the patient or the referring doctor a patient's document. */
export function mayDelete(record: ModelRecord, person: Person, document: ModelDocument): boolean {
  if (isAuthor(person, document)) return true;
  const isPatients = document.authors.some(({ kind }) => kind === "holder" || kind === "representative");
  if (isPatients)
    return person.kind === "holder" || person.kind === "representative" || isReferringDoctor(record, person);
  return person.kind === "establishment" && isOfStructure(person, document);
}

/** R143. */
export function mayUnmask(record: ModelRecord, person: Person, document: ModelDocument): boolean {
  const isHolders = person.kind === "holder" || person.kind === "representative";
  return isHolders || isReferringDoctor(record, person) || isAuthor(person, document);
}

export function patchOf(change: Change, document: ModelDocument): unknown {
  const flags = new Set([
    ...(document.isMasked ? ["MASQUE_PS"] : []),
    ...(document.isInvisibleToPatient ? ["INVISIBLE_PATIENT"] : []),
    ...(document.isInvisibleToRepresentatives ? ["INVISIBLE_REPRESENTANTS_LEGAUX"] : []),
  ]);
  const labels = () => [
    {
      op: "replace",
      path: "/securityLabel",
      value: [
        { coding: [{ system: codeSystem.confidentiality, code: "N" }] },
        ...[...flags].map((code) => ({ coding: [{ system: codeSystem.visibility, code }] })),
      ],
    },
  ];
  switch (change) {
    case "hide":
      flags.add("MASQUE_PS");
      return labels();
    case "show":
      flags.delete("MASQUE_PS");
      return labels();
    case "show-to-patient":
      flags.delete("INVISIBLE_PATIENT");
      return labels();
    case "hide-from-representatives":
      flags.add("INVISIBLE_REPRESENTANTS_LEGAUX");
      return labels();
    case "archive":
      return [
        {
          op: "add",
          path: "/extension[url:'https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived']/valueBoolean",
          value: true,
        },
      ];
    case "delete":
      return [{ op: "replace", path: "/status", value: "entered-in-error" }];
  }
}
