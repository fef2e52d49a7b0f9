/**
 * Fetches the code of an element when its tag first stands in the page. Properties set before the code is there are
 * read by the element when it upgrades.
 */
export function defineWhenUsed(loaders: Readonly<Record<string, () => Promise<unknown>>>): void {
  if (typeof document === "undefined") return;
  const waiting = new Map(Object.entries(loaders));
  const look = (root: ParentNode) => {
    for (const [tag, load] of waiting) {
      if (customElements.get(tag) === undefined && root.querySelector(tag) === null) continue;
      waiting.delete(tag);
      if (customElements.get(tag) === undefined) void load();
    }
    if (waiting.size === 0) observer.disconnect();
  };
  const observer = new MutationObserver(() => look(document));
  observer.observe(document, { childList: true, subtree: true });
  look(document);
}
