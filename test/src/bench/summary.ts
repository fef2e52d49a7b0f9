/**
 * One summary out of 2 000 documents' facts, as the service and the worker compose it: milliseconds of processor time.
 */
import { documentBundle } from "@carnet/sdk/cda";
import type { Bundle, FhirResource } from "@carnet/sdk/fhir";
import { withChecks } from "@carnet/sdk/safety";
import { summarise } from "@carnet/sdk/summary";
import { figureOf, print, threadMs } from "./figure.ts";

const count = 2000;
const warmUp = 5;
const samples = 15;
const day = 86_400_000;

export function benchSummary(): void {
  const documents = Array.from({ length: count }, (_, at) => document(at));
  const now = new Date(Date.UTC(2026, 10, 28)).toISOString();
  const options = { now, valuesPerAnalyte: 24, pastTreatments: 60 };
  // Facts are read anew each time, as they come from the database: nothing may live on what a former run left.
  const composed = costs(documents, (fresh) => summarise(fresh, options));
  print(figureOf(`summarise: facts of ${count} documents (processor time)`, "ms", composed));
  const summary = summarise(documents, options);
  const checked = costs(documents, (fresh) => withChecks(summary, { now, reader: "prescriber", prescriptions: fresh }));
  print(figureOf(`withChecks: the summary of ${count} documents (processor time)`, "ms", checked));
}

function costs(documents: readonly Bundle[], work: (fresh: readonly Bundle[]) => unknown): readonly number[] {
  const text = JSON.stringify(documents);
  const found: number[] = [];
  for (let run = 0; run < warmUp + samples; run += 1) {
    const fresh: readonly Bundle[] = JSON.parse(text);
    const before = threadMs();
    work(fresh);
    if (run >= warmUp) found.push(threadMs() - before);
  }
  return found;
}

/** A fictitious document of a long illness: three results, the disease, and at times a prescription. */
function document(at: number): Bundle {
  const date = new Date(Date.UTC(2006, 0, 1) + at * 3.6 * day).toISOString();
  const facts = [
    ...["2823-3", "2160-0", "718-7"].map((code, index) => result(code, 4 + ((at + index) % 13) / 10, date)),
    disease,
    ...(at % 10 === 0 ? [prescription(date)] : []),
  ];
  return documentBundle({
    uniqueId: `urn:oid:1.2.250.1.999.3.${at + 1}`,
    type: "11502-2",
    title: "Compte rendu d'examens biologiques",
    date,
    patient: {
      ins: { system: "urn:oid:1.2.250.1.213.1.4.10", value: "279035121518989" },
      birthName: "EXEMPLE",
      firstGivenName: "DOMINIQUE",
      birthGivenNames: ["DOMINIQUE"],
      sex: "female",
      birthDate: "1979-03-28",
      birthPlaceCode: "51215",
    },
    author: {
      rpps: "810002909371",
      family: "MARTIN",
      given: "Claire",
      profession: "G15_10",
      specialty: "SM26",
      organization: { id: "1750300915", name: "Laboratoire", facilityType: "SA07", practiceSetting: "AMBULATOIRE" },
    },
    sections: [{ code: "18719-5", title: "Biochimie", facts }],
  });
}

const result = (code: string, value: number, effectiveDateTime: string): FhirResource => ({
  resourceType: "Observation",
  status: "final",
  category: [
    { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] },
  ],
  code: { coding: [{ system: "http://loinc.org", code }] },
  effectiveDateTime,
  valueQuantity: { value, unit: "mmol/L", system: "http://unitsofmeasure.org", code: "mmol/L" },
});

const disease: FhirResource = {
  resourceType: "Condition",
  subject: {},
  code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "N18.5" }], text: "Maladie rénale chronique" },
};

const prescription = (authoredOn: string): FhirResource => ({
  resourceType: "MedicationRequest",
  status: "active",
  intent: "order",
  subject: {},
  authoredOn,
  medicationCodeableConcept: {
    coding: [{ system: "http://www.whocc.no/atc", code: "V03AE02" }],
    text: "RENVELA 800 mg",
  },
  dosageInstruction: [{ text: "2 comprimés par repas" }],
});
