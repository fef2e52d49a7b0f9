/** Patients in the hospital tool: who is in which ward, under which local number. */
import { type Person, people } from "../seed/people.ts";

export interface Stay {
  /** Local number of the stay (numéro de venue): what addresses carry, since it names nobody outside. */
  readonly number: string;
  readonly person: Person;
  readonly ward: string;
  readonly room: string;
  readonly reason: string;
  /** Days since admission. */
  readonly days: number;
  /** Whether the identity was qualified at admission (R37). */
  readonly identity: "qualifiée" | "provisoire";
}

export const stays: readonly Stay[] = [
  {
    number: "26118204",
    person: people.camille,
    ward: "Pneumologie",
    room: "214",
    reason: "Exacerbation d'asthme",
    days: 2,
    identity: "qualifiée",
  },
  {
    number: "26118233",
    person: people.monique,
    ward: "Chirurgie viscérale",
    room: "108",
    reason: "Hernie inguinale, ambulatoire",
    days: 0,
    identity: "qualifiée",
  },
  {
    number: "26118190",
    person: people.louis,
    ward: "Cardiologie",
    room: "321",
    reason: "Surveillance après chute",
    days: 3,
    identity: "qualifiée",
  },
  {
    number: "26118241",
    person: people.ines,
    ward: "Maternité – consultations",
    room: "–",
    reason: "Suivi de grossesse",
    days: 0,
    identity: "provisoire",
  },
  {
    number: "26118175",
    person: people.claire,
    ward: "Hôpital de jour d'oncologie",
    room: "B6",
    reason: "Surveillance",
    days: 0,
    identity: "qualifiée",
  },
  {
    number: "26118226",
    person: people.philippe,
    ward: "Cardiologie – consultations",
    room: "–",
    reason: "Épreuve d'effort",
    days: 0,
    identity: "qualifiée",
  },
];
