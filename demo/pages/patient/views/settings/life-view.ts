import type { CarnetClient, RecordHandle } from "@carnet/sdk";
import { css, html, nothing, type TemplateResult } from "lit";
import { writtenDate } from "../../dates.ts";
import { showDialog } from "../../parts/dialog.ts";
import { base } from "../../styles.ts";
import { type Answer, RecordView } from "../../view.ts";
import { type Life, lifeOf } from "./life.ts";
import { readNumber } from "./relative-form.ts";
import { type SettingsWords, settingsWords } from "./words.ts";

/**
 * Closing, opening again, deleting, objecting; a child's record. Each says what will happen. R3, R10, R15 to R21.
 *
 * @event record-changed - There is a record more or less, or its state is another one.
 */
export class LifeView extends RecordView {
  static override styles = [
    base,
    css`
      .card p + p { margin-top: 0.4rem; }
      .card .actions { margin-top: 1.2rem; }
    `,
  ];

  #life: Answer<Life> = { state: "loading" };

  protected override load(record: RecordHandle): void {
    const { client } = this;
    void this.ask(
      (signal) => readLife(client, record, signal),
      (answer) => {
        this.#life = answer;
      },
    );
  }

  get #words(): SettingsWords["life"] {
    return settingsWords[this.locale].life;
  }

  override render(): TemplateResult {
    return html`<section class="part"><h2>${this.#words.title}</h2>
      ${this.answered(this.#life, (life) => this.#state(life))}
      ${this.outcomeBlock()}</section>`;
  }

  #state(life: Life): TemplateResult {
    const words = this.#words;
    const date = (iso: string) => writtenDate(iso, this.locale);
    const button = (name: string, label: string, act: () => unknown, isDanger = false) =>
      html`<button class=${isDanger ? "button button--danger" : "button"} data-action=${name} @click=${act}>${label}</button>`;
    switch (life.state) {
      case "open":
        return html`<div class="card"><p>${words.open}</p><p class="actions no-print">
          ${button("close", words.close, this.#close, true)}
          ${this.of ? nothing : button("oppose", words.oppose, this.#oppose, true)}
          ${this.of ? nothing : button("child", words.child, this.#openChild)}</p></div>`;
      case "suspended":
        return html`<div class="card"><p>${words.suspended(date(life.suspendedSince ?? ""))}</p><p class="actions no-print">${button("object", words.object, this.#object)}</p></div>`;
      case "closed":
        return html`<div class="card">
          <p>${words.closedOn(date(life.closedOn ?? ""))}</p>
          ${life.reason ? html`<p class="quiet">${words.reason(life.reason)}</p>` : nothing}
          ${life.destroyedOn ? html`<p>${life.deletionAsked ? words.deletionAsked(date(life.deletionAsked), date(life.destroyedOn)) : words.keptUntil(date(life.destroyedOn))}</p>` : nothing}
          <p class="actions no-print">${button("reactivate", words.reactivate, this.#reactivate)}
            ${life.deletionAsked ? nothing : button("delete", words.remove, this.#delete, true)}</p></div>`;
    }
  }

  /** Makes a change of the record itself: the page then asks anew what there is. */
  async #turn(done: string, run: (record: RecordHandle, signal: AbortSignal) => Promise<unknown>): Promise<void> {
    if (await this.change({ run, done }))
      this.dispatchEvent(new CustomEvent("record-changed", { detail: { said: done }, bubbles: true, composed: true }));
  }

  protected override async refresh(record: RecordHandle): Promise<void> {
    const { client } = this;
    await this.ask(
      (signal) => readLife(client, record, signal),
      (answer) => {
        // A record that one objected to is not there any more: what was shown is told by the page.
        if (answer.state === "ready") this.#life = answer;
      },
      { isQuiet: true },
    );
  }

  readonly #close = async () => {
    const words = this.#words;
    const reason = await this.#askClosure();
    if (reason === undefined) return;
    await this.#turn(words.closed, (record, signal) => record.close({ signal, ...(reason && { reason }) }));
  };

  /** @returns the reason, empty when none was given; `undefined` when the record stays open */
  #askClosure(): Promise<string | undefined> {
    const words = this.#words;
    return showDialog<string | undefined>(this.renderRoot, words.closeTitle, (finish) => {
      const submit = (event: Event) => {
        event.preventDefault();
        finish(String(new FormData(event.currentTarget as HTMLFormElement).get("reason") ?? "").trim());
      };
      return html`<form @submit=${submit}>
        <h2>${words.closeTitle}</h2>${words.closeText.map((text) => html`<p>${text}</p>`)}
        <label class="field"><span>${words.closeReason}</span><textarea name="reason" maxlength="500"></textarea></label>
        <label class="tick"><input type="checkbox" name="understood" required />${words.closeUnderstood}</label>
        <p class="actions">
          <button type="button" class="button" data-action="cancel" autofocus @click=${() => finish(undefined)}>${this.say.cancel}</button>
          <button class="button button--danger" data-action="confirm">${words.close}</button>
        </p>
      </form>`;
    });
  }

  readonly #reactivate = async () => {
    const words = this.#words;
    const question = { title: words.reactivateTitle, text: [words.reactivateText], action: words.reactivate };
    if (await this.confirm(question))
      await this.#turn(words.reactivated, (record, signal) => record.reactivate({ signal }));
  };

  readonly #delete = async () => {
    const words = this.#words;
    const question = {
      title: words.removeTitle,
      text: words.removeText,
      understood: words.removeUnderstood,
      action: words.remove,
      isDanger: true,
    };
    if (await this.confirm(question))
      await this.#turn(words.removeAsked, (record, signal) => record.requestDeletion({ signal }));
  };

  readonly #oppose = async () => {
    const words = this.#words;
    const question = {
      title: words.opposeTitle,
      text: words.opposeText,
      understood: words.opposeUnderstood,
      action: words.oppose,
      isDanger: true,
    };
    if (await this.confirm(question))
      await this.#turn(words.opposed, (record, signal) => record.oppose({ isConfirmed: true, signal }));
  };

  readonly #object = () => this.#turn(this.#words.objected, (record, signal) => record.objectToSuspension({ signal }));

  readonly #openChild = async () => {
    const { client, record } = this;
    const words = this.#words;
    const number = await this.#askChild();
    if (!number || !client || !record) return;
    const child = client.record({ system: record.ins.system, value: number });
    await this.#turn(words.childOpened, (_own, signal) => child.open({ isAttested: true, signal }));
  };

  #askChild(): Promise<string | undefined> {
    const words = this.#words;
    return showDialog<string | undefined>(this.renderRoot, words.child, (finish) => {
      const submit = (event: Event) => {
        event.preventDefault();
        const form = event.currentTarget as HTMLFormElement;
        const data = new FormData(form);
        const number = readNumber(data.get("number"));
        if (number && data.get("attested")) return finish(number);
        const wrong = form.querySelector(".wrong");
        if (wrong) wrong.textContent = words.childMissing;
        form.querySelector<HTMLElement>(number ? "[name=attested]" : "[name=number]")?.focus();
      };
      return html`<form novalidate @submit=${submit}>
        <h2>${words.child}</h2><p>${words.childText}</p>
        <label class="field"><span>${words.childNumber}</span><input type="text" name="number" inputmode="numeric" maxlength="25" autocomplete="off" /></label>
        <label class="tick"><input type="checkbox" name="attested" />${words.childAttest}</label>
        <p class="wrong" role="alert"></p>
        <p class="actions">
          <button type="button" class="button" data-action="cancel" @click=${() => finish(undefined)}>${this.say.cancel}</button>
          <button class="button button--main" data-action="confirm">${words.open1}</button>
        </p>
      </form>`;
    });
  }
}

async function readLife(client: CarnetClient | undefined, record: RecordHandle, signal: AbortSignal): Promise<Life> {
  const patients = (await client?.myRecords({ signal })) ?? [];
  const patient = patients.find(({ identifier }) => identifier?.some(({ value }) => value === record.ins.value));
  return patient ? lifeOf(patient) : { state: "closed" };
}
