const fold = (text: string) =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .trim();

/**
 * `true` when a French phrase as a whole denies: "Non", "Aucune allergie connue", "Absence de…", "Pas d'allergie".
 * Only phrases that begin with the denial count: "Allergie à l'iode, pas de réaction" does not deny.
 */
export function saysNo(text: string): boolean {
  return /^(non\b(?! (renseigne|communique|precise|code|connu|precis|applicable|fait|realise))|neant\b|aucun|absence d|pas d['’e]|sans allergie|no known|nil known|negatif)/.test(
    fold(text),
  );
}

/** `true` for what producers put where there is nothing to say: a dash, "xxx". */
export function isFilling(text: string): boolean {
  return /^[x\s.\-–—?/]*$/i.test(text);
}

/** `true` when a phrase is a bare yes. */
export function saysYes(text: string): boolean {
  return /^(oui|vrai|yes|present|presence)\.?$/.test(fold(text));
}
