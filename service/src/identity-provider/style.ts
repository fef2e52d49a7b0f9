/** One style sheet for the sign-in pages and the mailbox: system fonts, one accent colour, dark theme, 320 px to 4K. */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --ground: #f4f7f8; --surface: #ffffff; --ink: #14232b; --soft: #4a5c66; --line: #c9d5da; --field: #6d808a;
  --accent: #0b6b6f; --accent-strong: #084f52; --on-accent: #ffffff; --tint: #e3f1f1;
  --bad: #a3211b; --bad-tint: #fdeceb; --focus: #0b6b6f; --shadow: 0 1px 2px #14232b14, 0 12px 32px #14232b14;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1619; --surface: #172227; --ink: #e9f1f3; --soft: #a9bbc2; --line: #33454c; --field: #8299a2;
    --accent: #5ecfcb; --accent-strong: #8be3df; --on-accent: #06302f; --tint: #15363a;
    --bad: #ffb4ab; --bad-tint: #3d1b1a; --focus: #8be3df; --shadow: none;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
a { color: var(--accent); text-underline-offset: 0.2em; }
a:hover { color: var(--accent-strong); }
.bar { display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding: 1rem clamp(1rem, 4vw, 2.5rem); }
.brand { display: inline-flex; align-items: center; gap: 0.625rem; font-weight: 650; font-size: 1.125rem; letter-spacing: -0.01em; color: var(--ink); }
.brand svg { width: 1.75rem; height: 1.75rem; display: block; }
.brand .mark { fill: var(--accent); } .brand .sign { stroke: var(--on-accent); }
.language { padding: 0.375rem 0.5rem; font-size: 0.9375rem; }
main { flex: 1; width: 100%; max-width: 27rem; margin: 0 auto; padding: clamp(0.5rem, 4vh, 3rem) 1rem 2rem; }
main.wide { max-width: 60rem; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 16px; box-shadow: var(--shadow); padding: clamp(1.25rem, 5vw, 2.25rem); }
.card + .card { margin-top: 1.25rem; }
h1 { margin: 0; font-size: clamp(1.5rem, 1.2rem + 1.4vw, 1.875rem); line-height: 1.2; letter-spacing: -0.02em; text-wrap: balance; }
h2 { margin: 0; font-size: 1.0625rem; line-height: 1.35; }
.lead { margin: 0.5rem 0 1.5rem; color: var(--soft); }
.fields { display: grid; gap: 1.125rem; margin: 0; }
label { display: block; font-weight: 600; margin-bottom: 0.375rem; }
input[type="text"], input[type="password"], input[type="email"] {
  width: 100%; min-height: 3rem; padding: 0.5rem 0.875rem; font: inherit; color: inherit; background: var(--surface);
  border: 1.5px solid var(--field); border-radius: 10px;
}
input[aria-invalid="true"] { border-color: var(--bad); border-width: 2px; }
input.code { font-size: 1.75rem; letter-spacing: 0.4em; text-align: center; font-variant-numeric: tabular-nums; padding-right: 0.4em; }
.rule { margin: -0.25rem 0 0.375rem; font-size: 0.875rem; color: var(--soft); }
.links { display: flex; flex-direction: column; gap: 0.5rem; align-items: center; margin: 1.25rem 0 0; text-align: center; }
.links a { padding: 0.25rem; }
.or { display: flex; align-items: center; gap: 0.75rem; margin: 1.25rem 0; color: var(--soft); font-size: 0.875rem; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.second { width: 100%; min-height: 3rem; border: 1.5px solid var(--accent); border-radius: 10px; background: none; color: var(--accent); font-weight: 650; padding: 0.625rem 1.25rem; }
.second:hover { background: var(--tint); }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; display: grid; gap: 0.5rem; }
legend { padding: 0; margin-bottom: 1rem; color: var(--soft); }
.choice { display: flex; gap: 0.75rem; align-items: center; min-height: 3rem; margin: 0; padding: 0.5rem 0.875rem; border: 1px solid var(--line); border-radius: 10px; font-weight: 500; cursor: pointer; }
.choice:has(:checked) { border-color: var(--accent); background: var(--tint); }
.choice input { width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--accent); flex: none; }
.step { margin: 0 0 0.25rem; font-size: 0.875rem; font-weight: 600; color: var(--accent); }
.devices { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; gap: 0.75rem; }
.devices > li { border: 1px solid var(--line); border-radius: 10px; padding: 0.875rem; }
.devices h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
.devices p { margin: 0.25rem 0 0.5rem; font-size: 0.875rem; color: var(--soft); }
.devices form { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; margin: 0.5rem 0 0; }
.devices form > div { flex: 1 1 10rem; }
.devices label { font-size: 0.875rem; font-weight: 500; }
.small { min-height: 2.75rem; border: 1.5px solid var(--field); border-radius: 10px; background: none; color: inherit; padding: 0.25rem 0.875rem; }
.small:hover { border-color: var(--accent); background: var(--tint); }
.hint { margin: 0.375rem 0 0; font-size: 0.875rem; color: var(--bad); }
button { font: inherit; cursor: pointer; }
.primary {
  width: 100%; min-height: 3rem; border: 0; border-radius: 10px; background: var(--accent); color: var(--on-accent);
  font-weight: 650; padding: 0.625rem 1.25rem;
}
.primary:hover { background: var(--accent-strong); }
.plain { border: 0; background: none; color: var(--accent); text-decoration: underline; text-underline-offset: 0.2em; padding: 0.5rem 0.25rem; min-height: 2.25rem; }
.plain:hover { color: var(--accent-strong); }
.actions { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.25rem 1rem; margin-top: 1rem; }
.message { border-radius: 10px; padding: 0.75rem 0.875rem; margin: 0 0 1.25rem; background: var(--tint); }
.message.bad { background: var(--bad-tint); color: var(--bad); font-weight: 550; }
.accounts { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; gap: 0.375rem; }
.accounts a {
  display: flex; flex-direction: column; justify-content: center; min-height: 2.75rem; padding: 0.5rem 0.875rem; border: 1px solid var(--line); border-radius: 10px; text-decoration: none; color: var(--ink);
}
.accounts a:hover { border-color: var(--accent); background: var(--tint); }
.accounts a[aria-current="true"] { border-color: var(--accent); border-width: 2px; background: var(--tint); }
.accounts small { color: var(--soft); font-size: 0.875rem; }
.note { margin: 1.25rem 0 0; font-size: 0.875rem; color: var(--soft); text-align: center; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, monospace; font-size: 0.9375em; overflow-wrap: anywhere; }
.empty { text-align: center; padding: 3rem 1rem; color: var(--soft); }
.people { display: flex; flex-wrap: wrap; gap: 0.5rem; list-style: none; margin: 1.25rem 0; padding: 0; }
.people a { display: inline-flex; gap: 0.5rem; align-items: center; min-height: 2.25rem; padding: 0.25rem 0.875rem; border: 1px solid var(--line); border-radius: 99px; background: var(--surface); color: var(--ink); text-decoration: none; font-size: 0.9375rem; overflow-wrap: anywhere; }
.people a:hover { border-color: var(--accent); }
.people a[aria-current="true"] { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.mails { list-style: none; margin: 0; padding: 0; display: grid; gap: 1rem; }
.mail header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.25rem 1rem; margin-bottom: 0.75rem; }
.mail h2 { margin-bottom: 0.5rem; }
.mail header > div { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.625rem; }
.mail .to, .mail time { color: var(--soft); font-size: 0.9375rem; overflow-wrap: anywhere; }
.mail .text { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: inherit; max-width: 42rem; }
.mail .big { display: block; font-size: 2rem; font-weight: 650; letter-spacing: 0.25em; font-variant-numeric: tabular-nums; margin: 0 0 0.75rem; color: var(--accent); }
.tag { display: inline-block; padding: 0.0625rem 0.5rem; border-radius: 99px; background: var(--tint); color: var(--ink); font-size: 0.8125rem; font-weight: 600; }
.note.left { text-align: left; margin-top: 0; }
.downloads { display: flex; gap: 1rem; align-items: center; margin: 0 0 1.25rem; }
.downloads a { padding: 0.375rem 0.25rem; }
.figures .lead { margin-bottom: 1rem; }
.chart { display: grid; grid-template-columns: minmax(6rem, 2fr) 3fr; gap: 0.75rem; align-items: start; }
.chart ul { list-style: none; margin: 0; padding: 0; }
.chart li { height: 28px; line-height: 28px; font-size: 0.875rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; text-align: right; }
.chart svg { display: block; overflow: visible; }
.chart .bar { fill: var(--accent); }
.chart .unknown { fill: none; stroke: var(--field); stroke-dasharray: 3 3; }
.scroll { overflow-x: auto; margin-top: 1rem; }
table { width: 100%; border-collapse: collapse; font-size: 0.9375rem; }
th, td { padding: 0.5rem 0.25rem; border-bottom: 1px solid var(--line); text-align: left; font-weight: 500; }
thead th, tfoot th, tfoot td { font-weight: 650; }
td, thead th:last-child { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td em { font-style: normal; color: var(--soft); }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (forced-colors: active) { .primary, .card, .accounts a { border: 1px solid ButtonText; } }
@media print { .bar, .actions { display: none; } }
`.trimStart();
