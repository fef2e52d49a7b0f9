/** Looks that every view of the patient page shares. Colours come from shared/tokens.css. */
import { css } from "lit";

export const base = css`
  :host { display: block; }
  [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  h1 { font-size: clamp(1.6rem, 1.2rem + 1.6vw, 2.1rem); line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 0.35rem; }
  h2 { font-size: 1.2rem; line-height: 1.3; margin: 0; }
  p { margin: 0; }
  a { color: var(--accent); text-underline-offset: 3px; }
  ul, ol { list-style: none; margin: 0; padding: 0; }
  :focus-visible { outline: var(--focus); outline-offset: 3px; border-radius: 6px; }
  h1:focus { outline: none; }
  .intro { color: var(--quiet); max-width: 44rem; }
  .card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.25rem 1.4rem; }
  .button { display: inline-flex; align-items: center; justify-content: center; gap: 0.5rem; min-height: 44px; padding: 0.5rem 1.2rem; border: 1px solid var(--accent); border-radius: 10px; background: transparent; color: var(--accent); font: inherit; font-weight: 500; text-decoration: none; cursor: pointer; }
  .button:hover { background: var(--tint); }
  .button--main { background: var(--accent); color: var(--on-accent); }
  .button--main:hover { background: color-mix(in srgb, var(--accent) 86%, var(--ink)); }
  .button--plain { border-color: transparent; padding-inline: 0.7rem; }
  .button--danger { border-color: var(--danger); color: var(--danger); }
  .button--danger:hover { background: var(--danger-tint); }
  .tag { display: inline-block; padding: 0.05rem 0.6rem; border: 1px solid currentcolor; border-radius: 999px; font-size: 0.85rem; color: var(--quiet); white-space: nowrap; }
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
  @media print { .button, .no-print { display: none !important; } .card { break-inside: avoid; border-color: #999; } }
`;
