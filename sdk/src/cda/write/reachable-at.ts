import type { Address, ContactPoint } from "../../fhir/index.ts";
import { dataAbsentReasonUrl } from "../read/concept.ts";
import { element, pieces, type XmlPiece } from "./xml.ts";

const addressUses: Readonly<Record<string, string>> = { home: "H", work: "WP", temp: "TMP" };
const telecomUses: Readonly<Record<string, string>> = { home: "H", work: "WP", temp: "TMP", mobile: "MC" };
const schemes: Readonly<Record<string, string>> = {
  phone: "tel:",
  pager: "tel:",
  email: "mailto:",
  fax: "fax:",
  sms: "sms:",
};

/** Addresses of somebody, or that nobody asked for one: the header of the CI-SIS wants the element. */
export function writeAddresses(addresses: readonly Address[] | undefined): XmlPiece {
  return writeKnownAddresses(addresses) ?? element("addr", { nullFlavor: "NASK" });
}

/** Addresses of somebody, if any. */
export function writeKnownAddresses(addresses: readonly Address[] | undefined): XmlPiece | undefined {
  const written = (addresses ?? []).flatMap((address) => {
    if (isMasked(address)) return [element("addr", { nullFlavor: "MSK" })];
    const { line, city, district, state, postalCode, country, text, use } = address;
    const part = (name: string, value: string | undefined) => (value ? [element(name, {}, value)] : []);
    const parts = [
      ...(line ?? []).flatMap((each) => part("streetAddressLine", each)),
      ...part("postalCode", postalCode),
      ...part("city", city),
      ...part("county", district),
      ...part("state", state),
      ...part("country", country),
    ];
    if (parts.length === 0 && !text) return [];
    return [element("addr", { use: addressUses[use ?? ""] }, ...(parts.length > 0 ? parts : [text]))];
  });
  return written.length > 0 ? pieces(written) : undefined;
}

/** Telephone numbers and electronic addresses of somebody, or that nobody asked for one. */
export function writeTelecoms(telecoms: readonly ContactPoint[] | undefined): XmlPiece {
  return writeKnownTelecoms(telecoms) ?? element("telecom", { nullFlavor: "NASK" });
}

/** Telephone numbers and electronic addresses of somebody, if any. */
export function writeKnownTelecoms(telecoms: readonly ContactPoint[] | undefined): XmlPiece | undefined {
  const written = (telecoms ?? []).flatMap((telecom) => {
    const { system, value, use } = telecom;
    if (!value) return isMasked(telecom) ? [element("telecom", { nullFlavor: "MSK" })] : [];
    // Blanks between digits cannot stand in an address.
    const bare = system === "email" || system === "url" ? value.trim() : value.replace(/\s/g, "");
    const code = system === "pager" ? "PG" : telecomUses[use ?? ""];
    return [element("telecom", { value: `${schemes[system ?? ""] ?? ""}${bare}`, use: code })];
  });
  return written.length > 0 ? pieces(written) : undefined;
}

/** Withheld is neither unknown nor not asked. */
function isMasked({ extension }: Pick<Address | ContactPoint, "extension">): boolean {
  return extension?.some(({ url, valueCode }) => url === dataAbsentReasonUrl && valueCode === "masked") === true;
}
