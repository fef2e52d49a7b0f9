import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type Range,
  Virtualizer,
} from "@tanstack/virtual-core";
import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Lines that stand in the page at once, at most: nodes do not grow with the record. */
export const mostLines = 40;
/** Height of a line not measured yet, in pixels. */
const guess = 72;
/** Lines kept ready above and below what is seen. */
const margin = 6;
/** Frames that a line brought into view may take to be there. */
const patience = 30;

type Host = ReactiveControllerHost & { readonly renderRoot: ParentNode };

/**
 * Of a long list, the lines around what is seen. The host renders them into a scrolling `[data-lines]`, each a child with
 * `data-line`, between two `[data-space]` that this controller stretches. Heights are measured as lines appear.
 */
export class LineWindow implements ReactiveController {
  readonly #host: Host;
  #keys: readonly string[] = [];
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #unmount: (() => void) | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#virtualizer = new Virtualizer(this.#options());
    host.addController(this);
  }

  #options(): Virtualizer<HTMLElement, HTMLElement>["options"] {
    const keys = this.#keys;
    return {
      ...this.#virtualizer?.options,
      count: keys.length,
      getItemKey: (line) => keys[line] ?? line,
      indexAttribute: "data-line",
      estimateSize: () => guess,
      rangeExtractor: linesOf,
      initialRect: { width: 0, height: 600 },
      getScrollElement: () => this.#find("[data-lines]"),
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.#host.requestUpdate(),
    };
  }

  /** The lines of the list as it is now. @returns the first to render and the one after the last */
  window(keys: readonly string[]): { readonly start: number; readonly end: number } {
    if (keys !== this.#keys) {
      this.#keys = keys;
      this.#virtualizer.setOptions(this.#options());
    }
    const items = keys.length > mostLines ? this.#virtualizer.getVirtualItems() : [];
    const last = items.at(-1);
    return { start: items[0]?.index ?? 0, end: last ? last.index + 1 : Math.min(keys.length, mostLines) };
  }

  /** Brings a line into view. */
  async show(line: number): Promise<void> {
    if (this.#keys.length > mostLines) this.#virtualizer.scrollToIndex(line);
    for (let frame = 0; frame < patience && !this.#find(`[data-line="${line}"]`); frame++) {
      await new Promise(requestAnimationFrame);
      await this.#host.updateComplete;
    }
  }

  /** Back to the first line. */
  reset(): void {
    this.#virtualizer.scrollToOffset(0);
  }

  hostConnected(): void {
    this.#unmount = this.#virtualizer._didMount();
  }

  hostUpdated(): void {
    this.#virtualizer._willUpdate();
    // Lines that left are no longer observed.
    this.#virtualizer.measureElement(null);
    for (const line of this.#host.renderRoot.querySelectorAll<HTMLElement>("[data-line]"))
      this.#virtualizer.measureElement(line);
    this.#stretch();
  }

  hostDisconnected(): void {
    this.#unmount?.();
  }

  /** Heights are set through the CSSOM: a strict policy forbids style attributes. */
  #stretch(): void {
    const items = this.#keys.length > mostLines ? this.#virtualizer.getVirtualItems() : [];
    const [above, below] = this.#host.renderRoot.querySelectorAll<HTMLElement>("[data-space]");
    const end = items.at(-1)?.end;
    above?.style.setProperty("block-size", `${items[0]?.start ?? 0}px`);
    below?.style.setProperty("block-size", `${end === undefined ? 0 : this.#virtualizer.getTotalSize() - end}px`);
  }

  #find(selector: string): HTMLElement | null {
    return this.#host.renderRoot?.querySelector<HTMLElement>(selector) ?? null;
  }
}

/** A tall window does not make the list longer than {@link mostLines}. */
function linesOf({ startIndex, endIndex, count }: Range): number[] {
  const start = Math.max(0, startIndex - margin);
  const end = Math.min(count, start + mostLines, endIndex + margin + 1);
  return Array.from({ length: end - start }, (_, line) => start + line);
}
