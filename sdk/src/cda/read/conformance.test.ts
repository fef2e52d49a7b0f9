/** What reading gives, judged by the outside validator: the official samples, and a document of our own that varies them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import type { Bundle } from "../../fhir/index.ts";
import { cdaToFhir } from "./index.ts";
import { allergyXml, documentXml, observationXml, problemXml, sectionXml, treatmentXml } from "./test-support.ts";

const shared = resolve(import.meta.dirname, "../../../../../shared");
const validator = join(shared, "tools/fhir/validate-fhir.mjs");
const canValidate = existsSync(validator) && process.env.FHIR_TOOLS_MODULES !== undefined;

const ips = (name: string) => `http://hl7.org/fhir/uv/ips/StructureDefinition/${name}-uv-ips`;
/** Kinds of resources that the IPS has a profile for, whatever section lists them. */
const profiled = new Set(
  "AllergyIntolerance Condition Device DeviceUseStatement ImagingStudy Immunization MedicationRequest MedicationStatement Procedure Specimen".split(
    " ",
  ),
);

interface Issue {
  readonly severity: string;
  readonly path: string;
  readonly message: string;
}

/** Errors of a Bundle, then of its resources against their IPS profiles. */
async function errorsOf(bundles: readonly Bundle[]): Promise<string[]> {
  const module = (await import(/* @vite-ignore */ pathToFileURL(validator).href)) as {
    createValidator(options: { igDirs: string[] }): {
      validate(resource: unknown, options: { profiles: readonly string[] }): Issue[];
    };
  };
  const { validate } = module.createValidator({ igDirs: [join(shared, "fhir-profiles")] });
  const errors = (resource: unknown, profiles: string[] = []) =>
    validate(resource, { profiles })
      .filter((issue) => issue.severity === "error")
      .map((issue) => `${issue.path}: ${issue.message}`);
  return bundles.flatMap((bundle) => [
    ...errors(bundle),
    ...(bundle.entry ?? []).flatMap(({ resource }) =>
      // Alone, a resource cannot reach those it refers to: the Bundle as a whole was judged for that.
      resource && profiled.has(resource.resourceType)
        ? errors(resource, [ips(resource.resourceType)]).filter((each) => !/resolve|reference/i.test(each))
        : [],
    ),
  ]);
}

const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const measure = (value: string, inner = "") =>
  observationXml("80", `<code code="718-7" displayName="Mesure" ${loinc}/>`, value, 'moodCode="EVN"', inner);
const range = (xml: string) => `<referenceRange><observationRange>${xml}</observationRange></referenceRange>`;
const supply = (attributes: string, inner: string) =>
  `<supply classCode="SPLY" ${attributes}><templateId root="1.2.250.1.213.1.1.3.20"/>${inner}<participant typeCode="DEV"><participantRole><playingDevice><code code="P0101" displayName="Attelle" codeSystem="1.2.250.1.213.2.68"/><manufacturerModelName>MODELE X</manufacturerModelName></playingDevice></participantRole></participant></supply>`;
const days = '<effectiveTime value="20240314"/><effectiveTime value="20240321"/>';
const meal =
  '<effectiveTime xsi:type="IVL_TS"><low value="20240312"/></effectiveTime><effectiveTime xsi:type="EIVL_TS" operator="A"><event code="ACM"/><offset><low value="30" unit="min"/></offset></effectiveTime>';
const hour = (at: string) =>
  `<comp xsi:type="PIVL_TS"><phase><low value="20240312${at}0000+0100"/></phase><period value="1" unit="d"/></comp>`;
const product = "<name>FICTIMAB 5 mg</name>";
const related = (inner: string, type = "COMP") => `<entryRelationship typeCode="${type}">${inner}</entryRelationship>`;
const instruction =
  '<act classCode="ACT" moodCode="INT"><templateId root="1.2.250.1.213.1.1.3.33"/><text>au repas</text></act>';
const act = (status: string, inner = "") =>
  `<procedure classCode="PROC" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.62"/><code code="NFKA007" codeSystem="1.2.250.1.213.2.5"/><statusCode code="${status}"/>${inner}</procedure>`;
const withheld = '<code nullFlavor="MSK"/>';

const varied = documentXml({
  sections: [
    sectionXml(
      "11450-4",
      "Problèmes",
      "x",
      problemXml('<value xsi:type="CD" nullFlavor="MSK"/>'),
      problemXml('<value xsi:type="CD" code="J45" codeSystem="2.16.840.1.113883.6.3"/>', {
        time: '<effectiveTime><low nullFlavor="MSK"/></effectiveTime>',
      }),
    ),
    sectionXml("48765-2", "Allergies", "x", allergyXml(withheld)),
    sectionXml(
      "10160-0",
      "Traitements",
      "x",
      treatmentXml(withheld),
      treatmentXml(product, days),
      treatmentXml(product, meal),
      treatmentXml(product, `<effectiveTime xsi:type="SXPR_TS">${hour("08")}${hour("20")}</effectiveTime>`),
    ),
    sectionXml(
      "57828-6",
      "Prescription",
      "x",
      ...[days, meal].map((times) => treatmentXml(product, times, 'moodCode="INT"', "83")),
    ),
    sectionXml(
      "11369-6",
      "Vaccinations",
      "x",
      treatmentXml(withheld, '<effectiveTime nullFlavor="MSK"/>', 'moodCode="EVN"', "45"),
    ),
    sectionXml(
      "30954-2",
      "Résultats",
      "x",
      measure('<value xsi:type="RTO"><numerator value="1"/><denominator value="128"/></value>'),
      measure('<value xsi:type="IVL_PQ"><low value="3" unit="g/L"/><high value="5" unit="g/L"/></value>'),
      measure('<value xsi:type="PQ" value="&lt;0.5" unit="g/L"/>'),
      measure('<value xsi:type="PQ" nullFlavor="OTH"><translation value="7" code="mmol/L"/></value>'),
      measure(`<value xsi:type="SC" code="LA1" ${loinc}>jaune</value>`),
      measure('<value xsi:type="PQ" nullFlavor="MSK"/>'),
      measure('<value xsi:type="INT" value="4"/>', range('<value xsi:type="ST">négatif</value>')),
      measure('<value xsi:type="INT" value="4"/>', range('<value xsi:type="INT" value="5"/>')),
      measure(
        '<value xsi:type="INT" value="4"/>',
        range(
          '<value xsi:type="IVL_PQ"><low value="3"/></value><lab:precondition xmlns:lab="urn:oid:1.3.6.1.4.1.19376.1.3.2"><lab:criterion><lab:value xsi:type="CE" code="F" codeSystem="2.16.840.1.113883.5.1"/></lab:criterion></lab:precondition><lab:precondition xmlns:lab="urn:oid:1.3.6.1.4.1.19376.1.3.2"><lab:criterion><lab:value xsi:type="IVL_PQ"><lab:low value="18" unit="a"/></lab:value></lab:criterion></lab:precondition>',
        ),
      ),
      observationXml("48", withheld, ""),
      '<procedure classCode="PROC" moodCode="EVN" nullFlavor="MSK"><templateId root="1.2.250.1.213.1.1.3.62"/></procedure>',
      '<encounter classCode="ENC" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.58"/><code code="AMB" codeSystem="2.16.840.1.113883.5.4"/><effectiveTime value="20240101"/><participant typeCode="LOC"><participantRole><id root="1.2.3" extension="a"/><playingEntity><name>Hôpital</name></playingEntity></participantRole></participant></encounter>',
    ),
    sectionXml(
      "60590-7",
      "Dispensation",
      "x",
      `<supply classCode="SPLY" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.204"/><code code="RFP" codeSystem="2.16.840.1.113883.5.4"/><product><manufacturedProduct><manufacturedMaterial>${product}</manufacturedMaterial></manufacturedProduct></product>${related('<substanceAdministration classCode="SBADM" moodCode="INT"><templateId root="1.2.250.1.213.1.1.3.90"/><id root="1.2.9" extension="RX-1"/></substanceAdministration>', "REFR")}${related(instruction, "SUBJ")}</supply>`,
      treatmentXml(product, '<id root="1.2.9" extension="RX-1"/>', 'moodCode="INT"', "83").replace(
        'code="completed"',
        'code="cancelled"',
      ),
    ),
    sectionXml(
      "47519-4",
      "Actes",
      "x",
      ...["new", "active", "suspended", "aborted", "cancelled"].map((status) => act(status)),
      act("completed", `<effectiveTime value="20240301"/>${related(treatmentXml(product))}`),
    ),
    sectionXml(
      "10160-0",
      "Traitements arrêtés",
      "x",
      treatmentXml(
        product,
        related(
          '<observation classCode="OBS" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.48.17"/><code code="MED-052" codeSystem="1.2.250.1.213.1.1.4.322"/><text>nausées</text></observation>',
        ),
      ),
    ),
    sectionXml(
      "11369-6",
      "Vaccinations refusées et à faire",
      "x",
      treatmentXml(
        product,
        related('<act classCode="ACT" moodCode="EVN"><text>refus</text></act>', "RSON"),
        'moodCode="EVN" negationInd="true"',
        "45",
      ),
      treatmentXml(
        product,
        related(observationXml("82", `<code code="30973-2" ${loinc}/>`, '<value xsi:type="INT" value="2"/>'), "SUBJ"),
        'moodCode="INT"',
        "47",
      ),
    ),
    sectionXml(
      "10157-6",
      "Famille",
      "x",
      `<organizer classCode="CLUSTER" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.59"/><subject><relatedSubject classCode="PRS"><code code="MTH" codeSystem="2.16.840.1.113883.5.111"/><subject><sdtc:deceasedInd xmlns:sdtc="urn:hl7-org:sdtc" value="true"/></subject></relatedSubject></subject><component>${observationXml("51", `<code code="64572001" ${loinc}/>`, '<value xsi:type="CD" code="C50" codeSystem="2.16.840.1.113883.6.3"/>', 'moodCode="EVN"', related('<observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.1.38"/><code code="397659008"/><value xsi:type="INT" value="52"/></observation>', "SUBJ"))}</component></organizer>`,
    ),
    sectionXml(
      "46264-8",
      "Dispositifs",
      "x",
      supply('moodCode="EVN"', '<statusCode code="aborted"/><effectiveTime><low value="2020"/></effectiveTime>'),
      supply('moodCode="RQO"', '<statusCode code="cancelled"/>'),
      supply('moodCode="EVN"', '<effectiveTime><low value="2020"/></effectiveTime>'),
    ),
    sectionXml(
      "8716-3",
      "Signes vitaux",
      "x",
      observationXml(
        "50",
        `<code code="29463-7" displayName="Poids" ${loinc}/><effectiveTime nullFlavor="MSK"/>`,
        '<value xsi:type="PQ" value="70" unit="kg"/>',
      ),
    ),
  ].join(""),
});

describe.skipIf(!canValidate)(
  "what is read is valid FHIR, and IPS where it has a profile (needs ../shared and FHIR_TOOLS_MODULES)",
  () => {
    it("of a document that varies what the standard allows", { timeout: 120_000 }, async () => {
      expect(await errorsOf([cdaToFhir(varied)])).toEqual([]);
    });

    it("of every official sample", { timeout: 240_000 }, async () => {
      const folder = join(shared, "cda/open");
      const names = readdirSync(folder).filter((name) => name.endsWith(".xml"));
      expect(await errorsOf(names.map((name) => cdaToFhir(readFileSync(join(folder, name), "utf8"))))).toEqual([]);
    });
  },
);
