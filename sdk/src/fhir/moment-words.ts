/** Days of the week, by their codes in FHIR. */
export const frenchDays = {
  mon: "lundi",
  tue: "mardi",
  wed: "mercredi",
  thu: "jeudi",
  fri: "vendredi",
  sat: "samedi",
  sun: "dimanche",
} as const;

/** What FHIR and HL7 v3 call times of the day and meals, in French words. */
export const frenchMoments: Readonly<Record<string, string>> = {
  MORN: "le matin",
  NOON: "le midi",
  AFT: "l'après-midi",
  EVE: "le soir",
  NIGHT: "la nuit",
  HS: "au coucher",
  WAKE: "au réveil",
  AC: "avant le repas",
  ACM: "avant le petit-déjeuner",
  ACD: "avant le déjeuner",
  ACV: "avant le dîner",
  PC: "après le repas",
  PCM: "après le petit-déjeuner",
  PCD: "après le déjeuner",
  PCV: "après le dîner",
  IC: "entre les repas",
  ICM: "entre le petit-déjeuner et le déjeuner",
  ICD: "entre le déjeuner et le dîner",
  ICV: "entre le dîner et le coucher",
  C: "au repas",
  CM: "au petit-déjeuner",
  CD: "au déjeuner",
  CV: "au dîner",
};
