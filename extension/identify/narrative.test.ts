import { findIdentities } from "@carnet/sdk/identity";
import { expect, it } from "vitest";
import { narrativeOf } from "./narrative.ts";

it("the sections of a CDA name whom they are about, nested ones and tables too", () => {
  const section = (title: string, text: string, inner = "") =>
    `<component><section><title>${title}</title><text>${text}</text>${inner}</section></component>`;
  const table = "<table><tbody><tr><td>Nom de naissance : EXEMPLIN</td><td>Prénom : Alix</td></tr></tbody></table>";
  const xml = `<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2.250.1.999.1"/><title>Lettre</title><component><structuredBody>${section(
    "Histoire",
    "<paragraph>Angor stable</paragraph>",
    section("Identité", `${table}<paragraph>Né le 02/06/1970</paragraph>`),
  )}</structuredBody></component></ClinicalDocument>`;
  expect(findIdentities(narrativeOf(xml)).map(({ traits }) => traits)).toEqual([
    { birthName: "EXEMPLIN", firstGivenName: "Alix", birthDate: "1970-06-02", sex: "male" },
  ]);
});
