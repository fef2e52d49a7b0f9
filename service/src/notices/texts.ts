/**
 * What the notices say. Source: R190 to R196. No medical content: neither a document's title nor its type, nothing of
 * the record; who acted and when is told only for accesses, because that is what the notice is about.
 */
import type { NoticeKind } from "../store/tables.ts";
import { lifeCycleEn, lifeCycleFr } from "./life-cycle-texts.ts";
import { personalEn, personalFr } from "./personal-texts.ts";

export type NoticeTextKind = NoticeKind;
export type Locale = "fr" | "en";

/** To whom the notice goes, which changes whose record it speaks of. */
export type RecipientRole = "holder" | "representative" | "referring-doctor" | "professional";

export interface NoticeFacts {
  readonly kind: NoticeTextKind;
  readonly role: RecipientRole;
  /** Professional or structure that acted; absent when the notice does not name anybody. */
  readonly who?: string;
  readonly occurredAt: Date;
  /** How many documents a notice of new documents speaks of; 1 by default. */
  readonly count?: number;
  /** Address of the patient page. */
  readonly link: string;
}

export interface Sentences {
  readonly subject: string;
  readonly lead: (who: string, when: string, count: number) => string;
  readonly next: string;
  /** Subject when several documents are spoken of. */
  readonly manySubject?: (count: number) => string;
}

type Table = Readonly<Record<NoticeTextKind, Sentences>>;

const fr: Table = {
  ...personalFr,
  ...lifeCycleFr,
  "first-access": {
    subject: "Premier accès d’un professionnel à votre carnet",
    lead: (who, when) => `${who} a consulté votre carnet pour la première fois, le ${when}.`,
    next: "Si vous ne connaissez pas ce professionnel, vous pouvez le bloquer ou signaler cet accès depuis votre carnet.",
  },
  "emergency-access": {
    subject: "Accès en urgence à votre carnet",
    lead: (who, when) => `${who} a consulté votre carnet en mode urgence, le ${when}.`,
    next: "La raison donnée est inscrite dans la liste des accès. Vous pouvez y signaler cet accès.",
  },
  consultation: {
    subject: "Votre carnet a été consulté",
    lead: (who, when) => `${who} a consulté votre carnet le ${when}.`,
    next: "Le détail des accès se trouve dans votre carnet.",
  },
  "new-document": {
    subject: "Un document a été ajouté à votre carnet",
    manySubject: (count) => `${count} documents ont été ajoutés à votre carnet`,
    lead: (_who, when, count) =>
      count === 1
        ? `Un document a été ajouté à votre carnet le ${when}.`
        : `${count} documents ont été ajoutés à votre carnet, le dernier le ${when}.`,
    next: "Vous pouvez lire ou masquer un document depuis votre carnet.",
  },
  "deferred-result": {
    subject: "Un élément a été ajouté à votre carnet",
    lead: (_who, when) => `Un élément a été ajouté à votre carnet le ${when}.`,
    next: "Prenez contact avec le professionnel qui vous suit : il vous en parlera de vive voix.",
  },
};

const en: Table = {
  ...personalEn,
  ...lifeCycleEn,
  "first-access": {
    subject: "First access of a professional to your record",
    lead: (who, when) => `${who} looked at your record for the first time, on ${when}.`,
    next: "If you do not know this professional, you can block them or report this access from your record.",
  },
  "emergency-access": {
    subject: "Emergency access to your record",
    lead: (who, when) => `${who} looked at your record in emergency mode, on ${when}.`,
    next: "The reason they gave is written in the list of accesses. You can report this access there.",
  },
  consultation: {
    subject: "Your record was consulted",
    lead: (who, when) => `${who} looked at your record on ${when}.`,
    next: "The list of accesses is in your record.",
  },
  "new-document": {
    subject: "A document was added to your record",
    manySubject: (count) => `${count} documents were added to your record`,
    lead: (_who, when, count) =>
      count === 1
        ? `A document was added to your record on ${when}.`
        : `${count} documents were added to your record, the last one on ${when}.`,
    next: "You can read or hide a document from your record.",
  },
  "deferred-result": {
    subject: "Something was added to your record",
    lead: (_who, when) => `Something was added to your record on ${when}.`,
    next: "Please contact the professional who follows you, who will tell you about it in person.",
  },
};

/** Every kind of notice. */
export const noticeKinds = Object.keys(fr).filter((kind): kind is NoticeTextKind => kind in fr);

const frames = {
  fr: {
    hello: "Bonjour,",
    someone: "Un professionnel",
    representative: "Ce message concerne le carnet d’une personne que vous représentez.",
    referring: "Ce message concerne le carnet d’un de vos patients, dont vous êtes le médecin traitant DMP.",
    referringSubject: "Accès en urgence au carnet d’un de vos patients",
    referringLead: (who: string, when: string) =>
      `${who} a consulté en mode urgence le carnet d’un de vos patients, le ${when}.`,
    referringNext: "Le détail se trouve dans la liste des accès de ce carnet.",
    open: "Ouvrir le carnet :",
    sign: ["Ce message ne contient aucune donnée de santé. Ne pas répondre.", "Carnet"],
  },
  en: {
    hello: "Hello,",
    someone: "A professional",
    representative: "This message is about the record of a person whom you represent.",
    referring: "This message is about the record of a patient whose DMP referring doctor you are.",
    referringSubject: "Emergency access to the record of one of your patients",
    referringLead: (who: string, when: string) =>
      `${who} looked in emergency mode at the record of one of your patients, on ${when}.`,
    referringNext: "The details are in the list of accesses of that record.",
    open: "Open the record:",
    sign: ["This message holds no health data. Do not reply.", "Carnet"],
  },
} as const;

export function wrap(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length + 1 > 72) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}

export function whenIn(locale: Locale, at: Date): string {
  const options: Intl.DateTimeFormatOptions = { dateStyle: "long", timeStyle: "short", timeZone: "Europe/Paris" };
  return new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", options).format(at);
}

/** A name reaches a mail as one short line, whatever an account or a token says. */
function oneLine(name: string): string {
  return name
    .replace(/\s+/g, " ")
    .replace(/\p{Cc}/gu, "")
    .trim()
    .slice(0, 120);
}

/** What a notice says to the patient, without the frame of a mail: for a list of notices. */
export function noticeWords(
  kind: NoticeTextKind,
  facts: { readonly who?: string | undefined; readonly occurredAt: Date },
  locale: Locale,
): { readonly subject: string; readonly text: string } {
  const sentences = (locale === "fr" ? fr : en)[kind];
  const who = facts.who ? oneLine(facts.who) : frames[locale].someone;
  return {
    subject: sentences.subject,
    text: `${sentences.lead(who, whenIn(locale, facts.occurredAt), 1)} ${sentences.next}`,
  };
}

/** Subject and plain text of a notice. */
export function writeNotice(facts: NoticeFacts, locale: Locale): { subject: string; text: string } {
  const sentences = (locale === "fr" ? fr : en)[facts.kind];
  const frame = frames[locale];
  const who = facts.who ? oneLine(facts.who) : frame.someone;
  const when = whenIn(locale, facts.occurredAt);
  const count = facts.count ?? 1;
  const isReferring = facts.role === "referring-doctor";
  const about = facts.role === "representative" ? [frame.representative] : isReferring ? [frame.referring] : [];
  const paragraphs = [
    frame.hello,
    ...about,
    isReferring ? frame.referringLead(who, when) : sentences.lead(who, when, count),
    isReferring ? frame.referringNext : sentences.next,
  ].map(wrap);
  const text = [...paragraphs, `${frame.open}\n${facts.link}`, frame.sign.join("\n")].join("\n\n");
  const subject = count > 1 ? (sentences.manySubject?.(count) ?? sentences.subject) : sentences.subject;
  return { subject: isReferring ? frame.referringSubject : subject, text };
}
