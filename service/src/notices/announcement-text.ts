/** What a person is told before a record opens, and once it is destroyed. By mail, or printed by the operator. R2, R3, R20, R196. */
import { type Locale, whenIn, wrap } from "./texts.ts";

export interface AnnouncementFacts {
  readonly opensAt: Date;
  /** `ABCD-EFGH`. */
  readonly provisionalCode: string;
  /** Address of the patient page. */
  readonly link: string;
  /** A child's record: the parent reads this. */
  readonly isForChild: boolean;
}

interface Words {
  readonly subject: string;
  readonly text: string;
}

const sign = {
  fr: "Ce message ne contient aucune donnée de santé. Ne pas répondre.\nCarnet",
  en: "This message holds no health data. Do not reply.\nCarnet",
} as const;

export function writeAnnouncement(facts: AnnouncementFacts, locale: Locale): Words {
  const when = whenIn(locale, facts.opensAt);
  const paragraphs = locale === "fr" ? announcementFr(facts, when) : announcementEn(facts, when);
  return {
    subject:
      locale === "fr" ? "Un carnet de santé partagé va s’ouvrir pour vous" : "A shared health record will open for you",
    text: [...paragraphs.map(wrap), `${facts.link}`, sign[locale]].join("\n\n"),
  };
}

function announcementFr({ provisionalCode, isForChild }: AnnouncementFacts, when: string): readonly string[] {
  return [
    "Bonjour,",
    isForChild
      ? `Un carnet de santé partagé s’ouvrira pour votre enfant le ${when}, sauf si vous vous y opposez avant.`
      : `Votre carnet de santé partagé s’ouvrira le ${when}, sauf si vous vous y opposez avant.`,
    "Il réunit les documents que vos soignants y déposent. Vous choisissez qui peut les lire. Il n’est pas obligatoire et ne change rien à vos remboursements.",
    `Pour vous y opposer, ou pour l’ouvrir dès maintenant, il vous faut votre carte Vitale et ce code : ${provisionalCode}`,
    "Vous pourrez aussi le fermer plus tard, à tout moment.",
  ];
}

function announcementEn({ provisionalCode, isForChild }: AnnouncementFacts, when: string): readonly string[] {
  return [
    "Hello,",
    isForChild
      ? `A shared health record will open for your child on ${when}, unless you oppose it before.`
      : `Your shared health record will open on ${when}, unless you oppose it before.`,
    "It brings together the documents that your carers put there. You choose who may read them. It is not mandatory and changes nothing to what you are reimbursed.",
    `To oppose it, or to open it now, you need your health insurance card and this code: ${provisionalCode}`,
    "You can also close it later, at any time.",
  ];
}

/** The record is gone. `reference` is what the operator finds its log by, as long as the law keeps it. */
export function writeDestroyed(reference: string, logUntil: Date, locale: Locale): Words {
  const until = whenIn(locale, logUntil);
  const paragraphs =
    locale === "fr"
      ? [
          "Bonjour,",
          "Votre carnet a été détruit : ses documents, vos choix et les clés qui les protégeaient n’existent plus.",
          `La loi demande de garder la liste des accès jusqu’au ${until}. Vous pouvez la demander à l’opérateur avec cette référence : ${reference}`,
        ]
      : [
          "Hello,",
          "Your record has been destroyed: its documents, your choices and the keys that protected them no longer exist.",
          `The law asks to keep the list of accesses until ${until}. You can ask the operator for it with this reference: ${reference}`,
        ];
  return {
    subject: locale === "fr" ? "Votre carnet a été détruit" : "Your record has been destroyed",
    text: [...paragraphs.map(wrap), sign[locale]].join("\n\n"),
  };
}
