import { html, type TemplateResult } from "lit";
import { icon } from "../shared/icons.ts";
import type { Locale } from "../shared/locale.ts";
import type { AccessDetail } from "./carnet-access.ts";
import { accessStrings } from "./strings.ts";

/** Stands with the identity for as long as the emergency lasts (STYLE 19): in which mode, who is told, and the way out. */
export function emergencyBanner(locale: Locale, kind: AccessDetail["kind"], leave: () => void): TemplateResult {
  const say = accessStrings(locale);
  return html`<div class="banner" role="status" data-emergency=${kind}>
    ${icon("alert")}<span>${kind === "dispatch" ? say.inDispatch : say.inBreakGlass}</span>
    <button class="button" data-leave @click=${leave}>${say.leave}</button>
  </div>`;
}
