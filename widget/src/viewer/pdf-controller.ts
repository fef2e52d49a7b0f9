import { html, type LitElement, nothing, render, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { until } from "lit/directives/until.js";
import type { Locale } from "../shared/locale.ts";
import { sharedStrings } from "../shared/strings.ts";
import type { PdfPages } from "./pdf-pages.ts";
import { viewerStrings } from "./strings.ts";

/** Pages shown at once; the others are asked for, and beyond the second bound only the file has them. */
const firstPages = 5;
const maximumPages = 200;

interface Drawing {
  readonly pages: PdfPages;
  readonly page: number;
  readonly locale: Locale;
}

/** Draws a PDF page by page when the browser has no viewer of its own; the drawing code is fetched only then. */
export class PdfPagesController {
  readonly #host: LitElement;
  #controller = new AbortController();
  #pages: PdfPages | undefined;
  #awaited = new WeakMap<Element, Drawing>();
  #observer: IntersectionObserver | undefined;

  constructor(host: LitElement) {
    this.#host = host;
  }

  close(): void {
    this.#controller.abort();
    this.#controller = new AbortController();
    this.#observer?.disconnect();
    this.#observer = undefined;
    void this.#pages?.close();
    this.#pages = undefined;
  }

  render(bytes: Uint8Array, locale: Locale): unknown {
    const say = viewerStrings(locale);
    const { signal } = this.#controller;
    const told = (words: string) => html`<div class="failed" data-state="unreadable"><p>${words}</p></div>`;
    const load = async (): Promise<unknown> => {
      const drawing = await import("./pdf-pages.ts").catch(() => undefined);
      // Away, it is the network's failure and not the document's.
      if (drawing === undefined) return told(sharedStrings(locale).problems.offline);
      try {
        const pages = await drawing.openPdf(bytes, signal);
        if (signal.aborted) return nothing;
        this.#pages = pages;
        return this.#list(pages, locale);
      } catch (error) {
        if (signal.aborted) return nothing;
        // A file that the drawing code cannot read can still be downloaded from the header.
        return told((error as Error | undefined)?.name === "PasswordException" ? say.locked : say.unreadable);
      }
    };
    return until(load(), html`<div class="skeleton" aria-hidden="true"><span class="skeleton-line"></span></div>`);
  }

  #list(pages: PdfPages, locale: Locale): TemplateResult {
    const say = viewerStrings(locale);
    const all = Math.min(pages.count, maximumPages);
    const places = (from: number, to: number) =>
      Array.from({ length: Math.max(0, to - from + 1) }, (_, position) => {
        const page = from + position;
        return html`<div class="pdf-page" ${ref((place) => {
          if (place instanceof HTMLElement) this.#await(place, { pages, page, locale });
        })}></div>`;
      });
    const cut = pages.count > all ? html`<p class="cut">${say.cutPages(all, pages.count)}</p>` : nothing;
    return html`<div class="pdf-pages">
      ${places(1, Math.min(all, firstPages))}
      ${
        all <= firstPages
          ? nothing
          : html`<button class="button" @click=${(event: Event) => {
              const others = document.createElement("div");
              others.className = "pdf-pages";
              render(html`${places(firstPages + 1, all)}${cut}`, others);
              (event.currentTarget as HTMLElement).replaceWith(others);
              others.querySelector<HTMLElement>(".pdf-page")?.focus({ preventScroll: true });
            }}>${say.allPages(all)}</button>`
      }
    </div>`;
  }

  /**
   * The first pages are drawn at once; another when it comes near the window, and it is let go when it is far: a canvas
   * holds some ten megabytes.
   */
  #await(place: HTMLElement, drawing: Drawing): void {
    if (this.#awaited.has(place)) return;
    this.#awaited.set(place, drawing);
    place.tabIndex = -1;
    if (drawing.page <= firstPages) {
      this.#draw(place, drawing);
      return;
    }
    this.#letGo(place, drawing);
    this.#observer ??= new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const awaited = this.#awaited.get(target);
          if (awaited === undefined) continue;
          if (isIntersecting) this.#draw(target as HTMLElement, awaited);
          else this.#letGo(target as HTMLElement, awaited);
        }
      },
      { rootMargin: "100% 0px" },
    );
    this.#observer.observe(place);
  }

  /** A page that is not drawn says which it is, on paper too. */
  #letGo(place: HTMLElement, { pages, page, locale }: Drawing): void {
    place.replaceChildren(viewerStrings(locale).pageOf(page, pages.count));
  }

  #draw(place: HTMLElement, { pages, page, locale }: Drawing): void {
    if (place.querySelector("canvas") !== null) return;
    const say = viewerStrings(locale);
    const label = say.pageOf(page, pages.count);
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    place.replaceChildren(canvas);
    const tellLoss = () => {
      const note = document.createElement("p");
      note.className = "failed";
      note.textContent = say.partOfPage(page);
      place.append(note);
    };
    pages.draw(page, canvas, this.#host.clientWidth || 700).then(
      ({ text, isWhole }) => {
        if (!canvas.isConnected) return;
        // The page's own words are its text for those who do not see it.
        canvas.setAttribute("aria-label", `${label}. ${text}`.slice(0, 5000));
        place.style.minBlockSize = `${canvas.offsetHeight}px`;
        if (!isWhole) tellLoss();
      },
      () => {
        if (canvas.isConnected) tellLoss();
      },
    );
  }
}
