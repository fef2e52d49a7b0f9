import { css } from "lit";

export const summaryStyles = css`
  :host {
    border-radius: var(--_radius);
  }
  .panel {
    display: grid;
    gap: var(--_space);
    padding: var(--_space);
    min-block-size: 12em;
  }
  .top {
    position: sticky;
    inset-block-start: 0;
    z-index: 2;
  }
  .top .banner {
    padding-block: 0.4em;
    border-radius: 0;
    font-size: 0.9375em;
    color: var(--_danger);
    background: var(--_danger-soft);
  }
  .identity {
    padding: calc(var(--_space) * 0.7) var(--_space);
    background: var(--_surface);
    border-block-end: 1px solid var(--_border);
    border-start-start-radius: var(--_radius);
    border-start-end-radius: var(--_radius);
    box-shadow: var(--_shadow);
  }
  .identity-name {
    font-size: 1.3em;
    line-height: 1.3;
    letter-spacing: -0.01em;
  }
  .identity-name.unknown {
    font-size: 1em;
    color: var(--_text-muted);
  }
  .family {
    font-weight: 700;
  }
  .age {
    margin-inline-start: 0.35em;
    color: var(--_text-muted);
    font-size: 0.77em;
  }
  .deceased {
    margin-inline-start: 0.35em;
    padding: 0.1em 0.5em;
    border: 1px solid var(--_text);
    border-radius: 99px;
    font-size: 0.68em;
    font-weight: 600;
  }
  .traits {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25em 1.5em;
    margin-block-start: 0.25em;
    font-size: 0.875em;
  }
  .trait dt {
    color: var(--_text-muted);
    font-size: 0.875em;
  }
  .trait dd {
    font-weight: 550;
  }
  .matricule {
    font-variant-numeric: tabular-nums;
  }
  .ins-status {
    color: var(--_text-muted);
    font-weight: 400;
  }
  .columns {
    display: grid;
    gap: var(--_space);
    align-items: start;
  }
  .column {
    display: grid;
    gap: var(--_space);
    min-inline-size: 0;
  }
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
  .state {
    display: grid;
    justify-items: start;
    gap: 0.6em;
    max-inline-size: 40em;
    margin-inline: auto;
    padding: calc(var(--_space) * 1.8) calc(var(--_space) * 1.2);
  }
  .state-icon {
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    border-radius: 50%;
    background: var(--_accent-soft);
    color: var(--_accent);
    font-size: 1.35em;
  }
  .state-title {
    font-size: 1.25em;
    font-weight: 680;
  }
  .aside {
    inline-size: 100%;
    margin-block-start: 0.75em;
    padding-block-start: 1em;
    border-block-start: 1px solid var(--_border);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.6em;
    margin-block-start: 0.5em;
  }
  .banner {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4em 0.9em;
    padding: calc(var(--_space) * 0.6) var(--_space);
    border-radius: var(--_radius);
    background: var(--_warning-soft);
    color: var(--_warning);
    font-weight: 550;
  }
  .banner > span {
    flex: 1 1 12em;
  }
  .banner .button {
    min-block-size: 32px;
  }
  .foot {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.4em 1em;
    color: var(--_text-muted);
    font-size: 0.875em;
  }
  .inner-view {
    display: grid;
    gap: calc(var(--_space) * 0.6);
    min-inline-size: 0;
  }
  .inner-view > .button {
    justify-self: start;
  }
  @container (min-width: 860px) {
    .columns {
      grid-template-columns: minmax(0, 1.12fr) minmax(0, 1fr);
    }
    /* The first thing to read stays on the first screen. */
    .section[data-section="allergies"] > .rows {
      display: grid;
      grid-template-columns: minmax(0, 1.12fr) minmax(0, 1fr);
      column-gap: calc(var(--_space) * 2.4);
    }
    .section[data-section="allergies"] > .rows > li:nth-child(2) {
      border-block-start: 0;
    }
    .section[data-section="allergies"] > .rows > li:nth-child(2) > .row {
      padding-block-start: 0;
    }
    .section[data-section="allergies"] > .rows > li:nth-last-child(2):nth-child(odd) > .row {
      padding-block-end: 0;
    }
    .section[data-section="allergies"] > .rows > li:only-child {
      grid-column: 1 / -1;
    }
  }
  @container (max-width: 460px) {
    .panel {
      padding: calc(var(--_space) * 0.6);
      gap: calc(var(--_space) * 0.6);
    }
    .columns,
    .column {
      gap: calc(var(--_space) * 0.6);
    }
    .section {
      padding: calc(var(--_space) * 0.8);
    }
    .identity {
      padding: calc(var(--_space) * 0.5) calc(var(--_space) * 0.8);
    }
    /* The name of the button stays for those who hear it; its place goes to the clinical text. */
    button.source {
      min-inline-size: 30px;
      justify-content: center;
    }
    button.source > span {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .row:has(> details.sources) {
      flex-wrap: wrap;
      row-gap: 0.2em;
    }
    .row:has(> details.sources) > .row-main {
      flex-basis: 100%;
    }
    .traits {
      gap: 0.1em 1em;
    }
    .trait {
      display: flex;
      flex-wrap: wrap;
      gap: 0 0.4em;
    }
  }
  @media (forced-colors: active) {
    .sparkline .line {
      stroke: CanvasText;
    }
    .sparkline .last {
      fill: CanvasText;
    }
    .sparkline .band {
      fill: none;
      stroke: GrayText;
    }
  }
  /* One page, whatever the screen looked like: black on white, two columns, nothing to press. */
`;
