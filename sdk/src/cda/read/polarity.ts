import { fold } from "./fold.ts";

/** How French (and English) phrases begin that deny: "Non", "Aucun…", "Pas de…", "Il n'y a pas…", "RAS". */
const denials =
  /^(non\b(?! (renseigne|communique|precise|code|connu|precis|applicable|fait|realise))|neant\b|aucun|(l')?absence d|pas d['e]|sans (allergie|antecedent|traitement|particularite)|(il )?n'y a (pas|aucun)|il n'existe (pas|aucun)|(l[ea] patiente? )?(n'a (pas|aucun)|ne presente (pas|aucun))|r\.? ?a\.? ?s\b|rien a signaler|rien de particulier|(nul(le)?s?|jamais)\.?$|no known|nil known|none\.?$|negati(f|ve))/;

/** "Aucune allergie sauf…", "aucune autre": what follows is there. */
const exceptions = /\b(sauf|hormis|excepte|exception|en dehors|autres?|mais|except|other)\b/;

/**
 * `true` when a French phrase as a whole denies: "Non", "Aucune allergie connue", "Absence de…", "Pas d'allergie".
 * Only phrases that begin with the denial count, and only those that make no exception: "Allergie à l'iode, pas de
 * réaction" and "Aucune allergie sauf à l'iode" do not deny.
 */
export function saysNo(text: string): boolean {
  const folded = fold(text);
  return denials.test(folded) && !exceptions.test(folded);
}

/** Words of a phrase that denies a kind of fact as a whole: the kind, how it is known, since when. Stems. */
const generalWords = new RegExp(
  `^(?:${[
    "antecedent|allerg|intoleran|hypersensib|probleme|pathologi|maladie|comorbidit|affection|traitement|therapeutique",
    "medica|vaccin|immunisation|dispositif|implant|acte|intervention|chirurg|procedure|operat|element|particul|information",
    "connu|notable|notoire|significat|signal|declar|identifi|retrouv|rapport|decrit|releve|mentionn|evoqu|recens|import",
    "personnel|famil|obstetric|gyneco|aliment|environnement|respirat|chronique|habituel|actuel|recent|pertinent|majeur",
    "cours|jour|pendant|durant|lors|depuis|sejour|hospitalisation|admission|entree|sortie|moment|connaissance|fond",
    "patient|presente|existe|known|history|problem|medication|current|past|relevant|date|time|food|drug|significant",
  ].join("|")})`,
);
const linkWords = new Set(
  "a ai and any at au aucun aucune aux ce ces cet cette d de des du en est et il l la le les n ne ni no nil non none notre of on or ou par pas present qui s sans soit this to tout toute un une y absence".split(
    " ",
  ),
);
const bareDenial = /^(non|aucune?s?|neant|r ?a ?s|rien( a signaler| de particulier)?|nul(le)?s?|jamais|none)$/;

/**
 * `true` when a phrase denies a kind of fact as a whole ("Aucun antécédent", "RAS"), rather than one fact ("Pas de
 * fièvre", "Absence de rein gauche", "Pas d'allergie au latex").
 */
export function saysNone(text: string): boolean {
  if (!saysNo(text)) return false;
  const words = fold(text)
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  if (bareDenial.test(words.join(" "))) return true;
  // "Non vacciné", "Non-observance" are said of one thing.
  if (words[0] === "non" && words[1] !== "pas" && words[1] !== "aucune" && words[1] !== "aucun") return false;
  const facts = words.filter((each) => !linkWords.has(each));
  return facts.length > 0 && facts.every((each) => generalWords.test(each));
}

/** Stems that bind a denial to one branch of a history, by the IPS code that states the absence of that branch. */
const branches: readonly (readonly [absence: string, stems: RegExp])[] = [
  ["no-known-problems", /^(medica(l|ux)|personnel|probleme|pathologi|maladie|comorbidit|affection)/],
  ["no-known-procedures", /^(chirurg|operat|acte|intervention|procedure)/],
  ["no-known-medications", /^(traitement|therapeutique|medicament|medication)/],
  ["no-known-immunizations", /^(vaccin|immuni[sz]ation)/],
  ["no-known-allergies", /^(allerg|intoleran|hypersensib)/],
  ["no-known-devices", /^(dispositif|implant|device)/],
  ["", /^(famil|obstetric|gyneco)/],
];

/**
 * `true` when words that deny speak of another branch than the one whose absence is asked about: "Pas d'antécédent
 * chirurgical" in a list of problems says nothing of illnesses.
 *
 * @param absence IPS code of absence, "no-known-problems"
 */
export function deniesAnotherBranch(text: string, absence: string): boolean {
  const words = fold(text).split(/[^a-z0-9]+/);
  const named = branches.filter(([, stems]) => words.some((word) => stems.test(word)));
  return named.length > 0 && named.every(([branch]) => branch !== absence);
}

/** `true` for what producers put where there is nothing to say: a dash, "xxx", "(texte libre)". */
export function isFilling(text: string): boolean {
  return /^[x\s.\-–—?/…_*]*$|^\(?texte libre\)?$/i.test(text);
}

/** `true` for filling that is nothing else: signs alone, "xxx", "(texte libre)". A lone x may tick a box. */
export function saysNothing(text: string): boolean {
  return /^(xxx+|[\s.\-–—?/…_*]+|\(?texte libre\)?)$/i.test(text);
}

/** `true` when a phrase is a bare yes. */
export function saysYes(text: string): boolean {
  return /^(oui|vrai|yes|present|presence)\.?$/.test(fold(text));
}
