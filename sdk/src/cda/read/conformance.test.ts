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
      observationXml("48", withheld, ""),
      '<procedure classCode="PROC" moodCode="EVN" nullFlavor="MSK"><templateId root="1.2.250.1.213.1.1.3.62"/></procedure>',
      '<encounter classCode="ENC" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.58"/><code code="AMB" codeSystem="2.16.840.1.113883.5.4"/><effectiveTime value="20240101"/><participant typeCode="LOC"><participantRole><id root="1.2.3" extension="a"/><playingEntity><name>Hôpital</name></playingEntity></participantRole></participant></encounter>',
    ),
    sectionXml(
      "46264-8",
      "Dispositifs",
      "x",
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
