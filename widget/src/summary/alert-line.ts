import { css, html, nothing, type TemplateResult } from "lit";
import type { SummaryModel } from "../facts/model.ts";
import { icon } from "../shared/icons.ts";
import type { Loadable, SectionContext } from "./context.ts";

/** As many as leave room for the rest on a panel of 320 px: a finding is a sentence. What is more is counted, never cut. */
const namedAllergies = 3;
const namedFindings = 1;

/**
 * What must be known before anything is prescribed, under the identity, where it cannot be scrolled away: allergies of high
 * risk, grave findings of the checks, and flags of the record. Each stands in its section too, with its source.
 */
export function alertLine(context: SectionContext, summary: Loadable<SummaryModel>): TemplateResult | typeof nothing {
  if (summary.state !== "ready") return nothing;
  const { allergies, alerts } = summary.value;
  const { say, shared } = context;
  const substances = allergies.ok
    ? allergies.value.facts
        .filter(({ criticality, isResolved }) => criticality === "high" && !isResolved)
        .map(({ substance }) => substance ?? shared.notRecorded)
    : [];
  const findings = alerts.ok
    ? alerts.value
        .filter(({ type, severity }) => severity === "high" || type === "Flag")
        .map(({ text }) => text ?? shared.notRecorded)
    : [];
  const group = (label: string, texts: readonly string[], named: number) => {
    if (texts.length === 0) return nothing;
    const more = texts.length - named;
    const words = [...texts.slice(0, named), ...(more > 0 ? [say.andMore(more)] : [])];
    return html`<span><strong>${label}</strong> ${words.join(" · ")}</span>`;
  };
  if (substances.length + findings.length === 0) return nothing;
  return html`<p class="alert-line" part="alert-line">
    ${icon("alert")}<span>${group(say.highRisk, substances, namedAllergies)} ${group(say.grave, findings, namedFindings)}</span>
  </p>`;
}

export const alertLineStyles = css`
  .alert-line,
  .alert-line > span {
    display: flex;
    gap: 0.1em 0.6em;
  }
  /* Words wrap beside their sign, never below it. */
  .alert-line > span {
    flex-wrap: wrap;
  }
  .alert-line {
    padding: 0.35em var(--_space);
    font-size: 0.9375em;
    color: var(--_danger);
    background: var(--_danger-soft);
    border-block-end: 1px solid var(--_danger);
  }
  .alert-line .icon {
    flex: none;
    margin-block-start: 0.2em;
  }
  @media print {
    /* The sections stand on the same page. */
    .alert-line {
      display: none;
    }
  }
`;
