/**
 * Registers an element once. A page may load the script twice, or already own the name: both leave the page working.
 */
export function define(
  tag: string,
  element: CustomElementConstructor,
  registry: CustomElementRegistry = customElements,
): void {
  if (registry.get(tag) === undefined) {
    registry.define(tag, element);
    return;
  }
  if (registry.get(tag) !== element)
    console.warn(`Carnet: <${tag}> was already defined; the first definition is kept.`);
}
