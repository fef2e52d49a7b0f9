import type { Progress } from "@carnet/sdk";
import { html, nothing, type TemplateResult } from "lit";
import { formatNumber } from "../shared/format-number.ts";
import type { Locale } from "../shared/locale.ts";
import { viewerStrings } from "./strings.ts";

/** Contents of 50 MB on a slow line; whoever waits sees how far it is, and may stop. */
export const openingTimeoutMs = 600_000;

/** One decimal is enough to see that something comes. */
function megabytes(bytes: number, locale: Locale): string {
  return viewerStrings(locale).megabytes(formatNumber(Math.round((bytes / 1024 / 1024) * 10) / 10, locale));
}

/** What a tenth of a megabyte rounds to, bytes. */
const leastTold = 0.05 * 1024 * 1024;

/** "1,5 Mo sur 50 Mo"; without the whole where the service does not say it, and nothing before the first byte nor of what is small. */
export function progressWords(progress: Progress | undefined, locale: Locale): string {
  if (progress === undefined || progress.doneBytes === 0) return "";
  const { doneBytes, totalBytes } = progress;
  // "0 Mo sur 0 Mo" says nothing.
  if ((totalBytes ?? doneBytes) < leastTold) return "";
  const done = megabytes(doneBytes, locale);
  return totalBytes === undefined ? done : viewerStrings(locale).ofAll(done, megabytes(totalBytes, locale));
}

/**
 * In place of a document that is on its way. What takes long says how far it is and can be stopped; it appears after a moment
 * (by its style), so that it does not flash before what comes at once.
 */
export function openingBody(progress: Progress | undefined, locale: Locale, stop: () => void): TemplateResult {
  const say = viewerStrings(locale);
  const { doneBytes = 0, totalBytes } = progress ?? {};
  const isMeasured = totalBytes !== undefined && totalBytes > 0;
  return html`<span class="visually-hidden" role="status">${say.loading}</span>
    <div class="opening">
      <progress
        aria-label=${say.loading}
        max=${isMeasured ? totalBytes : nothing}
        value=${isMeasured ? doneBytes : nothing}
      ></progress>
      <span>${progressWords(progress, locale)}</span>
      <button class="button" data-stop @click=${stop}>${say.stop}</button>
    </div>
    <div class="skeleton">${Array.from({ length: 7 }, () => html`<span class="skeleton-line"></span>`)}</div>`;
}

/** In place of a document that its reader did not wait for. */
export function stoppedBody(locale: Locale, open: () => void): TemplateResult {
  const say = viewerStrings(locale);
  return html`<div class="failed" data-state="stopped">
    <p role="status">${say.stopped}</p>
    <button class="button" data-retry @click=${open}>${say.open}</button>
  </div>`;
}
