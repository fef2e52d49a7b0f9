import { fold } from "../fold.ts";

/** How French (and English) words begin that tell the status of a problem. */
const statuses: readonly (readonly [code: string, words: RegExp])[] = [
  ["inactive", /^(inacti(f|ve)|non acti(f|ve))\b/],
  ["active", /^(acti(f|ve)|en cours|evoluti(f|ve))\b/],
  ["resolved", /^(resolue?|resolved|gueri(e|son)?|terminee?)\b/],
  ["remission", /^(en )?remission\b/],
  ["recurrence", /^(recidive|recurren(ce|t))\b/],
  ["relapse", /^(rechute|relapse)\b/],
];

/** How words begin that tell how certain it is. A denial of another word ("non confirmé") is no word of its own. */
const certainties: readonly (readonly [code: string, words: RegExp])[] = [
  ["unconfirmed", /^(non confirmee?|a confirmer|suspect(ee?|ed)?|suspicion|possible|presumee?|unconfirmed)\b/],
  ["refuted", /^(refutee?|refuted|ecartee?|exclue?|excluded|infirmee?|eliminee?|ruled out)\b/],
  ["entered-in-error", /^(erreur de saisie|saisie? par erreur|entered in error)\b/],
  ["provisional", /^(provisoire|provisional|(tres )?probable)\b/],
  ["differential", /^(diagnostic )?differentiel\b|^differential\b/],
  ["confirmed", /^(confirmee?|confirmed|certaine?|averee?|etablie?)\b/],
];

const codeFor = (table: typeof statuses, words: string) => table.find(([, each]) => each.test(fold(words)))?.[0];

/** FHIR code of a status told in words: "Guérie" is resolved. */
export const statusInWords = (words: string): string | undefined => codeFor(statuses, words);

/** FHIR code of a certainty told in words: "Écarté" is refuted. */
export const certaintyInWords = (words: string): string | undefined => codeFor(certainties, words);
