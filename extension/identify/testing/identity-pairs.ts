import { computeInsKey, type IdentityTraits } from "@carnet/sdk/identity";

/** A document's words about its patient, the record in front of it, and whether they are the same person. */
export interface IdentityPair {
  readonly rule: string;
  readonly isSamePerson: boolean;
  readonly text: string;
  readonly record: IdentityTraits;
}

/** Invented people: compound, accented and short names, Corsica, people who changed their name. */
const people: readonly (readonly [string, string, string, string, "F" | "M", string, string?])[] = [
  ["LEPRÊTRE-D'ORMESSON", "Camille", "Louise", "1985-05-12", "F", "2850578006084", "MARTIN"],
  ["LE GOFF", "Yann", "Erwan", "1951-11-03", "M", "1511129019023"],
  ["TESTARD", "Éloïse", "Rose", "1985-03-14", "F", "2850378006042"],
  ["EXEMPLIN", "Alix", "Paul", "1970-06-02", "M", "1700675114201"],
  ["DE LA FONTAINE", "Marie-Thérèse", "Jeanne", "1938-09-25", "F", "2380913055017", "ROUSSEAU"],
  ["CŒURDEROY", "Zoé", "Inès", "2019-02-07", "F", "2190221231044"],
  ["ÉSSAI", "François", "Noël", "1962-12-11", "M", "1621269123066"],
  ["PEREIRA DA SILVA", "João", "Miguel", "1979-04-08", "M", "1790499139012"],
  ["NGUYEN", "Thi Lan", "Mai", "1990-10-09", "F", "2901099243031"],
  ["O'KEEFE", "Siobhán", "Anne", "1967-07-21", "F", "2670799136008", "LAMBERT"],
  ["ALBERTINI", "Ghjuvan", "Battista", "1944-08-06", "M", "144082A004011"],
  ["BÂ", "Aïssatou", "Fatou", "2001-01-30", "F", "2010199341055"],
  ["D'ARTAGNAN", "Jean-Baptiste", "Henri", "1988-11-19", "M", "1881132013027"],
  ["PETIT", "Léa", "Emma", "2020-03-04", "F", "2200375112345"],
  ["MULLER-SCHMITT", "Gérard", "Ernest", "1949-02-12", "M", "1490267482019"],
  ["HERNÁNDEZ", "Inés", "Pilar", "1993-12-05", "F", "2931299134077", "FAURE"],
  ["KONATÉ", "Moussa", "Ibrahim", "1975-10-06", "M", "1751099335021"],
  ["BEN AÏSSA", "Samira", "Leïla", "1982-08-17", "F", "2820899351064"],
  ["LŒILLET", "Hélène", "Agnès", "1957-03-09", "F", "2570362041038", "DUMAS"],
  ["MARCHAND", "Noa", "Sacha", "2012-06-11", "M", "1120631555090"],
  ["DUPONT DE NEMOURS", "Hugues", "Aymar", "1931-01-02", "M", "1310145234011"],
  ["SÃO PEDRO", "Amélia", "Rita", "1996-09-10", "F", "2960999139088"],
];

export const records: readonly IdentityTraits[] = people.map(
  ([birthName, first, second, birthDate, sex, ins, used]) => ({
    ins: { system: "urn:oid:1.2.250.1.213.1.4.10", value: ins + computeInsKey(ins) },
    birthName,
    birthGivenNames: [first, second],
    firstGivenName: first,
    ...(used === undefined ? {} : { usedName: used }),
    sex: sex === "F" ? "female" : "male",
    birthDate,
  }),
);

const monthNames = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" ");
const bare = (text: string) => text.replace(/Œ/g, "OE").replace(/œ/g, "oe").normalize("NFD").replace(/\p{M}/gu, "");
const first = (one: IdentityTraits) => one.firstGivenName ?? "";
const slashed = (date = "") => date.split("-").reverse().join("/");
const spelled = (date = "") => {
  const [year, month, day] = date.split("-").map(Number);
  return `${day === 1 ? "1er" : day} ${monthNames[(month ?? 1) - 1]} ${year}`;
};
const civility = (one: IdentityTraits) => (one.sex === "female" ? "Madame" : "Monsieur");
const born = (one: IdentityTraits) => (one.sex === "female" ? "née" : "né");

/** The ways French documents write an identity. */
const form = (one: IdentityTraits, withIns = false) =>
  `CH des Essais\nNom de naissance : ${one.birthName}\nPrénom(s) : ${one.birthGivenNames?.join(" ") ?? first(one)}\n` +
  `Date de naissance : ${slashed(one.birthDate)}\nSexe : ${one.sex === "female" ? "F" : "M"}\n` +
  `${withIns ? `Matricule INS : ${one.ins?.value}\n` : ""}Compte rendu de consultation`;
const letter = (one: IdentityTraits) =>
  `Cher confrère,\nj’ai reçu en consultation ${civility(one)} ${first(one)} ${one.birthName}, ${born(one)} le ${spelled(one.birthDate)}, pour avis.`;

type Writing = readonly [rule: string, write: (one: IdentityTraits) => string | undefined];

const samePerson: readonly Writing[] = [
  ["a form with the number", (one) => form(one, true)],
  ["a form without number", (one) => form(one)],
  ["a letter, date in words", letter],
  ["all capitals, no accents", (one) => bare(form(one, true)).toUpperCase()],
  ["no accents", (one) => bare(form(one))],
  ["separators dropped", (one) => form({ ...one, birthName: one.birthName?.replace(/[ '-]/g, "") ?? "" }, true)],
  [
    "separators exchanged",
    (one) => form({ ...one, birthName: one.birthName?.replace(/-/g, " ").replace(/'/g, "’") ?? "" }),
  ],
  ["the first given name only", (one) => form({ ...one, birthGivenNames: [first(one)] }, true)],
  [
    "the used name, with the birth name",
    (one) =>
      one.usedName === undefined
        ? undefined
        : `${civility(one)} ${first(one)} ${one.usedName} ${born(one)} ${one.birthName} le ${slashed(one.birthDate)}`,
  ],
  [
    "the used name alone, with the number",
    (one) =>
      one.usedName === undefined
        ? undefined
        : `Nom utilisé : ${one.usedName}\nPrénom : ${first(one)}\nDate de naissance : ${slashed(one.birthDate)}\nINS : ${one.ins?.value}`,
  ],
  ["dotted date", (one) => form(one).replaceAll("/", ".")],
  ["ISO date", (one) => form(one).replace(slashed(one.birthDate), one.birthDate ?? "")],
  ["the name cut short", (one) => form({ ...one, birthName: one.birthName?.split(/[ -]/)[0] ?? "" }, true)],
  ["one letter misread in a long name", (one) => form({ ...one, birthName: misread(one.birthName ?? "") }, true)],
  ["day and month exchanged", swappable],
  ["one digit of the date mistyped", (one) => form({ ...one, birthDate: nextDay(one.birthDate ?? "") }, true)],
  [
    "one digit of the number misread, the key no longer fits",
    (one) => form(one).replace("Compte", `INS : ${misreadNumber(one)}\nCompte`),
  ],
];

function misread(name: string): string {
  const at = name.search(/[OEIA](?=[A-Z])/);
  return name.length < 6 || at < 0 ? name : `${name.slice(0, at)}Q${name.slice(at + 1)}`;
}
function misreadNumber(one: IdentityTraits): string {
  const value = one.ins?.value ?? "";
  return value.slice(0, 12) + ((Number(value[12]) + 1) % 10) + value.slice(13);
}
function swappable(one: IdentityTraits): string | undefined {
  const [year, month, day] = (one.birthDate ?? "").split("-");
  return Number(day) > 12 ? undefined : form({ ...one, birthDate: `${year}-${day}-${month}` }, true);
}
/** A day that differs by its last digit only. */
function nextDay(date: string): string {
  const last = Number(date.at(-1));
  return date.slice(0, -1) + (last === 0 ? 1 : last - 1 || last + 1);
}
const withKey = (number: string) => ({ system: "urn:oid:1.2.250.1.213.1.4.8", value: number + computeInsKey(number) });
const numberOf = (one: IdentityTraits) => one.ins?.value.slice(0, 13) ?? "";
const without = ({ ins: _ins, usedName: _used, ...rest }: IdentityTraits): IdentityTraits => rest;

/** Somebody else, as near as rules can make them. */
const somebodyElse: readonly Writing[] = [
  ["the twin", (one) => form({ ...without(one), ...named(one.sex === "female" ? "Lucie" : "Lucas") })],
  ["the twin with a number of their own", (one) => form({ ...nextNumber(one), ...named("Dominique") }, true)],
  ["the twin in a letter", (one) => letter({ ...one, ...named("Charlie") })],
  ["a twin whose name is one letter away", (one) => form({ ...without(one), ...named(oneLetterAway(first(one))) })],
  ["a homonym born in another year", (one) => form({ ...without(one), birthDate: shiftYear(one, 11) })],
  [
    "a homonym born the next day, with their number",
    (one) => form({ ...nextNumber(one), birthDate: nextDay(one.birthDate ?? "") }, true),
  ],
  [
    "a homonym born the next day, no number",
    (one) => form({ ...without(one), birthDate: nextDay(one.birthDate ?? "") }),
  ],
  [
    "a homonym with day and month exchanged",
    (one) => (swappable(one) === undefined ? undefined : form({ ...without(one), birthDate: swap(one) })),
  ],
  ["a number that differs by one digit, with a right key", (one) => form(nextNumber(one), true)],
  ["another name, same day", (one) => form({ ...without(one), birthName: "QUERCY" })],
  ["a sibling", (one) => form({ ...without(one), ...named("Baptistine"), birthDate: shiftYear(one, 3) })],
  [
    "a child under the parent's number",
    (one) => form({ ...one, birthName: "QUERCY", ...named("Noé"), birthDate: shiftYear(one, 27) }, true),
  ],
  ["a parent of the same name", (one) => letter({ ...one, birthDate: shiftYear(one, -30) })],
  [
    "somebody whose used name is this birth name",
    (one) =>
      `Nom de naissance : QUERCY\nNom utilisé : ${one.birthName}\nPrénom : ${first(one)}\nDate de naissance : ${slashed(shiftYear(one, 2))}`,
  ],
  [
    "cut name, other date, capitals",
    (one) =>
      bare(
        form({ ...without(one), birthName: one.birthName?.slice(0, 4) ?? "", birthDate: shiftYear(one, 5) }),
      ).toUpperCase(),
  ],
  [
    "misread name and other day",
    (one) =>
      form({ ...without(one), birthName: misread(`${one.birthName}IER`), birthDate: nextDay(one.birthDate ?? "") }),
  ],
  [
    "given and birth name exchanged with another's",
    (one) => form({ ...without(one), birthName: first(one), ...named(one.birthName ?? "") }),
  ],
];

const named = (name: string) => ({ firstGivenName: name, birthGivenNames: [name] });
const oneLetterAway = (name: string) => `${name.slice(0, -1)}${name.endsWith("o") ? "a" : "o"}`;
const shiftYear = (one: IdentityTraits, by: number) =>
  `${Number(one.birthDate?.slice(0, 4)) + by}${one.birthDate?.slice(4).replace("-29", "-28")}`;
const swap = (one: IdentityTraits) => {
  const [year, month, day] = (one.birthDate ?? "").split("-");
  return month === day ? shiftYear(one, 1) : `${year}-${day}-${month}`;
};
const nextNumber = (one: IdentityTraits): IdentityTraits => {
  const number = numberOf(one);
  return { ...one, ins: withKey(number.slice(0, 12) + ((Number(number[12]) + 1) % 10)) };
};

const pairsOf = (writings: readonly Writing[], isSamePerson: boolean): readonly IdentityPair[] =>
  writings.flatMap(([rule, write]) =>
    records.flatMap((record) => {
      const text = write(record);
      return text === undefined ? [] : [{ rule, isSamePerson, text, record }];
    }),
  );

/** Every person under every rule, then every document of one in front of every other's record. */
export const identityPairs: readonly IdentityPair[] = [
  ...pairsOf(samePerson, true),
  ...pairsOf(somebodyElse, false),
  ...records.flatMap((record, index) => {
    const other = records[(index + 7) % records.length] ?? record;
    return [
      { rule: "the former patient's page, form", isSamePerson: false, text: form(other), record },
      { rule: "the former patient's page, letter", isSamePerson: false, text: letter(other), record },
      { rule: "the former patient's page, number", isSamePerson: false, text: form(other, true), record },
    ];
  }),
];
