/** Identifier systems of patients (INS), professionals (RPPS) and structures (FINESS, SIRET). Source: wire.md; R31. */
export const identifierSystem = {
  /** INS-NIR, the usual national health identity. */
  insNir: "urn:oid:1.2.250.1.213.1.4.8",
  /** INS-NIA, temporary national number. */
  insNia: "urn:oid:1.2.250.1.213.1.4.9",
  /** Test INS: fictitious patients only. */
  insTest: "urn:oid:1.2.250.1.213.1.4.10",
  /** Demonstration INS: fictitious patients only. */
  insDemonstration: "urn:oid:1.2.250.1.213.1.4.11",
  /** Professionals: `8` followed by the 11 digits of the RPPS. */
  professional: "urn:oid:1.2.250.1.71.4.2.1",
  /** Structures: prefix `1` FINESS, `3` SIRET. */
  structure: "urn:oid:1.2.250.1.71.4.2.2",
  /** Identifiers that are themselves URIs (`urn:oid:…`, `urn:uuid:…`). */
  uri: "urn:ietf:rfc:3986",
} as const;
