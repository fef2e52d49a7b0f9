export type * from "fhir/r4.js";
export * from "./systems.ts";
