/** The pages about the account itself: recovery, enrolment, known devices. Plain forms, no script. WCAG 2.2 AA. */

import { type Html, html } from "../html.ts";
import { type AccountStrings, accountStringsOf, type Fault } from "./account-strings.ts";
import { field, inputs, message } from "./form-fields.ts";
import type { KnownDevice } from "./known-devices.ts";
import { page } from "./pages.ts";
import { type Locale, type Strings, stringsOf } from "./strings.ts";

/** What a form knows when it is shown again. */
export interface FormState {
  readonly error?: string | undefined;
  readonly notice?: string | undefined;
  /** Values to show again; never a password or a code. */
  readonly values?: Readonly<Record<string, string>>;
  /** What is wrong, by field. */
  readonly faults?: Readonly<Record<string, readonly Fault[]>>;
}

interface FormFrame {
  readonly locale: Locale;
  readonly title: string;
  readonly lead: string;
  readonly action: string;
  readonly submit: string;
  readonly step?: string;
  readonly links?: Html;
}

type Fields = (make: (name: string, label: string, attributes: Html, hint?: string) => Html) => readonly Html[];

/** A card with one form. */
function formCard(frame: FormFrame, state: FormState, fields: Fields): Html {
  const strings: Strings = stringsOf(frame.locale);
  const words = accountStringsOf(frame.locale);
  const make = (name: string, label: string, attributes: Html, hint?: string) =>
    field({
      name,
      label,
      attributes,
      hint,
      value: state.values?.[name],
      faults: (state.faults?.[name] ?? []).map((fault) => words.faults[fault]),
      isInvalid: state.error !== undefined && state.faults === undefined,
    });
  return html`<section class="card" aria-labelledby="title">
${frame.step !== undefined && html`<p class="step">${frame.step}</p>`}<h1 id="title">${frame.title}</h1>
<p class="lead">${frame.lead}</p>
${message(state.error, true, strings)}${message(state.notice, false, strings)}
<form method="post" action="${frame.action}" novalidate>
<input type="hidden" name="lang" value="${frame.locale}">
<div class="fields">${fields(make)}<button class="primary" type="submit">${frame.submit}</button></div>
</form>
${frame.links !== undefined && html`<p class="links">${frame.links}</p>`}
</section>`;
}

function pageOf(frame: FormFrame, content: Html, otherPath = frame.action): string {
  const other = frame.locale === "fr" ? "en" : "fr";
  return page(
    { strings: stringsOf(frame.locale), title: frame.title, otherLanguageUrl: `${otherPath}?lang=${other}` },
    content,
  );
}

export function recoverPage(locale: Locale, state: FormState): string {
  const words = accountStringsOf(locale);
  const frame: FormFrame = {
    locale,
    title: words.recoverTitle,
    lead: words.recoverLead,
    action: "/oidc/recover",
    submit: words.recoverSend,
  };
  return pageOf(
    frame,
    formCard(frame, state, (make) => [make("login", words.login, inputs.login)]),
  );
}

function mailboxLink(locale: Locale, isDemo: boolean): Html | undefined {
  const strings = stringsOf(locale);
  return isDemo
    ? html`<a href="/mailbox?lang=${locale}" target="_blank" rel="noopener">${strings.openMailbox}<span class="visually-hidden"> ${strings.newTab}</span></a>`
    : undefined;
}

export function newPasswordPage(locale: Locale, id: string, state: FormState, isDemo: boolean): string {
  const words = accountStringsOf(locale);
  const frame: FormFrame = {
    locale,
    title: words.recoverCodeTitle,
    lead: words.recoverCodeLead,
    action: `/oidc/recover/${id}`,
    submit: words.save,
    links: html`<a href="/oidc/recover?lang=${locale}">${words.recoverAgain}</a>${mailboxLink(locale, isDemo)}`,
  };
  return pageOf(
    frame,
    formCard(frame, state, (make) => [
      make("code", words.code, inputs.code),
      make("birthDate", words.birthDate, inputs.birthDate, words.birthDateHint),
      make("password", words.newPassword, inputs.newPassword, words.passwordRule),
      make("repeat", words.repeatPassword, inputs.newPassword),
    ]),
  );
}

export function enrolPage(locale: Locale, state: FormState): string {
  const words = accountStringsOf(locale);
  const frame: FormFrame = {
    locale,
    title: words.enrolTitle,
    lead: words.enrolLead,
    action: "/oidc/enrol",
    submit: words.next,
    step: words.step(1, 3),
  };
  return pageOf(
    frame,
    formCard(frame, state, (make) => [
      make("nir", words.nir, inputs.number, words.nirHint),
      make("card", words.card, inputs.number, words.cardHint),
      make("birthDate", words.birthDate, inputs.birthDate, words.birthDateHint),
      make("code", words.provisionalCode, inputs.text, words.provisionalCodeHint),
    ]),
  );
}

export function credentialsPage(locale: Locale, id: string, state: FormState): string {
  const words = accountStringsOf(locale);
  const frame: FormFrame = {
    locale,
    title: words.credentialsTitle,
    lead: words.credentialsLead,
    action: `/oidc/enrol/${id}`,
    submit: words.next,
    step: words.step(2, 3),
  };
  return pageOf(
    frame,
    formCard(frame, state, (make) => [
      make("login", words.login, inputs.login, words.loginHint),
      make("password", words.password, inputs.newPassword, words.passwordRule),
      make("repeat", words.repeatPassword, inputs.newPassword),
      make("email", words.email, inputs.email),
    ]),
  );
}

export function confirmPage(locale: Locale, id: string, state: FormState, isDemo: boolean): string {
  const words = accountStringsOf(locale);
  const frame: FormFrame = {
    locale,
    title: words.confirmTitle,
    lead: words.confirmLead,
    action: `/oidc/enrol/${id}/confirm`,
    submit: words.confirm,
    step: words.step(3, 3),
    ...(isDemo ? { links: html`${mailboxLink(locale, isDemo)}` } : {}),
  };
  const content = formCard(frame, state, (make) => [make("code", words.code, inputs.code)]);
  return pageOf(frame, content, `/oidc/enrol/${id}`);
}

export interface AccountView {
  readonly locale: Locale;
  readonly devices: readonly KnownDevice[];
  readonly thisDevice: string | undefined;
  readonly sessionEndsAt: Date;
  /** Proves that a form comes from this page. */
  readonly token: string;
  readonly state: FormState;
}

/** The devices of a patient, and their password. */
export function accountPage(view: AccountView): string {
  const { locale, devices, state, token } = view;
  const words = accountStringsOf(locale);
  const strings = stringsOf(locale);
  const frame: FormFrame = {
    locale,
    title: words.accountTitle,
    lead: words.accountLead,
    action: "/oidc/account",
    submit: words.save,
  };
  const hidden = html`<input type="hidden" name="lang" value="${locale}"><input type="hidden" name="token" value="${token}">`;
  const items = devices.map((device) => deviceItem(device, view, words, hidden));
  const { faults, values: _, ...rest } = state;
  const passwordState: FormState = faults ? { faults } : {};
  const labelled = (name: string, label: string, attributes: Html, hint?: string) =>
    field({
      name,
      label,
      attributes,
      hint,
      faults: (passwordState.faults?.[name] ?? []).map((fault) => words.faults[fault]),
    });
  const content = html`<h1>${words.accountTitle}</h1><p class="lead">${words.accountLead}</p>
${message(rest.error, true, strings)}${message(rest.notice, false, strings)}
<p class="message">${words.sessionEnds(timeOf(view.sessionEndsAt, locale))}</p>
<section class="card" aria-labelledby="devices"><h2 id="devices">${words.devicesTitle}</h2>
${items.length === 0 ? html`<p>${words.devicesNone}</p>` : html`<ul class="devices">${items}</ul>`}
<p class="note">${words.removeHint}</p>
<form class="actions" method="post" action="/oidc/account/end">${hidden}<button class="plain" type="submit">${words.endOthers}</button></form>
</section>
<section class="card" aria-labelledby="password-title"><h2 id="password-title">${words.changePassword}</h2>
<form method="post" action="/oidc/account/password" novalidate>${hidden}<div class="fields">
${labelled("current", words.currentPassword, inputs.password)}
${labelled("password", words.newPassword, inputs.newPassword, words.passwordRule)}
${labelled("repeat", words.repeatPassword, inputs.newPassword)}
<button class="primary" type="submit">${words.save}</button></div></form>
</section>`;
  return pageOf(frame, content);
}

function deviceItem(
  device: KnownDevice,
  { locale, thisDevice }: AccountView,
  words: AccountStrings,
  hidden: Html,
): Html {
  const input = `name-${device.id}`;
  const own = html`<input type="hidden" name="device" value="${device.id}">`;
  return html`<li><h3>${device.name}${device.id === thisDevice && html` <span class="tag">${words.thisDevice}</span>`}</h3>
<p>${words.firstSeen} ${dayOf(device.firstSeenAt, locale)}<br>${words.lastSeen} ${dayOf(device.lastSeenAt, locale)}, ${timeOf(device.lastSeenAt, locale)}</p>
<form method="post" action="/oidc/account/rename">${hidden}${own}<div><label for="${input}">${words.deviceName}</label><input id="${input}" name="name" type="text" autocomplete="off" maxlength="60" value="${device.name}" required></div><button class="small" type="submit" aria-label="${words.renameOf(device.name)}">${words.rename}</button></form>
<form method="post" action="/oidc/account/remove">${hidden}${own}<button class="small" type="submit" aria-label="${words.removeOf(device.name)}">${words.remove}</button></form></li>`;
}

function dayOf(date: Date, locale: Locale): string {
  return format(date, locale, { dateStyle: "long" });
}

function timeOf(date: Date, locale: Locale): string {
  return format(date, locale, { timeStyle: "short" });
}

function format(date: Date, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", { ...options, timeZone: "Europe/Paris" }).format(
    date,
  );
}
