import type { RecordHandle } from "@carnet/sdk";
import { numberForm } from "@carnet/sdk/fhir";
import { css, html, nothing, type TemplateResult } from "lit";
import { askText } from "../../parts/ask-text.ts";
import { base } from "../../styles.ts";
import { AnswerView } from "../../view.ts";
import { type Application, applicationsOf } from "./applications.ts";
import { type SettingsWords, settingsWords } from "./words.ts";

/** Applications of the catalogue: each purpose is granted and taken back by itself. R168. */
export class ApplicationsView extends AnswerView<readonly Application[]> {
  static override styles = [
    base,
    css`
      ul.apps { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 1rem; }
      h3 { margin: 0; font-size: 1.1rem; }
      .choices { margin: 0.8rem 0 0; padding: 0; border: 0; min-width: 0; }
      .actions { margin-top: 0.6rem; }
    `,
  ];

  protected override async read(record: RecordHandle, signal: AbortSignal): Promise<readonly Application[]> {
    const [catalogue, consents] = await Promise.all([
      this.client?.applications({ signal }),
      record.consents({ signal }),
    ]);
    return applicationsOf(catalogue ?? [], consents);
  }

  get #words(): SettingsWords["applications"] {
    return settingsWords[this.locale].applications;
  }

  override render(): TemplateResult {
    const words = this.#words;
    return html`<section class="part"><h2>${words.title}</h2><p class="intro">${words.intro}</p>
      ${this.shown((all) => (all.length === 0 ? html`<p class="quiet">${words.none}</p>` : html`<ul class="apps">${all.map((one) => this.#card(one))}</ul>`))}
      ${this.outcomeBlock()}</section>`;
  }

  #card(application: Application): TemplateResult {
    const words = this.#words;
    const { name, publisher, description, purposes, granted } = application;
    const hidden = html`<span class="visually-hidden"> : ${name}</span>`;
    return html`<li class="card" data-application=${application.id}>
      <h3>${name}</h3><p class="meta">${words.by(publisher)}</p><p>${description}</p>
      <fieldset class="choices"><legend class="visually-hidden">${name}</legend>${purposes.map((purpose) => this.#purpose(application, purpose))}</fieldset>
      <p class="actions no-print">
        ${granted.length > 0 ? html`<button class="button button--danger" data-action="stop" @click=${() => this.#set(application, [])}>${words.stop}${hidden}</button>` : nothing}
        <button class="button button--plain" data-action="report" @click=${() => this.#report(application)}>${words.report}${hidden}</button>
      </p>
    </li>`;
  }

  #purpose(application: Application, purpose: string): TemplateResult {
    const [title, consequence] = this.#words.purposes[purpose] ?? [purpose, ""];
    const { granted } = application;
    const change = async (event: Event) => {
      const box = event.currentTarget as HTMLInputElement;
      const wanted = box.checked ? [...granted, purpose] : granted.filter((one) => one !== purpose);
      // The box says what the service holds, not what was wished.
      if (!(await this.#set(application, wanted))) box.checked = !box.checked;
    };
    return html`<label class="choice"><input type="checkbox" role="switch" name=${purpose} .checked=${granted.includes(purpose)} @change=${change} /><span><strong>${title}</strong><span class="meta">${consequence}</span></span></label>`;
  }

  #set({ id, name, granted }: Application, wanted: readonly string[]): Promise<boolean> {
    const words = this.#words;
    const to = (purposes: readonly string[]) => ({
      run: (record: RecordHandle, signal: AbortSignal): Promise<unknown> =>
        purposes.length > 0
          ? record.allowApplication(id, purposes, { signal })
          : record.stopApplication(id, { signal }),
      done: purposes.length > 0 ? words.allowed(name) : words.stopped(name),
    });
    return this.change({ ...to(wanted), undo: to(granted) });
  }

  async #report({ id, name }: Application): Promise<void> {
    const words = this.#words;
    const question = {
      title: words.reportTitle(name),
      text: words.reportText,
      label: words.reportLabel,
      action: words.reportSend,
      cancel: this.say.cancel,
    };
    const about = { resourceType: "HealthcareService", id } as const;
    const numberOf = numberForm();
    await this.changeByForm<string>(
      (keep) => askText(this.renderRoot, question, keep),
      (text) => {
        const number = numberOf(text);
        return { run: (record, signal) => record.report(about, text, { number, signal }), done: words.reportDone };
      },
    );
  }
}
