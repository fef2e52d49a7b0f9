import * as v from "valibot";
import { browser } from "../platform/browser.ts";

/** What a click pointed at. Kept in session memory only: an address of a hospital page can be health data. */
const targetSchema = v.object({
  /** Changes at each click, so that the panel sees a second click on the same page. */
  id: v.string(),
  tabId: v.number(),
  windowId: v.number(),
  kind: v.picklist(["tab", "page", "selection", "link", "image", "frame"]),
  /** Address of the tab at the click, when the browser tells it. */
  tabUrl: v.optional(v.string()),
  /** Address of the link, image or frame under the menu. */
  address: v.optional(v.string()),
  frameId: v.optional(v.number()),
});

export type Target = v.InferOutput<typeof targetSchema>;

const key = (windowId: number) => `target:${windowId}`;

export async function setTarget(target: Omit<Target, "id">): Promise<void> {
  await browser.storage.session.set({ [key(target.windowId)]: { id: crypto.randomUUID(), ...target } });
}

export async function readTarget(windowId: number): Promise<Target | undefined> {
  const stored = await browser.storage.session.get(key(windowId));
  const parsed = v.safeParse(targetSchema, stored[key(windowId)]);
  return parsed.success ? parsed.output : undefined;
}

export async function clearTarget(windowId: number): Promise<void> {
  await browser.storage.session.remove(key(windowId));
}

/** Called with each new target of the window. Returns the function that stops it. */
export function onTarget(windowId: number, listener: (target: Target | undefined) => void): () => void {
  const onChanged = (changes: Record<string, { newValue?: unknown }>, area: string) => {
    const change = changes[key(windowId)];
    if (area !== "session" || change === undefined) return;
    const parsed = v.safeParse(targetSchema, change.newValue);
    listener(parsed.success ? parsed.output : undefined);
  };
  browser.storage.onChanged.addListener(onChanged);
  return () => browser.storage.onChanged.removeListener(onChanged);
}
