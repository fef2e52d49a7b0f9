import type { Receipt } from "@carnet/sdk";
import type { AccessDetail, CarnetAccess } from "./access/carnet-access.ts";
import type { CarnetDocumentActions, DocumentChangedDetail } from "./acting/carnet-document-actions.ts";
import type { CarnetDeposit } from "./deposit/carnet-deposit.ts";
import type { CarnetDocuments } from "./documents/carnet-documents.ts";
import type { WordsProblem } from "./language-file/load.ts";
import type { CarnetPatientMessages } from "./messages/carnet-patient-messages.ts";
import type { SessionEndingDetail } from "./session/carnet-session-end.ts";
import type { PanelState, Problem } from "./shared/problem.ts";
import type { CarnetSummary } from "./summary/carnet-summary.ts";
import type { OpenDocumentDetail } from "./summary/views.ts";
import type { CarnetDocument } from "./viewer/carnet-document.ts";

/** What each event tells, by its name (docs/widget.md, "Events"). None carries health data. */
export interface CarnetEvents {
  "carnet-state": { readonly state: PanelState };
  "carnet-ready": Readonly<Record<string, never>>;
  "carnet-open-document": OpenDocumentDetail;
  "carnet-deposited": Receipt;
  "carnet-document-changed": DocumentChangedDetail;
  "carnet-access": AccessDetail;
  "carnet-session-ending": SessionEndingDetail;
  "carnet-message-sent": Readonly<Record<string, never>>;
  "carnet-error": Problem | WordsProblem;
}

type Heard = { [Name in keyof CarnetEvents]: CustomEvent<CarnetEvents[Name]> };

/** `oncarnet-state` and the like, as React 19, Preact and Svelte 5 take them. */
type Handlers = { readonly [Name in keyof Heard as `on${Name}`]?: (event: Heard[Name]) => void };

/** Own properties of an element, all optional, beside what every HTML element takes. */
type Props<T extends HTMLElement> = Partial<Omit<T, keyof HTMLElement>> &
  Handlers & {
    readonly class?: string;
    readonly id?: string;
    readonly slot?: string;
    readonly "base-url"?: string;
    readonly ref?: unknown;
    readonly key?: string | number;
    readonly style?: unknown;
    readonly children?: unknown;
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
  /** `addEventListener("carnet-state", ({ detail }) => …)` knows its detail. */
  interface HTMLElementEventMap extends Heard {}
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
