/** The sign-in pages: plain HTML forms, no script, one style sheet of our own. WCAG 2.2 AA. */
import type { Account } from "./accounts.ts";
import type { Audience } from "./clients.ts";
import { type Html, html } from "./html.ts";
import { type Strings, stringsOf } from "./strings.ts";

/** Headers of every page of this room: nothing from elsewhere, no script at all, no frame, no trace in caches. */
export const pageHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

const mark = html`<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"><rect class="mark" width="32" height="32" rx="9"/><path class="sign" d="M10 7.5h9.5a3 3 0 0 1 3 3v14H12.5a2.5 2.5 0 0 1 0-5h10M15.8 11v5M13.3 13.5h5" fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

export interface Frame {
  readonly strings: Strings;
  readonly title: string;
  /** Address of the same page in the other language. */
  readonly otherLanguageUrl?: string;
  readonly isWide?: boolean;
}

/** A whole page around its content. */
export function page(frame: Frame, content: Html): string {
  const { strings } = frame;
  const other = strings.language === "fr" ? "en" : "fr";
  return html`<!doctype html>
<html lang="${strings.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${frame.title} · ${strings.product}</title>
<link rel="stylesheet" href="/oidc/style.css">
</head>
<body>
<header class="bar"><span class="brand">${mark}${strings.product}</span>${
    frame.otherLanguageUrl &&
    html`<a class="language" href="${frame.otherLanguageUrl}" lang="${other}" hreflang="${other}">${strings.otherLanguage}</a>`
  }</header>
<main${frame.isWide ? html` class="wide"` : html``}>${content}</main>
</body>
</html>`.toString();
}

function message(text: string | undefined, isBad: boolean, strings: Strings): Html | undefined {
  if (!text) return undefined;
  return isBad
    ? html`<p class="message bad" role="alert"><span class="visually-hidden">${strings.errorPrefix} </span>${text}</p>`
    : html`<p class="message" role="status">${text}</p>`;
}

export interface SignInView {
  readonly strings: Strings;
  readonly audience: Audience;
  /** Address of this interaction: the forms post below it. */
  readonly action: string;
  readonly login?: string;
  readonly error?: string;
  /** Names of the fields left empty. */
  readonly missing?: readonly ("login" | "secret")[];
  readonly demo: readonly Account[];
  /** Account of the demonstration that fills the form. */
  readonly filled?: Account;
}

function otherLanguage(strings: Strings): "fr" | "en" {
  return strings.language === "fr" ? "en" : "fr";
}

function field(
  strings: Strings,
  name: "login" | "secret",
  label: string,
  attributes: Html,
  value: string,
  isMissing: boolean,
  isInvalid: boolean,
): Html {
  return html`<div><label for="${name}">${label}</label><input id="${name}" name="${name}" required value="${value}" ${attributes}${
    isMissing || isInvalid ? html` aria-invalid="true"` : html``
  }${isMissing ? html` aria-describedby="${name}-hint"` : html``}>${
    isMissing && html`<p class="hint" id="${name}-hint">${strings.missing}</p>`
  }</div>`;
}

/** First step: user name and password, or card and PIN. */
export function signInPage(view: SignInView): string {
  const { strings, audience, filled } = view;
  const isPatient = audience === "patient";
  const title = isPatient ? strings.patientTitle : strings.professionalTitle;
  const isMissing = (name: "login" | "secret") => view.missing?.includes(name) ?? false;
  const isInvalid = view.error !== undefined && view.missing === undefined;
  const loginAttributes = isPatient
    ? html`type="text" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="80"`
    : html`type="text" inputmode="numeric" autocomplete="username" spellcheck="false" maxlength="80"`;
  const secretAttributes = isPatient
    ? html`type="password" autocomplete="current-password" maxlength="200"`
    : html`type="password" inputmode="numeric" autocomplete="current-password" maxlength="12"`;
  const content = html`<section class="card" aria-labelledby="title">
<h1 id="title">${title}</h1>
<p class="lead">${isPatient ? strings.patientLead : strings.professionalLead}</p>
${message(view.error, true, strings)}${message(filled && `${strings.demoFilled} ${filled.name}.`, false, strings)}
<form method="post" action="${view.action}/sign-in" novalidate>
<input type="hidden" name="lang" value="${strings.language}">
<div class="fields">
${field(strings, "login", isPatient ? strings.login : strings.card, loginAttributes, filled?.login ?? view.login ?? "", isMissing("login"), isInvalid)}
${field(strings, "secret", isPatient ? strings.password : strings.pin, secretAttributes, filled?.demoSecret ?? "", isMissing("secret"), isInvalid)}
<button class="primary" type="submit">${isPatient ? strings.submit : strings.signIn}</button>
</div>
</form>
<form class="actions" method="post" action="${view.action}/cancel"><button class="plain" type="submit">${strings.cancel}</button></form>
</section>
${view.demo.length > 0 && demoAccounts(view)}
<p class="note">${isPatient ? strings.patientPrivacy : strings.professionalPrivacy}</p>`;
  const otherLanguageUrl = `${view.action}?lang=${otherLanguage(strings)}`;
  return page({ strings, title, otherLanguageUrl }, content);
}

function demoAccounts({ strings, demo, filled, action }: SignInView): Html {
  const items = demo.map((account) => {
    const claims = account.claims;
    const detail = claims.kind === "patient" ? "" : (claims.structure?.name ?? "");
    const current = account.id === filled?.id ? html` aria-current="true"` : html``;
    const href = `${action}?account=${encodeURIComponent(account.id)}&lang=${strings.language}`;
    return html`<li><a href="${href}"${current}><span>${account.name}</span>${detail !== "" && html`<small>${detail}</small>`}</a></li>`;
  });
  return html`<section class="card" aria-labelledby="demo"><h2 id="demo">${strings.demoTitle}</h2><p class="lead">${strings.demoLead}</p><ul class="accounts">${items}</ul></section>`;
}

export interface CodeView {
  readonly strings: Strings;
  readonly action: string;
  readonly error?: string;
  readonly notice?: string;
  /** Address of the demonstration mailbox, when there is one. */
  readonly mailboxUrl?: string;
}

/** Second step of a patient: the code received by mail. */
export function codePage({ strings, action, error, notice, mailboxUrl }: CodeView): string {
  const invalid = error === undefined ? html`` : html` aria-invalid="true"`;
  const content = html`<section class="card" aria-labelledby="title">
<h1 id="title">${strings.codeTitle}</h1>
<p class="lead">${strings.codeLead}</p>
${message(error, true, strings)}${message(notice, false, strings)}
<form method="post" action="${action}/code" novalidate>
<input type="hidden" name="lang" value="${strings.language}">
<div class="fields">
<div><label for="code">${strings.code}</label><input class="code" id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxlength="12" required autofocus${invalid}></div>
<button class="primary" type="submit">${strings.signIn}</button>
</div>
</form>
<div class="actions">
<form method="post" action="${action}/resend"><input type="hidden" name="lang" value="${strings.language}"><button class="plain" type="submit">${strings.resend}</button></form>
<form method="post" action="${action}/restart"><input type="hidden" name="lang" value="${strings.language}"><button class="plain" type="submit">${strings.restart}</button></form>
</div>
</section>
${
  mailboxUrl &&
  html`<p class="note"><a href="${mailboxUrl}" target="_blank" rel="noopener">${strings.openMailbox}<span class="visually-hidden"> ${strings.newTab}</span></a></p>`
}`;
  const otherLanguageUrl = `${action}?lang=${otherLanguage(strings)}`;
  return page({ strings, title: strings.codeTitle, otherLanguageUrl }, content);
}

/** A page that says one thing: expired, failed, signed in, signed out. */
export function statementPage(
  language: "fr" | "en",
  write: (strings: Strings) => { title: string; lead: string; code?: string },
): string {
  const strings = stringsOf(language);
  const { title, lead, code } = write(strings);
  const content = html`<section class="card" aria-labelledby="title"><h1 id="title">${title}</h1><p class="lead">${lead}${code !== undefined && html` <code>${code}</code>`}</p></section>`;
  return page({ strings, title }, content);
}

/** Asks before signing out. `form` is oidc-provider's own form, which our buttons join by its id. */
export function logoutPage(language: "fr" | "en", form: string, wrap: (markup: string) => Html): string {
  const strings = stringsOf(language);
  const content = html`<section class="card" aria-labelledby="title"><h1 id="title">${strings.logoutTitle}</h1><p class="lead">${strings.logoutLead}</p>${wrap(form)}
<div class="fields"><button class="primary" type="submit" form="op.logoutForm" name="logout" value="yes">${strings.logoutYes}</button></div>
<div class="actions"><button class="plain" type="submit" form="op.logoutForm">${strings.logoutNo}</button></div></section>`;
  return page({ strings, title: strings.logoutTitle }, content);
}
