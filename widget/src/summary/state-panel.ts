import type { RecordHandle } from "@carnet/sdk";
import { html, nothing, type TemplateResult } from "lit";
import type { AccessDetail } from "../access/carnet-access.ts";
import { formatDate } from "../shared/format-date.ts";
import { type IconName, icon } from "../shared/icons.ts";
import type { PanelState, Problem } from "../shared/problem.ts";
import { isProblem } from "../shared/record-element.ts";
import type { SectionContext } from "./context.ts";
import type { PanelData } from "./load.ts";

interface StateActions {
  readonly record: RecordHandle | Problem;
  readonly theme: string | undefined;
  readonly dispatchCentre: boolean;
  /** Why the emergency that was asked for came to nothing. */
  readonly emergencyProblem: Problem | undefined;
  /** The reader opened the record. */
  entered(detail: AccessDetail): void;
  retry(): void;
  deposit(): void;
}

const icons: Partial<Record<PanelState, IconName>> = {
  "no-record": "folder",
  closed: "lock",
  "consent-needed": "consent",
  forbidden: "lock",
  offline: "offline",
  error: "alert",
};

/** The whole panel when there is nothing to show: what happens, why, and the next step, in plain words (STYLE 19). */
export function statePanel(context: SectionContext, data: PanelData, actions: StateActions): TemplateResult {
  const { say } = context;
  return html`<section class="section state" part="state" data-panel-state=${data.state} aria-labelledby="state-title">
    <span class="state-icon">${icon(icons[data.state] ?? "alert")}</span>
    <div class="state-title" id="state-title" role="heading" aria-level=${context.headingLevel}>${say.states[data.state]}</div>
    ${explanation(context, data, actions)}
  </section>`;
}

function explanation(context: SectionContext, data: PanelData, actions: StateActions): unknown {
  const { say, shared, locale } = context;
  const retry = html`<button class="button primary" data-retry @click=${() => actions.retry()}>${shared.retry}</button>`;
  const deposit = html`<button class="button" data-deposit @click=${() => actions.deposit()}>${icon("add")}${say.deposit}</button>`;
  switch (data.state) {
    case "no-record":
      return html`<p>${say.explain.noRecord}</p>`;
    case "closed": {
      const closure = data.status?.closure;
      const reason = closure?.reason ?? closure?.motive;
      return html`<p>${say.explain.closed}</p>
        ${closure?.date === undefined ? nothing : html`<p>${say.explain.closedOn(formatDate(closure.date, locale))}</p>`}
        ${reason === undefined ? nothing : html`<p>${say.explain.closedWhy(reason)}</p>`}`;
    }
    case "consent-needed":
      return html`<p>${data.status?.authorisation === "expired" ? say.explain.consentExpired : say.explain.consent}</p>
        <carnet-access
          .record=${isProblem(actions.record) ? undefined : actions.record}
          .problem=${actions.emergencyProblem}
          ?dispatch-centre=${actions.dispatchCentre}
          locale=${locale}
          theme=${actions.theme ?? nothing}
          @carnet-access=${(event: CustomEvent<AccessDetail>) => actions.entered(event.detail)}
        ></carnet-access>
        <p class="muted aside">${say.explain.depositStill}</p>
        ${deposit}`;
    case "forbidden": {
      const never = data.status?.neverConsults;
      const isBlocked =
        never === undefined && (data.status?.authorisation === "forbidden" || data.problem?.rule === "R59");
      const rule = data.problem?.rule ?? (never || undefined);
      return html`<p>${isBlocked ? say.explain.blocked : say.explain.role}</p>
        ${rule === undefined ? nothing : html`<p class="muted">${shared.refusedByRule(rule)}</p>`}
        <p>${say.explain.depositStill}</p>
        <div class="actions">${deposit}</div>`;
    }
    case "offline":
      return html`<p>${say.explain.offline}</p><div class="actions">${retry}</div>`;
    case "error":
      return html`<p>${data.problem === undefined ? shared.problems.unexpected : problemText(context, data.problem)}</p>
        <div class="actions">${retry}</div>`;
    case "loading":
    case "ready":
      return nothing;
  }
}

function problemText(context: SectionContext, problem: Problem): string {
  const words = context.shared.problems[problem.code];
  return problem.rule === undefined ? words : `${words} (${context.shared.refusedByRule(problem.rule)})`;
}
