import { findIdentities } from "@carnet/sdk/identity";
import { expect, it } from "vitest";
import { narrativeOf } from "./narrative.ts";

const section = (title: string, text: string, inner = "") =>
  `<component><section><title>${title}</title><text>${text}</text>${inner}</section></component>`;
const cda = (sections: string) =>
  `<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2.250.1.999.1"/><title>Lettre</title><component><structuredBody>${sections}</structuredBody></component></ClinicalDocument>`;

it("the sections of a CDA name whom they are about, nested ones and tables too", () => {
  const table = "<table><tbody><tr><td>Nom de naissance : EXEMPLIN</td><td>Prénom : Alix</td></tr></tbody></table>";
  const identity = section("Identité", `${table}<paragraph>Né le 02/06/1970</paragraph>`);
  const xml = cda(section("Histoire", "<paragraph>Angor stable</paragraph>", identity));
  expect(findIdentities(narrativeOf(xml).words).map(({ traits }) => traits)).toEqual([
    { birthName: "EXEMPLIN", firstGivenName: "Alix", birthDate: "1970-06-02", sex: "male" },
  ]);
});

it("the papers within the sections are files of their own, its pictures are not", () => {
  const media = (id: string, type: string, bytes: string) =>
    `<entry><observationMedia ID="${id}"><value mediaType="${type}" representation="B64">${Buffer.from(bytes, "latin1").toString("base64")}</value></observationMedia></entry>`;
  const files = `${media("logo", "image/png", "\x89PNG\r\n\x1a\n")}${media("papier", "application/pdf", "%PDF-1.7")}`;
  expect(narrativeOf(cda(section("Résultats", "", files))).enclosed.map(({ name }) => name)).toEqual(["papier"]);
});
