import type { Address, ContactPoint } from "../../fhir/index.ts";
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
  const written = (addresses ?? []).flatMap((address) => {
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
  return written.length > 0 ? pieces(written) : element("addr", { nullFlavor: "NASK" });
}

/** Telephone numbers and electronic addresses of somebody, or that nobody asked for one. */
export function writeTelecoms(telecoms: readonly ContactPoint[] | undefined): XmlPiece {
  const written = (telecoms ?? []).flatMap(({ system, value, use }) => {
    if (!value) return [];
    // Blanks between digits cannot stand in an address.
    const bare = system === "email" || system === "url" ? value.trim() : value.replace(/\s/g, "");
    const code = system === "pager" ? "PG" : telecomUses[use ?? ""];
    return [element("telecom", { value: `${schemes[system ?? ""] ?? ""}${bare}`, use: code })];
  });
  return written.length > 0 ? pieces(written) : element("telecom", { nullFlavor: "NASK" });
}
