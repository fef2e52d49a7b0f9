import { css } from "lit";

/**
 * The summary on paper: one page of black on white, without what is pressed. A longer one says on every page whose it is: the
 * head of a table is what browsers print again. Fetched once the summary is on screen.
 */
export const printStyles = css`
  @media print {
    .root {
      --_text: #000;
      --_text-muted: #333;
      --_accent: #000;
      --_danger: #000;
      --_warning: #000;
      --_background: #fff;
      --_surface: #fff;
      --_accent-soft: #ddd;
      --_danger-soft: #fff;
      --_warning-soft: #fff;
      --_surface-sunken: #fff;
      --_border: #999;
      --_space: 6px;
      background: #fff;
      color: #000;
      font-size: 8pt;
      line-height: 1.3;
      display: table;
      inline-size: 100%;
      table-layout: fixed;
    }
    .panel {
      display: table-row-group;
    }
    .panel > * {
      margin-block-start: var(--_space);
    }
    .columns {
      grid-template-columns: 1fr 1fr;
    }
    .top {
      position: static;
      display: table-header-group;
      break-inside: avoid;
    }
    .section {
      box-shadow: none;
      break-inside: avoid;
    }
    .link {
      color: inherit;
      text-decoration: none;
    }
    .source,
    .button,
    .sources,
    .values {
      display: none;
    }
  }
`;

/** Adds them to a panel, once. */
export function dressForPaper(root: HTMLElement | DocumentFragment): void {
  const { styleSheet } = printStyles;
  if (!(root instanceof ShadowRoot) || styleSheet === undefined || root.adoptedStyleSheets.includes(styleSheet)) return;
  root.adoptedStyleSheets.push(styleSheet);
}
