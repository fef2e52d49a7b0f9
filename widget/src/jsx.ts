import type { CarnetAccess } from "./access/carnet-access.ts";
import type { CarnetDocumentActions } from "./acting/carnet-document-actions.ts";
import type { CarnetDeposit } from "./deposit/carnet-deposit.ts";
import type { CarnetDocuments } from "./documents/carnet-documents.ts";
import type { CarnetPatientMessages } from "./messages/carnet-patient-messages.ts";
import type { CarnetSummary } from "./summary/carnet-summary.ts";
import type { CarnetDocument } from "./viewer/carnet-document.ts";

/** Own properties of an element, all optional, beside what every HTML element takes. */
type Props<T extends HTMLElement> = Partial<Omit<T, keyof HTMLElement>> & {
  readonly class?: string;
  readonly id?: string;
  readonly slot?: string;
  readonly "base-url"?: string;
  readonly ref?: unknown;
  readonly key?: string | number;
};

/**
 * The elements as JSX knows them. For React 19:
 * `declare module "react" { namespace JSX { interface IntrinsicElements extends CarnetElements {} } }`.
 */
export interface CarnetElements {
  "carnet-summary": Props<CarnetSummary> & { readonly "new-since"?: string; readonly "dispatch-centre"?: boolean };
  "carnet-documents": Props<CarnetDocuments> & { readonly "new-since"?: string };
  "carnet-document": Props<CarnetDocument> & { readonly "unique-id"?: string };
  "carnet-deposit": Props<CarnetDeposit>;
  "carnet-document-actions": Props<CarnetDocumentActions>;
  "carnet-access": Props<CarnetAccess> & { readonly "dispatch-centre"?: boolean };
  "carnet-patient-messages": Props<CarnetPatientMessages>;
}

declare global {
  interface HTMLElementTagNameMap {
    "carnet-summary": CarnetSummary;
    "carnet-documents": CarnetDocuments;
    "carnet-document": CarnetDocument;
    "carnet-deposit": CarnetDeposit;
    "carnet-document-actions": CarnetDocumentActions;
    "carnet-access": CarnetAccess;
    "carnet-patient-messages": CarnetPatientMessages;
  }
}
