import type { Consent } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element } from "../../xml.ts";
import { completed, reference, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import { toldOf } from "../told/told.ts";
import { writeEntryAuthor, writePerformers } from "./people.ts";
import { template, writeInterval, writeNotes } from "./shared.ts";

const { ccd, pcc, fr } = template;

/** An advance directive (FR-Directive-anticipee): care that the patient authorises, refuses, or only speaks of. */
export function writeDirective(consent: Consent, context: EntryContext, path: string): WrittenEntry {
  const id = context.nextId("directive");
  const subject = consent.provision?.code?.[0] ?? consent.category.at(-1);
  const decision = consent.provision?.type;
  const { start, end } = consent.provision?.period ?? { start: consent.dateTime };
  const [author, ...others] = consent.performer ?? [];
  const told = [...rulesOf(consent, context), ...toldOf(consent, context, path)];
  const notes = writeNotes(
    told.map((text) => ({ text })),
    `${id}-commentaire`,
  );
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
      notes.entries,
    ),
    rows: [
      [
        { column: "Directive", text: wordsOf(subject), id },
        { column: "Volonté", text: decision === "permit" ? "Autorisé" : decision === "deny" ? "Refusé" : "" },
        { column: "Date", text: dates.join(" - ") },
        { column: "État", text: /^(inactive|rejected)$/.test(consent.status) ? "Ne vaut plus" : "" },
        notes.cell,
      ],
    ],
  };
}

/** What a rule says beyond the title of its section and the care that is meant, which readers put there. */
function rulesOf({ policyRule, provision, scope }: Consent, { sectionTitle }: EntryContext): readonly string[] {
  const known = new Set([sectionTitle, "Directives anticipées", ...(provision?.code ?? []).map(wordsOf)]);
  const rules = wordsOf(policyRule)
    .split(" — ")
    .filter((each) => each !== "" && !known.has(each));
  const frame = scope.coding?.some(({ code }) => code === "adr") ? "" : wordsOf(scope);
  return [...rules, ...(frame ? [`Cadre : ${frame}`] : [])];
}
