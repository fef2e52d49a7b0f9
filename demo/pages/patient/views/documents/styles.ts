import { css } from "lit";

/** Looks of "Mes documents". */
export const documentsStyles = css`
  .head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.6rem 1.5rem; }
  .tools { display: grid; gap: 0.9rem; margin: 1.3rem 0 1rem; }
  .search { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 0.6rem; }
  .search label { flex: 1 1 16rem; max-width: 30rem; }
  .search label span { display: block; font-size: 0.92rem; color: var(--quiet); margin-bottom: 0.25rem; }
  .search input { width: 100%; min-height: 46px; padding: 0.5rem 0.9rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); color: inherit; font: inherit; }
  .search .button:disabled { opacity: 0.55; cursor: default; }
  .chips { display: flex; flex-wrap: wrap; gap: 0.5rem; }
  .chip { min-height: 38px; padding: 0.25rem 0.95rem; border: 1px solid var(--line); border-radius: 999px; background: var(--surface); color: var(--ink); font: inherit; font-size: 0.95rem; cursor: pointer; }
  .chip:hover { border-color: var(--accent); }
  .chip[aria-pressed="true"] { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
  .chip small { font-size: 0.85em; opacity: 0.85; }
  .archive { display: inline-flex; align-items: center; gap: 0.6rem; min-height: 32px; width: fit-content; cursor: pointer; }
  .archive input { width: 1.2rem; height: 1.2rem; accent-color: var(--accent); }
  .documents li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.3rem 1.2rem; align-items: center; padding: 1rem 1.4rem; border-top: 1px solid var(--line); }
  .documents li:first-child { border-top: 0; }
  .card--list { padding: 0; }
  .title { font-weight: 600; overflow-wrap: anywhere; }
  .meta { color: var(--quiet); font-size: 0.94rem; }
  .tags { display: flex; flex-wrap: wrap; gap: 0.4rem; }
  .excerpt { margin-top: 0.3rem; font-size: 0.95rem; overflow-wrap: anywhere; }
  mark { background: var(--warm-tint); color: inherit; border-bottom: 2px solid var(--warm); }
  .documents .actions { justify-content: flex-end; }
  .documents .actions .button { min-height: 40px; padding: 0.3rem 0.9rem; font-size: 0.95rem; }
  .year { margin: 1.6rem 0 0.5rem; font-size: 1rem; color: var(--quiet); font-weight: 600; }
  .more { margin-top: 1rem; }
  .help { margin-top: 2rem; }
  .picks { margin-top: 1rem; display: grid; gap: 0.6rem; }
  .pick { width: 100%; padding: 0.8rem 1.1rem; border: 1px solid var(--edge); border-radius: 12px; background: transparent; color: inherit; font: inherit; text-align: start; cursor: pointer; }
  .pick:hover { border-color: var(--accent); background: var(--tint); }
  .pick strong { display: block; color: var(--accent); }
  .pick span { color: var(--quiet); }
  .pick--danger strong { color: var(--danger); }
  .pick--danger:hover { border-color: var(--danger); background: var(--danger-tint); }
  @media (max-width: 900px) { .documents li { grid-template-columns: minmax(0, 1fr); } .documents .actions { justify-content: flex-start; } }
  @media print { .tools { display: none; } }
`;
