import type { RecordHandle } from "@carnet/sdk";
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../shared/icons.ts";
import type { Problem } from "../shared/problem.ts";
import { isProblem } from "../shared/record-element.ts";
import type { SectionContext } from "./context.ts";
import type { OpenDocumentDetail, View } from "./views.ts";

const loaders = {
  documents: () => import("../documents/define.ts"),
  document: () => import("../viewer/define.ts"),
  deposit: () => import("../deposit/define.ts"),
  messages: () => import("../messages/define.ts"),
};

/** Fetches the element that a view shows. */
export function loadView(kind: Exclude<View["kind"], "summary">): Promise<unknown> {
  return loaders[kind]();
}

/** Remembers where the reader of the summary is. @returns what brings the page and the focus back there */
export function placeIn(root: ShadowRoot): () => void {
  const active = root.activeElement as HTMLElement | null;
  const { scrollY } = window;
  return () => {
    scrollTo({ top: scrollY });
    active?.focus({ preventScroll: true });
  };
}

interface InnerHost {
  readonly record: RecordHandle | Problem;
  readonly theme: "light" | "dark" | "auto" | undefined;
  readonly depositAuthor: unknown;
  readonly newSince: string | undefined;
  go(view: View): void;
  /** A document of the list is asked for. */
  open(detail: OpenDocumentDetail): void;
  /** The record holds something else than before. */
  changed(): void;
}

/** National id of who deposits: the reader, whose documents are "mine". */
function readerOf(author: unknown): string | undefined {
  return typeof author === "object" && author !== null && "rpps" in author && typeof author.rpps === "string"
    ? author.rpps
    : undefined;
}

/** What stands under the identity strip in place of the summary: the list, one document, or the deposit. */
export function innerView(context: SectionContext, view: View, host: InnerHost): TemplateResult | typeof nothing {
  const { record } = host;
  if (view.kind === "summary" || isProblem(record)) return nothing;
  const isFromList = view.kind === "document" && view.from === "documents";
  const { locale } = context;
  const theme = host.theme ?? nothing;
  return html`<div class="inner-view">
    <button class="button" data-back @click=${() => host.go({ kind: isFromList ? "documents" : "summary" })}>
      ${icon("back")}${isFromList ? context.shared.backToList : context.shared.back}
    </button>
    ${
      view.kind === "documents" || isFromList
        ? html`<carnet-documents
            ?hidden=${isFromList}
            .record=${record}
            locale=${locale}
            theme=${theme}
            reader=${readerOf(host.depositAuthor) ?? nothing}
            new-since=${host.newSince ?? nothing}
            @carnet-open-document=${(event: CustomEvent<OpenDocumentDetail>) => {
              // The list's own event is answered here; the host hears the panel's.
              event.stopPropagation();
              event.preventDefault();
              host.open(event.detail);
            }}
          ></carnet-documents>`
        : nothing
    }
    ${
      view.kind === "document"
        ? html`<carnet-document
            .record=${record}
            .entry=${view.detail.document}
            .uniqueId=${view.detail.uniqueId}
            .section=${view.detail.section}
            .depositAuthor=${host.depositAuthor}
            locale=${locale}
            theme=${theme}
            @carnet-document-changed=${() => host.changed()}
          ></carnet-document>`
        : view.kind === "deposit"
          ? html`<carnet-deposit
              .record=${record}
              .author=${host.depositAuthor}
              locale=${locale}
              theme=${theme}
              @carnet-deposited=${() => host.changed()}
            ></carnet-deposit>`
          : view.kind === "messages"
            ? html`<carnet-patient-messages .record=${record} locale=${locale} theme=${theme}></carnet-patient-messages>`
            : nothing
    }
  </div>`;
}
