import { css, type ReactiveController, type ReactiveElement } from "lit";

/**
 * The summary on paper: black on white, without what is pressed. One that takes more than a page says on every page whose it
 * is: the head of a table is what browsers print again. Fetched once the summary is on screen.
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
    }
    .section,
    .rows > li {
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

/** While it is being printed, a panel shows every row: nobody can ask a sheet for the rest (STYLE 3). */
class Paper implements ReactiveController {
  readonly #host: ReactiveElement;
  #isPrinting = false;

  constructor(host: ReactiveElement) {
    this.#host = host;
    host.addController(this);
  }

  /** @returns how many entries of a section are printed; `undefined` while the screen decides */
  limitOf(section: string): number | undefined {
    // The table behind a line of results is not printed: it must not be built for nothing.
    return this.#isPrinting && !section.startsWith("table-") ? Number.POSITIVE_INFINITY : undefined;
  }

  hostConnected(): void {
    addEventListener("beforeprint", this.#turn);
    addEventListener("afterprint", this.#turn);
  }

  hostDisconnected(): void {
    removeEventListener("beforeprint", this.#turn);
    removeEventListener("afterprint", this.#turn);
    this.#isPrinting = false;
  }

  readonly #turn = ({ type }: Event) => {
    this.#isPrinting = type === "beforeprint";
    this.#host.requestUpdate();
  };
}

export type { Paper };

/** Makes a panel ready for paper; once is enough. */
export function dressForPaper(panel: ReactiveElement): Paper {
  const { styleSheet } = printStyles;
  if (panel.renderRoot instanceof ShadowRoot && styleSheet !== undefined)
    panel.renderRoot.adoptedStyleSheets.push(styleSheet);
  return new Paper(panel);
}
