import type { RecordHandle } from "@carnet/sdk";
import type { Ins } from "@carnet/sdk/identity";
import { createContext } from "preact";
import { useContext, useSyncExternalStore } from "preact/compat";
import type { PlacedDownload } from "../capture/downloads.ts";
import type { PanelController } from "./panel-controller.ts";
import type { PanelState } from "./panel-state.ts";
import type { Texts } from "./strings.ts";

/** What the panel's components may do beside the controller: gestures that only the browser can answer. */
export interface PanelGestures {
  signIn(): void;
  /** Say again, at the issuer's, in the name of which structure one sends. */
  changeStructure(): void;
  signOut(): void;
  retryRow(id: string): void;
  /** The patient wants this sensitive document in the record: send it. */
  confirmRow(id: string): void;
  discardRow(id: string): void;
  /** Everything of the person leaves this workstation, and they are signed out. False while a document is on its way. */
  wipe(): Promise<boolean>;
  /** Ask the browser for an address, then read again; must be called in the click itself. */
  allow(pattern: string, download?: PlacedDownload): void;
  /** Ask the browser for the tool's address, then check its tabs one by one; in the click itself. */
  takeTabs(origin: string): void;
  /** Ask the browser for its list of downloads, then offer the latest; in the click itself. */
  listDownloads(): void;
  retryCapture(): void;
  /** The record to read, with the session of the person signed in. */
  openRecord(ins: Ins): RecordHandle;
}

export interface Panel {
  readonly controller: PanelController;
  readonly gestures: PanelGestures;
  readonly texts: Texts;
}

export const PanelContext = createContext<Panel | undefined>(undefined);

export function usePanel(): Panel & { readonly state: PanelState } {
  const panel = useContext(PanelContext);
  if (panel === undefined) throw new Error("usePanel outside of the panel");
  const { controller } = panel;
  const state = useSyncExternalStore(
    (listener) => controller.subscribe(listener),
    () => controller.state,
  );
  return { ...panel, state };
}
