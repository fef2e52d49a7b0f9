import { css } from "lit";

/** Everything around a section: bar, languages, tabs and their menu, the dialog of a document. */
export const pageStyles = css`
  .skip { position: absolute; left: -999px; }
  .skip:focus { left: 0.5rem; top: 0.5rem; padding: 0.5rem 1rem; border: 1px solid var(--accent); border-radius: 10px; background: var(--surface); color: var(--accent); font: inherit; z-index: 3; }
  .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 1.2rem; max-width: 74rem; margin: 0 auto; padding: 0.9rem 1.25rem 0.4rem; }
  .brand { display: flex; align-items: center; gap: 0.6rem; font-weight: 700; font-size: 1.12rem; color: inherit; text-decoration: none; }
  .brand svg { width: 1.9rem; height: 1.9rem; }
  .bar > .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; max-width: 100%; margin-left: auto; }
  .tools label { max-width: 100%; }
  select { min-height: 42px; padding: 0.3rem 0.7rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); color: inherit; font: inherit; max-width: min(100%, 100vw - 2.5rem); }
  .languages { display: flex; }
  .languages button { min-height: 38px; min-width: 38px; border: 0; border-radius: 8px; background: none; color: var(--quiet); font: inherit; cursor: pointer; }
  .languages [aria-pressed="true"] { color: var(--accent); font-weight: 700; text-decoration: underline; text-underline-offset: 5px; }
  .tabs { border-bottom: 1px solid var(--line); }
  .menu { display: none; flex-wrap: wrap; align-items: center; gap: 0 0.6rem; width: calc(100% - 2.5rem); margin: 0.3rem 1.25rem 0.7rem; min-height: 48px; padding: 0.4rem 1rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); color: inherit; font: inherit; text-align: start; cursor: pointer; }
  .menu strong { flex: 1; overflow-wrap: anywhere; color: var(--accent); }
  .menu svg { width: 1.3rem; height: 1.3rem; flex: none; }
  .tabs ul { display: flex; flex-wrap: wrap; gap: 0 0.3rem; max-width: 74rem; margin: 0 auto; padding: 0 0.75rem; overflow-x: auto; }
  .tabs a { display: block; padding: 0.75rem 0.85rem; border-bottom: 3px solid transparent; color: var(--quiet); text-decoration: none; white-space: nowrap; }
  .tabs a:hover { color: var(--accent); }
  .tabs a:focus-visible { outline-offset: -4px; }
  .tabs [aria-current] { color: var(--accent); border-color: var(--accent); font-weight: 600; }
  main { max-width: 74rem; margin: 0 auto; padding: 1.8rem 1.25rem 4rem; }
  .printed { display: none; font-weight: 600; }
  .printed p { margin-bottom: 1rem; }
  .turned { margin-bottom: 1.4rem; padding: 0.7rem 1.2rem; border: 1px solid var(--accent); border-radius: var(--radius); background: var(--tint); }
  .turned:empty { display: none; }
  .representing {
    width: fit-content;
    margin-bottom: 1.4rem;
    padding: 0.45rem 1rem;
    border: 1px solid var(--warm);
    border-radius: 999px;
    color: var(--warm);
    background: var(--warm-tint);
    font-weight: 600;
  }
  main:focus { outline: none; }
  dialog { width: min(62rem, calc(100vw - 2rem)); max-width: none; height: min(56rem, calc(100dvh - 2rem)); max-height: none; padding: 0; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: inherit; overflow: hidden; }
  dialog[open] { display: flex; flex-direction: column; }
  dialog::backdrop { background: rgb(10 20 22 / 55%); }
  .dialog-bar { display: flex; justify-content: flex-end; padding: 0.5rem 0.7rem 0; }
  carnet-document { display: block; flex: 1; min-height: 0; overflow: auto; padding: 0.2rem 1.4rem 1.4rem; --carnet-accent: var(--accent); }
  @media (max-width: 700px) {
    .menu { display: flex; }
    .tabs ul { display: none; padding: 0 1.25rem 0.7rem; }
    .menu[aria-expanded="true"] + ul { display: block; }
    .tabs a { min-height: 46px; border-bottom: 1px solid var(--line); }
    .tabs [aria-current] { border-color: var(--line); border-inline-start: 4px solid var(--accent); }
  }
  @media (max-width: 560px) { .bar > .tools { margin-left: 0; } dialog { width: 100vw; height: 100dvh; border-radius: 0; } carnet-document { padding-inline: 0.8rem; } }
  @media (forced-colors: active) { .tabs a { border-color: Canvas; } .tabs [aria-current] { border-color: Highlight; } }
  @media print {
    .bar > .tools, .tabs, .turned, .dialog-bar { display: none; }
    /* The head of a table is what browsers print again on every page: each sheet says whose it is. */
    main { display: table; width: 100%; table-layout: fixed; padding-block: 0; }
    .printed { display: table-header-group; break-inside: avoid; }
    /* An open document is what is printed, whole and once: what stands fixed is cut, and comes back on every sheet. */
    :has(> dialog[open]) > :not(dialog) { display: none; }
    dialog[open] { position: absolute; inset: 0 0 auto; display: block; width: auto; height: auto; margin: 0; border: 0; overflow: visible; }
    dialog::backdrop { display: none; }
    carnet-document { padding: 0; overflow: visible; }
  }
`;
