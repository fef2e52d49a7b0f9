/** The sign-in pages: plain HTML forms, no script, one style sheet of our own. WCAG 2.2 AA. */

import { type Html, html } from "../html.ts";
import type { ActorClaims } from "../rules/actor.ts";
import { accountStringsOf } from "./account-strings.ts";
import type { Account } from "./accounts.ts";
import type { Audience } from "./clients.ts";
import { field, inputs, message } from "./form-fields.ts";
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
  /** What the button to the outside issuer says; absent: there is none for these people. */
  readonly outsideLabel?: string | undefined;
  /** Whether user names or demonstration cards are taken here: cards only in a demonstration (R207). */
  readonly hasForm: boolean;
}

function otherLanguage(strings: Strings): "fr" | "en" {
  return strings.language === "fr" ? "en" : "fr";
}

/** First step: user name and password, or card and PIN; for professionals the way to the outside issuer. */
export function signInPage(view: SignInView): string {
  const { strings, audience, outsideLabel } = view;
  const isPatient = audience === "patient";
  const more = accountStringsOf(strings.language === "en" ? "en" : "fr");
  const title = isPatient ? strings.patientTitle : strings.professionalTitle;
  const lead = isPatient ? strings.patientLead : outsideLabel ? more.outsideLead : strings.professionalLead;
  const content = html`<section class="card" aria-labelledby="title">
<h1 id="title">${title}</h1>
<p class="lead">${view.hasForm || outsideLabel ? lead : more.noWayLead}</p>
${message(view.error, true, strings)}${message(view.filled && `${strings.demoFilled} ${view.filled.name}.`, false, strings)}
${
  outsideLabel !== undefined &&
  html`<form method="post" action="${view.action}/outside"><input type="hidden" name="lang" value="${strings.language}"><button class="primary" type="submit">${outsideLabel}</button></form>`
}${outsideLabel !== undefined && view.hasForm && html`<p class="or">${more.outsideOr}</p>`}${view.hasForm && signInForm(view)}
<form class="actions" method="post" action="${view.action}/cancel"><button class="plain" type="submit">${strings.cancel}</button></form>
${isPatient && html`<p class="links"><a href="/oidc/recover?lang=${strings.language}">${more.forgotten}</a><a href="/oidc/enrol?lang=${strings.language}">${more.enrol}</a></p>`}
</section>
${view.demo.length > 0 && demoAccounts(view)}
<p class="note">${isPatient ? strings.patientPrivacy : strings.professionalPrivacy}</p>`;
  const otherLanguageUrl = `${view.action}?lang=${otherLanguage(strings)}`;
  return page({ strings, title, otherLanguageUrl }, content);
}

function signInForm({ strings, audience, filled, action, login, missing, error, outsideLabel }: SignInView): Html {
  const isPatient = audience === "patient";
  const isInvalid = error !== undefined && missing === undefined;
  const faultsOf = (name: "login" | "secret") => (missing?.includes(name) ? [strings.missing] : []);
  const card = html`type="text" inputmode="numeric" autocomplete="username" spellcheck="false" maxlength="80"`;
  const pin = html`type="password" inputmode="numeric" autocomplete="current-password" maxlength="12"`;
  return html`<form method="post" action="${action}/sign-in" novalidate>
<input type="hidden" name="lang" value="${strings.language}">
<div class="fields">
${field({
  name: "login",
  label: isPatient ? strings.login : strings.card,
  attributes: isPatient ? inputs.login : card,
  value: filled?.login ?? login,
  faults: faultsOf("login"),
  isInvalid,
})}
${field({
  name: "secret",
  label: isPatient ? strings.password : strings.pin,
  attributes: isPatient ? inputs.password : pin,
  value: filled?.demoSecret,
  faults: faultsOf("secret"),
  isInvalid,
})}
<button class="${outsideLabel === undefined ? "primary" : "second"}" type="submit">${isPatient ? strings.submit : strings.signIn}</button>
</div>
</form>`;
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
  const content = html`<section class="card" aria-labelledby="title">
<h1 id="title">${strings.codeTitle}</h1>
<p class="lead">${strings.codeLead}</p>
${message(error, true, strings)}${message(notice, false, strings)}
<form method="post" action="${action}/code" novalidate>
<input type="hidden" name="lang" value="${strings.language}">
<div class="fields">
${field({ name: "code", label: strings.code, attributes: html`${inputs.code} autofocus`, isInvalid: error !== undefined })}
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

export interface ExerciseView {
  readonly strings: Strings;
  readonly action: string;
  readonly exercises: readonly ActorClaims[];
  readonly error?: string | undefined;
}

/** A professional with several exercises says in whose name they act (choix de l'exercice, R205). */
export function exercisePage({ strings, action, exercises, error }: ExerciseView): string {
  const more = accountStringsOf(strings.language === "en" ? "en" : "fr");
  const choices = exercises.map((exercise, index) => {
    const name = exercise.kind === "patient" ? undefined : exercise.structure?.name;
    return html`<label class="choice"><input type="radio" name="exercise" value="${index}"${index === 0 ? html` checked` : html``}><span>${name ?? more.exerciseAlone}</span></label>`;
  });
  const content = html`<section class="card" aria-labelledby="title">
<h1 id="title">${more.exerciseTitle}</h1>
${message(error, true, strings)}
<form method="post" action="${action}/exercise">
<input type="hidden" name="lang" value="${strings.language}">
<div class="fields"><fieldset><legend>${more.exerciseLead}</legend>${choices}</fieldset>
<button class="primary" type="submit">${strings.signIn}</button></div>
</form>
<form class="actions" method="post" action="${action}/cancel"><button class="plain" type="submit">${strings.cancel}</button></form>
</section>`;
  const otherLanguageUrl = `${action}?lang=${otherLanguage(strings)}`;
  return page({ strings, title: more.exerciseTitle, otherLanguageUrl }, content);
}

/** A page that says one thing: expired, failed, signed in, signed out. */
export function statementPage(
  language: "fr" | "en",
  write: (strings: Strings) => { title: string; lead: string; code?: string; link?: { href: string; text: string } },
): string {
  const strings = stringsOf(language);
  const { title, lead, code, link } = write(strings);
  const content = html`<section class="card" aria-labelledby="title"><h1 id="title">${title}</h1><p class="lead">${lead}${code !== undefined && html` <code>${code}</code>`}</p>${link && html`<p class="links"><a href="${link.href}">${link.text}</a></p>`}</section>`;
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
