/** Words that deny, and booleans in either of their two spellings: what is denied, and what is not. */
import { describe, expect, it } from "vitest";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { saysNone } from "./polarity.ts";
import { allergyXml, convert, observationXml, problemXml, sectionXml, treatmentXml } from "./test-support.ts";

const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const icd = 'codeSystem="2.16.840.1.113883.6.3"';
const pointing = '<value xsi:type="CD" nullFlavor="NA"/>';

const problemOf = (words: string) =>
  all(
    convert(
      sectionXml("11450-4", "Problèmes", `<content ID="p">${words}</content>`, problemXml(pointing, { text: "#p" })),
    ),
    "Condition",
  )[0];
const allergyOf = (words: string) =>
  all(
    convert(
      sectionXml("48765-2", "Allergies", `<content ID="p">${words}</content>`, allergyXml(undefined, { text: "#p" })),
    ),
    "AllergyIntolerance",
  )[0];
const codeOf = (resource: { code?: { coding?: { code?: string }[]; text?: string } } | undefined) => [
  resource?.code?.coding?.[0]?.code,
  resource?.code?.text,
];

describe("words that deny", () => {
  it.each([
    "RAS",
    "R.A.S.",
    "Rien à signaler",
    "Néant",
    "Aucun antécédent notable",
    "Aucun antécédent médical ni chirurgical",
    "Aucun antécédent personnel ni familial",
    "Il n’y a pas d’antécédent connu",
    "Le patient ne présente pas de pathologie chronique",
    "No known problems",
  ])("the whole kind: %s", (words) => {
    expect(codeOf(problemOf(words))).toEqual(["no-known-problems", words]);
  });

  it.each([
    "Pas de fièvre",
    "Pas d’antécédent de diabète",
    "Aucune douleur",
    "Pas d’antécédent chirurgical",
    "Aucune allergie connue",
    "Aucun antécédent familial",
  ])("one fact is refuted, the others stay open: %s", (words) => {
    const problem = problemOf(words);
    expect(codeOf(problem)).toEqual([undefined, words]);
    expect(problem?.verificationStatus?.coding?.[0]?.code).toBe("refuted");
  });

  it.each(["Absence de rein gauche", "Non-observance du traitement", "RAS sauf hypertension", "Rash"])(
    "what is only named by an absence, or excepted from it, stays a problem: %s",
    (words) => {
      const problem = problemOf(words);
      expect(codeOf(problem)).toEqual([undefined, words]);
      expect(problem?.verificationStatus).toBeUndefined();
    },
  );

  it.each([
    ["Aucune allergie connue", "no-known-allergies", undefined],
    ["Pas d’allergie alimentaire", "no-known-food-allergies", undefined],
    ["Pas d’allergie médicamenteuse, alimentaire ni respiratoire", "no-known-allergies", undefined],
    ["Pas d’allergie au latex", "416098002", "refuted"],
    ["Aucune allergie sauf la pénicilline", "416098002", undefined],
    ["Aucune autre allergie que l’iode", "416098002", undefined],
  ])("of allergies, no more than they say: %s", (words, code, verification) => {
    const allergy = allergyOf(words);
    expect(codeOf(allergy)).toEqual([code, words]);
    expect(allergy?.verificationStatus?.coding?.[0]?.code).toBe(verification);
  });

  it("of two kinds of allergies, and not of the third", () => {
    const words = "Pas d’allergie médicamenteuse ni alimentaire";
    const xml = sectionXml(
      "48765-2",
      "Allergies",
      `<content ID="p">${words}</content>`,
      allergyXml(undefined, { text: "#p" }),
    );
    expect(all(convert(xml), "AllergyIntolerance").map(codeOf)).toEqual([
      ["no-known-medication-allergies", words],
      ["no-known-food-allergies", words],
    ]);
  });

  it("of a treatment, an act, a vaccine: none of them is taken, done or given", () => {
    const words =
      '<content ID="p">Pas de traitement anticoagulant</content><content ID="q">Pas de scanner</content><content ID="r">Pas de vaccin contre la grippe</content>';
    const named = (id: string) =>
      `<code nullFlavor="NA"><originalText><reference value="#${id}"/></originalText></code>`;
    const act = `<procedure classCode="PROC" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.62"/>${named("q")}<statusCode code="completed"/></procedure>`;
    const bundle = convert(
      sectionXml(
        "10160-0",
        "Traitements",
        words,
        treatmentXml(named("p")),
        act,
        treatmentXml(named("r"), "", undefined, "45"),
      ),
    );
    expect(
      all(bundle, "MedicationStatement").map((each) => [each.status, each.medicationCodeableConcept?.text]),
    ).toEqual([["not-taken", "Pas de traitement anticoagulant"]]);
    expect(all(bundle, "Procedure").map((each) => [each.status, each.code?.text])).toEqual([
      ["not-done", "Pas de scanner"],
    ]);
    expect(all(bundle, "Immunization").map((each) => each.status)).toEqual(["not-done"]);
  });

  it.each(["Non renseigné", "Allergie à l’iode, pas de réaction", "Nulligeste", "Non vacciné"])(
    "no whole is denied by: %s",
    (words) => {
      expect(saysNone(words)).toBe(false);
    },
  );
});

describe("words beside a statement of another kind", () => {
  const pointing = '<text><reference value="#p"/></text>';
  const read = (section: string, words: string, entry: string) =>
    convert(sectionXml(section, "S", `<content ID="p">${words}</content>`, entry));

  it("deny an illness of the family, and an act to come", () => {
    const family = observationXml("51", '<code code="64572001"/>', `${pointing}<value xsi:type="CD" nullFlavor="NA"/>`);
    const [history] = all(read("10157-6", "Aucun antécédent familial", family), "FamilyMemberHistory");
    expect([history?.condition, history?.note?.[0]?.text]).toEqual([undefined, "Aucun antécédent familial"]);
    const act = `<procedure classCode="PROC" moodCode="INT"><templateId root="1.2.250.1.213.1.1.3.62"/><code nullFlavor="NA"/>${pointing}</procedure>`;
    const [request] = all(read("18776-5", "Pas de scanner prévu", act), "ServiceRequest");
    expect(request).toMatchObject({ doNotPerform: true, code: { text: "Pas de scanner prévu" } });
  });

  it("refuse what a directive permits: both stay, and the contradiction is told", () => {
    const permit = observationXml(
      "54",
      '<code code="281789004" displayName="Réanimation"/>',
      `${pointing}<value xsi:type="BL" value="true"/>`,
    );
    const [consent] = all(read("42348-3", "Non", permit), "Consent");
    expect(consent?.provision?.type).toBe("permit");
    expect(consent?.extension?.map((each) => each.valueString)).toContain("Le codage affirme, le texte dit « Non ».");
  });

  it("are the answer where the value says that no code applies, not where they repeat the question", () => {
    const tobacco = observationXml(
      "52",
      '<code code="229819007" displayName="Tabac"/>',
      `${pointing}<value xsi:type="CD" nullFlavor="NA"/>`,
    );
    const answer = (words: string) => all(read("29762-2", words, tobacco), "Observation")[0];
    expect(answer("Non fumeur")?.valueString).toBe("Non fumeur");
    expect([answer("Tabac")?.valueString, answer("Tabac")?.dataAbsentReason?.coding?.[0]?.code]).toEqual([
      undefined,
      "not-applicable",
    ]);
  });
});

describe("words that only fill a place", () => {
  it.each(["-", "xxx", "…", "(texte libre)"])("name no problem, allergy, treatment, act nor value: %s", (words) => {
    const pointed = `<code nullFlavor="NA"><originalText><reference value="#p"/></originalText></code>`;
    const asked = '<code code="718-7" displayName="Mesure" codeSystem="2.16.840.1.113883.6.1"/>';
    const said = (code: string) => observationXml("48", code, '<text><reference value="#p"/></text>');
    const bundle = convert(
      sectionXml(
        "11450-4",
        "Divers",
        `<content ID="p">${words}</content>`,
        problemXml(pointing, { text: "#p" }),
        allergyXml(undefined, { text: "#p" }),
        treatmentXml(pointed),
        treatmentXml(`<name>${words}</name>`),
        `<procedure classCode="PROC" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.62"/>${pointed}</procedure>`,
        said('<code nullFlavor="NA"/>'),
        said(asked),
      ),
    );
    const facts = (bundle.entry ?? []).flatMap(({ resource }) => resource?.resourceType ?? []);
    expect(facts.filter((kind) => /^(Condition|Allergy|Medication|Procedure)/.test(kind))).toEqual([]);
    expect(all(bundle, "Observation").map((each) => [each.code.text, each.valueString])).toEqual([
      ["Mesure", undefined],
    ]);
  });
});

describe("a boolean", () => {
  it.each([
    ["false", false],
    ["0", false],
    ["true", true],
    ["1", true],
  ])("is read in both spellings: %s", (written, answer) => {
    const value = `<value xsi:type="BL" value="${written}"/>`;
    const asked = `<code code="J45" displayName="Asthme" ${icd}/>`;
    const bundle = convert(
      sectionXml("30954-2", "Résultats", "x", observationXml("48", asked, value)),
      sectionXml("11450-4", "Problèmes", "x", problemXml(value).replace(/<code code="282291009"[^>]*>/, asked)),
      sectionXml("42348-3", "Directives", "x", observationXml("54", `<code code="281789004" ${loinc}/>`, value)),
    );
    expect(all(bundle, "Observation")[0]?.valueBoolean).toBe(answer);
    const found: (string | undefined)[] = [
      all(bundle, "Condition")[0]?.verificationStatus?.coding?.[0]?.code,
      all(bundle, "Consent")[0]?.provision?.type,
    ];
    expect(found).toEqual(answer ? [undefined, "permit"] : ["refuted", "deny"]);
  });
});
