import { wrapInCda } from "@carnet/sdk/cda";
import { describe, expect, it } from "vitest";
import { depositAuthorOf } from "../../pages/shared/deposit-author.ts";
import { accounts } from "../seed/accounts.ts";
import { people } from "../seed/people.ts";

describe("who deposits from the practice software", () => {
  it("is the professional who signed in, complete enough for the header of a document", () => {
    const authors = accounts.flatMap((account) => depositAuthorOf(account) ?? []);
    expect(authors).toHaveLength(accounts.filter(({ kind }) => kind === "professional").length);
    const { ins, birthName, firstGivenName, birthGivenNames, sex, birthDate, birthPlaceCode } = people.camille;
    for (const author of authors) {
      const xml = wrapInCda({
        content: new TextEncoder().encode("%PDF-1.4\n"),
        contentType: "application/pdf",
        title: "Courrier",
        uniqueId: "urn:oid:1.2.250.1.999.1.1.77",
        effectiveTime: "2026-11-20T10:00:00+01:00",
        type: { code: "11488-4", system: "http://loinc.org", display: "CR de consultation" },
        act: { start: "2026-11-20T10:00:00+01:00" },
        patient: { ins, birthName, firstGivenName, birthGivenNames, sex, birthDate, birthPlaceCode },
        author,
      });
      expect(xml).toContain(`<family>${author.family}</family>`);
    }
  });

  it("is nobody for a patient or a secretariat: the panel then takes only documents that have a header", () => {
    for (const account of accounts)
      if (account.kind !== "professional") expect(depositAuthorOf(account)).toBeUndefined();
  });
});
