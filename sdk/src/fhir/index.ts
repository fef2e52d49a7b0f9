export type * from "fhir/r4.js";
export * from "./new-number.ts";
export * from "./systems.ts";
