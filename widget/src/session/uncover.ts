/** What has the focus, down to the innermost open shadow root. */
function focusedElement(): HTMLElement | undefined {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused instanceof HTMLElement ? focused : undefined;
}

/** Room left between what has the focus and what would cover it: the ring around it is seen too. */
const roomPx = 8;

/**
 * Moves what has the focus out from under `cover`, which sticks to the bottom of the page: by no more than it takes, and
 * not at all when it is in full view. Source: WCAG 2.4.11.
 */
export function uncover(cover: Element): void {
  const focused = focusedElement();
  if (focused === undefined || cover.contains(focused) || cover.shadowRoot?.contains(focused)) return;
  const over = cover.getBoundingClientRect();
  const box = focused.getBoundingClientRect();
  const isCovered =
    over.height > 0 &&
    box.bottom > over.top - roomPx &&
    box.top < over.bottom &&
    box.right > over.left &&
    box.left < over.right;
  if (!isCovered) return;
  const { scrollMarginBlockEnd } = focused.style;
  focused.style.scrollMarginBlockEnd = `${over.height + roomPx}px`;
  focused.scrollIntoView({ block: "nearest", behavior: "instant" });
  focused.style.scrollMarginBlockEnd = scrollMarginBlockEnd;
}
