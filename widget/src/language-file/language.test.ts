import { beforeEach, describe, expect, it, vi } from "vitest";
import { formatClock, formatDate } from "../shared/format-date.ts";
import { formatDosage } from "../shared/format-dosage.ts";
import { formatDose, formatMeasure, formatNumber } from "../shared/format-number.ts";
import { languageOf, learn, toLocale } from "../shared/languages.ts";
import { makeLanguage } from "./language.ts";
import { addLanguage } from "./load.ts";
import { pseudoOf } from "./pseudo.ts";
import { templateOf } from "./template.ts";

const plain = (text: string | undefined) => text?.replace(/[\u00a0\u202f]/g, " ");
const flawsOf = (file: object) => {
  const { flaws } = makeLanguage({ ...templateOf("en"), language: "nl", ...file });
  return flaws.map(({ key, flaw }) => `${key}: ${flaw}`);
};
const summaryWith = (change: object) => ({ summary: { ...(templateOf("en").summary as object), ...change } });

describe("a language file", () => {
  let told: string[] = [];
  beforeEach(() => {
    told = [];
    vi.spyOn(console, "warn").mockImplementation((...words) => void told.push(words.join(" ")));
    return () => void vi.restoreAllMocks();
  });

  it("agrees words with their number as its language does, and keeps a range apart from the number it ends with", () => {
    const documents = {
      one: "{count} dokument",
      few: "{count} dokumenty",
      many: "{count} dokumentów",
      other: "{count} dokumentu",
    };
    const times = {
      "=1": "raz",
      "=2": "dwa razy",
      one: "{count} raz",
      few: "{count} razy",
      many: "{count} razy",
      other: "{count} razy",
    };
    const { language } = makeLanguage({ language: "pl", shared: { documents }, dosage: { times } });
    expect([0, 1, 2, 5, 22, 1.5].map((count) => language.shared.documents(count))).toEqual([
      "0 dokumentów",
      "1 dokument",
      "2 dokumenty",
      "5 dokumentów",
      "22 dokumenty",
      "1.5 dokumentu",
    ]);
    expect(language.dosage.times("2", 2)).toBe("dwa razy");
    expect(language.dosage.times("1 to 2", 2)).toBe("1 to 2 razy");
  });

  it("says in its base language what it lacks, by the name of each entry; English when it names none", () => {
    const french = makeLanguage({ language: "nl", base: "fr", shared: { yes: "Ja" } });
    expect([french.language.shared.yes, french.language.shared.no]).toEqual(["Ja", "Non"]);
    expect(french.flaws).toContainEqual({ key: "summary.flags.low", flaw: "missing" });
    expect(makeLanguage({ language: "nl" }).language.shared.no).toBe("No");
    expect(flawsOf({})).toEqual([]);
  });

  it.each([
    ["a key that is none of ours", { shmared: {} }, "shmared: unknown"],
    [
      "a number where words are due",
      { session: { ...(templateOf("en").session as object), renew: 3 } },
      "session.renew: not-text",
    ],
    ["a list where a table is due", { session: ["a"] }, "session: not-text"],
    ["words that drop what they should tell", summaryWith({ until: "gestopt" }), "summary.until: placeholders"],
    ["words that ask for what there is not", summaryWith({ showLess: "{total}" }), "summary.showLess: placeholders"],
    ["a brace left open", summaryWith({ until: "tot {date" }), "summary.until: placeholders"],
    [
      "a form that drops its number where the form is not that number",
      summaryWith({ facts: { one: "gegeven", other: "{count} x" } }),
      "summary.facts: placeholders",
    ],
    [
      "plural forms where nothing is counted",
      summaryWith({ until: { one: "{date}", other: "{date}" } }),
      "summary.until: not-text",
    ],
    ["plural forms without the general one", summaryWith({ facts: { one: "{count} x" } }), "summary.facts: plural"],
    [
      "a number that is not ours",
      { dosage: { ...(templateOf("en").dosage as object), asNeeded: "max 4" } },
      "dosage.asNeeded: numbers",
    ],
    ["an empty label", summaryWith({ showLess: " " }), "summary.showLess: empty"],
    ["a label of signs alone", summaryWith({ showLess: "—" }), "summary.showLess: empty"],
    ["a label that nobody sees", summaryWith({ showLess: "\u200b\u2060" }), "summary.showLess: characters"],
    [
      "a mark that turns the order of figures",
      summaryWith({ showLess: "Minder\u202e" }),
      "summary.showLess: characters",
    ],
    ["words without end", summaryWith({ showLess: "a".repeat(2001) }), "summary.showLess: too-long"],
  ])("is told of %s, and its base language stands in", (_what, file, flaw) => {
    expect(flawsOf(file)).toContain(flaw);
    const { language } = makeLanguage({ ...templateOf("en"), language: "nl", ...file });
    expect(language.summary.showLess).toBe("Show fewer");
    expect(language.summary.until("3 May")).toBe("ended: 3 May");
    expect(language.summary.facts(1).replace("\u00a0", " ")).toBe("1 entry");
  });

  it("never says two decisions with the same words: neither is used", () => {
    const flags = { ...(templateOf("en").summary as { flags: object }).flags, low: "Afwijkend", high: "afwijkend" };
    const { language, flaws } = makeLanguage({ ...templateOf("en"), language: "nl", ...summaryWith({ flags }) });
    expect([language.summary.flags.low, language.summary.flags.high]).toEqual(["low", "high"]);
    expect(flaws.map(({ key }) => key).sort()).toEqual(["summary.flags.high", "summary.flags.low"]);
    const unknown = flawsOf(
      summaryWith({
        absent: { ...(templateOf("en").summary as { absent: object }).absent, allergies: "Geen" },
        nothing: { ...(templateOf("en").summary as { nothing: object }).nothing, allergies: "Geen" },
      }),
    );
    expect(unknown).toContain("summary.nothing.allergies: same-as-another");
    expect(unknown).toContain("summary.absent.allergies: same-as-another");
  });

  it("never changes how many: a rhythm of three a day is not four", () => {
    const codes = {
      ...(templateOf("en").dosage as { codes: object }).codes,
      TID: "4 keer per dag",
      QID: "4 keer per dag",
    };
    const dosage = { ...(templateOf("en").dosage as object), codes };
    const { language, flaws } = makeLanguage({ ...templateOf("en"), language: "nl", dosage });
    expect(language.dosage.codes.TID).toBe("3 times daily");
    expect(flaws.map(({ key }) => key)).toContain("dosage.codes.TID");
    const fitting = { ...dosage, codes: { ...codes, TID: "3 keer per dag" } };
    expect(makeLanguage({ ...templateOf("en"), language: "nl", dosage: fitting }).flaws).toEqual([]);
  });

  it("cannot reach beyond its tables", async () => {
    const hostile = `{"language":"nl","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},
      "shared":{"__proto__":{"yes":"P"},"toString":"x","problems":{"__proto__":"x","constructor":"y"}}}`;
    const { language, flaws } = makeLanguage(JSON.parse(hostile));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(language.shared.yes).toBe("Yes");
    expect(Object.getPrototypeOf(language.shared.problems)).toBeNull();
    expect(flaws.map(({ key }) => key)).toEqual(
      expect.arrayContaining([
        "__proto__",
        "constructor",
        "shared.__proto__",
        "shared.toString",
        "shared.problems.constructor",
      ]),
    );
    const withGetter = {
      language: "nl",
      get shared(): never {
        throw new Error("read");
      },
    };
    await expect(addLanguage(withGetter)).rejects.toThrow();
  });

  it.each([
    [undefined],
    [null],
    [3],
    ["nl"],
    [[]],
    [{}],
    [{ language: 3 }],
    [{ language: "not a tag" }],
    [{ language: "fr" }],
  ])("that is none (%j) is refused with what to do", async (file) => {
    await expect(addLanguage(file)).rejects.toMatchObject({ code: "words-unusable" });
  });

  it("is told on the console by names, never more than fifty", async () => {
    await addLanguage({ language: "nl" });
    expect(told.join("\n")).toMatch(/words of "nl".*summary|shared\.notRecorded: missing/s);
    expect(told.join("\n").split("\n").length).toBeLessThan(55);
  });

  it("answers for its regions, and leaves French where nothing is known", async () => {
    await addLanguage({ language: "nl" });
    expect(["nl-BE", "NL", "fr-CA", "xx", null].map(toLocale)).toEqual(["nl", "nl", "fr", "fr", "fr"]);
  });
});

describe("in a language that came as a file", () => {
  learn(makeLanguage({ ...templateOf("en"), language: "nl" }).language);
  learn(makeLanguage({ ...templateOf("en"), language: "he" }).language);
  learn(makeLanguage({ ...templateOf("en"), language: "fa" }).language);
  learn(makeLanguage({ ...templateOf("en"), language: "th" }).language);
  learn(makeLanguage(pseudoOf(templateOf("en"), "ru-x-pseudo", ["one", "few", "many", "other"])).language);

  it("dates are the browser's, at the precision recorded, in our calendar and digits, never moved", () => {
    expect(plain(formatDate("2024-03-01", "nl"))).toBe("1 maart 2024");
    expect(plain(formatDate("2024-03", "nl"))).toBe("maart 2024");
    expect(formatDate("2024", "nl")).toBe("2024");
    expect(plain(formatDate("2024-03-01T09:05:00Z", "nl", { time: true }))).toBe("1 maart 2024 at 09:05");
    expect(plain(formatDate("2024-02-31", "nl"))).toBe("31 2 2024");
    for (const tag of ["fa", "th"]) expect(formatDate("2024-03-01", tag)).toMatch(/1.*2024|2024.*1/);
    expect(formatClock("24:00", "nl")).toBe("24:00");
  });

  it("numbers have its decimal sign and no other; right to left, a sign and a symbol stay on their side", () => {
    expect(formatNumber(-12500.5, "nl")).toBe("−12\u202f500,5");
    expect(formatNumber(0.5, "th")).toBe("0.5");
    expect(formatNumber(-2.5, "he")).toBe("\u200e−2.5");
    expect(plain(formatMeasure(5.5, "mmol/L", "he"))).toBe("\u200e5.5 mmol/L");
    expect([languageOf("he").direction, languageOf("nl").direction]).toEqual(["rtl", "ltr"]);
  });

  it("doses and dosages are said in its words alone", () => {
    const dosage = formatDosage(
      {
        doseAndRate: [{ doseRange: { low: { value: 1, unit: "comprimé" }, high: { value: 2, unit: "comprimé" } } }],
        timing: {
          repeat: {
            frequency: 3,
            period: 2,
            periodUnit: "d",
            when: ["MORN", "EVE"],
            boundsDuration: { value: 7, code: "d" },
          },
        },
        asNeededBoolean: true,
      },
      "ru-x-pseudo",
    );
    const said = `${dosage.dose} ${dosage.rhythm} ${formatDose(2, "ug/h", "ru-x-pseudo")} ${formatMeasure(1, "m[IU]/L", "ru-x-pseudo", "<=")}`;
    expect(said).toContain("⟦");
    expect(said.match(/[a-zà-ÿ]{2,}/gi)?.filter((word) => word !== "mg")).toEqual(undefined);
  });
});
