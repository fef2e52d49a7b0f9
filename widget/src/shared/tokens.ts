import { css } from "lit";

/**
 * Looks are decided here once, and by the host through `--carnet-*`. Dark values follow the reader's system with
 * `theme="auto"` (the default), or the attribute. System fonts only: nothing is fetched.
 */
const light = css`
  --_accent: var(--carnet-accent, #0d6270);
  --_accent-soft: var(--carnet-accent-soft, #e6f1f3);
  --_on-accent: var(--carnet-on-accent, #ffffff);
  --_background: var(--carnet-background, #f4f7f8);
  --_surface: var(--carnet-surface, #ffffff);
  --_surface-sunken: var(--carnet-surface-sunken, #f1f5f6);
  --_text: var(--carnet-text, #10242b);
  --_text-muted: var(--carnet-text-muted, #4d626a);
  --_border: var(--carnet-border, #dde5e8);
  --_border-strong: var(--carnet-border-strong, #7d9199);
  --_danger: var(--carnet-danger, #a4211a);
  --_danger-soft: var(--carnet-danger-soft, #fdf0ee);
  --_warning: var(--carnet-warning, #7a4d00);
  --_warning-soft: var(--carnet-warning-soft, #fdf5e3);
  --_shadow: var(--carnet-shadow, 0 1px 2px rgb(16 36 43 / 5%));
  color-scheme: light;
`;

const dark = css`
  --_accent: var(--carnet-accent, #7ccbd8);
  --_accent-soft: var(--carnet-accent-soft, #17323a);
  --_on-accent: var(--carnet-on-accent, #06222a);
  --_background: var(--carnet-background, #0d1518);
  --_surface: var(--carnet-surface, #142024);
  --_surface-sunken: var(--carnet-surface-sunken, #1a292e);
  --_text: var(--carnet-text, #e8f0f2);
  --_text-muted: var(--carnet-text-muted, #a3b6bd);
  --_border: var(--carnet-border, #26373d);
  --_border-strong: var(--carnet-border-strong, #75898f);
  --_danger: var(--carnet-danger, #ffa198);
  --_danger-soft: var(--carnet-danger-soft, #35191a);
  --_warning: var(--carnet-warning, #f0c36d);
  --_warning-soft: var(--carnet-warning-soft, #2f2613);
  --_shadow: var(--carnet-shadow, none);
  color-scheme: dark;
`;

export const tokens = css`
  :host {
    ${light}
    --_radius: var(--carnet-radius, 12px);
    --_space: var(--carnet-space, 16px);
    --_font: var(--carnet-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif);
    --_font-size: var(--carnet-font-size, 0.9375rem);
  }
  /* Paper is white. */
  @media screen {
    :host([theme="dark"]) {
      ${dark}
    }
  }
  @media screen and (prefers-color-scheme: dark) {
    :host(:not([theme="light"])) {
      ${dark}
    }
  }
  :host([density="compact"]) {
    --_space: var(--carnet-space, 11px);
    --_font-size: var(--carnet-font-size, 0.875rem);
  }
`;

/** What every element looks like: type, buttons, links, fields, tags, rows, skeletons. */
export const base = css`
  :host {
    display: block;
    container-type: inline-size;
    background: var(--_background);
    -webkit-text-size-adjust: 100%;
  }
  /* Again on what is inside: a page that says "!important" about everything wins over the element itself, and hands it down. */
  :host,
  :host > * {
    font-family: var(--_font);
    font-size: var(--_font-size);
    font-weight: 400;
    font-style: normal;
    line-height: 1.5;
    letter-spacing: normal;
    text-align: start;
    text-transform: none;
    text-indent: 0;
    white-space: normal;
    word-break: normal;
    word-spacing: normal;
    font-variant: normal;
    color: var(--_text);
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  p,
  dl,
  dd,
  ul {
    margin: 0;
    padding: 0;
  }
  ul {
    list-style: none;
  }
  /* Each piece runs as its own first letters do: a French name or date keeps its order in a panel that runs from the right. */
  [dir="rtl"],
  [dir="rtl"] * {
    text-align: right;
    unicode-bidi: plaintext;
  }
  p,
  dd,
  li {
    overflow-wrap: anywhere;
  }
  td,
  th {
    /* A wide table scrolls in its own box rather than cut its words letter by letter. */
    overflow-wrap: break-word;
  }
  .icon {
    inline-size: 1.15em;
    block-size: 1.15em;
    flex: none;
    vertical-align: -0.2em;
  }
  button {
    font: inherit;
    color: inherit;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.45em;
    min-block-size: 36px;
    padding: 0.3em 0.95em;
    border: 1px solid var(--_border-strong);
    border-radius: calc(var(--_radius) * 0.66);
    background: var(--_surface);
    color: var(--_text);
    font-weight: 550;
    cursor: pointer;
  }
  .button:hover {
    background: var(--_surface-sunken);
  }
  .button.primary {
    background: var(--_accent);
    border-color: var(--_accent);
    color: var(--_on-accent);
  }
  .button.primary:hover {
    filter: brightness(1.08);
  }
  .button.quiet {
    border-color: transparent;
    background: none;
    color: var(--_accent);
    min-block-size: 32px;
    padding-inline: 0.5em;
  }
  .button.quiet:hover {
    background: var(--_accent-soft);
  }
  .button[disabled] {
    cursor: default;
    opacity: 0.65;
  }
  .link {
    display: inline;
    min-block-size: 24px;
    padding: 0;
    border: 0;
    background: none;
    color: var(--_accent);
    font-weight: 550;
    text-align: start;
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.2em;
    cursor: pointer;
    overflow-wrap: anywhere;
  }
  .link:hover {
    text-decoration-thickness: 2px;
  }
  :focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
    border-radius: 4px;
  }
  .tag {
    display: inline-flex;
    align-items: center;
    gap: 0.3em;
    padding: 0 0.55em;
    border-radius: 99px;
    background: var(--_surface-sunken);
    border: 1px solid var(--_border);
    color: var(--_text-muted);
    font-size: 0.8125em;
    font-weight: 550;
    line-height: 1.6;
    vertical-align: 0.06em;
  }
  .tag.danger {
    background: var(--_danger-soft);
    border-color: var(--_danger);
    color: var(--_danger);
  }
  .marks {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4em;
    margin-block-start: 0.2em;
  }
  .rows > li + li {
    border-block-start: 1px solid var(--_border);
  }
  .row {
    display: flex;
    gap: calc(var(--_space) * 0.75);
    align-items: flex-start;
    justify-content: space-between;
    padding-block: calc(var(--_space) * 0.6);
  }
  .rows > li:first-child > .row {
    padding-block-start: 0;
  }
  .rows > li:last-child > .row {
    padding-block-end: 0;
  }
  .row-main {
    flex: 1 1 auto;
    min-inline-size: 0;
  }
  .row-title strong {
    font-weight: 680;
  }
  .row-detail {
    color: var(--_text-muted);
    font-size: 0.875em;
  }
  .row-date {
    flex: 0 0 10.4em;
    color: var(--_text-muted);
    font-size: 0.9em;
    font-variant-numeric: tabular-nums;
  }
  .muted,
  .empty,
  .cut {
    color: var(--_text-muted);
  }
  .cut {
    font-size: 0.875em;
  }
  .failed {
    padding: calc(var(--_space) * 0.75);
    border-radius: calc(var(--_radius) * 0.66);
    background: var(--_warning-soft);
    border-inline-start: 4px solid var(--_warning);
  }
  .failed .button {
    margin-block-start: 0.6em;
  }
  .skeleton {
    display: grid;
    gap: 0.85em;
    padding-block: 0.2em;
  }
  .skeleton-line {
    block-size: 0.85em;
    border-radius: 4px;
    background: var(--_border);
    animation: breathe 1.6s ease-in-out infinite;
  }
  .skeleton-line:nth-child(2n) {
    inline-size: 72%;
  }
  .skeleton-line:nth-child(3n) {
    inline-size: 86%;
  }
  @keyframes breathe {
    50% {
      opacity: 0.45;
    }
  }
  .table-scroll {
    overflow-x: auto;
    max-inline-size: 100%;
  }
  table {
    border-collapse: collapse;
    font-size: 0.9375em;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0.35em 0.75em 0.35em 0;
    text-align: start;
    vertical-align: top;
    border-block-end: 1px solid var(--_border);
  }
  th {
    font-weight: 600;
    color: var(--_text-muted);
  }
  label {
    display: block;
    font-size: 0.875em;
    font-weight: 550;
    color: var(--_text-muted);
  }
  input:not([type="checkbox"]),
  select {
    inline-size: 100%;
    min-block-size: 38px;
    padding: 0.35em 0.6em;
    border: 1px solid var(--_border-strong);
    border-radius: calc(var(--_radius) * 0.5);
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    font-weight: 400;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @container (max-width: 460px) {
    .row.dated {
      flex-wrap: wrap;
      row-gap: 0;
    }
    .row-date {
      flex-basis: 100%;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
  @media (forced-colors: active) {
    .button,
    .tag,
    .failed {
      border: 1px solid;
    }
    .skeleton-line {
      background: GrayText;
    }
  }
`;
