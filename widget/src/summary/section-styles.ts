import { css } from "lit";

/** Looks of the sections, of their facts, and of what stands beside a fact. */
export const sectionStyles = css`
  .section {
    padding: calc(var(--_space) * 1.05) calc(var(--_space) * 1.2);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: var(--_shadow);
    min-inline-size: 0;
  }
  .section.danger {
    border-color: var(--_danger);
    border-inline-start-width: 5px;
  }
  .section-header {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 0.75em;
    margin-block-end: calc(var(--_space) * 0.6);
  }
  .section-title {
    font-size: 1.0625em;
    font-weight: 680;
    letter-spacing: -0.005em;
  }
  .count {
    color: var(--_text-muted);
    font-size: 0.8125em;
  }
  .written {
    display: block;
  }
  .brand::before {
    content: "(";
  }
  .brand::after {
    content: ")";
  }
  .more {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25em 0.75em;
    margin-block-start: calc(var(--_space) * 0.5);
    padding-block-start: calc(var(--_space) * 0.4);
    border-block-start: 1px solid var(--_border);
  }
  .source {
    display: inline-flex;
    flex: none;
    align-items: center;
    position: relative;
    gap: 0.3em;
    min-block-size: 28px;
    padding: 0.1em 0.55em;
    border: 1px solid var(--_border);
    border-radius: 99px;
    background: none;
    color: var(--_accent);
    font-size: 0.8125em;
    font-weight: 550;
    cursor: pointer;
  }
  .source:hover {
    background: var(--_accent-soft);
    border-color: var(--_accent);
  }
  details.sources {
    flex: none;
    max-inline-size: 14em;
  }
  details.sources[open] {
    max-inline-size: 100%;
  }
  details.sources > summary {
    list-style: none;
  }
  details.sources > summary::-webkit-details-marker {
    display: none;
  }
  details.sources ul {
    display: grid;
    gap: 0.5em;
    margin-block-start: 0.5em;
    padding: 0.6em 0.75em;
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) * 0.66);
    background: var(--_surface-sunken);
    font-size: 0.875em;
  }
  details.sources .row-detail {
    display: block;
    font-size: 1em;
  }
  .row-detail.note {
    margin-block-end: 0.75em;
  }
  .disagreement {
    margin-block-start: 0.5em;
    padding: 0.6em 0.8em;
    border-inline-start: 4px solid var(--_warning);
    border-radius: calc(var(--_radius) * 0.5);
    background: var(--_warning-soft);
  }
  .disagreement-title {
    color: var(--_warning);
    font-weight: 600;
  }
  .disagreement dl {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 11em), 1fr));
    gap: 0.6em 1em;
    margin-block-start: 0.35em;
  }
  .disagreement dt {
    color: var(--_text-muted);
    font-size: 0.8125em;
  }
  .stated {
    margin-block-start: 0.5em;
    border-block-start: 1px solid var(--_border);
  }
  .contradiction {
    margin-block-start: 0.6em;
    color: var(--_warning);
    font-weight: 600;
  }
  .row.result {
    flex-wrap: wrap;
  }
  .result .row-main {
    flex: 1 1 12em;
  }
  .row-side {
    display: flex;
    flex-direction: column;
    align-items: flex-end;
    gap: 0.4em;
    margin-inline-start: auto;
  }
  .result-line {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 0.6em;
  }
  .value {
    font-size: 1.125em;
    font-variant-numeric: tabular-nums;
  }
  .value.out {
    font-weight: 700;
  }
  .flag {
    display: inline-flex;
    align-items: baseline;
    gap: 0.2em;
    color: var(--_warning);
    font-weight: 600;
    font-size: 0.9375em;
  }
  .flag .icon {
    align-self: center;
  }
  .flag.critical {
    color: var(--_danger);
    font-weight: 700;
  }
  .computed {
    color: var(--_text-muted);
    font-weight: 400;
  }
  .sparkline .band {
    fill: var(--_accent-soft);
  }
  .sparkline .line {
    fill: none;
    stroke: var(--_accent);
    stroke-width: 1.6;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .sparkline .last {
    fill: var(--_accent);
    stroke: var(--_surface);
    stroke-width: 1.5;
  }
  details.values {
    margin-block-start: 0.2em;
  }
  details.values > summary {
    display: inline-block;
    min-block-size: 24px;
    color: var(--_accent);
    font-size: 0.875em;
    font-weight: 550;
    cursor: pointer;
  }
  .narrative {
    display: grid;
    gap: 0.3em;
    margin-block-start: 0.2em;
  }
  .narrative .text-heading {
    font-weight: 600;
  }
  .narrative .text-item {
    padding-inline-start: 1em;
    text-indent: -0.8em;
  }
  .narrative .text-item::before {
    content: "– ";
  }
`;
