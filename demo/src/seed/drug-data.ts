/**
 * Reference data for the drugs of the demo, written for it: levels of a few pairs are facts of the French thesaurus of
 * October 2020, the advice is in our words. It makes the demo's alerts real where the operator loaded no data; anything
 * else is "not in the data", and the alerts say so.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { type DrugData, type InteractionLevel, parseDrugData } from "@carnet/sdk/safety";
import { drugs } from "./facts/drugs.ts";

const TITLE = "Jeu d'essai de Carnet";

/** Substances of the demo's drugs, and what the thesaurus calls them or their family; none: the thesaurus knows it not. */
const substances = {
  "lévothyroxine sodique": ["hormones thyroïdiennes"],
  budésonide: ["corticoïdes métabolisés"],
  formotérol: [],
  salbutamol: ["bêta-2 mimétiques"],
  metformine: ["metformine"],
  sémaglutide: [],
  ramipril: ["inhibiteurs de l'enzyme de conversion", "antihypertenseurs"],
  atorvastatine: ["atorvastatine"],
  "acide acétylsalicylique": ["acide acétylsalicylique", "antiagrégants plaquettaires"],
  ticagrélor: ["ticagrélor", "antiagrégants plaquettaires"],
  bisoprolol: ["bêta-bloquants dans l'insuffisance cardiaque", "antihypertenseurs"],
  trinitrine: ["dérivés nitrés"],
  apixaban: ["apixaban", "anticoagulants oraux"],
  furosémide: ["diurétiques hypokaliémiants", "diurétiques de l'anse", "antihypertenseurs"],
  sacubitril: ["sacubitril"],
  valsartan: ["antagonistes des récepteurs de l'angiotensine II", "antihypertenseurs"],
  empagliflozine: [],
  allopurinol: ["allopurinol"],
  pantoprazole: ["inhibiteurs de la pompe à protons"],
  paracétamol: ["paracétamol"],
  béclométasone: ["corticoïdes métabolisés"],
  glycopyrronium: ["atropiniques"],
  sertraline: ["inhibiteurs sélectifs de la recapture de la sérotonine"],
  adrénaline: ["sympathomimétiques alpha et bêta"],
  lévocétirizine: [],
  fer: ["fer"],
  "acide folique": ["folates"],
  colécalciférol: ["vitamine D"],
  létrozole: [],
  ondansétron: ["ondansétron"],
  sévélamer: ["résines chélatrices"],
  "darbépoétine alfa": [],
  alfacalcidol: ["vitamine D"],
  amlodipine: ["dihydropyridines", "antihypertenseurs"],
  prednisolone: ["corticoïdes métabolisés", "glucocorticoïdes"],
  clarithromycine: ["clarithromycine", "inhibiteurs puissants du CYP3A4"],
  calcium: ["calcium"],
  // No drug of the demo: what people say that they are allergic to.
  amoxicilline: ["pénicillines"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Substance = keyof typeof substances;
type Entity = (typeof substances)[Substance][number];

const contents: Readonly<Record<keyof typeof drugs, readonly Substance[]>> = {
  levothyrox75: ["lévothyroxine sodique"],
  symbicort: ["budésonide", "formotérol"],
  ventoline: ["salbutamol"],
  metformine1000: ["metformine"],
  ozempic1: ["sémaglutide"],
  ramipril5: ["ramipril"],
  ramipril25: ["ramipril"],
  atorvastatine20: ["atorvastatine"],
  atorvastatine80: ["atorvastatine"],
  kardegic75: ["acide acétylsalicylique"],
  brilique90: ["ticagrélor"],
  bisoprolol25: ["bisoprolol"],
  natispray: ["trinitrine"],
  eliquis25: ["apixaban"],
  furosemide40: ["furosémide"],
  entresto24: ["sacubitril", "valsartan"],
  jardiance10: ["empagliflozine"],
  allopurinol100: ["allopurinol"],
  pantoprazole20: ["pantoprazole"],
  doliprane1000: ["paracétamol"],
  trimbow: ["béclométasone", "formotérol", "glycopyrronium"],
  sertraline50: ["sertraline"],
  epipen: ["adrénaline"],
  xyzall: ["lévocétirizine"],
  tardyferon80: ["fer"],
  folicAcid04: ["acide folique"],
  uvedose: ["colécalciférol"],
  letrozole: ["létrozole"],
  ondansetron8: ["ondansétron"],
  renvela800: ["sévélamer"],
  aranesp40: ["darbépoétine alfa"],
  alfacalcidol: ["alfacalcidol"],
  amlodipine5: ["amlodipine"],
  zymad: ["colécalciférol"],
  solupred20: ["prednisolone"],
  clarithromycine500: ["clarithromycine"],
  calcidoseD3: ["calcium", "colécalciférol"],
};

const APART = "Espacer les deux prises d'au moins deux heures.";
const KIDNEY = "Surveiller la fonction rénale, le potassium et la tension au début du traitement.";

const interactions: readonly (readonly [Entity, Entity, InteractionLevel, string])[] = [
  ["apixaban", "inhibiteurs puissants du CYP3A4", "AD", "Risque de saignement : l'anticoagulant s'élimine moins."],
  ["atorvastatine", "clarithromycine", "PE", "Atteinte musculaire possible : dose plus faible, ou autre statine."],
  ["ticagrélor", "inhibiteurs puissants du CYP3A4", "CI", "L'antiagrégant s'accumule : risque de saignement."],
  ["acide acétylsalicylique", "ticagrélor", "AD", "Hors du syndrome coronaire aigu, où l'association est voulue."],
  ["antiagrégants plaquettaires", "anticoagulants oraux", "PC", "Risque de saignement plus élevé."],
  [
    "anticoagulants oraux",
    "inhibiteurs sélectifs de la recapture de la sérotonine",
    "PC",
    "Risque de saignement plus élevé.",
  ],
  [
    "antiagrégants plaquettaires",
    "inhibiteurs sélectifs de la recapture de la sérotonine",
    "PC",
    "Risque de saignement plus élevé.",
  ],
  ["anticoagulants oraux", "glucocorticoïdes", "PE", "Renforcer la surveillance de l'anticoagulation."],
  [
    "sacubitril",
    "inhibiteurs de l'enzyme de conversion",
    "CI",
    "Gonflement du visage et de la gorge : trente-six heures entre les deux.",
  ],
  ["antagonistes des récepteurs de l'angiotensine II", "diurétiques hypokaliémiants", "PE", KIDNEY],
  ["inhibiteurs de l'enzyme de conversion", "diurétiques hypokaliémiants", "PE", KIDNEY],
  ["acide acétylsalicylique", "inhibiteurs de l'enzyme de conversion", "PE", KIDNEY],
  ["acide acétylsalicylique", "antagonistes des récepteurs de l'angiotensine II", "PE", KIDNEY],
  ["dérivés nitrés", "antihypertenseurs", "PC", "Malaise possible en se levant."],
  [
    "bêta-bloquants dans l'insuffisance cardiaque",
    "dihydropyridines",
    "PC",
    "Tension basse, cœur affaibli : surveiller.",
  ],
  ["metformine", "diurétiques de l'anse", "PE", "Acidose lactique possible quand le rein fonctionne moins bien."],
  ["hormones thyroïdiennes", "calcium", "PE", APART],
  ["hormones thyroïdiennes", "fer", "PE", APART],
  ["hormones thyroïdiennes", "résines chélatrices", "PE", APART],
  ["hormones thyroïdiennes", "inhibiteurs de la pompe à protons", "PE", "Contrôler la TSH après le début ou l'arrêt."],
  ["fer", "calcium", "PE", APART],
  [
    "corticoïdes métabolisés",
    "inhibiteurs puissants du CYP3A4",
    "AD",
    "Le corticoïde s'accumule : en choisir un autre.",
  ],
];

/** The set in the form that `npm run load-drug-data` writes. */
export function demoDrugData(): DrugData {
  const names = Object.keys(substances) as Substance[];
  const entities = [...new Set<Entity>(Object.values(substances).flat())];
  const at = (entity: Entity) => entities.indexOf(entity);
  const own = (list: readonly Substance[]) => list.map((name) => names.indexOf(name));
  const all = Object.entries(contents) as [keyof typeof drugs, readonly Substance[]][];
  const licence = "fait pour la démonstration";
  const warning = "Quelques médicaments fictivement prescrits dans la démonstration ; aucun usage clinique.";
  return {
    format: "carnet-drug-data/1",
    sources: [
      { part: "interactions", title: TITLE, date: "2026-11", licence, warning },
      { part: "drugs", title: TITLE, date: "2026-11", licence, warning },
    ],
    entities: entities.map((label) => ["c", label]),
    interactions: interactions.map(([a, b, level, advice]) => [at(a), at(b), [[level, advice]], ""]),
    substances: names.map((name) => ["", name, substances[name].map(at)]),
    aliases: [],
    drugs: Object.fromEntries(all.map(([key, list]) => [drugs[key].cis, [own(list), drugs[key].atc, []]])),
    boxes: {},
    atc: Object.fromEntries(all.map(([key, list]) => [drugs[key].atc, own(list)])),
  };
}

/** Writes the set where the operator loaded none; data of the operator's is never touched. */
export function loadDemoDrugData(file: string): void {
  if (existsSync(file) && !isOurs(file)) return;
  writeFileSync(`${file}.new`, JSON.stringify(demoDrugData()));
  renameSync(`${file}.new`, file);
}

function isOurs(file: string): boolean {
  try {
    return parseDrugData(JSON.parse(readFileSync(file, "utf8"))).sources.every(({ title }) => title.startsWith(TITLE));
  } catch {
    // Not ours to repair: the service says in its log that it cannot be read.
    return false;
  }
}
