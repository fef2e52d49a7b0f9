import { html, type TemplateResult } from "lit";
import { defineStrings } from "./define-strings.ts";
import type { Locale } from "./locale.ts";
import type { Problem } from "./problem.ts";
import { sharedStrings } from "./strings.ts";

/** Why a rule says no, in the words of a person. Fetched with the elements that act: a first paint does without. */
export const refusalStrings = defineStrings("refusals", {
  fr: {
    R15: "Le dossier est fermé.",
    R18: "Le dossier est suspendu.",
    R51: "Le patient n’a pas donné son accord.",
    R56: "L’accord du patient a expiré.",
    R59: "Le patient a choisi de ne pas vous donner accès à son dossier.",
    R64: "Le rôle de médecin traitant est donné par le patient lui-même.",
    R65: "Un médecin du travail dépose dans le dossier mais ne le consulte pas.",
    R71: "Le bris de glace demande un motif écrit.",
    R72: "Cet accès est réservé à la régulation médicale (SAMU, centre 15).",
    R73: "Le patient s’est opposé par avance à ce mode d’accès en urgence.",
    R75: "Pendant un accès en urgence, rien ne peut être déclaré, masqué ni écrit au patient.",
    R77: "Le patient vous a bloqué : l’urgence ne lève pas ce blocage.",
    R79: "Votre compte dépose des documents mais ne consulte pas.",
    R108: "Votre compte ne peut pas déposer dans ce dossier.",
    R116: "Ce document existe déjà avec un autre contenu.",
    R117: "Seul l’auteur, ou sa structure, remplace ce document.",
    R119: "Seuls l’auteur et le médecin traitant archivent ce document.",
    R120: "Seuls l’auteur et sa structure suppriment ce document.",
    R121: "Seuls le patient et son médecin traitant suppriment un document du patient.",
    R141: "Ces masquages ensemble ne laisseraient que l’auteur lire le document.",
    R142: "Vous ne pouvez pas masquer ce document.",
    R143: "Seuls le patient, son médecin traitant et l’auteur rendent ce document visible.",
    R149: "Un document que le patient voit ne peut plus lui être caché.",
    R150: "Une structure ne modifie pas un document : elle en dépose une nouvelle version.",
    R152: "Vous ne pouvez pas changer ce que voient les représentants légaux.",
    R166: "Cet échange est terminé, ou ne vous concerne pas.",
    R201: "Votre mode de connexion ne permet pas cette action.",
  },
  en: {
    R15: "The record is closed.",
    R18: "The record is suspended.",
    R51: "The patient has not given consent.",
    R56: "The patient’s consent has expired.",
    R59: "The patient chose not to give you access to the record.",
    R64: "The role of referring doctor is given by the patient in person.",
    R65: "An occupational doctor deposits in the record and never reads it.",
    R71: "Breaking the glass needs a written reason.",
    R72: "This access is for the dispatch centre only.",
    R73: "The patient objected beforehand to this emergency access.",
    R75: "During an emergency access nothing can be declared, hidden, nor written to the patient.",
    R77: "The patient blocked you: an emergency does not lift that.",
    R79: "Your account deposits documents and does not read.",
    R108: "Your account cannot deposit in this record.",
    R116: "This document exists already with another content.",
    R117: "Only the author, or the author’s structure, replaces this document.",
    R119: "Only the author and the referring doctor archive this document.",
    R120: "Only the author and the author’s structure delete this document.",
    R121: "Only the patient and the referring doctor delete a patient’s document.",
    R141: "These restrictions together would leave only the author to read the document.",
    R142: "You cannot hide this document.",
    R143: "Only the patient, the referring doctor and the author make this document visible.",
    R149: "A document that the patient sees can no longer be kept from them.",
    R150: "An establishment does not change a document: it deposits a new version.",
    R152: "You cannot change what the legal representatives see.",
    R166: "This exchange has ended, or is not yours.",
    R201: "The way you signed in does not allow this.",
  },
});

/** What went wrong, in plain words; a refusal gives its reason, then the number of its rule. */
export function problemWords(problem: Problem, locale: Locale): string {
  const shared = sharedStrings(locale);
  const { code, rule } = problem;
  if (rule === undefined) return shared.problems[code];
  const words: Readonly<Record<string, string>> = refusalStrings(locale);
  return `${words[rule] ?? shared.problems[code]} (${shared.refusedByRule(rule)})`;
}

/** What did not succeed, and why. */
export function failure(title: string, problem: Problem, locale: Locale): TemplateResult {
  return html`<div class="failed" role="alert"><p><strong>${title}</strong></p><p>${problemWords(problem, locale)}</p></div>`;
}
