/** Registers an element once: a page that loads twice the same module must not fail. */
export function define(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
