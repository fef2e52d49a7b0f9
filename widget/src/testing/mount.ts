import axe from "axe-core";
import type { PanelState } from "../shared/problem.ts";
import { CarnetSummary } from "../summary/carnet-summary.ts";
import "../index.ts";

/** Puts an element in the page and takes the former ones out. */
export function mount<T extends HTMLElement>(tag: string, properties: Partial<T> & Record<string, unknown> = {}): T {
  document.body.replaceChildren();
  document.documentElement.lang = "fr";
  document.title = "Essai";
  const main = document.createElement("main");
  const element = document.createElement(tag) as T;
  Object.assign(element, properties);
  main.append(element);
  document.body.append(main);
  return element;
}

/** Resolves when the condition holds; checked after each frame. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let frame = 0; frame < 1500; frame++) {
    if (condition()) return;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  throw new Error(`never happened: ${what}`);
}

export const reached = (element: HTMLElement, state: PanelState) =>
  until(() => element.dataset.state === state, `state ${state}, now ${element.dataset.state}`);

/** Everything a reader reads in an element, shadow roots included. */
export function textOf(node: Node): string {
  // By node type, not by class: the node may belong to another window.
  if (node.nodeType === Node.TEXT_NODE) return node.nodeValue ?? "";
  if (node.nodeName === "STYLE" || node.nodeName === "SCRIPT") return "";
  const inner = [...node.childNodes].map(textOf).join(" ");
  const { shadowRoot } = node as Element;
  const shadow = shadowRoot == null ? "" : textOf(shadowRoot);
  return `${shadow} ${inner}`
    .replace(/[\s\u00a0\u202f]+/g, " ")
    .replace(/\( /g, "(")
    .replace(/ ([),.])/g, "$1")
    .trim();
}

/** A section of the summary by its name. */
export function section(element: HTMLElement, name: string): HTMLElement {
  const found = element.shadowRoot?.querySelector<HTMLElement>(`[data-section="${name}"]`);
  if (found === null || found === undefined) throw new Error(`no section ${name}`);
  return found;
}

export function find<T extends HTMLElement = HTMLElement>(element: HTMLElement, selector: string): T {
  const found = element.shadowRoot?.querySelector<T>(selector);
  if (found === null || found === undefined) throw new Error(`no ${selector}`);
  return found;
}

/** The rules that axe finds broken, with their place: empty is what we want. */
export async function axeViolations(element: Element): Promise<string[]> {
  const { violations } = await axe.run(element, { resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(" | ")}`);
}

export function summaryElement(properties: Partial<CarnetSummary> & Record<string, unknown>): CarnetSummary {
  return mount<CarnetSummary>("carnet-summary", properties);
}

/** Events of one name heard on the document, so bubbling and composed ones. */
export function heard(name: string): CustomEvent[] {
  const events: CustomEvent[] = [];
  document.addEventListener(name, (event) => events.push(event as CustomEvent));
  return events;
}

export { CarnetSummary };
