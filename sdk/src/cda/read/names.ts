import type { Address, ContactPoint, HumanName, Identifier } from "../../fhir/index.ts";
import { absentExtension, absentReason } from "./concept.ts";
import { filled } from "./filled.ts";
import { attribute, child, children, readEach, textOf, type XmlElement } from "./xml.ts";

/** Identifiers of a role or entity; null ones are left out. */
export function identifiers(owner: XmlElement | undefined, name = "id"): Identifier[] {
  return readEach(owner, name, identifier);
}

/** An HL7 II as FHIR identifier. */
export function identifier(id: XmlElement | undefined): Identifier | undefined {
  const root = attribute(id, "root");
  const extension = attribute(id, "extension");
  if (!root) return undefined;
  if (extension) {
    const isOid = /^[0-2](\.(0|[1-9]\d*))+$/.test(root);
    return isOid ? { system: `urn:oid:${root}`, value: extension } : { value: extension };
  }
  if (/^[0-9a-f-]{36}$/i.test(root)) return { system: "urn:ietf:rfc:3986", value: `urn:uuid:${root.toLowerCase()}` };
  return /^[0-2](\.\d+)+$/.test(root) ? { system: "urn:ietf:rfc:3986", value: `urn:oid:${root}` } : undefined;
}

/** A person's name (other than the patient's, whose parts are qualified). */
export function humanName(name: XmlElement | undefined): HumanName | undefined {
  if (!name) return undefined;
  const parts = (part: string) => readEach(name, part, (each) => textOf(each));
  const family = parts("family").join(" ");
  const given = parts("given");
  const prefix = parts("prefix");
  const suffix = parts("suffix");
  const plain = family || given.length > 0 ? undefined : textOf(name);
  if (!family && given.length === 0 && !plain) return undefined;
  return filled({
    text: plain,
    family,
    given,
    prefix,
    suffix,
  });
}

const addressUses: Readonly<Record<string, NonNullable<Address["use"]>>> = {
  H: "home",
  HP: "home",
  HV: "temp",
  WP: "work",
  TMP: "temp",
};

/** Addresses; a masked one keeps its reason, other null ones are left out. */
export function addresses(owner: XmlElement | undefined): Address[] {
  return readEach(owner, "addr", address);
}

function address(addr: XmlElement): Address | undefined {
  if (addr.content.length === 0) return withheld(addr);
  const part = (name: string) => readEach(addr, name, (each) => textOf(each));
  const street = ["houseNumber", "houseNumberNumeric", "streetNameType", "streetName", "streetNameBase"].flatMap(part);
  const line = [...part("streetAddressLine"), ...(street.length > 0 ? [street.join(" ")] : [])];
  line.push(...part("additionalLocator"), ...part("unitID"), ...part("postBox"));
  const city = part("city")[0];
  const postalCode = part("postalCode")[0];
  const country = part("country")[0];
  const state = part("state")[0];
  const district = part("county")[0];
  const use = addressUses[attribute(addr, "use") ?? ""];
  const text = addr.content.length > 0 && typeof addr.content[0] === "string" ? textOf(addr) : undefined;
  if (line.length === 0 && !city && !postalCode && !country && !state && !district && !text) return withheld(addr);
  return filled({
    use,
    text,
    line,
    city,
    district,
    state,
    postalCode,
    country,
  });
}

const withheld = (addr: XmlElement): Address | undefined =>
  absentReason(addr) === "masked" ? { extension: [absentExtension("masked")] } : undefined;

const telecomUses: Readonly<Record<string, NonNullable<ContactPoint["use"]>>> = {
  H: "home",
  HP: "home",
  HV: "temp",
  WP: "work",
  DIR: "work",
  PUB: "work",
  EC: "home",
  MC: "mobile",
  AS: "work",
  TMP: "temp",
};

const telecomSystems: Readonly<Record<string, NonNullable<ContactPoint["system"]>>> = {
  tel: "phone",
  mailto: "email",
  fax: "fax",
  "x-text-fax": "fax",
  sms: "sms",
};

/** Telephone numbers and electronic addresses; a masked one keeps its reason. */
export function telecoms(owner: XmlElement | undefined): ContactPoint[] {
  return children(owner, "telecom").flatMap((telecom) => {
    const value = attribute(telecom, "value");
    if (!value) return absentReason(telecom) === "masked" ? [{ extension: [absentExtension("masked")] }] : [];
    const colon = value.indexOf(":");
    const scheme = colon < 0 ? (value.includes("@") ? "mailto" : "tel") : value.slice(0, colon).toLowerCase();
    const bare = colon < 0 ? value : value.slice(colon + 1);
    const uses = (attribute(telecom, "use") ?? "").split(/\s+/);
    // A mobile at home is a mobile: FHIR has room for one use.
    const use = uses.includes("MC") ? "mobile" : uses.map((each) => telecomUses[each]).find(Boolean);
    const system = uses.includes("PG") ? "pager" : (telecomSystems[scheme] ?? "url");
    if (!bare.trim()) return [];
    return [filled({ system, value: system === "url" ? value : bare.trim(), use }) as ContactPoint];
  });
}

/** `true` when the element says that its content is withheld. */
export function isMasked(element: XmlElement | undefined): boolean {
  return absentReason(element) === "masked";
}

/** Name of an organization. */
export function organizationName(organization: XmlElement | undefined): string | undefined {
  return textOf(child(organization, "name"));
}
