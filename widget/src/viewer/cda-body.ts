import { type CdaAttachment, type CdaView, type CdaViewSection, renderNarrative } from "@carnet/sdk/narrative";
import { html, nothing, type TemplateResult } from "lit";
import { sniffContent } from "./content-kind.ts";
import type { ViewerStrings } from "./strings.ts";

/** What the sections need from the viewer: addresses of blobs that it frees when the document goes. */
export type BlobAddresses = (bytes: Uint8Array, contentType: string) => string;

/**
 * Sections of a structured CDA document: headings of ours, narrative as a tree of allowed elements. No HTML of the
 * document is ever parsed by the browser.
 */
export function cdaSections(view: CdaView, say: ViewerStrings, addresses: BlobAddresses): TemplateResult {
  if (view.sections.length === 0) return html`<p class="empty">${say.noContent}</p>`;
  const attachments = new Map(view.attachments.map((attachment) => [attachment.id, attachment]));
  const body = (section: CdaViewSection, level: number): TemplateResult =>
    html`<section class="cda-section" id=${section.id} data-code=${section.code?.code ?? nothing} tabindex="-1" aria-label=${section.title === "" ? say.untitledSection : section.title}>
      ${section.title === "" ? nothing : html`<div class="cda-heading level-${Math.min(level, 6)}" role="heading" aria-level=${Math.min(level, 6)}>${section.title}</div>`}
      <div class="narrative">${narrative(section, attachments, say, addresses)}</div>
      ${section.sections.map((inner) => body(inner, level + 1))}
    </section>`;
  const titled = view.sections.filter((section) => section.title !== "");
  return html`${
    titled.length < 4
      ? nothing
      : html`<details class="contents"><summary>${say.contents}</summary>
          <ul role="list">${titled.map(
            (section) =>
              html`<li><button class="link" @click=${(event: Event) => goTo(event.currentTarget, section.id)}>${section.title}</button></li>`,
          )}</ul>
        </details>`
  }${view.sections.map((section) => body(section, 4))}`;
}

function goTo(from: EventTarget | null, id: string): void {
  const root = (from as HTMLElement).getRootNode() as ShadowRoot;
  const target = root.getElementById(id);
  target?.scrollIntoView({ block: "start" });
  target?.focus({ preventScroll: true });
}

function narrative(
  section: CdaViewSection,
  attachments: ReadonlyMap<string, CdaAttachment>,
  say: ViewerStrings,
  addresses: BlobAddresses,
): DocumentFragment {
  const fragment = renderNarrative(section.blocks, document);
  // Links within the document: the browser would look for the target outside this shadow root.
  for (const link of fragment.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')) {
    const id = link.getAttribute("href")?.slice(1) ?? "";
    link.addEventListener("click", (event) => {
      event.preventDefault();
      goTo(link, id);
    });
  }
  for (const place of fragment.querySelectorAll<HTMLElement>("[data-attachment]")) {
    const attachment = attachments.get(place.dataset.attachment ?? "");
    place.append(attachment === undefined ? missing(say) : media(attachment, place.textContent ?? "", say, addresses));
  }
  for (const table of fragment.querySelectorAll("table")) scrollable(table, say);
  return fragment;
}

/** A wide table scrolls by itself, by keyboard too, so that the page does not. */
function scrollable(table: HTMLTableElement, say: ViewerStrings): void {
  if (table.parentElement?.closest("table") != null) return;
  const box = document.createElement("div");
  box.className = "table-scroll";
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", table.querySelector("caption")?.textContent ?? say.table);
  table.replaceWith(box);
  box.append(table);
}

function missing(say: ViewerStrings): Node {
  const note = document.createElement("em");
  note.textContent = ` ${say.missingAttachment}`;
  return note;
}

function media(attachment: CdaAttachment, caption: string, say: ViewerStrings, addresses: BlobAddresses): Node {
  const { kind, contentType } = sniffContent(attachment.bytes, attachment.contentType);
  if (kind === "image") {
    const image = document.createElement("img");
    image.src = addresses(attachment.bytes, contentType);
    image.alt = caption === "" ? (attachment.title ?? say.attachment) : caption;
    return image;
  }
  const link = document.createElement("a");
  link.href = addresses(attachment.bytes, kind === "pdf" ? contentType : "application/octet-stream");
  link.download = "";
  link.textContent = say.openAttachment(attachment.title ?? attachment.id);
  return link;
}

/** The section a fact comes from: by its identifier in the document, else by its code, at any depth. */
export function findSection(sections: readonly CdaViewSection[], wanted: string): CdaViewSection | undefined {
  for (const section of sections) {
    if (section.id === wanted || section.code?.code === wanted) return section;
    const inner = findSection(section.sections, wanted);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
