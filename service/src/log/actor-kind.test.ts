import { expect, test } from "vitest";
import { actorKindOf } from "./actor-kind.ts";

const holder = { system: "urn:oid:1.2.250.1.213.1.4.10", value: "285069935104246" };
const line = { actor_kind: "system", actor_id: "carnet", application_id: null } as const;

test.each([
  ["OPENING", "enrolment"],
  ["OPPOSITION", "enrolment"],
  ["SUSPENSION", "support"],
  ["DEATH", "support"],
  ["DESTRUCTION", "system"],
] as const)("R183 a line of the record's own act %s stands under %s", (transaction, kind) => {
  expect(actorKindOf({ ...line, transaction }, holder)).toBe(kind);
});
