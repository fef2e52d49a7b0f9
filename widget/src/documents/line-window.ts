import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Lines that stand in the page at once, at most: nodes do not grow with the record. */
export const mostLines = 40;
/** Height of a line not measured yet, in pixels. */
const guess = 72;
/** Lines kept ready above and below what is seen. */
const margin = 6;

/**
 * Of a long list, the lines around what is seen. The host renders them into a scrolling `[data-lines]`, each a child with
 * `data-line`, between two `[data-space]` that this controller stretches. Heights are measured as lines appear.
 */
export class LineWindow implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: ParentNode };
  #keys: readonly string[] = [];
  readonly #heights = new Map<string, number>();
  /** Where each line begins; one more than there are lines. */
  #tops = new Float64Array(1);
  #scroller: HTMLElement | undefined;
  #start = 0;
  #end = 0;
  readonly #resized = new ResizeObserver(() => {
    this.#heights.clear();
    this.#host.requestUpdate();
  });
  #width = 0;

  constructor(host: ReactiveControllerHost & { readonly renderRoot: ParentNode }) {
    this.#host = host;
    host.addController(this);
  }

  /** The lines of the list as it is now. @returns the first to render and the one after the last */
  window(keys: readonly string[]): { readonly start: number; readonly end: number } {
    if (keys !== this.#keys) {
      this.#keys = keys;
      this.#place();
    }
    if (keys.length <= mostLines) {
      this.#start = 0;
      this.#end = keys.length;
    } else {
      const top = this.#scroller?.scrollTop ?? 0;
      const seen = this.#scroller?.clientHeight || 600;
      this.#start = Math.max(0, this.#at(top) - margin);
      this.#end = Math.min(keys.length, this.#start + mostLines, this.#at(top + seen) + margin + 1);
    }
    return { start: this.#start, end: this.#end };
  }

  /** Brings a line into view. */
  async show(line: number): Promise<void> {
    const scroller = this.#scroller;
    if (scroller !== undefined && this.#keys.length > mostLines) {
      const top = this.#tops[line] ?? 0;
      const bottom = this.#tops[line + 1] ?? top;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
    }
    this.#host.requestUpdate();
    await this.#host.updateComplete;
  }

  /** Back to the first line. */
  reset(): void {
    if (this.#scroller !== undefined) this.#scroller.scrollTop = 0;
  }

  hostUpdated(): void {
    const scroller = this.#host.renderRoot.querySelector<HTMLElement>("[data-lines]") ?? undefined;
    if (scroller !== this.#scroller) {
      this.#scroller?.removeEventListener("scroll", this.#onScroll);
      this.#resized.disconnect();
      this.#scroller = scroller;
      scroller?.addEventListener("scroll", this.#onScroll, { passive: true });
      if (scroller !== undefined) {
        this.#width = scroller.clientWidth;
        this.#resized.observe(scroller);
      }
    }
    // A list that is out of sight has no heights; it is measured when it comes back.
    if (scroller === undefined || scroller.clientHeight === 0) return;
    if (scroller.clientWidth !== this.#width) {
      this.#width = scroller.clientWidth;
      this.#heights.clear();
    }
    const anchor = this.#at(scroller.scrollTop);
    const before = this.#tops[anchor] ?? 0;
    if (this.#measure(scroller)) {
      this.#place();
      // What is being read does not move when a line above turns out taller than it was thought.
      const moved = (this.#tops[anchor] ?? 0) - before;
      this.#stretch(scroller);
      if (moved !== 0) scroller.scrollTop += moved;
    } else this.#stretch(scroller);
  }

  hostDisconnected(): void {
    this.#resized.disconnect();
    this.#scroller?.removeEventListener("scroll", this.#onScroll);
    this.#scroller = undefined;
  }

  readonly #onScroll = () => {
    const { scrollTop = 0, clientHeight = 0 } = this.#scroller ?? {};
    const first = this.#at(scrollTop);
    const last = this.#at(scrollTop + clientHeight);
    if ((first < this.#start + 2 && this.#start > 0) || (last > this.#end - 2 && this.#end < this.#keys.length))
      this.#host.requestUpdate();
  };

  #measure(scroller: HTMLElement): boolean {
    let isChanged = false;
    for (const line of scroller.querySelectorAll<HTMLElement>("[data-line]")) {
      const key = this.#keys[Number(line.dataset.line)];
      const height = line.getBoundingClientRect().height;
      if (key === undefined || this.#heights.get(key) === height) continue;
      this.#heights.set(key, height);
      isChanged = true;
    }
    return isChanged;
  }

  #place(): void {
    const tops = new Float64Array(this.#keys.length + 1);
    for (const [line, key] of this.#keys.entries())
      tops[line + 1] = (tops[line] ?? 0) + (this.#heights.get(key) ?? guess);
    this.#tops = tops;
  }

  /** Heights are set through the CSSOM: a strict policy forbids style attributes. */
  #stretch(scroller: HTMLElement): void {
    const [above, below] = scroller.querySelectorAll<HTMLElement>("[data-space]");
    const total = this.#tops.at(-1) ?? 0;
    above?.style.setProperty("block-size", `${this.#tops[this.#start] ?? 0}px`);
    below?.style.setProperty("block-size", `${total - (this.#tops[this.#end] ?? total)}px`);
  }

  /** The line at this height, by halving. */
  #at(height: number): number {
    let low = 0;
    let high = Math.max(0, this.#keys.length - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#tops[middle] ?? 0) <= height) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
