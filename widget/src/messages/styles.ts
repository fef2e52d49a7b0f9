import { css } from "lit";

export const messagesStyles = css`
  :host {
    background: none;
  }
  .messages {
    display: grid;
    gap: var(--_space);
    padding: calc(var(--_space) * 1.2);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .title {
    font-size: 1.125em;
    font-weight: 680;
  }
  form,
  .ask {
    display: grid;
    gap: 0.7em;
    justify-items: start;
  }
  form > label,
  .failed {
    inline-size: 100%;
  }
  input,
  textarea {
    margin-block-start: 0.25em;
  }
  textarea {
    display: block;
    inline-size: 100%;
    min-block-size: 6em;
    padding: 0.4em 0.6em;
    border: 1px solid var(--_border-strong);
    border-radius: calc(var(--_radius) * 0.5);
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    resize: vertical;
  }
  .exchange {
    padding-block-start: calc(var(--_space) * 0.75);
    border-block-start: 1px solid var(--_border);
  }
  .exchange > summary {
    min-block-size: 32px;
    font-weight: 600;
    cursor: pointer;
  }
  .said {
    display: grid;
    gap: 0.6em;
    margin-block: 0.6em var(--_space);
  }
  .said > li {
    max-inline-size: 40em;
    padding: 0.6em 0.85em;
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) * 0.66);
  }
  .said > .mine {
    margin-inline-start: min(3em, 10%);
    border-color: transparent;
    background: var(--_accent-soft);
  }
  .text {
    white-space: pre-line;
  }
  .missing {
    color: var(--_danger);
    font-weight: 600;
  }
  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em;
  }
  :focus:not(:focus-visible) {
    outline: none;
  }
`;
