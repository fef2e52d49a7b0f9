/** Who and what takes part in an allergy or a treatment: each agent is an allergy, a witness is none. */
import { describe, expect, it } from "vitest";
import type { AllergyIntolerance, MedicationStatement } from "../../fhir/index.ts";
import { summarise } from "../../summary/index.ts";
import { allergyXml, convert, sectionXml, treatmentXml } from "./test-support.ts";

const snomed = 'codeSystem="2.16.840.1.113883.6.96"';
const nut = `<code code="91935009" displayName="Arachide" ${snomed}/>`;
const allergiesOf = (entry: string) =>
  (convert(sectionXml("48765-2", "Allergies", "x", entry)).entry ?? []).flatMap(({ resource }) =>
    resource?.resourceType === "AllergyIntolerance" ? [resource as AllergyIntolerance] : [],
  );
const beside = (type: string, entity: string) =>
  `<participant typeCode="${type}"><participantRole><playingEntity>${entity}</playingEntity></participantRole></participant></observation></entryRelationship></act>`;
const end = "</observation></entryRelationship></act>";

describe("an allergy", () => {
  it("to several agents is as many allergies, each with all that is told of them", () => {
    const soya = beside("CSM", `<code code="256314002" displayName="Soja" ${snomed}/>`);
    const found = allergiesOf(allergyXml(nut).replace(end, soya));
    expect(found.map(({ code, onsetDateTime }) => [code?.text, onsetDateTime])).toEqual([
      ["Arachide", "2018"],
      ["Soja", "2018"],
    ]);
    const refuted = allergiesOf(allergyXml(nut, { negated: true }).replace(end, soya));
    expect(refuted.map(({ verificationStatus }) => verificationStatus?.coding?.[0]?.code)).toEqual([
      "refuted",
      "refuted",
    ]);
  });

  it("is never to the person who told it", () => {
    const told = allergyXml(undefined, { value: "" }).replace(end, beside("INF", "<name>Mme MODELE</name>"));
    expect(JSON.stringify(allergiesOf(told).map(({ code }) => code))).not.toContain("MODELE");
  });

  it("whose time is withheld says so", () => {
    const masked = allergyXml(nut).replace(
      '<effectiveTime><low value="2018"/></effectiveTime>',
      '<effectiveTime nullFlavor="MSK"/>',
    );
    expect(allergiesOf(masked)[0]).toMatchObject({ _onsetDateTime: { extension: [{ valueCode: "masked" }] } });
  });
});

it("no known allergy is said by the author of its document, never by whoever makes the summary", () => {
  const none = allergyXml(undefined, { text: "#a" });
  const text = '<paragraph ID="a">Aucune allergie connue</paragraph>';
  const summary = summarise([convert(sectionXml("48765-2", "Allergies", text, none))]);
  const resources = (summary.entry ?? []).map(({ resource }) => resource);
  const stated = resources.find((each) => each?.resourceType === "AllergyIntolerance") as
    | AllergyIntolerance
    | undefined;
  const at = (reference: string | undefined) => summary.entry?.find(({ fullUrl }) => fullUrl === reference)?.resource;
  const role = at(stated?.recorder?.reference);
  const person = role?.resourceType === "PractitionerRole" ? at(role.practitioner?.reference) : role;
  expect(JSON.stringify(person)).toContain("899700000017");
});

it("a dose, a rhythm or a route that is withheld is told, never left out", () => {
  for (const withheld of [
    '<doseQuantity nullFlavor="MSK"/>',
    '<effectiveTime xsi:type="PIVL_TS" operator="A" nullFlavor="MSK"/>',
    '<routeCode nullFlavor="MSK"/>',
  ]) {
    const bundle = convert(sectionXml("10160-0", "T", "x", treatmentXml("<name>FICTIMAB</name>", withheld)));
    expect(JSON.stringify(bundle)).toContain('"text":"Masqué"');
  }
});

it("a treatment tells when, by whom and for how many renewals it was prescribed", () => {
  const supply =
    '<entryRelationship typeCode="REFR"><supply classCode="SPLY" moodCode="INT"><templateId root="1.2.250.1.213.1.1.3.44"/><repeatNumber value="5"/><quantity value="3"/><author><time value="20230102"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="899700000025"/><assignedPerson><name><given>Ada</given><family>MODELE</family></name></assignedPerson></assignedAuthor></author></supply></entryRelationship>';
  const taken = (
    convert(sectionXml("10160-0", "T", "x", treatmentXml("<name>FICTIMAB</name>", supply))).entry ?? []
  ).find(({ resource }) => resource?.resourceType === "MedicationStatement")?.resource as
    | MedicationStatement
    | undefined;
  expect(taken?.note?.map(({ text }) => text)).toEqual([
    "Quantité prescrite : 3",
    "Renouvellements : 5",
    "Prescrit le 2 janvier 2023 par Ada MODELE",
  ]);
});
