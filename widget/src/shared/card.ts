import { css } from "lit";

/** The card of an element that stands by itself on a page: documents, viewer, deposit, messages. Theirs alone: a first paint does without. */
export const card = css`
  :host {
    background: none;
  }
  .card {
    display: grid;
    gap: var(--_space);
    padding: calc(var(--_space) * 1.2);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .card > .title {
    font-size: 1.125em;
    font-weight: 680;
  }
`;

/** Where more than a line is written: as the other fields. */
export const longField = css`
  textarea {
    display: block;
    inline-size: 100%;
    padding: 0.4em 0.6em;
    border: 1px solid var(--_border-strong);
    border-radius: calc(var(--_radius) * 0.5);
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    resize: vertical;
  }
`;
