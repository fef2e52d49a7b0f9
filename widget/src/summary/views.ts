import type { DocumentEntry } from "@carnet/sdk";

/** Detail of `carnet-open-document`. */
export interface OpenDocumentDetail {
  readonly uniqueId: string;
  /** Section to show first, when a fact asked. */
  readonly section?: string;
  readonly document?: DocumentEntry;
}

/** What stands under the identity strip. */
export type View =
  | { readonly kind: "summary" }
  | { readonly kind: "documents" }
  | { readonly kind: "deposit" }
  | { readonly kind: "messages" }
  | { readonly kind: "document"; readonly detail: OpenDocumentDetail; readonly from: "summary" | "documents" };
