/**
 * Identifier systems of patients (INS), professionals (RPPS) and structures (FINESS, SIRET). Source: wire.md; R31. One export
 * each, so that a bundle holds only those it uses.
 */

/** INS-NIR, the usual national health identity. */
export const insNir = "urn:oid:1.2.250.1.213.1.4.8";
/** INS-NIA, temporary national number. */
export const insNia = "urn:oid:1.2.250.1.213.1.4.9";
/** Test INS: fictitious patients only. */
export const insTest = "urn:oid:1.2.250.1.213.1.4.10";
/** Demonstration INS: fictitious patients only. */
export const insDemonstration = "urn:oid:1.2.250.1.213.1.4.11";
/** Professionals: `8` followed by the 11 digits of the RPPS. */
export const professional = "urn:oid:1.2.250.1.71.4.2.1";
/** Structures: prefix `1` FINESS, `3` SIRET. */
export const structure = "urn:oid:1.2.250.1.71.4.2.2";
/** Identifiers that are themselves URIs (`urn:oid:…`, `urn:uuid:…`). */
export const uri = "urn:ietf:rfc:3986";
