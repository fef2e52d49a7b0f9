import type { PageContext } from "../capture/page-context.ts";
import type { Target } from "../capture/target.ts";
import type { OpenPdf } from "../identify/pdf.ts";
import type { PanelPorts, ReaderPort } from "./panel-ports.ts";
import { initialState, type PanelState, type Stage } from "./panel-state.ts";

/**
 * What lies in front of the person: the panel's one state, and the capture that its document comes from. A capture lives under one
 * AbortController: what answers after its end is dropped, and nothing of a former patient is ever carried over.
 */
export class PanelDesk {
  readonly ports: PanelPorts;
  /** What the click pointed at; undefined for what belongs to no page. */
  target: Target | undefined;
  /** The page as it was read. */
  page: PageContext | undefined;
  /** The tab loaded something while its document was being read. */
  hasLoadedMeanwhile = false;
  reader: ReaderPort | undefined;
  pdf: OpenPdf | undefined;
  #state: PanelState = initialState;
  readonly #listeners = new Set<() => void>();
  #capture = new AbortController();
  #refreshes = 0;

  constructor(ports: PanelPorts) {
    this.ports = ports;
  }

  get state(): PanelState {
    return this.#state;
  }

  /** Of the capture in front of the person: aborted when it ends. */
  get signal(): AbortSignal {
    return this.#capture.signal;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(change: Partial<PanelState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Put away everything of the document in front, and show this instead. */
  endCapture(stage: Stage): void {
    this.#capture.abort();
    this.#capture = new AbortController();
    this.reader?.close();
    this.reader = undefined;
    void this.pdf?.close();
    this.pdf = undefined;
    this.page = undefined;
    this.hasLoadedMeanwhile = false;
    this.set({ stage, onScreen: undefined });
  }

  /** What the queue holds now. */
  async refreshRows(): Promise<void> {
    this.#refreshes += 1;
    const turn = this.#refreshes;
    const owner = this.#state.signedIn?.owner;
    const [rows, waiting, room] = await Promise.all([
      owner === undefined ? [] : this.ports.rows(owner),
      owner === undefined ? this.ports.waiting() : 0,
      this.ports.room(),
    ]);
    // Asked again meanwhile: the later answer knows more, and this one could arrive after it.
    if (turn !== this.#refreshes) return;
    this.set(owner === this.#state.signedIn?.owner ? { rows, waiting, room } : { room });
  }
}
