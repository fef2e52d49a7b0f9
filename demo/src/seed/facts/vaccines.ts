/** Vaccines of the demo, with their CIS and ATC codes (facts of the public drug base, May 2026). */

export interface Vaccine {
  readonly name: string;
  readonly diseases: string;
  readonly cis: string;
  readonly atc: string;
}

const vaccine = (name: string, diseases: string, cis: string, atc: string): Vaccine => ({ name, diseases, cis, atc });

export const vaccines = {
  hexyon: vaccine(
    "HEXYON",
    "Diphtérie, tétanos, coqueluche, poliomyélite, Haemophilus influenzae b, hépatite B",
    "60645557",
    "J07CA09",
  ),
  prevenar13: vaccine("PREVENAR 13", "Infections à pneumocoque", "67786749", "J07AL02"),
  prevenar20: vaccine("PREVENAR 20", "Infections à pneumocoque", "62189757", "J07AL02"),
  rotarix: vaccine("ROTARIX", "Gastro-entérite à rotavirus", "60886387", "J07BH01"),
  bexsero: vaccine("BEXSERO", "Méningocoque B", "64493883", "J07AH09"),
  nimenrix: vaccine("NIMENRIX", "Méningocoques A, C, W, Y", "69241562", "J07AH08"),
  priorix: vaccine("PRIORIX", "Rougeole, oreillons, rubéole", "61896473", "J07BD52"),
  repevax: vaccine("REPEVAX", "Diphtérie, tétanos, coqueluche, poliomyélite", "67619892", "J07CA02"),
  boostrixtetra: vaccine("BOOSTRIXTETRA", "Diphtérie, tétanos, coqueluche, poliomyélite", "62404793", "J07CA02"),
  vaxigrip: vaccine("VAXIGRIP", "Grippe saisonnière", "69675854", "J07BB02"),
  efluelda: vaccine("EFLUELDA", "Grippe saisonnière (forte dose)", "62048742", "J07BB02"),
  comirnaty: vaccine("COMIRNATY JN.1", "Covid-19", "64281916", "J07BN01"),
  shingrix: vaccine("SHINGRIX", "Zona", "62887096", "J07BK03"),
  abrysvo: vaccine("ABRYSVO", "Virus respiratoire syncytial", "60990140", "J07BX05"),
  gardasil9: vaccine("GARDASIL 9", "Papillomavirus humains", "65017887", "J07BM03"),
} as const satisfies Record<string, Vaccine>;
