import { css } from "lit";

/** Looks of the panel around its sections: identity, states, banner, foot; and of all of it by width and in forced colours. */
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
  .identity-name span {
    unicode-bidi: isolate;
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
  /* At 400 % of zoom the strip leaves room to read: who and what is dangerous stand, the rest scrolls within. */
  @media (max-height: 22rem) {
    .traits {
      max-block-size: 20vh;
      overflow: auto;
    }
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
`;
