import { type IdentityTraits, parseIns } from "@carnet/sdk/identity";

const header = /^IS01\d{22}/;
const separator = "\u001D";

/** Fields of fixed length; the others end with the separator, or with the message. */
const lengths: Readonly<Record<string, number>> = { S1: 15, S5: 1, S6: 10, S7: 5 };

/**
 * The identity that an INS datamatrix carries (format 01: header of 26 characters, then fields S1 to S7 in any order:
 * number, OID, given names, birth name, sex, birth date, birth place). Another code, or one that is not whole, gives nothing.
 */
export function readInsDatamatrix(message: string): IdentityTraits | undefined {
  if (!header.test(message)) return undefined;
  const fields = fieldsOf(message.slice(26));
  const number = fields?.get("S1");
  if (fields === undefined || number === undefined) return undefined;
  const oid = fields.get("S2");
  try {
    const given = fields.get("S3")?.split(/\s+/).filter(Boolean) ?? [];
    const [day, month, year] = fields.get("S6")?.split("-") ?? [];
    const place = fields.get("S7");
    const birthName = fields.get("S4");
    return {
      ins: parseIns(oid === undefined || oid === "" ? number : { system: `urn:oid:${oid}`, value: number }),
      ...(birthName === undefined || birthName === "" ? {} : { birthName }),
      ...(given[0] === undefined ? {} : { birthGivenNames: given, firstGivenName: given[0] }),
      ...sexOf(fields.get("S5")),
      ...(year === undefined ? {} : { birthDate: `${year}-${month}-${day}` }),
      ...(place === undefined ? {} : { birthPlaceCode: place }),
    };
  } catch {
    // A number that is none: a code that was read wrong says nothing.
    return undefined;
  }
}

function fieldsOf(body: string): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>();
  let at = 0;
  while (at < body.length) {
    const name = body.slice(at, at + 2);
    if (!/^S[1-7]$/.test(name) || fields.has(name)) return undefined;
    at += 2;
    const end = body.indexOf(separator, at);
    // An OID of 20 characters fills its field and needs no separator.
    const longest = lengths[name] ?? (name === "S2" ? 20 : body.length);
    const stop = Math.min(lengths[name] === undefined && end >= 0 ? end : body.length, at + longest);
    fields.set(name, body.slice(at, stop).trim());
    at = body[stop] === separator ? stop + 1 : stop;
  }
  return fields;
}

const sexOf = (letter: string | undefined): Pick<IdentityTraits, "sex"> =>
  letter === "F" ? { sex: "female" } : letter === "M" ? { sex: "male" } : {};
