import { css } from "lit";

export const documentsStyles = css`
  .criteria {
    display: grid;
    gap: calc(var(--_space) * 0.6);
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 12em), 1fr));
    align-items: end;
  }
  .criteria .wide {
    grid-column: 1 / -1;
  }
  .criteria > .button {
    justify-self: start;
  }
  summary {
    inline-size: fit-content;
    min-block-size: 28px;
    color: var(--_accent);
    font-weight: 550;
    cursor: pointer;
  }
  details[open] > summary {
    margin-block-end: 0.5em;
  }
  .checks {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4em 1.4em;
  }
  .check {
    display: inline-flex;
    align-items: center;
    gap: 0.5em;
    min-block-size: 28px;
    color: var(--_text);
  }
  .check input {
    inline-size: 18px;
    block-size: 18px;
    accent-color: var(--_accent);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.3em 1em;
  }
  .lines {
    overflow-anchor: none;
  }
  .lines.long {
    max-block-size: min(70vh, 46em);
    overflow-y: auto;
    overscroll-behavior: contain;
    padding-inline-end: 0.5em;
  }
  .lines > .document {
    border-block-start: 1px solid var(--_border);
  }
  .lines > .head + .document {
    border-block-start: 0;
  }
  .head {
    display: flex;
    align-items: baseline;
    gap: 0.6em;
    padding-block: 0.7em 0.1em;
    font-weight: 680;
  }
  .head .count {
    color: var(--_text-muted);
    font-size: 0.8125em;
    font-weight: 400;
  }
  mark {
    padding-inline: 0.1em;
    border-radius: 3px;
    background: var(--_warning-soft);
    color: var(--_warning);
    font-weight: 600;
  }
`;
