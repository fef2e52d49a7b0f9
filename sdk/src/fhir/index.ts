export type * from "fhir/r4";
export * from "./systems.ts";
