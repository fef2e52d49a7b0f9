/**
 * Fictitious documents of the official families, as other editions and other producers write them: entries without
 * template, translations without code, older status codes, results outside of batteries. Of each document every fact is
 * listed: one that is missed, and one that is read too much, are both seen.
 */
import { describe, expect, it } from "vitest";
import type { FhirResource } from "../../fhir/index.ts";
import { cdaToFhir } from "./index.ts";
import {
  allergyXml,
  documentXml,
  observationXml,
  problemXml,
  sectionXml,
  testIns,
  treatmentXml,
} from "./test-support.ts";

const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const snomed = 'codeSystem="2.16.840.1.113883.6.96"';
const ans = 'codeSystem="1.2.250.1.213.1.1.4.322"';
const cim10 = 'codeSystem="2.16.840.1.113883.6.3"';
const ccam = 'codeSystem="1.2.250.1.213.2.5"';
const atc = 'codeSystem="2.16.840.1.113883.6.73"';
const interpretation = 'codeSystem="2.16.840.1.113883.5.83"';
const fr = (number: string) => `<templateId root="1.2.250.1.213.1.1.3.${number}"/>`;
const ihe = (number: string) => `<templateId root="1.3.6.1.4.1.19376.1.3.1${number}"/>`;
const related = (inner: string, type = "COMP") => `<entryRelationship typeCode="${type}">${inner}</entryRelationship>`;
const part = (inner: string) => `<component>${inner}</component>`;
const code = (value: string, label: string, system = loinc, inner = "") =>
  `<code code="${value}" displayName="${label}" ${system}>${inner}</code>`;
const measure = (value: string, unit: string) => `<value xsi:type="PQ" value="${value}" unit="${unit}"/>`;
const coded = (value: string, label: string, system: string) =>
  `<value xsi:type="CD" code="${value}" displayName="${label}" ${system}/>`;
const result = (head: string, body: string) =>
  `<observation classCode="OBS" moodCode="EVN">${ihe(".6")}${head}<statusCode code="completed"/><effectiveTime value="20240310081500+0100"/>${body}</observation>`;
const cluster = (head: string, ...parts: string[]) =>
  `<organizer classCode="CLUSTER" moodCode="EVN">${head}${parts.map(part).join("")}</organizer>`;
const child = `<subject><relatedSubject classCode="PRS"><code code="CHILD" displayName="Enfant" codeSystem="2.16.840.1.113883.5.111"/><subject><name><given>Léo</given></name><administrativeGenderCode code="M"/><birthTime value="20000911183055"/></subject></relatedSubject></subject>`;
const fhirCode = (value: string, text?: string): unknown =>
  expect.objectContaining({
    coding: expect.arrayContaining([expect.objectContaining({ code: value })]),
    ...(text ? { text } : {}),
  });

/** Kinds of resources that state something about the patient's health. */
const facts: ReadonlySet<string> = new Set(
  "Condition AllergyIntolerance FamilyMemberHistory MedicationStatement MedicationRequest MedicationDispense MedicationAdministration Immunization ImmunizationRecommendation Procedure ServiceRequest Observation AdverseEvent DeviceUseStatement DeviceRequest SupplyDelivery Goal ImagingStudy Consent Appointment Specimen DocumentReference".split(
    " ",
  ),
);

type Fact = readonly [kind: FhirResource["resourceType"], expected: Readonly<Record<string, unknown>>];

const isolate = (organism: string, name: string, susceptibility: string) =>
  related(
    cluster(
      `${ihe(".5")}<statusCode code="completed"/><specimen><specimenRole><specimenPlayingEntity classCode="MIC">${code(organism, name, snomed)}</specimenPlayingEntity></specimenRole></specimen>`,
      `<organizer classCode="BATTERY" moodCode="EVN">${ihe(".4")}${code("18769-0", "Antibiogramme")}<statusCode code="completed"/>${part(susceptibility)}</organizer>`,
    ),
  );
const susceptible = (letter: string) => ({ interpretation: [fhirCode(letter)] });

const families: readonly (readonly [family: string, sections: readonly string[], expected: readonly Fact[]])[] = [
  [
    "a laboratory report under IHE templates alone: local code, two ranges, a limit, a result not done",
    [
      sectionXml(
        "18719-5",
        "Biochimie",
        '<content ID="v">positif faible</content>',
        `<act classCode="ACT" moodCode="EVN">${ihe("")}${code("18719-5", "Biochimie")}<statusCode code="completed"/>${related(
          `<organizer classCode="BATTERY" moodCode="EVN">${ihe(".4")}${code("24326-1", "Ionogramme")}<statusCode code="completed"/>${[
            result(
              code("2951-2", "Sodium"),
              `${measure("128", "mmol/L")}<interpretationCode code="L" ${interpretation}/><interpretationCode code="D" ${interpretation}/><referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="135" unit="mmol/L"/><high value="145" unit="mmol/L"/></value></observationRange></referenceRange><referenceRange><observationRange><value xsi:type="IVL_PQ"><high value="120" unit="mmol/L"/></value><interpretationCode code="LL" ${interpretation}/></observationRange></referenceRange>`,
            ),
            result(
              '<code nullFlavor="NA"><translation code="K-12" codeSystem="1.2.250.1.999.9" displayName="Réaction maison"/></code>',
              '<value xsi:type="ED"><reference value="#v"/></value>',
            ),
            result(
              code("12258-4", "Plaquettes"),
              '<value xsi:type="IVL_PQ"><high value="20" unit="10*9/L" inclusive="false"/></value>',
            ),
            result(code("1988-5", "CRP"), '<value xsi:type="PQ" nullFlavor="NASK"/>').replace("completed", "aborted"),
          ]
            .map(part)
            .join("")}</organizer>`,
        )}</act>`,
      ),
    ],
    [
      [
        "Observation",
        {
          code: fhirCode("2951-2"),
          valueQuantity: expect.objectContaining({ value: 128, unit: "mmol/L" }),
          interpretation: [fhirCode("L"), fhirCode("D")],
          referenceRange: [
            expect.objectContaining({ low: expect.anything(), high: expect.anything() }),
            expect.objectContaining({ high: expect.objectContaining({ value: 120 }), type: fhirCode("LL") }),
          ],
        },
      ],
      ["Observation", { code: fhirCode("K-12", "Réaction maison"), valueString: "positif faible" }],
      [
        "Observation",
        { code: fhirCode("12258-4"), valueQuantity: expect.objectContaining({ value: 20, comparator: "<" }) },
      ],
      ["Observation", { code: fhirCode("1988-5"), status: "cancelled", dataAbsentReason: fhirCode("not-asked") }],
      ["Observation", { code: fhirCode("24326-1"), hasMember: { length: 4 } }],
    ],
  ],
  [
    "microbiology with two isolates, each with its own antibiogram by letters alone",
    [
      sectionXml(
        "18725-2",
        "Microbiologie",
        "x",
        `<act classCode="ACT" moodCode="EVN">${ihe("")}${code("18725-2", "Microbiologie")}<statusCode code="completed"/>${isolate(
          "112283007",
          "Escherichia coli",
          result(code("20-8", "Amoxicilline"), `<interpretationCode code="R" ${interpretation}/>`),
        )}${isolate(
          "56415008",
          "Klebsiella pneumoniae",
          result(
            code("20-8", "Amoxicilline"),
            `<value xsi:type="PQ" nullFlavor="NA"/><interpretationCode code="S" ${interpretation}/>`,
          ),
        )}</act>`,
      ),
    ],
    [
      ["Specimen", { type: fhirCode("112283007") }],
      ["Specimen", { type: fhirCode("56415008") }],
      ["Observation", { ...susceptible("R"), specimen: expect.objectContaining({ display: "Escherichia coli" }) }],
      ["Observation", { ...susceptible("S"), specimen: expect.objectContaining({ display: "Klebsiella pneumoniae" }) }],
      ["Observation", { code: fhirCode("18769-0"), hasMember: { length: 1 } }],
      ["Observation", { code: fhirCode("18769-0"), hasMember: { length: 1 } }],
    ],
  ],
  [
    "results outside of any chapter or battery, in groups within groups: laboratory results all the same",
    [
      sectionXml(
        "18723-7",
        "Hématologie",
        "x",
        cluster(
          `${code("58410-2", "Numération")}<effectiveTime><low value="20240310"/><high value="20240311"/></effectiveTime>`,
          cluster(
            code("57023-4", "Formule"),
            `<observation classCode="OBS" moodCode="EVN">${code("770-8", "Neutrophiles")}${measure("60", "%")}</observation>`,
          ),
        ),
        `<observation classCode="OBS" moodCode="EVN">${code("718-7", "Hémoglobine")}${measure("13.1", "g/dL")}</observation>`,
      ),
    ],
    [
      [
        "Observation",
        {
          code: fhirCode("770-8"),
          category: expect.arrayContaining([fhirCode("laboratory")]),
          effectivePeriod: { start: "2024-03-10", end: "2024-03-11" },
        },
      ],
      ["Observation", { code: fhirCode("718-7"), category: expect.arrayContaining([fhirCode("laboratory")]) }],
    ],
  ],
  [
    "a synthesis of an edition before the FHIR codes: SNOMED CT tells the status and the certainty of a problem",
    [
      sectionXml(
        "11450-4",
        "Problèmes",
        '<paragraph ID="g">Gonarthrose droite</paragraph>',
        ...(
          [
            ["E66", "413322009"],
            ["J45", "73425007"],
            ["I48", "90734009"],
            ["B20", "410516002"],
            ["K35", "415684004"],
          ] as const
        ).map(([problem, status]) =>
          problemXml(coded(problem, problem, cim10), {
            inner: related(
              `<observation classCode="OBS" moodCode="EVN">${fr("30")}${code("33999-4", "Statut")}<value xsi:type="CE" code="${status}" ${snomed}/></observation>`,
              "REFR",
            ),
          }),
        ),
        problemXml(
          `<value xsi:type="CD" nullFlavor="OTH"><originalText><reference value="#g"/></originalText><translation code="M17.1" ${cim10}/></value>`,
        ),
      ),
    ],
    [
      ["Condition", { code: fhirCode("E66"), clinicalStatus: fhirCode("resolved") }],
      ["Condition", { code: fhirCode("J45"), clinicalStatus: fhirCode("inactive") }],
      ["Condition", { code: fhirCode("I48"), clinicalStatus: fhirCode("active") }],
      ["Condition", { code: fhirCode("B20"), verificationStatus: fhirCode("refuted") }],
      ["Condition", { code: fhirCode("K35"), verificationStatus: fhirCode("unconfirmed") }],
      ["Condition", { code: fhirCode("M17.1", "Gonarthrose droite") }],
    ],
  ],
  [
    "allergies of another edition: criticality and severity of HL7 v3, an end, an agent by name or translation",
    [
      sectionXml(
        "48765-2",
        "Allergies",
        "x",
        allergyXml("<name>Arachide</name>").replace(
          "<participant",
          `${related(
            `<observation classCode="OBS" moodCode="EVN">${fr("172")}${code("82606-5", "Criticité")}<value xsi:type="CD" code="CRITH"/></observation>`,
            "SUBJ",
          )}${related(
            `<observation classCode="OBS" moodCode="EVN">${fr("37")}${code("418799008", "Symptôme", snomed)}${coded("126485001", "Urticaire", snomed)}${related(
              `<observation classCode="OBS" moodCode="EVN">${fr("29")}<code code="SEV"/><value xsi:type="CD" code="H" displayName="Sévère"/></observation>`,
              "SUBJ",
            )}</observation>`,
            "MFST",
          )}<participant`,
        ),
        allergyXml(
          `<code nullFlavor="NA"><translation code="387207008" displayName="Ibuprofène" ${snomed}/></code>`,
        ).replace('<low value="2018"/>', '<low value="2018"/><high value="201907"/>'),
        allergyXml(code("J01CA04", "Amoxicilline", atc), { negated: true }),
      ),
    ],
    [
      [
        "AllergyIntolerance",
        {
          code: { text: "Arachide" },
          criticality: "high",
          reaction: [expect.objectContaining({ manifestation: [fhirCode("126485001")], severity: "severe" })],
        },
      ],
      [
        "AllergyIntolerance",
        {
          code: fhirCode("387207008"),
          clinicalStatus: fhirCode("active"),
          note: expect.arrayContaining([{ text: "Fin : juillet 2019" }]),
        },
      ],
      ["AllergyIntolerance", { code: fhirCode("J01CA04"), verificationStatus: fhirCode("refuted") }],
    ],
  ],
  [
    "a prescription: codes under translations alone, renewals as an interval, a weekly day, a length without end",
    [
      sectionXml(
        "57828-6",
        "Prescription",
        '<paragraph ID="p">Fictimab 5 mg</paragraph>',
        treatmentXml(
          '<code nullFlavor="NA"><originalText><reference value="#p"/></originalText><translation code="3400930000001" codeSystem="1.2.250.1.213.2.3.2"><translation code="60000001" codeSystem="1.2.250.1.213.2.3.1"/></translation><translation code="9123456" codeSystem="1.2.250.1.213.2.62"/><translation code="B01AC04" codeSystem="2.16.840.1.113883.6.73"/></code>',
          '<effectiveTime xsi:type="IVL_TS"><width value="3" unit="mo"/></effectiveTime><effectiveTime xsi:type="PIVL_TS" operator="A" alignment="DW"><phase><low value="20240311"/></phase><period value="1" unit="wk"/></effectiveTime><repeatNumber><low value="0"/><high value="2"/></repeatNumber><doseQuantity value="1" unit="{tablet}"/><maxDoseQuantity><numerator value="6" unit="{tablet}"/><denominator value="1" unit="d"/></maxDoseQuantity>',
          'moodCode="INT"',
          "83",
        ),
        treatmentXml(
          "<name>AUTREMAB</name>",
          '<effectiveTime xsi:type="IVL_TS"><low value="20240312"/><width value="2" unit="wk"/></effectiveTime>',
          'moodCode="INT"',
          "83",
        ),
      ),
    ],
    [
      [
        "MedicationRequest",
        {
          medicationCodeableConcept: {
            coding: ["3400930000001", "60000001", "9123456", "B01AC04"].map((each) =>
              expect.objectContaining({ code: each }),
            ),
            text: "Fictimab 5 mg",
          },
          dosageInstruction: [
            expect.objectContaining({
              timing: {
                repeat: {
                  boundsDuration: expect.objectContaining({ value: 3, code: "mo" }),
                  frequency: 1,
                  period: 1,
                  periodUnit: "wk",
                  dayOfWeek: ["mon"],
                },
              },
              maxDosePerPeriod: expect.anything(),
            }),
          ],
          dispenseRequest: expect.objectContaining({ numberOfRepeatsAllowed: 2 }),
        },
      ],
      ["MedicationRequest", { dispenseRequest: { validityPeriod: { start: "2024-03-12", end: "2024-03-26" } } }],
    ],
  ],
  [
    "a dispensation without posology: what was delivered, when, of which batch",
    [
      sectionXml(
        "60590-7",
        "Dispensation",
        "x",
        `<supply classCode="SPLY" moodCode="EVN">${fr("204")}<statusCode code="completed"/><quantity value="2" unit="30009000"/><product><manufacturedProduct><manufacturedMaterial>${code("3400930000001", "FICTIMAB", 'codeSystem="1.2.250.1.213.2.3.2"')}<lotNumberText>L1</lotNumberText></manufacturedMaterial></manufacturedProduct></product><performer><time value="20240312"/><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="899700000025"/></assignedEntity></performer></supply>`,
      ),
    ],
    [
      [
        "MedicationDispense",
        {
          whenHandedOver: "2024-03-12",
          quantity: expect.objectContaining({ value: 2, unit: "boîte(s)", code: "30009000" }),
        },
      ],
    ],
  ],
  [
    "an analysis prescribed is no result, and its sample is not taken",
    [
      sectionXml(
        "18776-5",
        "Examens prescrits",
        "x",
        `<observation classCode="OBS" moodCode="RQO">${fr("27")}${fr("27.2")}${code("24326-1", "Ionogramme")}<statusCode code="active"/><effectiveTime nullFlavor="UNK"/><priorityCode code="UR" codeSystem="2.16.840.1.113883.5.7"/>${related(
          `<procedure classCode="PROC" moodCode="EVN">${fr("77")}<participant typeCode="PRD"><participantRole classCode="SPEC"><playingEntity>${code("119297000", "sang", snomed)}</playingEntity></participantRole></participant></procedure>`,
        )}${related(observationXml("48.15", code("MED-1", "Non remboursable", ans), '<value xsi:type="BL" value="true"/>'))}</observation>`,
      ),
    ],
    [
      [
        "ServiceRequest",
        {
          code: fhirCode("24326-1"),
          priority: "urgent",
          note: [{ text: "Non remboursable : oui" }, { text: "Prélèvement : sang" }],
        },
      ],
    ],
  ],
  [
    "acts: of no known template, with a device used, and with a complication that is a problem of the patient",
    [
      sectionXml(
        "47519-4",
        "Actes",
        "x",
        `<procedure classCode="PROC" moodCode="EVN">${fr("62")}${code("NFKA007", "Prothèse de genou", ccam)}<statusCode code="completed"/><effectiveTime value="2015"/><participant typeCode="DEV"><participantRole classCode="MANU"><playingDevice>${code("P0909", "Prothèse", 'codeSystem="1.2.250.1.213.2.68"')}</playingDevice></participantRole></participant>${related(
          `<observation classCode="OBS" moodCode="EVN">${fr("37")}${code("282291009", "Diagnostic", snomed)}${coded("T84.5", "Infection", cim10)}</observation>`,
          "CAUS",
        )}${related(
          `<observation classCode="OBS" moodCode="EVN">${fr("37")}${code("282291009", "Diagnostic", snomed)}${coded("M17.1", "Gonarthrose", cim10)}</observation>`,
          "RSON",
        )}</procedure>`,
        `<act classCode="ACT" moodCode="EVN"><templateId root="1.2.3.4"/>${code("183452005", "Passage aux urgences", snomed)}<effectiveTime value="20240301"/></act>`,
      ),
    ],
    [
      [
        "Procedure",
        {
          code: fhirCode("NFKA007"),
          usedCode: [fhirCode("P0909")],
          reasonCode: [fhirCode("M17.1")],
          complicationDetail: [expect.objectContaining({ type: "Condition" })],
        },
      ],
      ["Condition", { code: fhirCode("T84.5") }],
      ["Procedure", { code: fhirCode("183452005"), performedDateTime: "2024-03-01" }],
    ],
  ],
  [
    "a plan of care: an act of no known template, a goal, a meeting and a device to come, none of them done",
    [
      sectionXml(
        "18776-5",
        "Plan de soins",
        "x",
        `<act classCode="ACT" moodCode="RQO"><templateId root="1.2.3.4"/>${code("385763009", "Soins infirmiers", snomed)}<effectiveTime value="202405"/></act>`,
        `<observation classCode="OBS" moodCode="GOL">${fr("48")}${code("29463-7", "Poids")}<effectiveTime value="202406"/>${measure("70", "kg")}</observation>`,
        `<encounter classCode="ENC" moodCode="APT">${fr("58")}${code("AMB", "Consultation", 'codeSystem="2.16.840.1.113883.5.4"')}<effectiveTime value="20240601"/></encounter>`,
        `<supply classCode="SPLY" moodCode="INT">${fr("20")}<participant typeCode="DEV"><participantRole><playingDevice>${code("B1", "Béquilles", 'codeSystem="1.2.3"')}</playingDevice></participantRole></participant></supply>`,
      ),
    ],
    [
      ["ServiceRequest", { code: fhirCode("385763009"), occurrenceDateTime: "2024-05" }],
      ["Goal", { description: fhirCode("29463-7"), note: [{ text: "Échéance : juin 2024" }] }],
      ["Appointment", { serviceType: [fhirCode("AMB")], requestedPeriod: [{ start: "2024-06-01" }] }],
      ["DeviceRequest", { codeCodeableConcept: fhirCode("B1") }],
    ],
  ],
  [
    "an obstetric file: births of one pregnancy with the child's own measures, and the day expected",
    [
      sectionXml(
        "10162-6",
        "Grossesses",
        "x",
        cluster(
          `${fr("55")}${code("118185001", "Grossesse", snomed)}<statusCode code="completed"/><effectiveTime><low value="200001"/><high value="200009"/></effectiveTime>`,
          observationXml("53", code("11636-8", "Naissances vivantes"), '<value xsi:type="INT" value="1"/>'),
          cluster(fr("56") + child, observationXml("50", code("8339-4", "Poids de naissance"), measure("3200", "g"))),
        ),
        observationXml("53", code("11778-8", "Terme prévu"), '<value xsi:type="TS" value="20240903"/>'),
      ),
    ],
    [
      [
        "Observation",
        { code: fhirCode("11636-8"), valueInteger: 1, effectivePeriod: { start: "2000-01", end: "2000-09" } },
      ],
      [
        "Observation",
        { code: fhirCode("8339-4"), focus: [expect.objectContaining({ type: "RelatedPerson", display: "Léo" })] },
      ],
      ["Observation", { code: fhirCode("11778-8"), valueDateTime: "2024-09-03" }],
    ],
  ],
  [
    "a nursing-home file: wishes as codes rather than yes or no, a level of dependence in a group",
    [
      sectionXml(
        "42348-3",
        "Directives anticipées",
        "x",
        observationXml("54", code("75320-2", "Directive"), coded("304253006", "Ne pas réanimer", snomed)),
      ),
      sectionXml(
        "47420-5",
        "Statut fonctionnel",
        "x",
        cluster(
          code("d5", "Entretien personnel", 'codeSystem="2.16.840.1.113883.6.254"'),
          observationXml(
            "48",
            code("d510", "Se laver", 'codeSystem="2.16.840.1.113883.6.254"'),
            '<value xsi:type="CO" code="2" codeSystem="1.2.3" displayName="Difficulté modérée"/>',
          ),
        ),
      ),
    ],
    [
      [
        "Consent",
        {
          policyRule: { text: "Directives anticipées — Ne pas réanimer" },
          provision: { code: [fhirCode("75320-2"), fhirCode("304253006")] },
        },
      ],
      [
        "Observation",
        { code: fhirCode("d510"), valueCodeableConcept: expect.objectContaining({ text: "Difficulté modérée" }) },
      ],
    ],
  ],
  [
    "a pathology or genetics report: empty values whose words stand in the narrative, labels that stay the question",
    [
      sectionXml(
        "22637-3",
        "Conclusion",
        '<paragraph ID="m">Séquençage ciblé</paragraph><paragraph ID="r">Référentiel 2024</paragraph>',
        observationXml(
          "102",
          code("MED-546", "Méthode d'extraction", ans),
          '<text><reference value="#m"/></text><value xsi:type="ST"/>',
        ),
        observationXml(
          "48",
          code(
            "MED-249",
            "Recommandation",
            ans,
            '<translation><originalText><reference value="#r"/></originalText></translation>',
          ),
          '<value xsi:type="CD"><originalText><reference value="#r"/></originalText></value>',
        ),
      ),
    ],
    [
      ["Observation", { code: fhirCode("MED-546", "Méthode d'extraction"), valueString: "Séquençage ciblé" }],
      [
        "Observation",
        { code: fhirCode("MED-249", "Recommandation"), valueCodeableConcept: { text: "Référentiel 2024" } },
      ],
    ],
  ],
  [
    "treatments told in words: none at all, one as needed, one stopped, one not taken",
    [
      sectionXml(
        "10160-0",
        "Traitements",
        '<paragraph ID="t1">Aucun traitement en cours</paragraph><paragraph ID="t2">DOLIRAMB si besoin</paragraph>',
        treatmentXml('<code nullFlavor="NA"/>', '<text><reference value="#t1"/></text>'),
        treatmentXml(
          '<code nullFlavor="UNK"/>',
          '<text><reference value="#t2"/></text><effectiveTime nullFlavor="UNK"/>',
        ),
        treatmentXml("<name>FICTIMAB</name>").replace('statusCode code="completed"', 'statusCode code="aborted"'),
        treatmentXml("<name>AUTREMAB</name>", "", 'moodCode="EVN" negationInd="true"'),
      ),
    ],
    [
      [
        "MedicationStatement",
        {
          medicationCodeableConcept: fhirCode("no-known-medications"),
          // The words are the denial that the code repeats: no disagreement.
          extension: { length: 1 },
        },
      ],
      ["MedicationStatement", { medicationCodeableConcept: { text: "DOLIRAMB si besoin" }, status: "active" }],
      ["MedicationStatement", { medicationCodeableConcept: { text: "FICTIMAB" }, status: "stopped" }],
      ["MedicationStatement", { medicationCodeableConcept: { text: "AUTREMAB" }, status: "not-taken" }],
    ],
  ],
  [
    "measures of one visit: the group's date, one of its own, one not measured, a height in metres",
    [
      sectionXml(
        "8716-3",
        "Signes vitaux",
        "x",
        cluster(
          `${fr("49")}${code("46680005", "Signes vitaux", snomed)}<effectiveTime value="20240301"/>`,
          observationXml("50", code("8480-6", "PAS"), `<effectiveTime nullFlavor="UNK"/>${measure("120", "mm[Hg]")}`),
          observationXml("50", code("8867-4", "Pouls"), `<effectiveTime value="20240302"/>${measure("61", "/min")}`),
          observationXml("50", code("29463-7", "Poids"), '<value xsi:type="PQ" nullFlavor="NAV"/>'),
          observationXml("50", code("8302-2", "Taille"), measure("1.72", "m")),
        ),
      ),
    ],
    [
      ["Observation", { code: fhirCode("8480-6"), effectiveDateTime: "2024-03-01" }],
      ["Observation", { code: fhirCode("8867-4"), effectiveDateTime: "2024-03-02" }],
      ["Observation", { code: fhirCode("29463-7"), dataAbsentReason: fhirCode("temp-unknown") }],
      ["Observation", { code: fhirCode("8302-2"), valueQuantity: expect.objectContaining({ value: 172, unit: "cm" }) }],
    ],
  ],
  [
    "a liaison sheet: where the patient goes is named by its kind when it has no name",
    [
      sectionXml(
        "42545-4",
        "Transfert",
        "x",
        `<act classCode="ACT" moodCode="EVN">${fr("28")}${code("GEN-1", "Transfert", ans)}<participant typeCode="LOC"><participantRole>${code("SA01", "Établissement public de santé", 'codeSystem="1.2.250.1.71.4.2.4"')}</participantRole></participant></act>`,
      ),
    ],
    [["Observation", { code: fhirCode("GEN-1"), valueString: "Établissement public de santé" }]],
  ],
];

describe("each fact of a document, whatever its edition, and no other", () => {
  it.each(families)("%s", (_, sections, expected) => {
    const bundle = cdaToFhir(documentXml({ sections: sections.join("") }));
    const found = (bundle.entry ?? []).flatMap(({ resource }) =>
      resource && facts.has(resource.resourceType) ? [resource] : [],
    );
    for (const [resourceType, values] of expected)
      expect(found).toContainEqual(
        expect.objectContaining({
          resourceType,
          ...Object.fromEntries(
            Object.entries(values).map(([key, value]) => [
              key,
              isPlain(value) ? expect.objectContaining(value) : value,
            ]),
          ),
        }),
      );
    expect(found.map((each) => each.resourceType).sort()).toEqual(expected.map(([kind]) => kind).sort());
  });

  it("a child named in its mother's file keeps its sex and birth", () => {
    const section = sectionXml("8716-3", "x", "x", observationXml("50", code("8339-4", "Poids"), child));
    const other = cdaToFhir(documentXml({ sections: section })).entry?.find(
      ({ resource }) => resource?.resourceType === "RelatedPerson",
    )?.resource;
    expect(other).toMatchObject({ gender: "male", birthDate: "2000-09-11", name: [{ given: ["Léo"] }] });
    expect(JSON.stringify(other)).not.toContain(testIns.value);
  });
});

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
