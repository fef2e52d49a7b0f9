import { css } from "lit";

export const comparisonStyles = css`
  :host {
    background: none;
  }
  .comparison {
    display: grid;
    gap: 0.7em;
    padding: calc(var(--_space) * 0.9);
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) * 0.66);
    background: var(--_surface-sunken);
  }
  .comparison-title {
    font-size: 1.0625em;
    font-weight: 680;
  }
  .note {
    color: var(--_text-muted);
    font-size: 0.9375em;
  }
  .told {
    font-weight: 600;
  }
  .field {
    display: grid;
    gap: 0.25em;
    justify-items: start;
  }
  select {
    max-inline-size: 100%;
  }
  .differences {
    display: grid;
    gap: 0.5em;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .differences li {
    display: grid;
    gap: 0.25em;
    justify-items: start;
    padding: 0.35em 0.7em;
    border-inline-start: 4px solid transparent;
    overflow-wrap: anywhere;
  }
  .differences li.same {
    color: var(--_text-muted);
  }
  .differences li:not(.same) {
    border-color: var(--_border-strong);
    background: var(--_surface);
  }
  .differences li.added {
    border-inline-start-style: double;
  }
  .differences li.changed {
    border-inline-start-style: dashed;
  }
  ins,
  del {
    padding-inline: 0.15em;
    border-radius: 3px;
  }
  ins {
    background: var(--_accent-soft);
    text-decoration: underline;
    text-decoration-thickness: 2px;
    text-underline-offset: 3px;
  }
  del {
    background: var(--_warning-soft);
    text-decoration: line-through;
  }
  li > ins,
  li > del {
    display: grid;
    gap: 0.25em;
  }
  summary {
    min-block-size: 28px;
    color: var(--_accent);
    cursor: pointer;
  }
  @media (forced-colors: active) {
    ins {
      text-decoration-style: double;
    }
  }
`;
