/** Numbers of a posology: units at a time, times a day. */
export interface Posology {
  readonly dose?: number;
  readonly perDay?: number;
}

const amount = "(\\d+(?:[.,]\\d+)?)";
const forms = "(?:cp|comprim[ée]s?|g[ée]lules?|sachets?|doses?|ampoules?|gouttes?|bouff[ée]es?|unit[ée]s?)";
const aDay = new RegExp(`${amount}\\s*${forms}\\s*(?:\\/|par)\\s*j`, "i");
const atATime = new RegExp(`${amount}\\s*${forms}(?!\\s*(?:\\/|par))`, "i");
const number = (digits: string) => Number(digits.replace(",", "."));
const differ = (one: number, other: number) => Math.abs(one - other) > 0.01;
const french = (value: number) => String(Math.round(value * 100) / 100).replace(".", ",");

/** Where the words of a line count otherwise than the code. Only plain counts are held against it. */
export function posologyDisagreement(row: string, { dose, perDay }: Posology): string[] {
  const found: string[] = [];
  const times = timesADay(row);
  if (times && perDay !== undefined && differ(times.count, perDay))
    found.push(`Le codage compte ${french(perDay)} prise(s) par jour, le texte « ${times.words} ».`);
  const daily = row.match(aDay)?.[1];
  const single = row.match(atATime)?.[1];
  if (daily && perDay !== undefined && dose !== undefined) {
    const coded = perDay * dose;
    if (differ(number(daily), coded))
      found.push(`Le codage compte ${french(coded)} unité(s) par jour, le texte « ${daily} par jour ».`);
  } else if (single && dose !== undefined && differ(number(single), dose))
    found.push(`Le codage compte ${french(dose)} unité(s) par prise, le texte « ${single} ».`);
  return found;
}

const moments = ["matin", "midi", "soir", "coucher"].map((name) => ({ name, word: new RegExp(`\\b${name}\\b`, "i") }));

/** How often a day, as French prescriptions say it: "3 fois par jour", "toutes les 8 heures", "1-0-1", "matin et soir". */
function timesADay(row: string): { readonly count: number; readonly words: string } | undefined {
  const counted = row.match(/(\d+)\s*(?:fois|prises?|x)\s*(?:\/|par)\s*j(?:our)?/i);
  if (counted?.[1]) return { count: Number(counted[1]), words: `${counted[1]} fois par jour` };
  // Not every day, or when needed: the count of one day is not that of the code.
  if (/besoin|jours? sur|semaine|mois|si (douleur|fi[èe]vre|n[ée]cessaire)|\bou (le )?(midi|soir|coucher)/i.test(row))
    return undefined;
  const every = row.match(/(?:toutes les|\/) ?(\d+) ?h(?:eures?)?\b/i);
  if (every?.[1] && Number(every[1]) > 0) return { count: 24 / Number(every[1]), words: every[0] };
  const days = row.match(/tous les (\d+) jours/i);
  if (days?.[1] && Number(days[1]) > 0) return { count: 1 / Number(days[1]), words: days[0] };
  const grid = row.match(
    /(?<![\d/-])(\d(?:[.,]5)?) ?[-–] ?(\d(?:[.,]5)?) ?[-–] ?(\d(?:[.,]5)?)(?: ?[-–] ?(\d(?:[.,]5)?))?(?![\d/-])/,
  );
  if (grid) return { count: grid.slice(1).filter((each) => each && number(each) > 0).length, words: grid[0] };
  const said = moments.flatMap(({ name, word }) => (word.test(row) ? [name] : []));
  return said.length > 1 ? { count: said.length, words: said.join(", ") } : undefined;
}
