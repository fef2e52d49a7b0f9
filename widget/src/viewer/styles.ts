import { css } from "lit";

export const viewerStyles = css`
  /* A document runs as its own words do, whatever the panel's language. */
  [dir="auto"],
  [dir="auto"] * {
    text-align: start;
  }
  .card {
    min-inline-size: 0;
  }
  .document-header {
    display: grid;
    gap: 0.35em;
    padding-block-end: calc(var(--_space) * 0.8);
    border-block-end: 1px solid var(--_border);
  }
  .document-title {
    font-size: 1.25em;
    font-weight: 680;
    line-height: 1.3;
    letter-spacing: -0.01em;
  }
  .other-person {
    padding: 0.6em 0.8em;
    border: 1px solid var(--_danger);
    border-inline-start-width: 5px;
    border-radius: calc(var(--_radius) * 0.5);
    background: var(--_danger-soft);
    color: var(--_danger);
    font-weight: 600;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2em 1.6em;
    font-size: 0.9375em;
  }
  .facts dt,
  .all-rows dt {
    color: var(--_text-muted);
    font-size: 0.875em;
  }
  .facts dd {
    font-weight: 550;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em;
    align-items: start;
    margin-block-start: 0.35em;
  }
  .tools a {
    text-decoration: none;
  }
  .tools > details[open] {
    flex-basis: 100%;
  }
  .tools > details .button {
    margin-block-start: 0.6em;
  }
  details > summary {
    min-block-size: 32px;
    padding-block: 0.3em;
    color: var(--_accent);
    font-weight: 550;
    cursor: pointer;
  }
  .all-rows {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 15em), 1fr));
    gap: 0.5em 1.2em;
    padding: calc(var(--_space) * 0.75);
    border-radius: calc(var(--_radius) * 0.66);
    background: var(--_surface-sunken);
    font-size: 0.9375em;
  }
  .contents ul {
    display: grid;
    gap: 0.35em;
    padding-inline-start: 1em;
  }
  .cda-section + .cda-section {
    margin-block-start: calc(var(--_space) * 1.2);
  }
  .cda-section {
    scroll-margin-block-start: 9em;
  }
  .cda-section.from-fact {
    padding: 0.6em 0.9em;
    margin-inline: -0.9em;
    border-radius: calc(var(--_radius) * 0.66);
    background: var(--_accent-soft);
  }
  .cda-heading {
    font-size: 1.125em;
    font-weight: 680;
  }
  .cda-heading.level-5 {
    font-size: 1em;
  }
  .cda-heading.level-6 {
    font-size: 0.9375em;
    font-weight: 600;
  }
  /* A title right under another is its first part, not a part of its own. */
  .narrative:empty + .cda-section {
    margin-block-start: calc(var(--_space) * 0.4);
  }
  .narrative > :not(.table-scroll) {
    max-inline-size: 80ch;
  }
  .narrative table {
    margin-block: 0.5em;
  }
  .narrative ul,
  .narrative ol {
    padding-inline-start: 1.3em;
    list-style: revert;
  }
  .narrative p + p {
    margin-block-start: 0.5em;
  }
  .narrative a {
    color: var(--_accent);
  }
  .narrative .footnote {
    color: var(--_text-muted);
  }
  .narrative .align-right {
    text-align: end;
  }
  .narrative .align-center {
    text-align: center;
  }
  img {
    max-inline-size: 100%;
    block-size: auto;
    border-radius: 6px;
    background: #ffffff;
  }
  .frame {
    inline-size: 100%;
    block-size: 78vh;
    min-block-size: 420px;
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) * 0.5);
    background: #ffffff;
  }
  .pdf-pages {
    display: grid;
    gap: var(--_space);
    justify-items: center;
  }
  .pdf-page {
    display: grid;
    gap: 0.5em;
    align-content: start;
    justify-items: center;
    inline-size: 100%;
    min-block-size: 60vh;
    color: var(--_text-muted);
  }
  .pdf-pages canvas {
    max-inline-size: 100%;
    block-size: auto !important;
    border: 1px solid var(--_border);
    background: #ffffff;
  }
  .opening {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em 1em;
    align-items: center;
    margin-block-end: 1em;
    font-variant-numeric: tabular-nums;
    /* What comes at once is not announced first. */
    animation: come 0s 400ms both;
  }
  .opening progress {
    flex: 0 1 16em;
    min-inline-size: 0;
    accent-color: var(--_accent);
  }
  @keyframes come {
    from {
      visibility: hidden;
    }
    to {
      visibility: visible;
    }
  }
  .on-paper {
    display: none;
  }
  @media print {
    .card {
      display: table;
      inline-size: 100%;
      table-layout: fixed;
    }
    /* The head of a table is what browsers print again on every page. */
    .on-paper.head {
      display: table-header-group;
      break-inside: avoid;
      font-size: 0.875em;
    }
    .card > :not(.head) {
      margin-block-start: 0.8em;
    }
    .on-paper.note {
      display: block;
    }
    [role="heading"] {
      break-after: avoid;
    }
    .frame,
    .opening,
    carnet-document-actions {
      display: none;
    }
  }
  .cut + pre {
    margin-block-start: 0.6em;
  }
  pre {
    margin-block: 0;
    font: inherit;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
`;
