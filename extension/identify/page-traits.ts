import { checkInsKey, type IdentityTraits, parseIns } from "@carnet/sdk/identity";

/** What an adapter's selectors gave, as traits. A text that is not what it should be is no trait, never a guess. */
export function traitsOfAdapted(adapted: Readonly<Record<string, string>>): IdentityTraits | undefined {
  const traits: IdentityTraits = {
    ...insOf(adapted.ins),
    ...textOf("birthName", adapted.birthName),
    ...textOf("usedName", adapted.usedName),
    ...textOf("firstGivenName", adapted.givenName),
    ...birthDateOf(adapted.birthDate),
    ...sexOf(adapted.sex),
  };
  return Object.keys(traits).length === 0 ? undefined : traits;
}

const textOf = (trait: "birthName" | "usedName" | "firstGivenName", text: string | undefined) =>
  text === undefined || text === "" ? {} : { [trait]: text };

function insOf(text: string | undefined): Pick<IdentityTraits, "ins"> {
  const compact = /[1-478](?:[\s.]*[\dAB]){14}(?!\d)/i.exec(text ?? "")?.[0].replace(/[\s.]/g, "") ?? "";
  return checkInsKey(compact) ? { ins: parseIns(compact) } : {};
}

function birthDateOf(text: string | undefined): Pick<IdentityTraits, "birthDate"> {
  const french = /\b(\d{2})[/.-](\d{2})[/.-](\d{4})\b/.exec(text ?? "");
  if (french !== null) return { birthDate: `${french[3]}-${french[2]}-${french[1]}` };
  const iso = /\b(\d{4}-\d{2}-\d{2})\b/.exec(text ?? "");
  return iso?.[1] === undefined ? {} : { birthDate: iso[1] };
}

function sexOf(text: string | undefined): Pick<IdentityTraits, "sex"> {
  if (/^\s*(f|féminin|femme|female)\b/i.test(text ?? "")) return { sex: "female" };
  if (/^\s*(m|h|masculin|homme|male)\b/i.test(text ?? "")) return { sex: "male" };
  return {};
}
