import type { Browser } from "webextension-polyfill";
import { browser as extensionBrowser } from "wxt/browser";

/**
 * The WebExtension interface of the browser we run in, promise-only.
 * Chrome has a native `browser` too since 148; older ones get the polyfill's wrapper.
 */
export const browser = extensionBrowser as unknown as Browser;

/** What Chrome has and the shared interface does not. Absent in Firefox. */
export interface ChromeOnly {
  readonly sidePanel?: {
    open(options: { windowId: number }): Promise<void>;
    setPanelBehavior?(options: { openPanelOnActionClick: boolean }): Promise<void>;
  };
  readonly offscreen?: {
    createDocument(options: { url: string; reasons: string[]; justification: string }): Promise<void>;
    closeDocument(): Promise<void>;
  };
  readonly runtime: {
    getContexts?(filter: { contextTypes: string[] }): Promise<unknown[]>;
  };
}

export const chromeOnly = (): ChromeOnly => extensionBrowser as unknown as ChromeOnly;
