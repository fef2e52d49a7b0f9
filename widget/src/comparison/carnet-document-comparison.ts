import type { DocumentEntry, RecordHandle } from "@carnet/sdk";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { authorText } from "../documents/document-row.ts";
import { formatDate } from "../shared/format-date.ts";
import { type Problem, toProblem } from "../shared/problem.ts";
import { isProblem, RecordElement } from "../shared/record-element.ts";
import { sharedStrings } from "../shared/strings.ts";
import { base, tokens } from "../shared/tokens.ts";
import { type OpenedDocument, openDocument } from "../viewer/open-document.ts";
import { type Difference, differences } from "./differences.ts";
import { documentLines } from "./document-lines.ts";
import { comparisonStrings } from "./strings.ts";
import { comparisonStyles } from "./styles.ts";
import { formerVersions } from "./versions.ts";

type State =
  | { readonly kind: "loading" }
  | { readonly kind: "none" | "noText" | "otherPerson" }
  | { readonly kind: "failed"; readonly problem: Problem }
  | { readonly kind: "ready"; readonly differences: readonly Difference[] };

/** Longer runs of lines that did not change are folded: the reader came for what did. */
const unfolded = 3;

/**
 * What changed in a document since a former version (R117, R118), by its text. Part of `<carnet-document>`, fetched when
 * the reader asks.
 */
export class CarnetDocumentComparison extends RecordElement {
  static override properties = { ...RecordElement.properties, opened: { attribute: false } };
  static override styles = [tokens, base, comparisonStyles];

  /** The later version, as the viewer opened it. */
  declare opened: OpenedDocument | undefined;

  #state: State = { kind: "loading" };
  #versions: readonly DocumentEntry[] = [];
  #chosen: DocumentEntry | undefined;

  override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if ((changed.has("opened") || changed.has("locale")) && !changed.has("record")) this.startOver();
  }

  protected override forget(): void {
    this.#state = { kind: "loading" };
    this.#versions = [];
    this.#chosen = undefined;
  }

  protected override begin(): void {
    const record = this.openRecord();
    const entry = this.opened?.entry;
    if (isProblem(record) || entry === undefined) return;
    void this.#run(async (signal) => {
      this.#versions = await formerVersions(record, entry, signal);
      this.#chosen = this.#versions[0];
      return this.#compare(record, signal);
    });
  }

  /** One question at a time: a later choice drops the answer to an earlier one. */
  async #run(work: (signal: AbortSignal) => Promise<State>): Promise<void> {
    this.cancel();
    const { signal } = this;
    this.#show({ kind: "loading" });
    try {
      const state = await work(signal);
      if (!signal.aborted) this.#show(state);
    } catch (error) {
      if (!signal.aborted) this.#show({ kind: "failed", problem: toProblem(error) });
    }
  }

  #show(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }

  async #compare(record: RecordHandle, signal: AbortSignal): Promise<State> {
    const later = this.opened;
    if (this.#chosen === undefined || later === undefined) return { kind: "none" };
    const former = await openDocument(record, this.#chosen, this.language, signal);
    if (isAboutSomebodyElse(former, record)) return { kind: "otherPerson" };
    const [before, after] = await Promise.all(
      [former, later].map((opened) => documentLines(opened, this.language, signal)),
    );
    if (before === undefined || after === undefined) return { kind: "noText" };
    return { kind: "ready", differences: differences(before, after) };
  }

  readonly #choose = (event: Event) => {
    const record = this.openRecord();
    this.#chosen = this.#versions[Number((event.currentTarget as HTMLSelectElement).value)];
    if (!isProblem(record)) void this.#run((signal) => this.#compare(record, signal));
  };

  override render(): TemplateResult {
    const say = comparisonStrings(this.language);
    return html`<section class="comparison" part="comparison" lang=${this.language} dir=${this.direction} aria-label=${say.title}
      aria-busy=${this.#state.kind === "loading" ? "true" : "false"}>
      <div class="comparison-title" role="heading" aria-level="4">${say.title}</div>
      ${
        this.#versions.length === 0
          ? nothing
          : html`<label class="field"><span>${say.choose}</span>
              <select data-version @change=${this.#choose}>
                ${this.#versions.map((version, at) => html`<option value=${at} ?selected=${version === this.#chosen}>${this.#nameOf(version)}</option>`)}
              </select></label>`
      }
      <p class="note">${say.textOnly}</p>
      ${this.#answer()}
    </section>`;
  }

  #nameOf(version: DocumentEntry): string {
    const say = comparisonStrings(this.language);
    const date = version.date === "" ? say.noDate : formatDate(version.date, this.language, { time: true });
    return say.version(date, authorText(version) || sharedStrings(this.language).notRecorded);
  }

  #answer(): TemplateResult {
    const say = comparisonStrings(this.language);
    const shared = sharedStrings(this.language);
    const state = this.#state;
    switch (state.kind) {
      case "loading":
        return html`<div class="skeleton"><span class="visually-hidden" role="status">${say.loading}</span>
          ${Array.from({ length: 4 }, () => html`<span class="skeleton-line"></span>`)}</div>`;
      case "failed":
        return html`<div class="failed" role="alert" data-state="failed">
          <p><strong>${say.failed}</strong> ${shared.problems[state.problem.code]}</p>
          <button class="button" data-retry @click=${() => this.startOver()}>${shared.retry}</button>
        </div>`;
      case "none":
      case "noText":
      case "otherPerson":
        return html`<p class="told" role="status" data-state=${state.kind}>${say[state.kind]}</p>`;
      case "ready":
        return this.#list(state.differences);
    }
  }

  #list(found: readonly Difference[]): TemplateResult {
    const say = comparisonStrings(this.language);
    const count = (kind: Difference["kind"]) => found.filter((one) => one.kind === kind).length;
    const [added, removed, changed] = [count("added"), count("removed"), count("changed")];
    return html`<p class="told" role="status" data-state="ready">${added + removed + changed === 0 ? say.same : [say.passagesAdded(added), say.passagesRemoved(removed), say.passagesChanged(changed)].join(", ")}</p>
      ${
        added + removed + changed === 0
          ? nothing
          : html`<ol class="differences" role="list">${found.map((one) => this.#difference(one))}</ol>`
      }`;
  }

  /** What happened stands in words before each passage, and around the words inside one: colour only repeats it. */
  #difference(difference: Difference): TemplateResult {
    const say = comparisonStrings(this.language);
    const lines = (texts: readonly string[]) => texts.map((text) => html`<p>${text}</p>`);
    switch (difference.kind) {
      case "same":
        return difference.lines.length <= unfolded
          ? html`<li class="same">${lines(difference.lines)}</li>`
          : html`<li class="same"><details><summary>${say.sameLines(difference.lines.length)}</summary>${lines(difference.lines)}</details></li>`;
      case "added":
        return html`<li class="added"><span class="tag">${say.added}</span><ins>${lines(difference.lines)}</ins></li>`;
      case "removed":
        return html`<li class="removed"><span class="tag">${say.removed}</span><del>${lines(difference.lines)}</del></li>`;
      case "changed":
        return html`<li class="changed"><span class="tag">${say.changed}</span><p>${difference.pieces.map(
          ({ kind, text }) => {
            const around = (words: string) =>
              html`<span class="visually-hidden">${words}</span> ${text}<span class="visually-hidden"> ${say.end}</span>`;
            if (kind === "same") return html`${text} `;
            return kind === "added"
              ? html`<ins>${around(say.addedWords)}</ins> `
              : html`<del>${around(say.removedWords)}</del> `;
          },
        )}</p></li>`;
    }
  }
}

/** A version filed in the wrong record is not laid beside this patient's (identitovigilance). */
function isAboutSomebodyElse({ view }: OpenedDocument, record: RecordHandle): boolean {
  const ins = view?.header.find(({ key }) => key === "ins")?.value;
  return ins !== undefined && !ins.replace(/\s/g, "").includes(record.ins.value);
}
