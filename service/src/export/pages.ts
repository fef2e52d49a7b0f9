/** The pages of the copy that people read: what is in it, and the summary, printable. No script, nothing from elsewhere. */
import type { Bundle, Composition } from "@carnet/sdk/fhir";
import { Html, html } from "../html.ts";

export type Locale = "fr" | "en";

/** One line of the table of contents. */
export interface ListedDocument {
  /** Absent when the record lost its content. */
  readonly path?: string | undefined;
  readonly title: string;
  readonly category: string;
  readonly author: string;
  readonly date: Date;
  /** Brought by the person, not by a professional (R101). */
  readonly isOwn: boolean;
  readonly isHidden: boolean;
  readonly isArchived: boolean;
  readonly isSuperseded: boolean;
}

/** Said of a file that the record no longer has. */
export const lostContent: Readonly<Record<Locale, string>> = {
  fr: "fichier perdu par le carnet : demandez-le à son auteur ou à l’exploitant du carnet",
  en: "file lost by the record: ask its author or the operator of the record for it",
};

const words = {
  fr: {
    title: "Copie de mon carnet de santé",
    of: (name: string, at: string) => `${name}, le ${at}`,
    what: "Tout ce que votre carnet contient et que vous pouvez voir. Gardez ce dossier en lieu sûr : il contient vos données de santé.",
    summary: "Synthèse",
    summaryPage: "Synthèse à imprimer",
    summaryData: "Synthèse pour un logiciel (FHIR IPS)",
    rest: "Accords, messages et accès",
    log: "Qui a consulté ou modifié votre carnet (tableau)",
    consents: "Vos autorisations (FHIR)",
    messages: "Vos messages (FHIR)",
    index: "Liste des documents pour un logiciel (FHIR)",
    documents: (count: number) => (count > 1 ? `${count} documents` : `${count} document`),
    none: "Aucun document.",
    own: "ajouté par vous ou un proche",
    hidden: "masqué aux professionnels",
    archived: "archivé",
    superseded: "ancienne version",
    date: "Date",
    document: "Document",
    author: "Auteur",
    unknown: "Non renseigné",
  },
  en: {
    title: "Copy of my health record",
    of: (name: string, at: string) => `${name}, ${at}`,
    what: "All that your record holds and that you may see. Keep this folder in a safe place: it holds your health data.",
    summary: "Summary",
    summaryPage: "Summary to print",
    summaryData: "Summary for software (FHIR IPS)",
    rest: "Authorisations, messages and accesses",
    log: "Who consulted or changed your record (table)",
    consents: "Your authorisations (FHIR)",
    messages: "Your messages (FHIR)",
    index: "List of the documents for software (FHIR)",
    documents: (count: number) => (count === 1 ? `${count} document` : `${count} documents`),
    none: "No document.",
    own: "added by you or a relative",
    hidden: "hidden from professionals",
    archived: "archived",
    superseded: "earlier version",
    date: "Date",
    document: "Document",
    author: "Author",
    unknown: "Not given",
  },
} as const;

const style = new Html(`
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.75rem 0.4rem 0; border-bottom: 1px solid #8884; }
td:first-child { white-space: nowrap; } .mark { font-size: 0.875rem; opacity: 0.8; }
.wide { overflow-x: auto; }
@media print { body { padding: 0; max-width: none; } section { break-inside: avoid-page; } }
`);

function page(locale: Locale, title: string, body: Html): Buffer {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const whole = html`<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="referrer" content="no-referrer">
<title>${title}</title><style>${style}</style></head><body>${body}</body></html>
`;
  return Buffer.from(whole.markup);
}

/** Text of a document may turn the direction of writing: it does so in its own place only. */
const link = (path: string, text: string) =>
  html`<a href="${path.split("/").map(encodeURIComponent).join("/")}"><bdi>${text}</bdi></a>`;

export interface Files {
  readonly summaryPage?: string;
  readonly summaryData?: string;
  readonly log: string;
  readonly consents: string;
  readonly messages?: string;
  readonly index: string;
}

/** The first page: every file, with what it is. */
export function indexPage(
  documents: readonly ListedDocument[],
  files: Files,
  { name, now, locale }: { readonly name: string; readonly now: Date; readonly locale: Locale },
): Buffer {
  const say = words[locale];
  const day = new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", {
    dateStyle: "long",
    timeZone: "Europe/Paris",
  });
  const short = new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "Europe/Paris",
  });
  const categories = [...new Set(documents.map(({ category }) => category))].sort((a, b) => a.localeCompare(b, locale));
  const marksOf = (document: ListedDocument) =>
    [
      !document.path && lostContent[locale],
      document.isOwn && say.own,
      document.isHidden && say.hidden,
      document.isArchived && say.archived,
      document.isSuperseded && say.superseded,
    ].filter((mark) => mark !== false);
  const tables = categories.map((category) => {
    const members = documents.filter((document) => document.category === category);
    return html`<section><h2>${category} <span class="mark">${say.documents(members.length)}</span></h2>
<div class="wide"><table><thead><tr><th scope="col">${say.date}</th><th scope="col">${say.document}</th><th scope="col">${say.author}</th></tr></thead><tbody>
${members.map(
  (
    document,
  ) => html`<tr><td>${short.format(document.date)}</td><td>${document.path ? link(document.path, document.title) : html`<bdi>${document.title}</bdi>`}${
    marksOf(document).length > 0 && html`<br><span class="mark">${marksOf(document).join(", ")}</span>`
  }</td><td><bdi>${document.author || say.unknown}</bdi></td></tr>
`,
)}</tbody></table></div></section>`;
  });
  const item = (path: string | undefined, text: string) => (path ? [html`<li>${link(path, text)}</li>`] : []);
  return page(
    locale,
    say.title,
    html`<header><h1>${say.title}</h1><p>${say.of(name, day.format(now))}</p><p>${say.what}</p></header>
<main>
<section><h2>${say.summary}</h2><ul>${[...item(files.summaryPage, say.summaryPage), ...item(files.summaryData, say.summaryData)]}</ul></section>
${tables.length > 0 ? tables : [html`<p>${say.none}</p>`]}
<section><h2>${say.rest}</h2><ul>${[
      ...item(files.log, say.log),
      ...item(files.messages, say.messages),
      ...item(files.consents, say.consents),
      ...item(files.index, say.index),
    ]}</ul></section>
</main>`,
  );
}

/** The summary on paper: the sections of the IPS with their narratives, which the service itself has composed. */
export function summaryPage(
  summary: Bundle,
  { name, now, locale }: { readonly name: string; readonly now: Date; readonly locale: Locale },
): Buffer {
  const say = words[locale];
  const day = new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", {
    dateStyle: "long",
    timeZone: "Europe/Paris",
  });
  const composition = summary.entry?.map(({ resource }) => resource).find(isComposition);
  const sections = (composition?.section ?? []).map(
    (section) =>
      html`<section><h2>${section.title ?? ""}</h2><div class="wide">${new Html(section.text?.div ?? "")}</div></section>`,
  );
  return page(
    locale,
    say.summary,
    html`<header><h1>${say.summary}</h1><p>${say.of(name, day.format(now))}</p></header><main>${sections}</main>`,
  );
}

function isComposition(resource: { readonly resourceType: string } | undefined): resource is Composition {
  return resource?.resourceType === "Composition";
}
