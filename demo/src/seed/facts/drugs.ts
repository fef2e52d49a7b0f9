/** Drugs of the demo: name, CIS and ATC codes as the public drug base of May 2026 gives them (facts). */

export interface Drug {
  readonly name: string;
  /** Active substance, as a prescription writes it. */
  readonly substance: string;
  readonly cis: string;
  readonly atc: string;
  /** What one dose is counted in. */
  readonly unit:
    | "comprimé"
    | "gélule"
    | "sachet"
    | "inhalation"
    | "injection"
    | "ampoule"
    | "bouffée"
    | "goutte"
    | "pulvérisation";
  readonly route: Route;
}

/** EDQM routes of administration. */
export const routes = {
  oral: { code: "20053000", display: "Voie orale" },
  inhaled: { code: "20020000", display: "Voie inhalée" },
  subcutaneous: { code: "20066000", display: "Voie sous-cutanée" },
  intramuscular: { code: "20035000", display: "Voie intramusculaire" },
  intravenous: { code: "20045000", display: "Voie intraveineuse" },
  sublingual: { code: "20067000", display: "Voie sublinguale" },
} as const;

export type Route = keyof typeof routes;

const drug = (
  name: string,
  substance: string,
  cis: string,
  atc: string,
  unit: Drug["unit"] = "comprimé",
  route: Route = "oral",
): Drug => ({ name, substance, cis, atc, unit, route });

export const drugs = {
  levothyrox75: drug("LEVOTHYROX 75 microgrammes, comprimé sécable", "Lévothyroxine sodique", "62080626", "H03AA01"),
  symbicort: drug(
    "SYMBICORT TURBUHALER 200 microgrammes/6 microgrammes par dose",
    "Budésonide + formotérol",
    "61237448",
    "R03AK07",
    "inhalation",
    "inhaled",
  ),
  ventoline: drug("VENTOLINE 100 microgrammes/dose", "Salbutamol", "60928110", "R03AC02", "bouffée", "inhaled"),
  metformine1000: drug("METFORMINE BIOGARAN 1000 mg, comprimé pelliculé", "Metformine", "67346461", "A10BA02"),
  ozempic1: drug(
    "OZEMPIC 1 mg, solution injectable en stylo prérempli",
    "Sémaglutide",
    "63210923",
    "A10BJ06",
    "injection",
    "subcutaneous",
  ),
  ramipril5: drug("RAMIPRIL BIOGARAN 5 mg, comprimé sécable", "Ramipril", "61599041", "C09AA05"),
  ramipril25: drug("RAMIPRIL BIOGARAN 2,5 mg, comprimé sécable", "Ramipril", "64227441", "C09AA05"),
  atorvastatine20: drug("ATORVASTATINE BIOGARAN 20 mg, comprimé pelliculé", "Atorvastatine", "68212077", "C10AA05"),
  atorvastatine80: drug("ATORVASTATINE BIOGARAN 80 mg, comprimé pelliculé", "Atorvastatine", "61727174", "C10AA05"),
  kardegic75: drug(
    "KARDEGIC 75 mg, poudre pour solution buvable en sachet-dose",
    "Acide acétylsalicylique",
    "64755969",
    "B01AC06",
    "sachet",
  ),
  brilique90: drug("BRILIQUE 90 mg, comprimé pelliculé", "Ticagrélor", "61958462", "B01AC24"),
  bisoprolol25: drug(
    "BISOPROLOL ACCORD HEALTHCARE 2,5 mg, comprimé pelliculé sécable",
    "Bisoprolol",
    "67728468",
    "C07AB07",
  ),
  natispray: drug(
    "NATISPRAY 0,30 mg/dose, solution pour pulvérisation buccale",
    "Trinitrine",
    "67377186",
    "C01DA02",
    "pulvérisation",
    "sublingual",
  ),
  eliquis25: drug("ELIQUIS 2,5 mg, comprimé pelliculé", "Apixaban", "69340279", "B01AF02"),
  furosemide40: drug("FUROSEMIDE BIOGARAN 40 mg, comprimé sécable", "Furosémide", "61337509", "C03CA01"),
  entresto24: drug("ENTRESTO 24 mg/26 mg, comprimé pelliculé", "Sacubitril + valsartan", "65122144", "C09DX04"),
  jardiance10: drug("JARDIANCE 10 mg, comprimé pelliculé", "Empagliflozine", "67947145", "A10BK03"),
  allopurinol100: drug("ALLOPURINOL BIOGARAN 100 mg, comprimé", "Allopurinol", "63056731", "M04AA01"),
  pantoprazole20: drug("PANTOPRAZOLE BIOGARAN 20 mg, comprimé gastro-résistant", "Pantoprazole", "65109848", "A02BC02"),
  doliprane1000: drug("DOLIPRANE 1000 mg, comprimé", "Paracétamol", "60234100", "N02BE01"),
  trimbow: drug(
    "TRIMBOW 87 microgrammes/5 microgrammes/9 microgrammes, solution pour inhalation",
    "Béclométasone + formotérol + glycopyrronium",
    "66710887",
    "R03AL09",
    "bouffée",
    "inhaled",
  ),
  sertraline50: drug("SERTRALINE BIOGARAN 50 mg, gélule", "Sertraline", "63063793", "N06AB06", "gélule"),
  epipen: drug(
    "EPIPEN 0,30 mg/0,3 ml, solution injectable en stylo pré-rempli",
    "Adrénaline",
    "68293517",
    "C01CA24",
    "injection",
    "intramuscular",
  ),
  xyzall: drug("XYZALL 5 mg, comprimé pelliculé", "Lévocétirizine", "66296411", "R06AE09"),
  tardyferon80: drug("TARDYFERON 80 mg, comprimé pelliculé", "Fer (sulfate ferreux)", "68269288", "B03AA07"),
  folicAcid04: drug("ACIDE FOLIQUE BIOGARAN 0,4 mg, comprimé", "Acide folique", "60369895", "B03BB01"),
  uvedose: drug("UVEDOSE 100 000 UI, solution buvable en ampoule", "Colécalciférol", "63489259", "A11CC05", "ampoule"),
  letrozole: drug("LETROZOLE BIOGARAN 2,5 mg, comprimé pelliculé", "Létrozole", "66935695", "L02BG04"),
  ondansetron8: drug("ONDANSETRON BIOGARAN 8 mg, comprimé orodispersible", "Ondansétron", "66654374", "A04AA01"),
  renvela800: drug("RENVELA 800 mg, comprimé pelliculé", "Sévélamer", "61136926", "V03AE02"),
  aranesp40: drug(
    "ARANESP 40 microgrammes, solution injectable en seringue préremplie",
    "Darbépoétine alfa",
    "62710847",
    "B03XA02",
    "injection",
    "intravenous",
  ),
  alfacalcidol: drug(
    "ALFACALCIDOL THERAMEX 0,25 microgramme, capsule molle",
    "Alfacalcidol",
    "64661847",
    "A11CC03",
    "gélule",
  ),
  amlodipine5: drug("AMLODIPINE BIOGARAN 5 mg, gélule", "Amlodipine", "65728601", "C08CA01", "gélule"),
  zymad: drug("ZYMAD 10 000 UI/ml, solution buvable en gouttes", "Colécalciférol", "63902334", "A11CC05", "goutte"),
  solupred20: drug("SOLUPRED 20 mg, comprimé orodispersible", "Prednisolone", "63226984", "H02AB06"),
  clarithromycine500: drug(
    "CLARITHROMYCINE BIOGARAN 500 mg, comprimé pelliculé",
    "Clarithromycine",
    "65441220",
    "J01FA09",
  ),
  calcidoseD3: drug(
    "CALCIDOSE VITAMINE D3 500 mg/400 UI, poudre pour solution buvable en sachet",
    "Calcium + colécalciférol",
    "61817860",
    "A12AX",
    "sachet",
  ),
} as const satisfies Record<string, Drug>;
