/** Looks that every view of the patient page shares. Colours come from shared/tokens.css. */
import { css } from "lit";

export const base = css`
  :host { display: block; overflow-wrap: break-word; }
  [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  h1 { font-size: clamp(1.6rem, 1.2rem + 1.6vw, 2.1rem); line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 0.35rem; }
  h2 { font-size: 1.2rem; line-height: 1.3; margin: 0; }
  h1, h2 { min-width: 0; text-wrap: balance; overflow-wrap: anywhere; }
  p { margin: 0; text-wrap: pretty; }
  a { color: var(--accent); text-underline-offset: 3px; }
  ul, ol { list-style: none; margin: 0; padding: 0; }
  :focus-visible { outline: var(--focus); outline-offset: 3px; border-radius: 6px; }
  h1:focus { outline: none; }
  .intro { color: var(--quiet); max-width: 44rem; }
  .card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.25rem 1.4rem; }
  .button { display: inline-flex; align-items: center; justify-content: center; gap: 0.5rem; min-height: 44px; padding: 0.5rem 1.2rem; border: 1px solid var(--accent); border-radius: 10px; background: transparent; color: var(--accent); font: inherit; font-weight: 500; text-decoration: none; cursor: pointer; }
  .button:hover { background: var(--tint); }
  @media (max-width: 560px) { .button { overflow-wrap: anywhere; } }
  .button--main { background: var(--accent); color: var(--on-accent); }
  .button--main:hover { background: color-mix(in srgb, var(--accent) 86%, var(--ink)); }
  .button--plain { border-color: transparent; padding-inline: 0.7rem; text-align: start; }
  .button--danger { border-color: var(--danger); color: var(--danger); }
  .button--danger:hover { background: var(--danger-tint); }
  .tag { display: inline-block; padding: 0.05rem 0.6rem; border: 1px solid currentcolor; border-radius: 999px; font-size: 0.85rem; color: var(--quiet); }
  .tag--warm { color: var(--warm); background: var(--warm-tint); }
  .tag--danger { color: var(--danger); background: var(--danger-tint); }
  .quiet { color: var(--quiet); }
  .message { max-width: 34rem; margin: 3rem auto; text-align: center; }
  .message h2 { margin-bottom: 0.4rem; }
  .message .button { margin-top: 1.2rem; }
  .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .skeleton { display: grid; gap: 0.9rem; }
  .skeleton span { height: 4.6rem; border-radius: var(--radius); background: linear-gradient(100deg, var(--raised) 40%, var(--surface) 50%, var(--raised) 60%) 0 / 220% 100%; animation: shimmer 1.6s linear infinite; }
  @keyframes shimmer { to { background-position: -220% 0; } }
  @media (prefers-reduced-motion: reduce) { .skeleton span { animation: none; } }
  .rows { padding: 0.2rem 1.4rem; }
  .rows > li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.5rem 1.2rem; padding: 1rem 0; border-top: 1px solid var(--line); }
  .rows > li:first-child { border-top: 0; }
  .rows > li > :first-child { min-width: min(100%, 14rem); flex: 1; overflow-wrap: anywhere; }
  .who { font-weight: 600; }
  .meta { color: var(--quiet); font-size: 0.94rem; }
  .part { margin-top: 2.2rem; }
  .part > h2 { margin-bottom: 0.3rem; }
  .part > .intro { margin-bottom: 0.9rem; }
  .actions { display: flex; flex-wrap: wrap; gap: 0.5rem; }
  .notice { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.5rem 1rem; margin: 1.2rem 0 0; padding: 0.7rem 1.2rem; border: 1px solid var(--accent); border-radius: var(--radius); background: var(--tint); position: sticky; bottom: 1rem; z-index: 1; }
  .notice--failed { border-color: var(--danger); background: var(--danger-tint); }
  .notice:empty { display: none; }
  .sheet { width: min(36rem, calc(100vw - 1.5rem)); max-height: calc(100dvh - 1.5rem); overflow: auto; padding: clamp(1rem, 4vw, 1.7rem); border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: inherit; }
  .sheet::backdrop { background: rgb(10 20 22 / 55%); }
  .sheet h2 { margin: 0 0 0.6rem; overflow-wrap: anywhere; }
  .sheet p + p { margin-top: 0.7rem; }
  .sheet .field + .meta { margin-top: 0.6rem; }
  .sheet[aria-busy="true"] [data-action="confirm"] { opacity: 0.6; cursor: progress; }
  .sheet .actions { justify-content: flex-end; margin-top: 1.4rem; }
  .tick { display: flex; align-items: flex-start; gap: 0.7rem; margin-top: 1.1rem; padding: 0.8rem 1rem; border: 1px solid var(--edge); border-radius: 10px; cursor: pointer; }
  .tick input, .choice input { flex: none; width: 1.3rem; height: 1.3rem; margin: 0.15rem 0 0; accent-color: var(--accent); }
  .field { display: block; margin-top: 1rem; }
  .field > span { display: block; font-weight: 600; margin-bottom: 0.25rem; }
  .field > small { display: block; color: var(--quiet); font-size: 0.92rem; margin-bottom: 0.3rem; }
  .field input, .field select, .field textarea { width: 100%; max-width: 30rem; min-height: 46px; padding: 0.5rem 0.9rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); color: inherit; font: inherit; }
  .field input[type="file"] { padding: 0.4rem; }
  .field textarea { min-height: 7rem; max-width: none; resize: vertical; }
  .choice { display: flex; gap: 0.8rem; align-items: flex-start; padding: 0.9rem 0; border-top: 1px solid var(--line); cursor: pointer; }
  .choice > span { min-width: 0; overflow-wrap: anywhere; }
  .choice > span > strong { display: block; font-weight: 600; }
  .wrong { margin-top: 0.8rem; color: var(--danger); font-weight: 600; }
  .wrong:empty { display: none; }
  details.help { margin: 1rem 0 0; max-width: 46rem; }
  details.help summary { cursor: pointer; color: var(--accent); padding: 0.5rem 0; }
  details.help p { padding: 0 0 0.6rem; color: var(--quiet); }
  .on-paper { display: none; }
  @media print { .on-paper { display: block; } .button, .no-print { display: none !important; } .card { break-inside: avoid; border-color: #999; } ul.card { break-inside: auto; } ul.card > li { break-inside: avoid; } h1, h2, h3, .intro { break-after: avoid; } }
`;
