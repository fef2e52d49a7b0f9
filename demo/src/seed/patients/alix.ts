/** A record that its holder closed four months ago: what was there before. */
import type { Calendar } from "../calendar.ts";
import { Desk } from "../desk.ts";
import type { History } from "../document.ts";
import { icd10 } from "../facts/codes.ts";
import { condition } from "../facts/resources.ts";
import { text } from "../letter/letter.ts";
import { people } from "../people.ts";
import { professionals } from "../professionals.ts";

const desk = new Desk(people.alix);

export function alix(calendar: Calendar): History {
  return {
    person: people.alix,
    closedOn: calendar.monthsAgo(4),
    documents: [
      desk.letter(
        "consultation",
        "11488-4",
        "Compte rendu de consultation",
        professionals.martin,
        calendar.monthsAgo(14),
        [
          text(
            "Migraines sans aura, deux crises par mois, bien soulagées par le repos et le paracétamol. Examen neurologique normal.",
          ),
        ],
      ),
      desk.synthesis(calendar.monthsAgo(14, "10:00"), {
        problems: [condition(icd10("G43.0", "Migraine sans aura"), calendar.yearsAgo(10))],
      }),
    ],
  };
}
