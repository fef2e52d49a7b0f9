import { html, type LitElement, nothing, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { until } from "lit/directives/until.js";
import type { Locale } from "../shared/locale.ts";
import type { PdfPages } from "./pdf-pages.ts";
import { viewerStrings } from "./strings.ts";

/** Pages drawn at once; the others are asked for. A thousand-page file must not become a thousand canvases. */
const firstPages = 5;
const maximumPages = 200;

/** Draws a PDF page by page when the browser has no viewer of its own; the drawing code is fetched only then. */
export class PdfPagesController {
  readonly #host: LitElement;
  #controller = new AbortController();
  #pages: PdfPages | undefined;

  constructor(host: LitElement) {
    this.#host = host;
  }

  close(): void {
    this.#controller.abort();
    this.#controller = new AbortController();
    void this.#pages?.close();
    this.#pages = undefined;
  }

  render(bytes: Uint8Array, locale: Locale): unknown {
    const say = viewerStrings(locale);
    const { signal } = this.#controller;
    const load = async (): Promise<unknown> => {
      try {
        const { openPdf } = await import("./pdf-pages.ts");
        const pages = await openPdf(bytes, signal);
        if (signal.aborted) return nothing;
        this.#pages = pages;
        return this.#list(pages, firstPages, locale);
      } catch {
        // A file that the drawing code cannot read can still be downloaded from the header.
        return signal.aborted
          ? nothing
          : html`<div class="failed" data-state="unreadable"><p>${say.unreadable}</p></div>`;
      }
    };
    return until(load(), html`<div class="skeleton" aria-hidden="true"><span class="skeleton-line"></span></div>`);
  }

  #list(pages: PdfPages, shown: number, locale: Locale): TemplateResult {
    const say = viewerStrings(locale);
    const count = Math.min(pages.count, shown);
    return html`<div class="pdf-pages">
      ${Array.from({ length: count }, (_, position) => this.#page(pages, position + 1, say.pageOf(position + 1, pages.count)))}
      ${
        pages.count <= count || count >= maximumPages
          ? nothing
          : html`<button class="button" @click=${(event: Event) => {
              const button = event.currentTarget as HTMLButtonElement;
              const place = button.parentElement;
              button.remove();
              for (let page = count + 1; page <= Math.min(pages.count, maximumPages); page++) {
                const canvas = document.createElement("canvas");
                place?.append(canvas);
                this.#draw(pages, page, canvas, say.pageOf(page, pages.count));
              }
            }}>${say.allPages(Math.min(pages.count, maximumPages))}</button>`
      }
    </div>`;
  }

  #page(pages: PdfPages, page: number, label: string): TemplateResult {
    return html`<canvas ${ref((canvas) => {
      if (canvas instanceof HTMLCanvasElement && !canvas.hasAttribute("role")) this.#draw(pages, page, canvas, label);
    })}></canvas>`;
  }

  #draw(pages: PdfPages, page: number, canvas: HTMLCanvasElement, label: string): void {
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    pages
      .draw(page, canvas, this.#host.clientWidth || 700)
      // The page's own words are its text for those who do not see it.
      .then((text) => canvas.setAttribute("aria-label", `${label}. ${text}`.slice(0, 5000)))
      .catch(() => canvas.setAttribute("aria-label", label));
  }
}
