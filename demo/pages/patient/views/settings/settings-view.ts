import { html, nothing, type TemplateResult } from "lit";
import { base } from "../../styles.ts";
import { RecordView } from "../../view.ts";
import { settingsWords } from "./words.ts";

/** "Réglages": who acts for the person, their wishes, applications, and the life of the record. Each part stands alone. */
export class SettingsView extends RecordView {
  static override styles = [base];

  protected override load(): void {}

  override render(): TemplateResult {
    const words = settingsWords[this.locale];
    const isOpen = this.person?.state === "open";
    return html`<h1 tabindex="-1">${words.title(this.of)}</h1>
      ${
        isOpen
          ? html`<carnet-relatives .record=${this.record} .locale=${this.locale} .of=${this.of} .person=${this.person}></carnet-relatives>
            <carnet-wishes .record=${this.record} .locale=${this.locale} .of=${this.of} .person=${this.person}></carnet-wishes>
            <carnet-applications .client=${this.client} .record=${this.record} .locale=${this.locale} .of=${this.of}></carnet-applications>
            <carnet-export .record=${this.record} .locale=${this.locale} .of=${this.of}></carnet-export>`
          : nothing
      }
      <carnet-life .client=${this.client} .record=${this.record} .locale=${this.locale} .of=${this.of} .person=${this.person}></carnet-life>
      ${
        this.person?.relation === "self" && isOpen
          ? html`<section class="part"><h2>${words.account.title}</h2><p class="intro">${words.account.intro}</p><p><a class="button" href="/oidc/account">${words.account.link}</a></p></section>`
          : nothing
      }`;
  }
}
