import { css } from "lit";

export const messagesStyles = css`
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
    min-block-size: 6em;
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
