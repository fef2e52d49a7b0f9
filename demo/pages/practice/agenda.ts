/** Today's appointments of the practice: some of the demo's patients, always the same. */
import type { Account } from "../shared/accounts.ts";

export interface Appointment {
  readonly time: string;
  readonly patient: Account;
  readonly reason: string;
}

const slots: readonly (readonly [string, string, string])[] = [
  ["09:00", "patient-camille", "Suivi d'asthme"],
  ["09:20", "patient-louis", "Suivi d'insuffisance cardiaque"],
  ["09:40", "patient-monique", "Suivi de diabète"],
  ["10:00", "patient-philippe", "Premier rendez-vous"],
  ["10:20", "patient-noe", "Vaccination"],
];

export function agendaOfDay(patients: readonly Account[]): readonly Appointment[] {
  return slots.flatMap(([time, id, reason]) => {
    const patient = patients.find((one) => one.id === id);
    return patient ? [{ time, patient, reason }] : [];
  });
}
