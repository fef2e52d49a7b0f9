/** Ages and states of a record. R9, R15, R19. */

/** Age in whole years at `now`, from YYYY-MM-DD; undefined when the date is not a whole one. */
export function ageInYears(birthDate: string, now: Date): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(birthDate);
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const years = now.getUTCFullYear() - year;
  const isBeforeBirthday = now.getUTCMonth() + 1 < month || (now.getUTCMonth() + 1 === month && now.getUTCDate() < day);
  return isBeforeBirthday ? years - 1 : years;
}

/** R9: a person of unknown age counts as an adult: nobody else could act for them. */
export function isMinor(birthDate: string, majorityAge: number, now: Date): boolean {
  const age = ageInYears(birthDate, now);
  return age !== undefined && age < majorityAge;
}

/** R19: a closed record is kept ten years. */
export function archivedUntil(closedAt: Date): Date {
  const end = new Date(closedAt);
  end.setUTCFullYear(end.getUTCFullYear() + 10);
  return end;
}
