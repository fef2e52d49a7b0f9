/**
 * The identifier systems, code systems and extension addresses that the record speaks (wire.md, "Identifiers").
 * Written once here so that no other file spells an OID.
 */

export * as codeSystem from "./code-systems.ts";
export * as extensionUrl from "./extension-urls.ts";
export * as identifierSystem from "./identifier-systems.ts";
export * as profileUrl from "./profile-urls.ts";
