import { html, svg, type TemplateResult } from "lit";

/** Icons are drawn, never fetched: no request leaves the page for them. Decorative: the words stand beside. */
const shapes = {
  source: svg`<path d="M6 3h7l4 4v10H6z"/><path d="M13 3v4h4M9 11h5M9 14h5"/>`,
  alert: svg`<path d="M11 3.5 19.5 18h-17z"/><path d="M11 9v4M11 15.4v.2"/>`,
  lock: svg`<rect x="4.5" y="9.5" width="13" height="9" rx="2"/><path d="M7.5 9.5V7a3.5 3.5 0 0 1 7 0v2.5"/>`,
  offline: svg`<path d="M3 8.5a12 12 0 0 1 16 0M6 12a7.5 7.5 0 0 1 10 0M9 15.3a3.2 3.2 0 0 1 4 0M4 19 18 4"/>`,
  folder: svg`<path d="M3 6.5h5.5l2 2.5H19v9H3z"/>`,
  consent: svg`<path d="M11 2.8 18 5.5v5.2c0 4-2.8 6.9-7 8.5-4.2-1.6-7-4.5-7-8.5V5.5z"/><path d="m7.8 11 2.3 2.3 4.2-4.6"/>`,
  back: svg`<path d="M12.5 5 6.5 11l6 6M7 11h9"/>`,
  up: svg`<path d="M11 17V5M6 10l5-5 5 5"/>`,
  down: svg`<path d="M11 5v12M6 12l5 5 5-5"/>`,
  add: svg`<path d="M11 4v10M7 8l4-4 4 4M4 14v4h14v-4"/>`,
  hidden: svg`<path d="M3 11s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5z"/><path d="M4 18 18 4"/>`,
  search: svg`<circle cx="9.5" cy="9.5" r="5"/><path d="m13.5 13.5 4 4"/>`,
  download: svg`<path d="M11 4v10M7 10l4 4 4-4M4 17.5h14"/>`,
  reload: svg`<path d="M17 8.5A6.5 6.5 0 1 0 17.5 12M17.5 4.5v4h-4"/>`,
} as const;

export type IconName = keyof typeof shapes;

export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 22 22" aria-hidden="true" focusable="false" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">${shapes[name]}</svg>`;
}
