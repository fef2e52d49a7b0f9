export { type CdaBody, readCdaBody } from "./body.ts";
export { cdaToFhir } from "./cda-to-fhir.ts";
export { oidOfSystem, systemOfOid } from "./code-systems.ts";
export { decodeCda } from "./decode.ts";
export { CdaError, type CdaErrorCode } from "./errors.ts";
export { type CdaAuthor, type CdaHeader, readCdaHeader } from "./header.ts";
