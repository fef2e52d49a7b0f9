import type { Consent } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element } from "../../xml.ts";
import { completed, reference, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import { writeEntryAuthor, writePerformers } from "./people.ts";
import { template, writeInterval } from "./shared.ts";

const { ccd, pcc, fr } = template;

/** An advance directive (FR-Directive-anticipee): care that the patient authorises, refuses, or only speaks of. */
export function writeDirective(consent: Consent, context: EntryContext): WrittenEntry {
  const id = context.nextId("directive");
  const subject = consent.provision?.code?.[0] ?? consent.category.at(-1);
  const decision = consent.provision?.type;
  const { start, end } = consent.provision?.period ?? { start: consent.dateTime };
  const [author, ...others] = consent.performer ?? [];
  const dates = [start, end].flatMap((date) => (date ? [toFrenchDate(date)] : []));
  return {
    entry: element(
      "observation",
      { classCode: "OBS", moodCode: "EVN" },
      templates(`${ccd}.17`, `${pcc}.13`, `${pcc}.13.7`, `${fr}.54`),
      element("id", { root: context.nextUuid() }),
      writeConcept("code", subject, { reference: id }),
      reference(id),
      // One that was withdrawn must not read as the patient's will.
      /^(inactive|rejected)$/.test(consent.status) ? element("statusCode", { code: "aborted" }) : completed,
      writeInterval("effectiveTime", start, end, "IVL_TS"),
      decision && element("value", { "xsi:type": "BL", value: decision === "permit" }),
      writePerformers(others, context),
      writeEntryAuthor(author, consent.dateTime, context),
    ),
    rows: [
      [
        { column: "Directive", text: wordsOf(subject), id },
        { column: "Volonté", text: decision === "permit" ? "Autorisé" : decision === "deny" ? "Refusé" : "" },
        { column: "Date", text: dates.join(" - ") },
        { column: "État", text: /^(inactive|rejected)$/.test(consent.status) ? "Ne vaut plus" : "" },
      ],
    ],
  };
}
