import type { QueueCounts } from "../shared/rpc.ts";
import { browser } from "./browser.ts";

/**
 * The button says how many documents wait or were refused: their number on it, both numbers in its tooltip (which screen
 * readers read), red as soon as one was refused. Numbers only: the button is seen by whoever stands there.
 */
export async function showCounts({ waiting, refused }: Pick<QueueCounts, "waiting" | "refused">): Promise<void> {
  const count = waiting + refused;
  const words = [
    waiting > 0 ? browser.i18n.getMessage("waiting", String(waiting)) : "",
    refused > 0 ? browser.i18n.getMessage("refused", String(refused)) : "",
  ].filter(Boolean);
  await browser.action.setBadgeText({ text: count === 0 ? "" : String(count) });
  await browser.action.setBadgeBackgroundColor({ color: refused > 0 ? "#b3261e" : "#0b6e6e" });
  await browser.action.setTitle({ title: [browser.i18n.getMessage("action"), ...words].join(" – ") });
}
