import { browser, chromeOnly } from "./browser.ts";

/**
 * Open the side panel (Chrome) or the sidebar (Firefox). Must be called synchronously in the click's own turn:
 * both browsers refuse it after the first `await`. Opening it here rather than with `openPanelOnActionClick`
 * keeps the activeTab grant that the click gives.
 */
export function openPanel(windowId: number): Promise<void> {
  const { sidePanel } = chromeOnly();
  return sidePanel === undefined ? browser.sidebarAction.open() : sidePanel.open({ windowId });
}
