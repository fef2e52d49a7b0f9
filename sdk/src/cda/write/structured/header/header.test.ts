import { describe, expect, it } from "vitest";
import type { Bundle, Encounter, FhirResource, Reference } from "../../../../fhir/index.ts";
import { identifierSystem } from "../../../../fhir/systems.ts";
import { readCdaView } from "../../../narrative/index.ts";
import { cdaToFhir } from "../../../read/index.ts";
import { CdaInputError } from "../../errors.ts";
import type { WrapAuthor } from "../../wrap-input.ts";
import { fhirToCda } from "../fhir-to-cda.ts";
import { author, documentOf, found } from "../test-support.ts";
import { named, withHeader } from "./test-support.ts";

const bare = documentOf("11488-4", [{ code: "42349-1", title: "Motif", text: "Chute" }]);
const read = (bundle: Bundle) => cdaToFhir(fhirToCda(bundle));
const again = read(withHeader(bare));
const composition = found(again, "Composition")[0];

const resolve = (reference: Reference | undefined, bundle: Bundle = again) =>
  bundle.entry?.find(({ fullUrl }) => fullUrl === reference?.reference)?.resource;
const meetingOf = (bundle: Bundle) => resolve(found(bundle, "Composition")[0]?.encounter, bundle) as Encounter;
const meeting = meetingOf(again);

/** Somebody as the document written anew tells them, whatever role they are told in. */
function person(family: string, bundle: Bundle = again): FhirResource | undefined {
  return bundle.entry?.find(
    ({ resource }) => resource && "name" in resource && JSON.stringify(resource.name).includes(family),
  )?.resource;
}
/** Codes, else words, of the qualities in which somebody took part. */
const qualitiesOf = (family: string, bundle: Bundle = again) =>
  (meetingOf(bundle).participant ?? [])
    .filter(({ individual }) => individual?.display?.includes(family))
    .flatMap(({ type }) => (type ?? []).map(({ coding, text }) => coding?.[0]?.code ?? text));
const pathOf = (bundle: Bundle) => {
  try {
    fhirToCda(bundle);
  } catch (error) {
    return error instanceof CdaInputError ? error.path : undefined;
  }
  return undefined;
};

describe("the meeting that a document is about comes back", () => {
  it("with its number, its kind, its days and how the patient left", () => {
    expect(meeting).toMatchObject({
      identifier: [{ system: "urn:oid:1.2.250.1.999.4", value: "SEJOUR-7" }],
      class: { code: "EMER" },
      period: { start: "2026-01-12T08:00:00+01:00", end: "2026-01-14" },
      hospitalization: { dischargeDisposition: { text: "Retour à domicile" } },
    });
  });

  it("with its place and the structure that held it, not those of the author", () => {
    const { name, type, address, identifier } = named.place;
    expect(resolve(meeting.location?.[0]?.location)).toMatchObject({ name, type, address, identifier });
    expect(resolve(meeting.serviceProvider)).toMatchObject(named.hospital);
  });

  it.each([
    ["RESPONSABLE", ["ATND"]],
    ["CONSULTE", ["CON"]],
    ["INFORMATEUR", ["INF"]],
    ["DESTINATAIRE", ["IRCP"]],
    ["SAISIE", ["secrétaire", "ENT"]],
    ["ANESTHESISTE", ["anesthésiste"]],
    ["TRAITANT", ["PCP"]],
    ["PRESENT", ["IND"]],
  ])("with %s, in every quality", (family, qualities) => {
    expect(qualitiesOf(family).sort()).toEqual(qualities.toSorted());
  });

  it("with the days of those who came once, and whose name, number, telephone and address each has", () => {
    const consultant = meeting.participant?.find(({ individual }) => individual?.display?.includes("CONSULTE"));
    expect(consultant?.period).toEqual({ start: "2026-01-13" });
    for (const each of ["chief", "teller", "recipient", "anaesthetist", "signer", "surgeon"] as const)
      expect(person(named[each].name[0]?.family ?? "")).toMatchObject(named[each]);
  });

  it("with the referring doctor of the patient", () => {
    expect(found(again, "Patient")[0]?.generalPractitioner).toMatchObject([{ display: "Ada TRAITANT" }]);
  });

  it.each([
    ["guardian", "TUTRICE"],
    ["trusted", "CONFIANCE"],
    ["carer", "AIDANTE"],
  ] as const)("with the %s of the patient", (key, family) => {
    const { patient: _, ...told } = named[key];
    expect(person(family)).toMatchObject(told);
  });

  it("with whom the patient wants called", () => {
    expect(person("LEVOISIN")).toMatchObject({ relationship: [{ coding: [{ code: "ECON" }] }] });
  });

  it("with what no place of a header holds, in words", () => {
    const reason = read(withHeader(bare, { reasonCode: [{ text: "Malaise" }], status: "onleave" }));
    const words = found(reason, "Composition")[0]?.section?.at(-1);
    expect(words?.title).toBe("Prise en charge");
    expect(words?.text?.div).toMatch(/Motif : Malaise/);
    expect(words?.text?.div).toMatch(/Statut : /);
    const type = [{ text: "interprète" }];
    const taken = read(
      withHeader(bare, { participant: [{ individual: { reference: "urn:uuid:carer" }, type }, { type }] }),
    );
    const div = found(taken, "Composition")[0]?.section?.at(-1)?.text?.div;
    expect(div).toMatch(/Participant : Lou Max AIDANTE, interprète.*Participant : interprète/);
    expect(found(again, "Composition")[0]?.section).toHaveLength(1);
  });

  it("whole from a section that lists it, without the words twice", () => {
    const whole = withHeader(documentOf("11488-4", [{ code: "46240-8", title: "Rencontres", text: "Vu" }]), {
      reasonCode: [{ text: "Malaise" }],
    });
    for (const { resource } of whole.entry ?? [])
      if (resource?.resourceType === "Composition" && resource.section?.[0])
        resource.section[0].entry = [{ reference: "urn:uuid:meeting" }];
    const sections = found(read(whole), "Composition")[0]?.section;
    expect(sections?.map(({ title }) => title)).toEqual(["Rencontres"]);
    expect(JSON.stringify(sections).split("Malaise")).toHaveLength(2);
  });

  it("without days where nobody knows them", () => {
    const { period: _, ...undated } = meetingOf(withHeader(bare));
    const bundle = withHeader(bare);
    for (const one of bundle.entry ?? []) if (one.fullUrl === "urn:uuid:meeting") one.resource = undated;
    expect(meetingOf(read(bundle)).period).toBeUndefined();
  });

  it("or is refused where it names nobody that the Bundle knows", () => {
    expect(pathOf(withHeader(bare, { participant: [{ individual: { reference: "Practitioner/nobody" } }] }))).toBe(
      "Composition.encounter.participant[0]",
    );
  });
});

describe("the people of a document come back:", () => {
  it("every author, and the software that wrote", () => {
    expect(composition?.author.map(({ display }) => display)).toEqual([
      "DR M Paul MARTIN",
      "Ada COAUTEUR",
      "Logiciel du Test",
    ]);
    expect(resolve(composition?.author[2])).toMatchObject(named.software);
  });

  it("who answers for it and when, and who validated it", () => {
    expect(composition?.attester).toMatchObject([
      { mode: "legal", time: "2026-01-15T11:00:00+01:00", party: { display: "Ada SIGNATAIRE" } },
      { mode: "professional", party: { display: "Ada VALIDEUR" } },
    ]);
    expect(composition?.attester?.[1]).not.toHaveProperty("time");
  });

  it("who keeps it", () => {
    expect(resolve(composition?.custodian)).toMatchObject(named.hospital);
  });

  it("the author's telephones and addresses, and those of their structure", () => {
    const telecom = [{ system: "phone", value: "0100000099", use: "work" }] as const;
    const address = [{ line: ["9 rue du Test"], city: "Paris", postalCode: "75001" }];
    const entry = (bare.entry ?? []).map((one) =>
      one.resource?.resourceType === "Practitioner" || one.resource?.resourceType === "Organization"
        ? { ...one, resource: { ...one.resource, telecom: [...telecom], address } }
        : one,
    );
    const told = read({ ...bare, entry });
    expect(found(told, "Practitioner")).toMatchObject([{ telecom, address }]);
    for (const structure of found(told, "Organization")) expect(structure).toMatchObject({ telecom, address });
  });

  it("the author as referring doctor, when the patient names them so", () => {
    const author = found(bare, "Composition")[0]?.author[0];
    const entry = (bare.entry ?? []).map((one) =>
      one.resource?.resourceType === "Patient" && author
        ? { ...one, resource: { ...one.resource, generalPractitioner: [author] } }
        : one,
    );
    const told = read({ ...bare, entry });
    expect(found(told, "Patient")[0]?.generalPractitioner).toMatchObject([{ display: "DR M Paul MARTIN" }]);
  });

  it("what is withheld as withheld", () => {
    const masked = {
      extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "masked" }],
    };
    const entry = (bare.entry ?? []).map((one) =>
      one.resource?.resourceType === "Patient"
        ? { ...one, resource: { ...one.resource, address: [masked], telecom: [masked] } }
        : one,
    );
    expect(found(read({ ...bare, entry }), "Patient")[0]).toMatchObject({ address: [masked], telecom: [masked] });
  });
});

it("the view of a document names everybody in the part they had", () => {
  const rows = readCdaView(fhirToCda(withHeader(bare))).header;
  const told = (label: string) => rows.filter((row) => row.label === label).map(({ value }) => value.split(",")[0]);
  expect(told("Responsable de la prise en charge")).toEqual(["Ada RESPONSABLE"]);
  expect(told("Informateur")).toEqual(["Ada INFORMATEUR"]);
  expect(told("Saisi par")).toEqual(["Ada SAISIE"]);
  expect(told("Destinataire")).toEqual(["Ada DESTINATAIRE"]);
  expect(told("Intervenant")).toContain("Ada CONSULTE");
  const values = rows.map(({ value }) => value);
  expect(values).toContain("Ada ANESTHESISTE, anesthésiste");
  expect(values).toContain("Coronarographie, 13 janvier 2026, Ada OPERATEUR");
  expect(told("Médecin traitant")).toEqual(["Ada TRAITANT"]);
  expect(told("Représentant légal")).toEqual(["Lou Max TUTRICE"]);
  expect(told("Proche")).toEqual([]);
});

describe("the acts of a document come back:", () => {
  it("each with its code, its day and who did it, beside the main one", () => {
    expect(composition?.event?.[1]).toMatchObject({
      code: [{ text: "Coronarographie" }],
      period: { start: "2026-01-13" },
      detail: [{ display: "Ada OPERATEUR" }],
    });
  });

  it("all the codes and the words of the main one", () => {
    const coding = [
      { system: "http://loinc.org", code: "24727-0", display: "CT Head" },
      { system: "urn:oid:1.2.250.1.215.300.1", code: "ACQH004", display: "Scanographie du crâne" },
    ];
    const event = [{ code: [{ coding, text: "Scanner" }, { text: "Consultation" }], period: { start: "2026-01-12" } }];
    const told = found(read(withComposition({ event })), "Composition")[0];
    expect(told?.event?.map(({ code }) => code?.[0])).toMatchObject([
      { coding, text: "Scanner" },
      { text: "Consultation" },
    ]);
  });

  it("those who did the main one, when it is not the author", () => {
    const event = [{ period: { start: "2026-01-12" }, detail: [{ display: "Ida OPERE" }] }];
    const told = found(read(withComposition({ event })), "Composition")[0];
    expect(told?.event?.[0]?.detail).toMatchObject([{ display: "Ida OPERE" }]);
  });
});

it("what is written by somebody else keeps who did it and who is the referring doctor, and is signed by who writes", () => {
  const numbered = named.gp.identifier[0]?.value ?? "";
  const bundle = withComposition(
    {
      author: [{ reference: "urn:uuid:gp" }],
      attester: [{ mode: "legal", party: { reference: "urn:uuid:gp" } }],
      event: [{ period: { start: "2026-01-12" }, detail: [{ reference: "urn:uuid:gp" }] }],
    },
    withHeader(bare),
  );
  const told = cdaToFhir(fhirToCda(bundle, { author: { ...(author as WrapAuthor), rpps: "10000000095" } }));
  const [written] = found(told, "Composition");
  expect(written?.author).toMatchObject([{ display: "DR M Paul MARTIN" }]);
  expect(written?.attester).toMatchObject([{ mode: "legal", party: { display: "DR M Paul MARTIN" } }]);
  expect(written?.event?.[0]?.detail).toMatchObject([{ display: "Ada TRAITANT" }]);
  expect(found(told, "Patient")[0]?.generalPractitioner).toMatchObject([{ display: "Ada TRAITANT" }]);
  expect(JSON.stringify(told)).toContain(numbered);
});

describe("what a document does to others comes back:", () => {
  it("to which it adds", () => {
    expect(composition?.relatesTo).toMatchObject([
      { code: "appends", targetIdentifier: { value: "urn:oid:1.2.250.1.999.1.1.5" } },
    ]);
  });

  it("all that it replaces, and what it transforms", () => {
    const identifier = (number: number) => ({
      system: identifierSystem.uri,
      value: `urn:oid:1.2.250.1.999.1.1.${number}`,
    });
    const relatesTo = [
      { code: "replaces", targetReference: { identifier: identifier(1) } },
      { code: "replaces", targetIdentifier: identifier(2) },
      { code: "transforms", targetIdentifier: identifier(3) },
    ];
    const told = found(read(withComposition({ relatesTo })), "Composition")[0]?.relatesTo;
    expect(told?.map(({ code, targetIdentifier }) => [code, targetIdentifier])).toEqual([
      ["replaces", identifier(1)],
      ["replaces", identifier(2)],
      ["transforms", identifier(3)],
    ]);
  });

  it("or is refused where nobody can tell which one", () => {
    const relatesTo = [{ code: "replaces", targetReference: { reference: "Composition/old" } } as const];
    expect(pathOf(withComposition({ relatesTo }))).toBe("Composition.relatesTo[0].targetIdentifier.value");
  });
});

it.each(["11488-4", "SYNTH", "11502-2"])("a document of type %s that is not final says so", (type) => {
  const section = { code: "18719-5", title: "Biochimie", text: "Résultats" };
  const told = read(withComposition({ status: "preliminary" }, documentOf(type, [section])));
  const status = found(told, "Composition")[0]?.section?.find(({ code }) => code?.coding?.[0]?.code === "33557-0");
  expect(status?.text?.div).toContain("Provisoire");
});

it("a document that its author took back is written no more", () => {
  expect(pathOf(withComposition({ status: "entered-in-error" }))).toBe("Composition.status");
});

function withComposition(more: object, bundle = bare): Bundle {
  const entry = (bundle.entry ?? []).map((one) =>
    one.resource?.resourceType === "Composition" ? { ...one, resource: { ...one.resource, ...more } } : one,
  );
  return { ...bundle, entry };
}
