import type { Identifier } from "fhir/r4.js";
import { newNumber } from "../fhir/new-number.ts";
import { identifierSystem } from "../fhir/systems.ts";

/** The number under which something is sent: by it the record knows what is sent again. */
export function toIdentifier(number: string = newNumber()): [Identifier] {
  return [{ use: "usual", system: identifierSystem.uri, value: number }];
}
