/** What somebody sees before signing in: what Carnet is, and where to go next. */
import { css, html, type TemplateResult } from "lit";
import type { Strings } from "./strings.ts";

export const landingStyles = css`
  .landing { max-width: 66rem; margin: 0 auto; padding: clamp(1.5rem, 5vw, 4.5rem) 1.25rem 4rem; }
  .hero { max-width: 46rem; }
  .hero h1 { font-size: clamp(2rem, 1.2rem + 3.6vw, 3.3rem); line-height: 1.1; letter-spacing: -0.025em; margin-bottom: 1rem; text-wrap: balance; }
  .hero p { font-size: 1.14rem; color: var(--quiet); max-width: 40rem; }
  .hero .button { margin-top: 1.8rem; font-size: 1.08rem; min-height: 52px; padding-inline: 1.8rem; }
  .points { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: 1.6rem 2.4rem; margin: clamp(2.5rem, 6vw, 4.5rem) 0; }
  .points li { border-top: 2px solid var(--accent); padding-top: 0.9rem; }
  .points h2 { font-size: 1.08rem; margin-bottom: 0.3rem; }
  .points p { color: var(--quiet); }
  .try { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 1.5rem 3rem; }
  .try h2 { margin-bottom: 0.3rem; }
  .try dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.2rem 1.2rem; margin: 1rem 0; }
  .try dt { color: var(--quiet); }
  .try dd { margin: 0; font-weight: 600; font-family: ui-monospace, "Liberation Mono", monospace; overflow-wrap: anywhere; }
  .ways { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); gap: 0.8rem; }
  .ways a { display: block; height: 100%; padding: 0.9rem 1.1rem; border: 1px solid var(--line); border-radius: 12px; color: inherit; text-decoration: none; background: var(--ground); }
  .ways a:hover { border-color: var(--accent); }
  .ways strong { color: var(--accent); display: block; }
  .ways span { color: var(--quiet); font-size: 0.95rem; }
  .extension { grid-column: 1 / -1; border-top: 1px solid var(--line); padding-top: 1.1rem; color: var(--quiet); font-size: 0.96rem; }
  .extension h3 { margin: 0 0 0.2rem; font-size: 1rem; color: var(--ink); }
  code { font: 0.92em ui-monospace, "Liberation Mono", monospace; overflow-wrap: anywhere; }
  @media (max-width: 420px) {
    .try dl {
      grid-template-columns: minmax(0, 1fr);
    }
    .try dd {
      margin-bottom: 0.5rem;
    }
  }
  @media (max-width: 760px) { .try { grid-template-columns: minmax(0, 1fr); } }
`;

const addresses = { practice: "/practice/", hospital: "/hospital/", mailbox: "/mailbox", docs: "/docs/" } as const;

/** User name and password of the account that the page proposes (fictitious; the mailbox holds the code). */
export interface TrialAccount {
  readonly name: string;
  readonly password: string;
}

export function landing(say: Strings, account: TrialAccount, begin: () => void): TemplateResult {
  const { landing: words, signIn } = say;
  const way = (name: keyof typeof addresses) => {
    const [title, text] = words.links[name];
    return html`<li><a href=${addresses[name]}><strong>${title}</strong><span>${text}</span></a></li>`;
  };
  return html`<div class="landing">
    <section class="hero">
      <h1 tabindex="-1">${words.title}</h1>
      <p>${words.lead}</p>
      <button class="button button--main" data-action="sign-in" @click=${begin}>${signIn}</button>
    </section>
    <ul class="points">${words.points.map(([title, text]) => html`<li><h2>${title}</h2><p>${text}</p></li>`)}</ul>
    <section class="card try" aria-labelledby="try-title">
      <div>
        <h2 id="try-title">${words.try}</h2>
        <p class="quiet">${words.tryText}</p>
        <dl><dt>${words.account}</dt><dd>${account.name}</dd><dt>${words.password}</dt><dd>${account.password}</dd></dl>
        <p class="quiet">${words.code}</p>
      </div>
      <ul class="ways">${way("practice")}${way("hospital")}${way("mailbox")}${way("docs")}</ul>
      <div class="extension"><h3>${words.extension}</h3><p>${words.extensionText} <code>extension/.output/chrome-mv3</code>.</p></div>
    </section>
  </div>`;
}
