import type { AccessPreferences, RecordHandle } from "@carnet/sdk";
import { css, html, type TemplateResult } from "lit";
import { base } from "../../styles.ts";
import { AnswerView } from "../../view.ts";
import { peopleWords } from "./words.ts";

const emergencies = ["allowsDispatch", "allowsBreakGlass", "allowsHiddenInEmergency"] as const;
type Switch = keyof AccessPreferences;

/** The switches of the whole record: the three of emergencies (R73, R74), and hiding everything (R146). */
export class EmergencyView extends AnswerView<AccessPreferences> {
  static override styles = [
    base,
    css`
      h2 { margin: 1.8rem 0 0.3rem; }
      .rows { margin-top: 0.9rem; padding-block: 0; }
      .choice:first-child { border-top: 0; }
      .choice .meta { display: block; margin-top: 0.15rem; }
    `,
  ];

  protected override read(record: RecordHandle, signal: AbortSignal): Promise<AccessPreferences> {
    return record.accessPreferences({}, { signal });
  }

  override render(): TemplateResult {
    const words = peopleWords[this.locale];
    return html`<h2>${words.emergency}</h2><p class="intro">${words.emergencyText}</p>
      ${this.shown(
        (is) => html`<div class="card rows">${emergencies.map((name) => this.#switch(name, is[name]))}</div>
        <h2>${words.everything}</h2><div class="card rows">${this.#switch("hidesDocuments", is.hidesDocuments)}</div>`,
      )}
      ${this.outcomeBlock()}`;
  }

  #switch(name: Switch, isOn: boolean): TemplateResult {
    const [title, consequence] = peopleWords[this.locale].switches[name];
    return html`<label class="choice"><input type="checkbox" role="switch" name=${name} .checked=${isOn} @change=${(event: Event) => void this.#set(name, event.currentTarget as HTMLInputElement)} />
      <span><strong>${title}</strong><span class="meta">${consequence}</span></span></label>`;
  }

  async #set(name: Switch, box: HTMLInputElement): Promise<void> {
    const words = peopleWords[this.locale];
    const isOn = box.checked;
    const [title = "", consequence = ""] = words.switches[name];
    const isGrave = name === "hidesDocuments" ? isOn : !isOn && name !== "allowsHiddenInEmergency";
    const question = {
      title: name === "hidesDocuments" ? words.hideAllTitle : words.forbidTitle(title),
      text: [consequence],
      action: this.say.confirm,
    };
    const isMade = !isGrave || (await this.confirm(question));
    const done =
      isMade &&
      (await this.change({
        run: (record, signal) => record.accessPreferences({ [name]: isOn }, { signal }),
        done: words.saved,
        undo: { run: (record, signal) => record.accessPreferences({ [name]: !isOn }, { signal }), done: words.saved },
      }));
    // The box says what the service holds, not what was wished.
    if (!done) box.checked = !isOn;
  }
}
