/** What a document says twice is said once, and what it says beside a code is not lost to the code. */
import { describe, expect, it } from "vitest";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { convert, problemXml, sectionXml, treatmentXml } from "./test-support.ts";

const snomed = 'codeSystem="2.16.840.1.113883.6.96"';
const icd = 'codeSystem="2.16.840.1.113883.6.3"';
const atc = 'codeSystem="2.16.840.1.113883.6.73"';
const fr = (number: string) => `<templateId root="1.2.250.1.213.1.1.3.${number}"/>`;

describe("the side of a finding", () => {
  const side = (label: string, word: string) => {
    const qualifier = `<qualifier><name code="272741003" displayName="latéralité" ${snomed}/><value code="24028007" displayName="${word}" ${snomed}/></qualifier>`;
    const value = `<value xsi:type="CD" code="M17" displayName="${label}" ${icd}>${qualifier}</value>`;
    return all(convert(sectionXml("11450-4", "P", "x", problemXml(value))), "Condition")[0]?.code?.text;
  };

  it("is told once where the label tells it, whatever its gender", () => {
    expect(side("Gonarthrose droite", "droite")).toBe("Gonarthrose droite");
    expect(side("Fracture du genou droit", "Droite")).toBe("Fracture du genou droit");
    expect(side("Fracture du genou droit", "Côté droit")).toBe("Fracture du genou droit");
    expect(side("Surdité bilatérale", "bilatéral")).toBe("Surdité bilatérale");
  });

  it("is told where the label tells none, another one, or names a muscle", () => {
    expect(side("Gonarthrose", "droite")).toBe("Gonarthrose (droite)");
    expect(side("Hypertrophie du ventricule droit", "gauche")).toBe("Hypertrophie du ventricule droit (gauche)");
    expect(side("Abcès du muscle droit", "droite")).toBe("Abcès du muscle droit (droite)");
  });
});

describe("the name written beside a product's code", () => {
  const taken = (product: string) => {
    const bundle = convert(sectionXml("10160-0", "T", "x", treatmentXml(product)));
    const [found] = all(bundle, "MedicationStatement");
    return [found?.medicationCodeableConcept?.text, found?.note?.map(({ text }) => text)];
  };

  it("names it where the code is that of a class or a substance, whose label stays with the code", () => {
    const ramipril = `<code code="C09AA05" displayName="ramipril" ${atc}/>`;
    expect(taken(`${ramipril}<name>FICTITEC 5 mg, comprimé</name>`)).toEqual(["FICTITEC 5 mg, comprimé", undefined]);
    expect(taken(ramipril)).toEqual(["ramipril", undefined]);
    expect(taken(`${ramipril}<name>-</name>`)).toEqual(["ramipril", undefined]);
  });

  it("stays beside it where the code names something else, and is not repeated where it says the same", () => {
    const box = `<code code="60000001" displayName="FICTIMAB 75 mg, comprimé pelliculé" codeSystem="1.2.250.1.213.2.3.1"/>`;
    const label = "FICTIMAB 75 mg, comprimé pelliculé";
    expect(taken(`${box}<name>FICTIMAB 75mg</name>`)).toEqual([label, undefined]);
    expect(taken(`${box}<name>AUTREMAB 20 mg</name>`)).toEqual([label, ["Nom écrit : AUTREMAB 20 mg"]]);
  });
});

describe("a vaccine", () => {
  const influenza = `<code code="J07BB02" displayName="vaccin grippal" ${atc}/>`;
  const vaccine = (
    inner: string,
    { attributes = 'moodCode="EVN"', status = "completed", template = "45", after = "" } = {},
  ) =>
    convert(
      sectionXml(
        "11369-6",
        "Vaccins",
        "x",
        `<substanceAdministration classCode="SBADM" ${attributes}>${fr(template)}<code code="IMMUNIZ" codeSystem="2.16.840.1.113883.5.4"/><statusCode code="${status}"/>${inner}<consumable><manufacturedProduct><manufacturedMaterial>${influenza}<name>FICTIGRIP</name></manufacturedMaterial><manufacturerOrganization><name>LABO FICTIF</name></manufacturerOrganization></manufacturedProduct></consumable>${after}</substanceAdministration>`,
      ),
    );
  const related = (type: string, inner: string) =>
    `<entryRelationship typeCode="${type}"><observation classCode="OBS" moodCode="EVN">${inner}</observation></entryRelationship>`;
  const asthma = `${fr("37")}<code code="282291009" ${snomed}/><value xsi:type="CD" code="J45" displayName="Asthme" ${icd}/>`;
  const how = `<routeCode code="20035000" displayName="Voie intramusculaire" codeSystem="0.4.0.127.0.16.1.1.2.1"/><approachSiteCode code="368208006" displayName="bras gauche" ${snomed}/><doseQuantity value="0.5" unit="mL"/>`;
  const author =
    '<author><time value="20240102"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="899700000025"/><assignedPerson><name><family>MODELE</family><given>Ada</given></name></assignedPerson></assignedAuthor></author>';

  it("given says its brand, its maker and what was noted of it", () => {
    const scheme = `${fr("48")}<code code="59785-6" displayName="Schéma" codeSystem="2.16.840.1.113883.6.1"/><value xsi:type="ST">rappel</value>`;
    const [given] = all(
      vaccine('<effectiveTime value="20240102"/>', { after: related("SUBJ", scheme) }),
      "Immunization",
    );
    expect(given?.vaccineCode).toEqual({
      coding: [expect.objectContaining({ code: "J07BB02", display: "vaccin grippal" })],
      text: "FICTIGRIP",
    });
    expect(given?.manufacturer).toEqual({ display: "LABO FICTIF" });
    expect(given?.note).toEqual([{ text: "Schéma : rappel" }]);
  });

  it.each([
    ["aborted", undefined],
    ["cancelled", "Annulée"],
    ["suspended", "Suspendue"],
    ["held", "Suspendue"],
  ])("whose injection was %s was not given", (status, why) => {
    const [found] = all(vaccine('<effectiveTime value="20240102"/>', { status }), "Immunization");
    expect([found?.status, found?.statusReason?.text]).toEqual(["not-done", why]);
  });

  it("recommended keeps why, how, how much, where, and who recommends it", () => {
    const bundle = vaccine(`<effectiveTime><low value="20250101"/></effectiveTime>${how}`, {
      attributes: 'moodCode="PRP"',
      template: "47",
      after: author + related("RSON", asthma),
    });
    // Told in words alone: no resource stands in the Bundle that nothing names.
    expect(all(bundle, "Practitioner").flatMap(({ name }) => name?.[0]?.family ?? [])).not.toContain("MODELE");
    const [advice] = all(bundle, "ImmunizationRecommendation");
    expect(advice?.recommendation[0]).toMatchObject({
      vaccineCode: [{ text: "FICTIGRIP" }],
      forecastStatus: { coding: [{ code: "due" }] },
      forecastReason: [{ text: "Asthme" }],
      description:
        "Voie : Voie intramusculaire\nLocalisation : bras gauche\nDose : 0,5 mL\nAuteur : Ada MODELE, le 2 janvier 2024",
    });
  });

  it.each([
    ["cancelled", "Annulée"],
    ["aborted", "Annulée"],
    ["suspended", "Suspendue"],
  ])("recommended and then %s is not due", (status, words) => {
    const bundle = vaccine("", { attributes: 'moodCode="INT"', template: "47", status });
    expect(all(bundle, "ImmunizationRecommendation")[0]?.recommendation[0]?.forecastStatus).toEqual({ text: words });
  });
});
