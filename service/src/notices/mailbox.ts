/** `/mailbox`: the mails of a demonstration, and `/mailbox/messages.json` for scripts. Absent outside a demonstration. */
import type { FastifyInstance } from "fastify";
import type { Selectable } from "kysely";
import { type Html, html } from "../html.ts";
import { page, pageHeaders } from "../identity-provider/pages.ts";
import { type Locale, localeOf, stringsOf } from "../identity-provider/strings.ts";
import { type AnyDatabase, identityTables } from "../identity-provider/tables.ts";
import type { MailTable } from "./tables.ts";

const words = {
  fr: {
    title: "Boîte aux lettres de démonstration",
    lead: "Les messages que le service aurait envoyés par courriel : codes de connexion et avis. Aucun n’est parti.",
    all: "Tous",
    empty: "Aucun message pour l’instant.",
    emptyLead: "Connectez-vous comme patient, ou laissez un professionnel ouvrir un carnet : le message arrive ici.",
    to: "À",
    refresh: "Actualiser",
    recipients: "Destinataires",
    limited: "Les 100 messages les plus récents.",
    kinds: {
      code: "Code de connexion",
      security: "Sécurité du compte",
      "first-access": "Premier accès",
      "emergency-access": "Accès en urgence",
      consultation: "Consultation",
      "new-document": "Nouveau document",
      "deferred-result": "Élément ajouté",
    },
  },
  en: {
    title: "Demonstration mailbox",
    lead: "The messages that the service would have sent by e-mail: sign-in codes and notices. None was sent.",
    all: "All",
    empty: "No message yet.",
    emptyLead: "Sign in as a patient, or let a professional open a record: the message arrives here.",
    to: "To",
    refresh: "Refresh",
    recipients: "Recipients",
    limited: "The 100 newest messages.",
    kinds: {
      code: "Sign-in code",
      security: "Account security",
      "first-access": "First access",
      "emergency-access": "Emergency access",
      consultation: "Consultation",
      "new-document": "New document",
      "deferred-result": "Something added",
    },
  },
} as const;

const LIMIT = 100;

interface Query {
  readonly to?: unknown;
  readonly lang?: unknown;
}

function isKind(kind: string): kind is keyof typeof words.fr.kinds {
  return Object.hasOwn(words.fr.kinds, kind);
}

/** Adds the two addresses. Call it in a demonstration only. */
export async function registerMailbox(app: FastifyInstance, database: AnyDatabase): Promise<void> {
  const tables = identityTables(database);
  const newest = (to: string | undefined) =>
    tables
      .selectFrom("mail")
      .selectAll()
      .where("status", "=", "kept")
      .$if(to !== undefined, (query) => query.where("recipient", "=", to ?? ""))
      .orderBy("created_at", "desc")
      .orderBy("mail_id")
      .limit(LIMIT)
      .execute();

  // The database knows no NUL: an address that holds one has no mails, as any unknown one.
  const addressIn = ({ to }: Query): string | undefined =>
    typeof to === "string" ? to.replaceAll("\0", "?") : undefined;

  app.get("/mailbox/messages.json", async (request, reply) => {
    const rows = await newest(addressIn(request.query as Query));
    reply.headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
    return rows.map((row) => ({
      id: row.mail_id,
      to: row.recipient,
      kind: row.kind,
      locale: row.locale,
      subject: row.subject,
      text: row.body,
      sentAt: row.created_at.toISOString(),
    }));
  });

  const show = async (query: Query, acceptLanguage: string | undefined): Promise<string> => {
    const locale = localeOf(typeof query.lang === "string" ? query.lang : undefined, acceptLanguage);
    const to = addressIn(query);
    const counted = await tables
      .selectFrom("mail")
      .select(({ fn }) => ["recipient", fn.countAll<string>().as("count")])
      .where("status", "=", "kept")
      .groupBy("recipient")
      .orderBy("recipient")
      .execute();
    return mailboxPage(locale, to, counted, await newest(to));
  };
  for (const path of ["/mailbox", "/mailbox/"]) {
    app.get(path, async (request, reply) =>
      reply.headers(pageHeaders).send(await show(request.query as Query, request.headers["accept-language"])),
    );
  }
}

function addressOf(locale: Locale, to: string | undefined): string {
  const query = new URLSearchParams(to === undefined ? { lang: locale } : { to, lang: locale });
  return `/mailbox?${query}`;
}

function mailboxPage(
  locale: Locale,
  to: string | undefined,
  recipients: readonly { recipient: string; count: string }[],
  mails: readonly Selectable<MailTable>[],
): string {
  const text = words[locale];
  const current = (isCurrent: boolean) => (isCurrent ? html` aria-current="true"` : html``);
  const people = recipients.map(
    ({ recipient, count }) =>
      html`<li><a href="${addressOf(locale, recipient)}"${current(recipient === to)}>${recipient} <span>${count}</span></a></li>`,
  );
  const list =
    mails.length === 0
      ? html`<div class="card empty"><h2>${text.empty}</h2><p>${text.emptyLead}</p></div>`
      : html`<ol class="mails" reversed>${mails.map((mail) => mailItem(mail, locale))}</ol>`;
  const content = html`<h1>${text.title}</h1><p class="lead">${text.lead}</p>
<nav aria-label="${text.recipients}"><ul class="people"><li><a href="${addressOf(locale, undefined)}"${current(to === undefined)}>${text.all}</a></li>${people}</ul></nav>
${list}
<p class="note">${mails.length >= LIMIT && html`${text.limited} `}<a href="${addressOf(locale, to)}">${text.refresh}</a></p>`;
  const otherLanguageUrl = addressOf(locale === "fr" ? "en" : "fr", to);
  return page({ strings: stringsOf(locale), title: text.title, otherLanguageUrl, isWide: true }, content);
}

function mailItem(mail: Selectable<MailTable>, locale: Locale): Html {
  const text = words[locale];
  const at = new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", {
    dateStyle: "long",
    timeStyle: "medium",
    timeZone: "Europe/Paris",
  }).format(mail.created_at);
  // The code is what the reader came for: shown large, and spoken once.
  const code = mail.kind === "code" ? /\b\d{6}\b/.exec(mail.body)?.[0] : undefined;
  return html`<li><article class="card mail" lang="${mail.locale}"><header><div><span class="tag" lang="${locale}">${
    isKind(mail.kind) ? text.kinds[mail.kind] : mail.kind
  }</span> <span class="to" lang="${locale}">${text.to} ${mail.recipient}</span></div><time lang="${locale}" datetime="${mail.created_at.toISOString()}">${at}</time></header>
<h2>${mail.subject}</h2>${code !== undefined && html`<span class="big">${code}</span>`}<p class="text">${mail.body}</p></article></li>`;
}
