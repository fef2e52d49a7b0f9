import { css } from "lit";

export const depositStyles = css`
  .drop {
    position: relative;
    display: grid;
    justify-items: center;
    gap: 0.6em;
    padding: calc(var(--_space) * 1.8) var(--_space);
    border: 2px dashed var(--_border-strong);
    border-radius: var(--_radius);
    background: var(--_surface-sunken);
    text-align: center;
  }
  .drop.over {
    border-color: var(--_accent);
    background: var(--_accent-soft);
  }
  .drop .icon {
    font-size: 1.8em;
    color: var(--_accent);
  }
  form {
    display: grid;
    gap: var(--_space);
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 15em), 1fr));
    align-items: end;
  }
  .full {
    grid-column: 1 / -1;
  }
  .check {
    display: flex;
    gap: 0.6em;
    align-items: center;
    min-block-size: 28px;
    color: var(--_text);
    font-weight: 450;
  }
  .check input {
    inline-size: 18px;
    block-size: 18px;
    flex: none;
    accent-color: var(--_accent);
  }
  .chosen {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.5em 1em;
    padding: calc(var(--_space) * 0.7);
    border-radius: calc(var(--_radius) * 0.66);
    background: var(--_surface-sunken);
  }
  .receipt {
    display: grid;
    gap: 0.5em;
    padding: var(--_space);
    border-inline-start: 4px solid var(--_accent);
    border-radius: calc(var(--_radius) * 0.66);
    background: var(--_accent-soft);
  }
  .receipt dt {
    color: var(--_text-muted);
    font-size: 0.875em;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.6em;
  }
`;
