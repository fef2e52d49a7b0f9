/** What the CI-SIS says of a section: its templates, and the label of its LOINC code. */
export interface SectionModel {
  readonly display: string;
  readonly templateIds: readonly string[];
}

const ccd = "2.16.840.1.113883.10.20.1";
const pcc = "1.3.6.1.4.1.19376.1.5.3.1";
const fr = "1.2.250.1.213.1.1.2";

/** Sections by LOINC code. A code that is not here is written without template: its entries still carry theirs. */
const models: Readonly<Record<string, SectionModel>> = {
  "46612-8": { display: "Conclusions de synthèse", templateIds: [`${fr}.29`] },
  "34117-2": { display: "Historique et physique", templateIds: [`${fr}.30`] },
  "57207-3": {
    display: "Facteurs de risque présents ou passés affectant l'état de santé et/ou une circonstance",
    templateIds: [`${fr}.31`],
  },
  "11450-4": { display: "Liste des problèmes actifs", templateIds: [`${ccd}.11`, `${pcc}.3.6`, `${fr}.132`] },
  "11348-0": { display: "Antécédents médicaux", templateIds: [`${pcc}.3.8`, `${fr}.134`] },
  "47519-4": { display: "Historique des actes", templateIds: [`${ccd}.12`, `${pcc}.3.11`, `${pcc}.3.12`, `${fr}.136`] },
  "48765-2": { display: "Allergies et hypersensibilités", templateIds: [`${ccd}.2`, `${pcc}.3.13`, `${fr}.137`] },
  "29762-2": {
    display: "Habitus, Mode de vie",
    templateIds: [`${ccd}.15`, `${pcc}.3.16`, `${pcc}.3.16.1`, `${fr}.141`],
  },
  "10161-8": { display: "Facteurs de risques professionnels", templateIds: [`${pcc}.1.5.3.1`, `${fr}.74`] },
  "10157-6": {
    display: "Historique des pathologies familiales",
    templateIds: [`${ccd}.4`, `${pcc}.3.14`, `${pcc}.3.15`, `${fr}.139`],
  },
  "30954-2": { display: "Résultats d'examens", templateIds: [`${pcc}.3.27`, `${fr}.150`] },
  "10160-0": { display: "Traitements", templateIds: [`${ccd}.8`, `${pcc}.3.19`, `${fr}.143`] },
  "11369-6": { display: "Historique des vaccinations", templateIds: [`${ccd}.6`, `${pcc}.3.23`, `${fr}.147`] },
  "8716-3": { display: "Signes vitaux", templateIds: [`${ccd}.16`, `${pcc}.3.25`, `${pcc}.1.5.3.2`, `${fr}.75`] },
  "10162-6": { display: "Historique des grossesses", templateIds: [`${pcc}.1.5.3.4`, `${fr}.77`] },
  "42349-1": { display: "Raison de la recommandation", templateIds: [`${pcc}.3.1`, `${fr}.127`] },
  "42545-4": {
    display: "Evènements observés",
    templateIds: [`${pcc}.1.21.2.9`, "1.3.6.1.4.1.19376.1.7.3.1.1.13.7", `${fr}.163`, `${fr}.163.1`],
  },
  "18610-6": { display: "Traitements administrés", templateIds: [`${pcc}.3.21`, `${fr}.145`] },
  "10183-2": { display: "Traitements à la sortie", templateIds: [`${pcc}.3.22`, `${fr}.146`] },
  "18776-5": { display: "Plan de soins", templateIds: [`${ccd}.10`, `${pcc}.3.36`, `${fr}.158`] },
  "46264-8": {
    display: "Dispositifs médicaux",
    templateIds: ["2.16.840.1.11383.10.20.1.7", `${pcc}.1.5.3.5`, `${fr}.1`],
  },
  "57828-6": { display: "Prescriptions", templateIds: ["1.3.6.1.4.1.19376.1.9.1.2.1", `${fr}.171`] },
  "33557-0": { display: "Etat d'achèvement", templateIds: [`${fr}.35`, `${fr}.35.1`] },
  "42346-7": { display: "Traitements à l'admission", templateIds: [`${pcc}.3.20`, `${fr}.144`] },
  "42348-3": { display: "Directives anticipées", templateIds: [`${ccd}.1`, `${pcc}.3.34`, `${pcc}.3.35`, `${fr}.157`] },
  "44939-7": {
    display: "Effets indésirables prévisibles liés aux médicaments",
    templateIds: [`${fr}.247`],
  },
  "44944-7": { display: "Autres alertes", templateIds: [`${fr}.245`] },
  "47420-5": { display: "Évaluation du statut fonctionnel", templateIds: ["2.16.840.1.113883.10.22.3.8", `${fr}.246`] },
  "55107-7": { display: "Documents ajoutés", templateIds: [`${fr}.37`] },
  "60590-7": {
    display: "Médicaments délivrés",
    templateIds: ["1.3.6.1.4.1.19376.1.9.1.2.3", `${ccd}.8`, `${fr}.236`],
  },
  "55112-7": {
    display: "Commentaire",
    templateIds: ["2.16.840.1.113883.10.12.201", "1.3.6.1.4.1.19376.1.4.1.2.16", `${fr}.73`],
  },
};

export function sectionModel(code: string): SectionModel | undefined {
  return Object.hasOwn(models, code) ? models[code] : undefined;
}

/** "Traitement au long cours" of the synthesis, which shares its LOINC code with the care plan. */
export const longTermTreatment: SectionModel = { display: "Plan de traitement", templateIds: [`${fr}.32`] };
/** Chapter of a laboratory report, and the section inside it that holds the results. */
export const laboratoryChapter = ["1.3.6.1.4.1.19376.1.3.3.2.1", `${fr}.70`];
export const laboratoryDetail = ["1.3.6.1.4.1.19376.1.3.3.2.2", `${fr}.71`];
