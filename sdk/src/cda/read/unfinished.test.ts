/** What is under way, held or given up never reads as done; what several people or many words tell is not lost. */
import { describe, expect, it } from "vitest";
import { resourcesOf as all } from "../../fhir/resources.ts";
import {
  allergyXml,
  convert,
  observationXml,
  problemXml,
  sectionXml,
  testIns,
  treatmentXml,
  unreferenced,
} from "./test-support.ts";

const snomed = 'codeSystem="2.16.840.1.113883.6.96"';
const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const icd = 'codeSystem="2.16.840.1.113883.6.3"';
const fr = (number: string) => `<templateId root="1.2.250.1.213.1.1.3.${number}"/>`;
const related = (type: string, inner: string) => `<entryRelationship typeCode="${type}">${inner}</entryRelationship>`;
const asthma = `<value xsi:type="CD" code="J45" displayName="Asthme" ${icd}/>`;
const person = (number: number, family: string) =>
  `<id root="1.2.250.1.999.9" extension="${number}"/><assignedPerson><name><family>${family}</family></name></assignedPerson>`;
const author = (number: number, family: string, day: string) =>
  `<author><time value="${day}"/><assignedAuthor>${person(number, family)}</assignedAuthor></author>`;
const result = (value: string, status = "completed", inner = "") =>
  observationXml("80", `<code code="2345-7" displayName="Glucose" ${loinc}/>`, value, 'moodCode="EVN"', inner).replace(
    'code="completed"',
    `code="${status}"`,
  );

const five = '<value xsi:type="PQ" value="5" unit="mmol/L"/>';

describe("what is not finished", () => {
  it.each([
    ["active", "preliminary"],
    ["held", "preliminary"],
    ["suspended", "preliminary"],
    ["aborted", "cancelled"],
    ["completed", "final"],
  ])("a result, its group and its report that are %s", (status, expected) => {
    const battery = `<organizer classCode="BATTERY" moodCode="EVN">${fr("78")}<code code="24323-8" displayName="Ionogramme" ${loinc}/><statusCode code="${status}"/><component>${result('<value xsi:type="PQ" value="5" unit="mmol/L"/>', status)}</component></organizer>`;
    const chapter = `<act classCode="ACT" moodCode="EVN">${fr("21")}<code code="18719-5" ${loinc}/><statusCode code="${status}"/>${related("COMP", battery)}</act>`;
    const bundle = convert(sectionXml("18719-5", "Chimie", "x", chapter));
    expect(all(bundle, "Observation").map((each) => each.status)).toEqual([expected, expected]);
    expect(all(bundle, "DiagnosticReport")[0]?.status).toBe(expected === "preliminary" ? "partial" : expected);
  });

  it.each(["cancelled", "held", "suspended", "aborted"])("a problem whose follow-up is %s is not active", (status) => {
    const bundle = convert(sectionXml("11450-4", "P", "x", problemXml(asthma, { status })));
    expect(all(bundle, "Condition")[0]?.clinicalStatus?.coding?.[0]?.code).toBe("inactive");
  });

  it.each(["aborted", "cancelled"])("nor one that is itself %s", (status) => {
    const entry = problemXml(asthma).replace('<statusCode code="completed"/>', `<statusCode code="${status}"/>`);
    expect(entry).toContain(status);
    const [found] = all(convert(sectionXml("11450-4", "P", "x", entry)), "Condition");
    expect(found?.clinicalStatus?.coding?.[0]?.code).toBe("inactive");
  });

  const ofGroup = (status: string, members: string) =>
    `<organizer classCode="BATTERY" moodCode="EVN">${fr("78")}<code code="24323-8" displayName="Ionogramme" ${loinc}/><statusCode code="${status}"/><component>${members}</component></organizer>`;
  const silent = result(five).replace('<statusCode code="completed"/>', "");

  it.each([
    ["aborted", "cancelled"],
    ["active", "preliminary"],
    ["completed", "final"],
  ])("a result that says nothing of its state is as its %s group, one that does is as it says", (status, expected) => {
    const states = (members: string) =>
      all(convert(sectionXml("18719-5", "C", "x", ofGroup(status, members))), "Observation").map((each) => each.status);
    expect(states(silent)).toEqual([expected, expected]);
    expect(states(result(five))).toEqual(["final", expected]);
    const chapter = `<act classCode="ACT" moodCode="EVN">${fr("21")}<code code="18719-5" ${loinc}/><statusCode code="${status}"/>${related("COMP", silent)}</act>`;
    const reported = convert(sectionXml("18719-5", "C", "x", chapter));
    expect(all(reported, "Observation")[0]?.status).toBe(expected);
  });

  it("a statement that another one replaced (obsolete) is told by the other alone", () => {
    const corrected = result('<value xsi:type="PQ" value="50" unit="mmol/L"/>', "obsolete");
    const bundle = convert(
      sectionXml("18719-5", "C", "x", ofGroup("completed", `${corrected}</component><component>${result(five)}`)),
      sectionXml("10160-0", "T", "x", treatmentXml("<name>F</name>").replace("completed", "obsolete")),
    );
    const values = all(bundle, "Observation").flatMap((each) => each.valueQuantity?.value ?? []);
    expect([values, all(bundle, "MedicationStatement")]).toEqual([[5], []]);
  });

  it.each(["RQO", "INT"])("an allergy that is only looked for (%s) is no allergy", (mood) => {
    const entry = allergyXml("<name>pollens</name>").replace(
      'classCode="OBS" moodCode="EVN"',
      `classCode="OBS" moodCode="${mood}"`,
    );
    const bundle = convert(sectionXml("48765-2", "A", "x", entry));
    expect([all(bundle, "AllergyIntolerance"), all(bundle, "ServiceRequest")]).toMatchObject([[], [{}]]);
  });

  it("a treatment that is only proposed, or asked for, is not taken, whatever the list", () => {
    const of = (mood: string) => {
      const bundle = convert(sectionXml("10160-0", "T", "x", treatmentXml("<name>F</name>", "", `moodCode="${mood}"`)));
      return [all(bundle, "MedicationStatement").length, all(bundle, "MedicationRequest")[0]?.intent];
    };
    expect([of("PRP"), of("RQO"), of("INT")]).toEqual([
      [0, "proposal"],
      [0, "order"],
      // Nursing homes list what is taken so.
      [1, undefined],
    ]);
  });

  it.each(["held", "suspended"])("a treatment that is %s is on hold, not taken", (status) => {
    const entry = treatmentXml(
      "<name>F</name>",
      '<effectiveTime xsi:type="IVL_TS"><low value="20240101"/></effectiveTime>',
    );
    const bundle = convert(sectionXml("10160-0", "T", "x", entry.replace('code="completed"', `code="${status}"`)));
    expect(all(bundle, "MedicationStatement")[0]?.status).toBe("on-hold");
  });

  it("a meeting goes on until its end, or is held", () => {
    const meeting = (status: string, time: string) => {
      const entry = `<encounter classCode="ENC" moodCode="EVN">${fr("25")}<code code="IMP" displayName="Hospitalisation" codeSystem="2.16.840.1.113883.5.4"/><statusCode code="${status}"/><effectiveTime>${time}</effectiveTime></encounter>`;
      return all(convert(sectionXml("46240-8", "S", "x", entry)), "Encounter")[0]?.status;
    };
    const begun = '<low value="20240301"/>';
    expect(meeting("active", begun)).toBe("in-progress");
    expect(meeting("active", `${begun}<high value="20240401"/>`)).toBe("in-progress");
    expect(meeting("active", `${begun}<high value="20240305"/>`)).toBe("finished");
    expect(meeting("suspended", begun)).toBe("onleave");
    expect(meeting("completed", begun)).toBe("finished");
  });

  it("a device that is held, a goal that is given up, a meeting to come that is suspended", () => {
    const device = (mood: string) =>
      `<supply classCode="SPLY" moodCode="${mood}">${fr("20")}<statusCode code="suspended"/><participant typeCode="DEV"><participantRole><playingDevice><code code="J01" displayName="Stimulateur" codeSystem="1.2.250.1.213.2.68"/></playingDevice></participantRole></participant></supply>`;
    const worn = convert(sectionXml("46264-8", "D", "x", device("EVN"), device("RQO")));
    expect(all(worn, "DeviceUseStatement")[0]?.status).toBe("on-hold");
    expect(all(worn, "DeviceRequest")[0]?.status).toBe("on-hold");
    const goal = (status: string) =>
      `<observation classCode="OBS" moodCode="GOL">${fr("27")}<code code="4548-4" displayName="HbA1c" ${loinc}/><statusCode code="${status}"/><value xsi:type="PQ" value="7" unit="%"/></observation>`;
    const plan = convert(
      sectionXml("18776-5", "Plan", "x", goal("cancelled"), goal("suspended"), goal("completed")),
      sectionXml(
        "18776-5",
        "Plan",
        "x",
        `<encounter classCode="ENC" moodCode="INT"><code code="AMB" displayName="Consultation" codeSystem="2.16.840.1.113883.5.4"/><statusCode code="suspended"/></encounter>`,
      ),
    );
    expect(all(plan, "Goal").map((each) => each.lifecycleStatus)).toEqual(["cancelled", "on-hold", "proposed"]);
    expect(all(plan, "Appointment")[0]?.comment).toBe("Suspendu");
  });
});

describe("an earlier value that a result cites", () => {
  it("without a day of its own is told with the result, and is no result of today", () => {
    const cited = (value: string) =>
      related(
        "REFR",
        `<observation classCode="OBS" moodCode="EVN"><code code="2345-7" ${loinc}/>${value}</observation>`,
      );
    const earlier = cited('<value xsi:type="PQ" value="4" unit="mmol/L"/>');
    const found = all(
      convert(sectionXml("18719-5", "C", "x", result(five, "completed", earlier + cited("")))),
      "Observation",
    );
    expect(found.map(({ valueQuantity, note }) => [valueQuantity?.value, note])).toEqual([
      [5, [{ text: "Résultat antérieur, sans date : 4 mmol/L" }]],
    ]);
  });
});

describe("how often an examination is made", () => {
  it("is told with it, done or asked for", () => {
    const times = (mood: string, number: string) =>
      all(
        convert(
          sectionXml(
            "18776-5",
            "Plan",
            "x",
            `<observation classCode="OBS" moodCode="${mood}"><code code="2345-7" displayName="Glucose" ${loinc}/>${number}</observation>`,
          ),
        ),
        mood === "EVN" ? "Observation" : "ServiceRequest",
      )[0]?.note;
    expect(times("RQO", '<repeatNumber value="3"/>')).toEqual([{ text: "Nombre de fois : 3" }]);
    expect(times("EVN", '<repeatNumber><low value="2"/><high value="4"/></repeatNumber>')).toEqual([
      { text: "Nombre de fois : 2 – 4" },
    ]);
    expect(times("RQO", '<repeatNumber value="1"/>')).toBeUndefined();
  });
});

describe("several authors of one fact", () => {
  const two = author(1, "UN", "20230101") + author(2, "DEUX", "20230202");
  const second = { text: "Auteur : DEUX, le 2 février 2023" };

  it("are all told: the first as such, the others in words", () => {
    const problem = problemXml(asthma, { inner: two });
    const allergy = allergyXml(`<name>pollens</name>`).replace("</observation>", `${two}</observation>`);
    const act = `<procedure classCode="PROC" moodCode="EVN">${fr("62")}<code code="X" displayName="Pontage" codeSystem="1.2.3"/><statusCode code="completed"/>${two}</procedure>`;
    const bundle = convert(
      sectionXml("11450-4", "P", "x", problem),
      sectionXml("48765-2", "A", "x", allergy),
      sectionXml("47519-4", "I", "x", act),
    );
    expect(all(bundle, "Condition")[0]?.asserter?.display).toBe("UN");
    expect(all(bundle, "Condition")[0]?.note).toEqual([second]);
    expect(all(bundle, "AllergyIntolerance")[0]?.note).toContainEqual(second);
    expect(all(bundle, "Procedure")[0]?.note).toContainEqual(second);
  });

  it("are told though they are known by number alone, as software, or as the patient; each makes no resource of its own", () => {
    const by = (role: string) => `<author><time value="20230202"/><assignedAuthor>${role}</assignedAuthor></author>`;
    const others = [
      '<id root="1.2.250.1.71.4.2.1" extension="899700000041"/>',
      '<id root="1.2.3" extension="L"/><assignedAuthoringDevice><softwareName>LOGICIEL</softwareName></assignedAuthoringDevice>',
      `<id root="1.2.250.1.213.1.4.10" extension="${testIns.value}"/>`,
      '<id root="1.2.250.1.71.4.2.1" extension="899700000017"/>',
      '<id root="1.2.250.1.71.4.2.2" extension="1"/><representedOrganization><name>Clinique</name></representedOrganization>',
    ].map(by);
    const inner = author(1, "UN", "20230101") + others.join("");
    const kinds = [
      ["11450-4", problemXml(asthma, { inner })],
      ["48765-2", allergyXml("<name>pollens</name>").replace("</observation>", `${inner}</observation>`)],
      [
        "47519-4",
        `<procedure classCode="PROC" moodCode="EVN">${fr("62")}<code code="X" displayName="Pontage" codeSystem="1.2.3"/>${inner}</procedure>`,
      ],
      [
        "18776-5",
        `<procedure classCode="PROC" moodCode="RQO">${fr("62")}<code code="X" displayName="Pontage" codeSystem="1.2.3"/>${inner}</procedure>`,
      ],
      ["10160-0", treatmentXml("<name>F</name>", inner)],
      ["57828-6", treatmentXml("<name>F</name>", inner, 'moodCode="INT"', "83")],
      [
        "46264-8",
        `<supply classCode="SPLY" moodCode="EVN">${fr("20")}${inner}<participant typeCode="DEV"><participantRole><playingDevice><code code="J01" displayName="Attelle" codeSystem="1.2.250.1.213.2.68"/></playingDevice></participantRole></participant></supply>`,
      ],
    ] as const;
    const told = ["numéro 899700000041", "LOGICIEL", "le patient", "DR M Ali TESTEUR", "Clinique"];
    for (const [section, entry] of kinds) {
      const bundle = convert(sectionXml(section, "S", "x", entry));
      const notes = (bundle.entry ?? []).flatMap(({ resource }) =>
        ((resource as { note?: { text: string }[] } | undefined)?.note ?? []).map(({ text }) => text),
      );
      expect(notes, section).toEqual(expect.arrayContaining(told.map((name) => `Auteur : ${name}, le 2 février 2023`)));
      expect(JSON.stringify(notes)).not.toContain(testIns.value);
      expect(unreferenced(bundle), section).toEqual([]);
    }
  });

  it("leave room for whoever did it", () => {
    const doer = `<performer><assignedEntity>${person(9, "NEUF")}</assignedEntity></performer>`;
    const bundle = convert(
      sectionXml("11450-4", "P", "x", problemXml(asthma, { inner: author(1, "UN", "20230101") + doer })),
      sectionXml("10160-0", "T", "x", treatmentXml("<name>F</name>", author(1, "UN", "20230101") + doer)),
      sectionXml("57828-6", "O", "x", treatmentXml("<name>F</name>", doer, 'moodCode="INT"', "83")),
    );
    for (const kind of ["Condition", "MedicationStatement", "MedicationRequest"] as const)
      expect(all(bundle, kind)[0]?.note, kind).toEqual([{ text: "Intervenant : NEUF" }]);
    expect(unreferenced(bundle)).toEqual([]);
  });

  it("of a comment or of a meeting are told in words alone", () => {
    const comment = `<entryRelationship typeCode="SUBJ" inversionInd="true"><act classCode="ACT" moodCode="EVN">${fr("32")}<code code="48767-8" ${loinc}/><text>Remarque</text>${author(7, "SEPT", "20230101")}</act></entryRelationship>`;
    const meeting = `<encounter classCode="ENC" moodCode="EVN"><code code="AMB" displayName="Consultation" codeSystem="2.16.840.1.113883.5.4"/>${author(8, "HUIT", "20230101")}</encounter>`;
    const bundle = convert(
      sectionXml("11450-4", "P", "x", problemXml(asthma, { inner: comment })),
      sectionXml("46240-8", "E", "x", meeting),
    );
    expect(all(bundle, "Condition")[0]?.note).toContainEqual(expect.objectContaining({ authorString: "SEPT" }));
    expect(JSON.stringify(all(bundle, "Encounter"))).toContain("Consigné par HUIT");
    expect(unreferenced(bundle)).toEqual([]);
  });
});

describe("what an entry tells beside its code", () => {
  it("a value elsewhere, a moment, a range that is a titre", () => {
    const range =
      '<referenceRange><observationRange><value xsi:type="RTO"><numerator value="1"/><denominator value="40"/></value></observationRange></referenceRange>';
    const read = (value: string, inner = "") =>
      all(convert(sectionXml("18719-5", "Chimie", "x", result(value, "completed", inner))), "Observation")[0];
    expect(read('<value xsi:type="ED"><reference value="https://labo.exemple/courbe"/></value>')?.valueString).toBe(
      "https://labo.exemple/courbe",
    );
    expect(read('<value xsi:type="ED"><reference value="courbe.pdf"/></value>')?.valueString).toBeUndefined();
    expect(read('<value xsi:type="IVL_TS" value="20240101"/>')?.valueDateTime).toBe("2024-01-01");
    expect(read('<value xsi:type="PQ" value="1"/>', range)?.referenceRange).toEqual([{ text: "1 / 40" }]);
  });

  it("an act: the model and number of a device, what was taken, why it was not done", () => {
    const inner = `<specimen><specimenRole><specimenPlayingEntity><code code="4" displayName="biopsie" ${snomed}/></specimenPlayingEntity></specimenRole></specimen><participant typeCode="DEV"><participantRole><id root="1.2" extension="UDI-1"/><playingDevice><code code="P09" displayName="Prothèse" codeSystem="1.2.250.1.213.2.68"/><manufacturerModelName>MX</manufacturerModelName></playingDevice></participantRole></participant>`;
    const refusal = related(
      "RSON",
      '<act classCode="ACT" moodCode="EVN"><code code="R" displayName="Refus du patient" codeSystem="1.2.3"/></act>',
    );
    const act = (attributes: string, content: string) =>
      `<procedure classCode="PROC" ${attributes}>${fr("62")}<code code="X" displayName="Arthroplastie" codeSystem="1.2.3"/><statusCode code="completed"/>${content}</procedure>`;
    const [done, refused] = all(
      convert(
        sectionXml(
          "47519-4",
          "I",
          "x",
          act('moodCode="EVN"', inner),
          act('moodCode="EVN" negationInd="true"', refusal),
        ),
      ),
      "Procedure",
    );
    expect(done?.note?.map(({ text }) => text)).toEqual(["Dispositif : MX, numéro UDI-1", "Prélèvement : biopsie"]);
    expect(refused).toMatchObject({ status: "not-done", statusReason: { text: "Refus du patient" } });
    expect(refused?.reasonCode).toBeUndefined();
  });

  it("a device: who makes it, its software, how many of which package", () => {
    const worn = `<supply classCode="SPLY" moodCode="EVN">${fr("20")}<statusCode code="completed"/><quantity value="2" unit="30009000"/><participant typeCode="DEV"><participantRole><playingDevice><code code="J01" displayName="Pompe" codeSystem="1.2.250.1.213.2.68"/><softwareName>v2</softwareName></playingDevice><scopingEntity><desc>FABRICANT FICTIF</desc></scopingEntity></participantRole></participant></supply>`;
    const bundle = convert(sectionXml("46264-8", "D", "x", worn));
    expect(all(bundle, "Device")[0]).toMatchObject({ manufacturer: "FABRICANT FICTIF", version: [{ value: "v2" }] });
    expect(all(bundle, "DeviceUseStatement")[0]?.note).toEqual([{ text: "Quantité : 2 boîte(s)" }]);
  });

  it("an agent of allergy: the name written beside a code that names something else", () => {
    const agent = `<code code="J01CA04" displayName="amoxicilline" codeSystem="2.16.840.1.113883.6.73"/><name>FICTIMOX</name>`;
    const [found] = all(convert(sectionXml("48765-2", "A", "x", allergyXml(agent))), "AllergyIntolerance");
    expect(found?.code?.text).toBe("amoxicilline");
    expect(found?.note).toContainEqual({ text: "Nom écrit : FICTIMOX" });
  });

  it("an illness of the family: at what age, what it led to, what else is told of it", () => {
    const told = (code: string, value: string, type = "SUBJ") =>
      related(type, `<observation classCode="OBS" moodCode="EVN"><code ${code}/>${value}</observation>`);
    const years = (value: number) => `<value xsi:type="PQ" value="${value}" unit="a"/>`;
    const illness = (inner: string) =>
      all(
        convert(
          sectionXml(
            "10157-6",
            "F",
            "x",
            `<observation classCode="OBS" moodCode="EVN">${fr("51")}<code code="282291009" ${snomed}/><statusCode code="completed"/><value xsi:type="CD" code="I21" displayName="Infarctus" ${icd}/>${inner}</observation>`,
          ),
        ),
        "FamilyMemberHistory",
      )[0];
    const onset = illness(told(`code="445518008" ${snomed}`, years(50)) + told(`code="39016-1" ${loinc}`, years(60)));
    expect(onset?.condition?.[0]?.onsetAge?.value).toBe(50);
    expect(onset?.deceasedAge?.value).toBe(60);
    const death = `<value xsi:type="CD" code="419099009" displayName="décès" ${snomed}/>`;
    const led = illness(told('code="ASSERTION" codeSystem="2.16.840.1.113883.5.4"', death, "CAUS"));
    expect([led?.deceasedBoolean, led?.note]).toEqual([true, [{ text: "décès" }]]);
    const side = `<value xsi:type="ST">branche maternelle</value>`;
    expect(illness(told('code="S" displayName="Branche" codeSystem="1.2.3"', side))?.note).toEqual([
      { text: "Branche : branche maternelle" },
    ]);
  });
});
