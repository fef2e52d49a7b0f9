/** Every history of the demo, in the order in which the practice page lists its patients. Sasha opposed: no record. */
import type { Calendar } from "./calendar.ts";
import type { History } from "./document.ts";
import { alix } from "./patients/alix.ts";
import { camille } from "./patients/camille.ts";
import { claire } from "./patients/claire.ts";
import { gerard } from "./patients/gerard.ts";
import { ines } from "./patients/ines.ts";
import { jean } from "./patients/jean.ts";
import { lea } from "./patients/lea.ts";
import { louis } from "./patients/louis.ts";
import { monique } from "./patients/monique.ts";
import { noe } from "./patients/noe.ts";
import { philippe } from "./patients/philippe.ts";
import { rose } from "./patients/rose.ts";
import { thomas } from "./patients/thomas.ts";

const writers = [camille, noe, monique, ines, claire, louis, gerard, philippe, lea, thomas, rose, alix, jean] as const;

/** All histories, each with its documents oldest first. */
export function histories(calendar: Calendar): readonly History[] {
  return writers.map((write) => {
    const history = write(calendar);
    return { ...history, documents: [...history.documents].sort((a, b) => a.date.localeCompare(b.date)) };
  });
}
