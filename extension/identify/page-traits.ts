import { checkInsKey, type IdentityTraits, parseIns } from "@carnet/sdk/identity";
import { readDates } from "../describe/dates.ts";

/** What an adapter's selectors gave, as traits. A text that is not what it should be is no trait, never a guess. */
export function traitsOfAdapted(adapted: Readonly<Record<string, string>>): IdentityTraits | undefined {
  const traits: IdentityTraits = {
    ...insOf(adapted.ins),
    ...namesOf(adapted.birthName),
    ...textOf("usedName", adapted.usedName),
    ...textOf("firstGivenName", adapted.givenName),
    ...birthDateOf(adapted.birthDate),
    ...sexOf(adapted.sex),
  };
  return Object.keys(traits).length === 0 ? undefined : traits;
}

const textOf = (trait: "birthName" | "usedName" | "firstGivenName", text: string | undefined) =>
  text === undefined || text === "" ? {} : { [trait]: text };

/** A name as DICOM and HL7 write it holds the given name too: `TESTARD^CAMILLE`. */
function namesOf(text: string | undefined): Pick<IdentityTraits, "birthName" | "firstGivenName"> {
  const [family, given] = (text ?? "").split("^").map((part) => part.trim());
  return { ...textOf("birthName", family), ...textOf("firstGivenName", given) };
}

function insOf(text: string | undefined): Pick<IdentityTraits, "ins"> {
  const compact = /[1-478](?:[\s.]*[\dAB]){14}(?!\d)/i.exec(text ?? "")?.[0].replace(/[\s.]/g, "") ?? "";
  return checkInsKey(compact) ? { ins: parseIns(compact) } : {};
}

/**
 * A date in any form that French software writes: 14/03/1985, 14.3.1985, 14 mars 1985, 1er mars 1985, 1985-03-14, and,
 * since the whole text is the date, 14 03 1985 and 14031985. Two dates in one place are none.
 */
function birthDateOf(text: string | undefined): Pick<IdentityTraits, "birthDate"> {
  const spread = (text ?? "").replace(/(?<!\d)(\d{2}) ?(\d{2}) ?(\d{4})(?!\d)/g, "$1/$2/$3");
  const dates = new Set(readDates(spread).map(({ date }) => date));
  const [birthDate] = dates;
  return dates.size === 1 && birthDate !== undefined ? { birthDate } : {};
}

function sexOf(text: string | undefined): Pick<IdentityTraits, "sex"> {
  if (/^\s*(f|féminin|femme|female)\b/i.test(text ?? "")) return { sex: "female" };
  if (/^\s*(m|h|masculin|homme|male)\b/i.test(text ?? "")) return { sex: "male" };
  return {};
}
