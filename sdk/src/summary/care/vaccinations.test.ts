import fc from "fast-check";
import type { FhirResource } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { summaryOf } from "../safety/test-support.ts";
import { plusDays, plusMonths } from "../safety/time.ts";
import { frenchVaccinationSchedule, parseVaccinationSchedule, type VaccinationDue, vaccinationsDue } from "./index.ts";

const schedule = frenchVaccinationSchedule();
const summer = "2026-07-15T09:00:00Z";
const autumn = "2026-11-22T09:00:00Z";

/** A vaccination: ATC code, date, more. */
const dose = (code: string, occurrenceDateTime: string | undefined, more: object = {}): FhirResource => ({
  resourceType: "Immunization",
  id: `${code}-${occurrenceDateTime ?? "undated"}`,
  status: "completed",
  patient: {},
  vaccineCode: { coding: [{ system: "http://www.whocc.no/atc", code }] },
  ...(occurrenceDateTime ? { occurrenceDateTime } : {}),
  ...more,
});
const other = dose("J07BL01", "2001-01-01");

/** A condition that no line of the schedule is about: the record does speak of conditions. */
const migraine: FhirResource = {
  resourceType: "Condition",
  id: "g",
  subject: {},
  code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "G43.0" }] },
};

function due(
  birthDate: string | undefined,
  facts: readonly FhirResource[],
  now = summer,
  conditions: readonly FhirResource[] = [migraine],
): VaccinationDue[] {
  const summary = summaryOf(...facts, ...conditions);
  const [first, ...rest] = summary.entry ?? [];
  const patient: FhirResource = { resourceType: "Patient", id: "patient", ...(birthDate ? { birthDate } : {}) };
  return vaccinationsDue({ ...summary, entry: [{ ...first, resource: patient }, ...rest] }, schedule, { now });
}
const told = (list: readonly VaccinationDue[]) =>
  list.map(
    (one) => `${one.need ?? ""} ${one.reason ?? one.status}${one.dose ? ` ${one.dose.number}/${one.dose.of}` : ""}`,
  );

describe("children", () => {
  test("an infant of two months and a half: first doses due, with obligation, age and source", () => {
    const list = due("2026-05-01", [other]);
    expect(told(list)).toEqual([
      "infant-dtp-pertussis due 1/3",
      "infant-hib due 1/3",
      "hepatitis-b due 1/3",
      "infant-pneumococcus due 1/3",
      "rotavirus due 1/2",
    ]);
    expect(list[0]).toMatchObject({ obligation: "mandatory", since: "2026-07-01", source: { date: "2026-04" } });
    expect(list[0]?.because[0]?.display).toBe("2026-05-01");
    expect(list[0]?.text).toContain("Aucune dose dans le dossier");
  });

  test("a dose against measles before the first birthday is none of the two; three against HPV from fifteen", () => {
    const doses = (...days: string[]) => days.map((day) => dose("J07BD52", day));
    const measles = (...days: string[]) =>
      told(due("2023-01-01", doses(...days))).filter((one) => one.startsWith("measles"));
    expect(measles("2024-01-10", "2024-06-01")).toEqual([]);
    expect(measles("2023-08-01", "2024-01-10")).toEqual(["measles-mumps-rubella overdue 2/2"]);
    const hpv = (...days: string[]) =>
      told(
        due(
          "2008-01-01",
          days.map((day) => dose("J07BM03", day)),
        ),
      ).filter((one) => one.startsWith("papilloma"));
    expect(hpv("2021-01-01", "2021-09-01")).toEqual([]);
    expect(hpv("2024-01-01", "2024-09-01")).toEqual(["papillomavirus overdue 3/3"]);
  });

  test("a year of birth leaves open what is due for some of its months", () => {
    const list = told(due("2026", [other], "2026-12-20T09:00:00Z"));
    expect(list).toContain("rotavirus imprecise-birth-date");
  });

  test("a hexavalent vaccine counts for its six diseases; the next dose is due at its age, overdue a month later", () => {
    const facts = [dose("J07CA09", "2026-01-02"), dose("J07AL02", "2026-01-02"), dose("J07BH01", "2026-01-02")];
    const list = told(due("2025-11-01", facts, "2026-03-15T00:00:00Z"));
    expect(list).toContain("infant-dtp-pertussis due 2/3");
    expect(list).toContain("hepatitis-b due 2/3");
    expect(told(due("2025-11-01", facts, "2026-04-02T00:00:00Z"))).toContain("hepatitis-b overdue 2/3");
  });

  test("a tetanus vaccine alone is no booster against polio", () => {
    const list = told(due("2015-01-01", [dose("J07AM01", "2026-02-01")]));
    expect(list).toContain("dtp-boosters due");
    expect(told(due("2015-01-01", [dose("J07CA02", "2026-02-01")]))).not.toContain("dtp-boosters due");
  });

  test("fewer doses are asked for when started late; none after the end of catching up", () => {
    const late = due("2024-07-15", [other]).find((one) => one.need === "infant-hib");
    expect(late?.dose).toEqual({ number: 1, of: 1 });
    expect(told(due("2018-07-15", [other])).some((one) => one.startsWith("infant-hib"))).toBe(false);
  });
});

describe("what the record says against a vaccine", () => {
  const advised = (code: string, forecastStatus: string): FhirResource => ({
    resourceType: "ImmunizationRecommendation",
    id: `r-${code}`,
    patient: {},
    date: "2026-10-30",
    recommendation: [
      {
        vaccineCode: [{ coding: [{ system: "http://www.whocc.no/atc", code }] }],
        forecastStatus: {
          coding: [
            {
              system: "http://terminology.hl7.org/CodeSystem/immunization-recommendation-status",
              code: forecastStatus,
            },
          ],
        },
      },
    ],
  });
  const shingles = (...facts: FhirResource[]) =>
    due("1950-12-12", [other, ...facts], autumn).find(({ need, label = "" }) => need && /zona/i.test(label));

  test("a vaccine that a document calls contra-indicated is not said to be due", () => {
    expect(shingles()?.status).toBe("due");
    const found = shingles(advised("J07BK03", "contraindicated"));
    expect(found).toMatchObject({ status: "cannot-be-said", reason: "contraindicated" });
    expect(found?.text).toContain("contre-indiqué");
    expect(found?.because.map(({ reference }) => reference)).toContainEqual(expect.stringContaining("r-J07BK03"));
    expect(shingles(advised("J07BK03", "due"))?.status).toBe("due");
    expect(shingles(advised("J07BB02", "contraindicated"))?.status).toBe("due");
  });

  test("one that was refused stays due, with the day and the reason of the refusal", () => {
    const refused = dose("J07BK03", "2026-10-30", { status: "not-done", statusReason: { text: "refus du patient" } });
    expect(shingles(refused)?.status).toBe("due");
    expect(shingles(refused)?.text).toContain("Dite non faite le 30 octobre 2026 (refus du patient).");
    // It was given since.
    expect(shingles(refused, dose("J07BK03", "2026-11-02"))?.text ?? "").not.toContain("Dite non faite");
  });
});

describe("doses of a late start", () => {
  /** What is said of one line, for doses of one vaccine on these days. */
  const of = (need: string, birth: string, code: string, days: readonly string[], now = summer) =>
    told(
      due(
        birth,
        days.map((day) => dose(code, day)),
        now,
      ),
    ).filter((one) => one.startsWith(need));

  test("RotaTeq asks for a third dose, Rotarix does not; none is begun from four months on", () => {
    const of2 = (code: string) => of("rotavirus", "2026-03-01", code, ["2026-05-01", "2026-06-01"]);
    expect([of2("J07BH02"), of2("J07BH01")]).toEqual([["rotavirus due 3/3"], []]);
    expect(of("rotavirus", "2026-03-01", "J07BH02", ["2026-05-01", "2026-06-01", "2026-07-01"])).toEqual([]);
    expect(of("rotavirus", "2026-03-20", "J07BL01", ["2026-07-10"])).toEqual(["rotavirus overdue 1/2"]);
    expect(of("rotavirus", "2026-03-10", "J07BL01", ["2026-07-10"])).toEqual([]);
    // The last dose may still be given: before six months, before eight with RotaTeq.
    expect(of("rotavirus", "2026-02-01", "J07BH01", ["2026-05-20"])).toEqual(["rotavirus due 2/2"]);
    expect(of("rotavirus", "2026-01-01", "J07BH02", ["2026-04-01", "2026-05-01"])).toEqual(["rotavirus overdue 3/3"]);
    expect(of("rotavirus", "2026-01-01", "J07BH01", ["2026-04-01"])).toEqual([]);
  });

  test("three doses against HPV from fifteen on: two months, then four; the two of the younger five months apart", () => {
    const hpv = (birth: string, ...days: string[]) => of("papillomavirus", birth, "J07BM03", days);
    expect(hpv("2010-01-01", "2026-05-10")).toEqual(["papillomavirus due 2/3"]);
    expect(hpv("2010-01-01", "2026-05-20")).toEqual([]);
    expect(hpv("2010-01-01", "2026-01-10", "2026-03-10")).toEqual(["papillomavirus due 3/3"]);
    expect(hpv("2010-01-01", "2026-01-10", "2026-03-20")).toEqual([]);
    expect(hpv("2014-01-01", "2026-03-10")).toEqual([]);
    expect(hpv("2014-01-01", "2026-02-10")).toEqual(["papillomavirus due 2/2"]);
    // A second dose that may come until thirteen months after the first is not late before.
    expect(hpv("2010-12-01", "2025-10-10")).toEqual(["papillomavirus due 2/2"]);
  });

  test("a booster that says which dose it is may have been begun early: no dose more is asked for", () => {
    const second = { protocolApplied: [{ doseNumberPositiveInt: 2 }] };
    const hpv = (...facts: FhirResource[]) =>
      told(due("2008-01-01", facts)).filter((one) => one.startsWith("papilloma"));
    expect(hpv(dose("J07BM03", "2023-03-01", second))).toEqual([]);
    // "2023" may lie before or after the fifteenth birthday.
    expect(hpv(dose("J07BM03", "2022"), dose("J07BM03", "2024-01-01"))).toEqual([]);
    expect(hpv(dose("J07BM03", "2023-02-01"), dose("J07BM03", "2024-01-01"))).toEqual(["papillomavirus overdue 3/3"]);
  });

  test("the third dose of the hexavalent vaccine comes six months after the second at the earliest", () => {
    const infant = (second: string) => of("infant-dtp", "2025-08-01", "J07CA09", ["2025-10-01", second]);
    expect(infant("2026-03-01")).toEqual([]);
    expect(infant("2026-01-10")).toEqual(["infant-dtp-pertussis due 3/3"]);
  });

  test("hepatitis B begun from eleven years on: two doses, six months apart; before, three at 0, 1 and 6 months", () => {
    const hepatitis = (...days: string[]) => of("hepatitis-b", "2014-01-01", "J07BC01", days);
    expect(hepatitis("2026-03-01")).toEqual([]);
    expect(hepatitis("2026-01-01")).toEqual(["hepatitis-b due 2/2"]);
    expect(hepatitis("2026-01-01", "2026-07-02")).toEqual([]);
    const child = (...days: string[]) => of("hepatitis-b", "2020-01-01", "J07BC01", days);
    expect(child("2026-06-01")).toEqual(["hepatitis-b due 2/3"]);
    expect(child("2026-03-01", "2026-04-01")).toEqual([]);
  });

  test("Haemophilus influenzae b begun at seven months: a third dose at eighteen", () => {
    const hib = (now: string) => of("infant-hib", "2024-12-01", "J07AG01", ["2025-07-10", "2025-08-20"], now);
    expect(hib("2026-05-15T09:00:00Z")).toEqual([]);
    expect(hib("2026-06-10T09:00:00Z")).toEqual(["infant-hib due 3/3"]);
  });

  test("pneumococcus begun at eight months: the booster a year later", () => {
    const pneumococcus = (now: string) =>
      of("infant-pneumococcus", "2025-01-01", "J07AL02", ["2025-08-10", "2025-10-10"], now);
    expect(pneumococcus("2026-01-15T09:00:00Z")).toEqual([]);
    expect(pneumococcus("2026-10-12T09:00:00Z")).toEqual(["infant-pneumococcus due 3/3"]);
  });

  test("meningococcus B by the age at the first dose: a booster, twelve months later, or none from two years on", () => {
    const at = (birth: string, ...days: string[]) => of("infant-meningococcus-b", birth, "J07AH09", days);
    expect(at("2025-01-01", "2026-01-10", "2026-03-20")).toEqual([]);
    expect(at("2024-05-01", "2025-05-10", "2025-07-10")).toEqual(["infant-meningococcus-b due 3/3"]);
    expect(at("2024-01-01", "2026-02-01", "2026-03-10")).toEqual([]);
    expect(at("2024-01-01", "2026-05-01")).toEqual(["infant-meningococcus-b overdue 2/2"]);
    // Begun in time: six months before the booster; begun from six months on: two.
    expect(at("2025-06-20", "2025-10-01", "2026-02-20")).toEqual([]);
    expect(at("2025-06-20", "2026-01-02", "2026-03-20")).toEqual(["infant-meningococcus-b due 3/3"]);
    // Begun from six months on, the booster may come during the whole second year.
    expect(at("2025-03-01", "2025-10-01", "2025-12-10")).toEqual(["infant-meningococcus-b due 3/3"]);
  });

  test("a child of three is not told that a vaccine that binds infants is mandatory", () => {
    const list = (birth: string) => due(birth, [other]).find((one) => one.need === "infant-meningococcus-b");
    expect([list("2025-12-01")?.obligation, list("2023-05-01")?.obligation]).toEqual(["mandatory", "recommended"]);
  });
});

describe("adults", () => {
  test("boosters at 25, 45, 65, then every ten years, counted from five years before", () => {
    const boosters = (birth: string, given: string) =>
      told(due(birth, [dose("J07CA01", given)])).filter((one) => one.startsWith("dtp"));
    expect(boosters("1980-01-01", "2020-05-01")).toEqual([]);
    expect(boosters("1980-01-01", "2019-05-01")).toEqual(["dtp-boosters overdue"]);
    expect(boosters("1981-02-01", "2010-05-01")).toEqual(["dtp-boosters due"]);
    expect(boosters("1946-01-01", "2015-05-01")).toEqual(["dtp-boosters overdue"]);
    expect(boosters("1946-01-01", "2021-05-01")).toEqual([]);
  });

  test("from 65: pneumococcus, shingles, and in the campaign influenza and Covid-19", () => {
    const facts = [dose("J07CA01", "2025-01-01")];
    expect(told(due("1960-01-01", facts))).toEqual(["adult-pneumococcus due 1/1", "zoster due 1/2"]);
    expect(told(due("1960-01-01", facts, autumn))).toEqual([
      "adult-pneumococcus due 1/1",
      "zoster due 1/2",
      "influenza due",
      "covid due",
    ]);
    const done = [...facts, dose("J07BB02", "2026-10-20"), dose("J07BN01", "2025-10-20")];
    expect(told(due("1960-01-01", done, autumn))).toContain("covid due");
    expect(told(due("1960-01-01", done, autumn))).not.toContain("influenza due");
  });

  test("a chronic disease brings its vaccines forward, and is named as the reason", () => {
    const diabetes: FhirResource = {
      resourceType: "Condition",
      id: "d",
      subject: {},
      code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "E11.9" }], text: "Diabète" },
    };
    const facts = [dose("J07CA01", "2025-01-01"), dose("J07BD52", "1990-01-01"), dose("J07BD52", "1991-01-01")];
    expect(told(due("1982-01-01", facts, autumn))).toEqual([]);
    const list = due("1982-01-01", [...facts, diabetes], autumn);
    expect(told(list)).toEqual(["adult-pneumococcus-at-risk due 1/1", "influenza due", "covid due"]);
    expect(list[0]?.because.map((one) => one.display)).toContain("Diabète");
  });

  test("a polysaccharide vaccine does not stand for a conjugate one, by code or by brand", () => {
    const brand = {
      vaccineCode: { text: "PNEUMOVAX", coding: [{ system: "http://www.whocc.no/atc", code: "J07AL" }] },
    };
    for (const given of [dose("J07AL01", "2024-01-01"), dose("J07AL", "2024-01-01", brand)]) {
      expect(told(due("1960-01-01", [given]))).toContain("adult-pneumococcus due 1/1");
    }
    expect(told(due("1960-01-01", [dose("J07AL02", "2026-01-01")]))).not.toContain("adult-pneumococcus due 1/1");
  });

  test("Zostavax is not Shingrix: two doses all the same, a year after it, and a year after shingles", () => {
    const zoster = (...facts: FhirResource[]) =>
      told(due("1955-01-01", facts)).filter((one) => one.startsWith("zoster"));
    expect(zoster(dose("J07BK02", "2019-03-01"))).toEqual(["zoster due 1/2"]);
    expect(zoster(dose("J07BK02", "2026-03-01"))).toEqual([]);
    expect(zoster(dose("J07BK02", undefined))).toEqual(["zoster undated"]);
    const shingles = (onsetDateTime: string): FhirResource => ({
      ...migraine,
      id: "z",
      code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "B02.9" }] },
      clinicalStatus: { coding: [{ code: "resolved" }] },
      onsetDateTime,
    });
    expect(zoster(other, shingles("2026-02-01"))).toEqual([]);
    expect(zoster(other, shingles("2020-02-01"))).toEqual(["zoster due 1/2"]);
  });

  test("a kidney disease of the first two stages is no kidney failure: no vaccine is due for it", () => {
    const kidney = (code: string): FhirResource => ({
      ...migraine,
      id: "k",
      code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code }] },
    });
    const vaccines = (code: string) =>
      told(due("1990-01-01", [other, kidney(code)], "2026-11-01T09:00:00Z"))
        .filter((one) => /^(adult-pneumococcus|influenza|covid)/.test(one))
        .map((one) => one.split(" ")[0]);
    expect(["N18.1", "N182"].map(vaccines)).toEqual([[], []]);
    const all = ["adult-pneumococcus-at-risk", "influenza", "covid"];
    expect(["N18", "N18.3", "N18.9"].map((code) => vaccines(code).sort())).toEqual(Array(3).fill(all.sort()));
  });

  test("shingles from eighteen on for people with a weakened immunity", () => {
    const condition = (code: string): FhirResource => ({
      ...migraine,
      id: "i",
      code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code }] },
    });
    const zoster = (code: string) =>
      told(due("1990-01-01", [other, condition(code)])).filter((one) => one.startsWith("zoster"));
    expect(["B24", "Z94.0", "E11", "Z94.7"].map(zoster)).toEqual([
      ["zoster-at-risk due 1/2"],
      ["zoster-at-risk due 1/2"],
      [],
      [],
    ]);
  });

  test("a year passes between a polysaccharide vaccine against pneumococcus and the conjugate one", () => {
    const pneumococcus = (day: string | undefined) =>
      told(due("1955-01-01", [dose("J07AL01", day)])).filter((one) => one.startsWith("adult-pneumococcus"));
    expect(pneumococcus("2026-02-01")).toEqual([]);
    expect(pneumococcus("2025-02-01")).toEqual(["adult-pneumococcus due 1/1"]);
    expect(pneumococcus(undefined)).toEqual(["adult-pneumococcus undated"]);
  });

  test("Covid-19 six months after the last dose, three from eighty on", () => {
    const covid = (birth: string, given: string) =>
      told(due(birth, [dose("J07BN01", given)], "2026-11-01T09:00:00Z")).filter((one) => one.startsWith("covid"));
    expect([covid("1955-01-01", "2026-06-10"), covid("1955-01-01", "2026-04-20")]).toEqual([[], ["covid due"]]);
    expect([covid("1940-01-01", "2026-06-10"), covid("1940-01-01", "2026-08-20")]).toEqual([["covid due"], []]);
  });

  test("no vaccine of the campaign before six months, whatever the disease", () => {
    const transplant: FhirResource = {
      ...migraine,
      id: "t",
      code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "Z94.1" }], text: "Greffe de cœur" },
    };
    const season = (birth: string) =>
      told(due(birth, [other, transplant], autumn)).filter((one) => /influenza|covid/.test(one));
    expect(season("2026-08-01")).toEqual([]);
    expect(season("2026-03-01")).toEqual(["influenza due", "covid due"]);
  });

  test("a graft of the cornea, or the trait of sickle-cell disease, is no reason for a vaccine", () => {
    for (const code of ["Z94.7", "D57.3"]) {
      const condition: FhirResource = {
        ...migraine,
        id: "c",
        code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code }] },
      };
      const facts = [dose("J07CA01", "2025-01-01"), dose("J07BD52", "1990-01-01"), dose("J07BD52", "1991-01-01")];
      expect(told(due("1982-01-01", [...facts, condition], autumn))).toEqual([]);
    }
  });

  test("a vaccine told by its brand alone counts, and one for travellers is recognised", () => {
    const named = (text: string) => dose("", "2026-10-20", { vaccineCode: { text } });
    expect(told(due("1955-01-01", [named("FLUCELVAX, suspension injectable")], autumn)).join()).not.toMatch(
      /influenza|unrecognised/,
    );
    for (const name of ["Dukoral", "Qdenga", "Spirolept", "Vaccin BCG AJVaccines"]) {
      expect(told(due("1955-01-01", [named(name)], autumn)).join()).not.toContain("unrecognised");
    }
    // WHO names no polio in J07AG52.
    const infant = due("2026-04-01", [dose("J07AG52", "2026-06-05")]);
    expect(told(infant)).toContain("infant-dtp-pertussis overdue 1/3");
  });

  test("pertussis in each pregnancy, in its weeks", () => {
    const pregnancy = (valueDateTime: string): FhirResource => ({
      resourceType: "Observation",
      id: "p",
      status: "final",
      code: { coding: [{ system: "http://loinc.org", code: "11778-8" }] },
      valueDateTime,
    });
    const facts = [dose("J07CA02", "2022-01-01"), dose("J07BD52", "2000-01-01"), dose("J07BD52", "2001-01-01")];
    expect(told(due("1996-01-01", [...facts, pregnancy("2026-10-01")]))).toEqual(["pregnancy-pertussis due"]);
    expect(told(due("1996-01-01", [...facts, pregnancy("2027-03-01")]))).toEqual([]);
  });

  test("a living vaccine, or one against HPV, is not asked for during a pregnancy", () => {
    const pregnancy: FhirResource = {
      resourceType: "Observation",
      id: "p",
      status: "final",
      code: { coding: [{ system: "http://loinc.org", code: "11778-8" }] },
      valueDateTime: "2027-03-01",
    };
    const asked = (...facts: FhirResource[]) =>
      told(due("2001-01-01", [dose("J07CA02", "2024-01-01"), ...facts])).filter((one) => /measles|papilloma/.test(one));
    expect(asked()).toEqual(["measles-mumps-rubella overdue 1/2", "papillomavirus overdue 1/3"]);
    expect(asked(pregnancy)).toEqual([]);
  });

  test("nothing is due for a pregnancy that has ended since, by what the record says last", () => {
    const state = (code: string, effectiveDateTime: string): FhirResource => ({
      resourceType: "Observation",
      id: `${code}-${effectiveDateTime}`,
      status: "final",
      code: { coding: [{ system: "http://loinc.org", code: "82810-3" }] },
      effectiveDateTime,
      valueCodeableConcept: { coding: [{ system: "http://snomed.info/sct", code }] },
    });
    const expected: FhirResource = {
      resourceType: "Observation",
      id: "e",
      status: "final",
      code: { coding: [{ system: "http://loinc.org", code: "11778-8" }] },
      effectiveDateTime: "2026-03-01",
      valueDateTime: "2026-10-01",
    };
    const [isPregnant, isNot] = [state("77386006", "2026-03-01"), state("60001007", "2026-06-01")];
    const asked = (...said: FhirResource[]) =>
      told(due("1996-01-01", [dose("J07CA02", "2022-01-01"), ...said])).filter((one) => one.startsWith("pregnancy"));
    // Without the expected day nobody can count the weeks.
    expect(asked(isPregnant)).toEqual(["pregnancy-pertussis unknown-term"]);
    expect(asked(expected)).toEqual(["pregnancy-pertussis due"]);
    expect([asked(isPregnant, isNot), asked(isNot, expected)]).toEqual([[], []]);
    expect(asked(isNot, state("77386006", "2026-07-01"))).toEqual(["pregnancy-pertussis unknown-term"]);
    expect(asked(isPregnant, dose("J07CA02", "2026-05-01"))).toEqual([]);
  });
});

describe("what the record cannot tell", () => {
  test("no birth date: said once, nothing else", () => {
    expect(told(due(undefined, [other]))).toEqual([" no-birth-date"]);
  });

  test("no word about vaccinations: each line that would apply, never silence, never 'due'", () => {
    const list = due("1960-01-01", []);
    expect(told(list)).toEqual([
      "dtp-boosters no-immunization-information",
      "adult-pneumococcus no-immunization-information",
      "zoster no-immunization-information",
    ]);
  });

  test("no word about conditions: lines for some diseases, when the age fits", () => {
    const facts = [dose("J07CA01", "2025-01-01"), dose("J07BD52", "1990-01-01"), dose("J07BD52", "1991-01-01")];
    expect(told(due("1982-01-01", facts, autumn, []))).toEqual([
      "adult-pneumococcus-at-risk no-condition-information",
      "zoster-at-risk no-condition-information",
      "influenza no-condition-information",
      "covid no-condition-information",
    ]);
    expect(told(due("2010-01-01", facts, summer, []))).not.toContain("rsv-at-risk no-condition-information");
  });

  test("a dose without a date, a vague date, a vague birth date, an unknown vaccine", () => {
    const boosters = (birth: string, fact: FhirResource) =>
      told(due(birth, [fact])).filter((one) => one.startsWith("dtp"));
    expect(boosters("1980-01-01", dose("J07CA01", undefined))).toEqual(["dtp-boosters undated"]);
    expect(boosters("1980-06-01", dose("J07CA01", "2020"))).toEqual(["dtp-boosters imprecise-date"]);
    expect(boosters("1981", dose("J07CA01", "2010-01-01"))).toEqual(["dtp-boosters imprecise-birth-date"]);
    const unknown = dose("", "2020-01-01", { vaccineCode: { text: "Vaccin du voyageur" } });
    const list = due("1980-01-01", [unknown]);
    expect(list.at(-1)).toMatchObject({ status: "cannot-be-said", reason: "unrecognised-vaccine" });
    expect(list.at(-1)?.text).toContain("« Vaccin du voyageur »");
  });

  test("a vaccination said to be done on a day to come is not counted, and that is said", () => {
    const list = due("1950-01-01", [dose("J07BB02", "2027-01-01")], autumn);
    expect(list.filter(({ reason }) => reason === "future-date")).toMatchObject([
      { status: "cannot-be-said", text: expect.stringContaining("à une date à venir"), given: [{}] },
    ]);
    expect(told(due("1950-01-01", [dose("J07BB02", "2026-10-15")], autumn)).join()).not.toContain("future-date");
  });

  test("what was not done, or lies ahead, does not count; one day told twice counts once", () => {
    const need = (...facts: FhirResource[]) => told(due("1960-01-01", facts)).filter((one) => one.startsWith("zoster"));
    expect(need(dose("J07BK03", "2026-01-10", { status: "not-done" }), other)).toEqual(["zoster due 1/2"]);
    expect(need(dose("J07BK03", "2026-12-10"), other)).toEqual(["zoster due 1/2"]);
    expect(need(dose("J07BK03", "2026-01-10"), dose("J07BK03", "2026-01"))).toEqual(["zoster due 2/2"]);
    expect(need(dose("J07BK03", "2026-01-10"), dose("J07BK03", "2026-04-10"))).toEqual([]);
  });
});

test("a person who has died needs no vaccine; a birth that lies ahead gives no age; half a dose is none", () => {
  const summary = summaryOf();
  Object.assign(summary.entry?.[0]?.resource as object, { deceasedBoolean: true });
  expect(vaccinationsDue(summary, schedule, { now: "2026-11-22T09:00:00Z" })).toEqual([]);
  expect(told(due("2031-01-01", []))).toEqual(told(due("", [])));
  const half = dose("J07BK03", "2026-01-10", { isSubpotent: true });
  expect(told(due("1960-01-01", [half, other])).filter((one) => one.startsWith("zoster"))).toEqual(["zoster due 1/2"]);
});

describe("as rules", () => {
  const codes = ["J07CA09", "J07CA01", "J07AL02", "J07BD52", "J07BM03", "J07BK03", "J07AH08", "J07BB02"];
  const facts = fc.array(
    fc.record({
      code: fc.constantFrom(...codes),
      year: fc.integer({ min: 1990, max: 2026 }),
      month: fc.integer({ min: 1, max: 9 }),
    }),
    { minLength: 1, maxLength: 8 },
  );
  const made = (list: readonly { code: string; year: number; month: number }[]) =>
    list.map(({ code, year, month }, at) => ({ ...dose(code, `${year}-0${month}-10`), id: `i${at}` }));
  const births = fc.integer({ min: 1940, max: 2026 }).map((year) => `${year}-03-01`);

  test("a person vaccinated within days of each age is never late, and nothing stays due", () => {
    const birth = "2024-01-31";
    const plan: readonly (readonly [string, ...number[]])[] = [
      ["J07CA09", 2, 4, 11],
      ["J07AL02", 2, 4, 11, 780],
      ["J07BH02", 2, 3, 4],
      ["J07AH09", 3, 5, 12],
      ["J07AH08", 6, 12, 138],
      ["J07BD52", 12, 16],
      ["J07CA02", 72, 132, 300],
      ["J07BM03", 132, 138],
      ["J07CA01", 540, 780, 900],
      ["J07BK03", 780, 782],
      ["J07BX05", 900],
    ];
    const dayOf = (months: number, days: number) => plusDays(plusMonths(birth, months), days);
    const doses = plan.flatMap(([code, ...ages]) => ages.map((age) => dose(code, dayOf(age, 3))));
    for (const age of [...new Set(plan.flatMap(([, ...ages]) => ages))]) {
      const now = `${dayOf(age, 20)}T09:00:00Z`;
      const given = doses.filter((one) => one.resourceType === "Immunization" && (one.occurrenceDateTime ?? "") <= now);
      const open = due(birth, [other, ...given], now).filter(({ need }) => !/influenza|covid/.test(need ?? ""));
      // What may come over some months, and was not given at its beginning here.
      expect([age, told(open).filter((one) => !/adolescent|papilloma/.test(one))]).toEqual([age, []]);
      expect(open.filter(({ status }) => status === "overdue")).toEqual([]);
    }
  });

  test("the order of entries does not matter", () => {
    fc.assert(
      fc.property(births, facts, (birth, list) => {
        const all = made(list);
        expect(due(birth, [...all].reverse(), autumn)).toEqual(due(birth, all, autumn));
      }),
      { numRuns: 60 },
    );
  });

  test("a vaccination more never makes a line due that its disease has nothing to do with", () => {
    fc.assert(
      fc.property(births, facts, fc.constantFrom(...codes), (birth, list, code) => {
        const before = due(birth, made(list), autumn).filter((one) => one.status !== "cannot-be-said");
        const more = due(birth, [...made(list), dose(code, "2026-09-01")], autumn);
        const names = new Set(before.map((one) => one.need));
        const targets = schedule.products[code.slice(0, 7)] ?? schedule.products[code.slice(0, 5)] ?? [];
        for (const one of more) {
          const need = schedule.needs.find(({ id }) => id === one.need);
          if (need?.targets.some((target) => targets.includes(target))) continue;
          expect(names).toContain(one.need);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test("a schedule that cannot be read is refused, with the place", () => {
  expect(() => parseVaccinationSchedule({ ...schedule, needs: [{ kind: "series" }] })).toThrow(/needs/);
});

test("each line protects against something that a product gives", () => {
  const known = new Set(Object.values(schedule.products).flat());
  for (const { targets } of schedule.needs) for (const target of targets) expect(known).toContain(target);
  for (const code of Object.values(schedule.brands)) {
    expect(Object.keys(schedule.products).some((product) => code.startsWith(product))).toBe(true);
  }
});
