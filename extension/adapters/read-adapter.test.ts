import { expect, it } from "vitest";
import { readAdapter } from "./read-adapter.ts";

const adapter = { id: "outil", version: 1, match: ["https://outil.example"], identity: { ins: "#ins" } };
const errorsOf = (raw: unknown) => {
  const reading = readAdapter(typeof raw === "string" ? raw : JSON.stringify(raw));
  return reading.ok ? [] : reading.errors.map(({ place, reason }) => `${place} ${reason}`);
};

it("an adapter as a person writes it is read, with the places that may be left out", () => {
  const reading = readAdapter(JSON.stringify({ $schema: "adapter.schema.json", ...adapter }));
  expect(reading).toEqual({ ok: true, adapter: { ...adapter, health: [], documents: [] } });
});

it.each<[string, unknown, string[]]>([
  ["a comma too many", '{\n  "id": "outil",\n}', ["3:1 json"]],
  ["what is missing", { ...adapter, match: undefined }, ["match missing"]],
  ["a word where a number stands", { ...adapter, version: "1" }, ["version kind"]],
  ["a name with spaces", { ...adapter, id: "Mon outil" }, ["id id"]],
  ["an empty place", { ...adapter, identity: { ins: "" } }, ["identity.ins empty"]],
  ["a place in a list", { ...adapter, documents: ["a", 3] }, ["documents.1 kind"]],
  [
    "a slip of the pen, which would be passed over in silence",
    { ...adapter, identity: { birtName: "b" } },
    ["identity.birtName unknown"],
  ],
  ["no adapter at all", [], ["id missing", "version missing", "match missing", "identity missing"]],
])("an adapter with %s is refused by the name of the place", (_, raw, errors) => {
  expect(errorsOf(raw)).toEqual(errors);
});
