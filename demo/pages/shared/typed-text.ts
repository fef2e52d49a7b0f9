/**
 * Text that somebody typed and has not sent. Leaving the page, signing out or the end of a session would lose it: whoever
 * is about to do that asks here first. Nothing of the text is kept.
 */
type TextField = HTMLInputElement | HTMLTextAreaElement;

/** Searching and filtering lose nothing that matters. */
const isWriting = (target: EventTarget | undefined): target is TextField =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === "text");

export class TypedText {
  readonly #fields = new Set<TextField>();
  readonly #isElsewhere: () => boolean;
  #isLetGo = false;

  /**
   * Listens to everything that is typed in the page, and makes the browser ask before the page is left.
   * @param isElsewhere whether text lies in the page that stands in no field now
   */
  constructor(page: Window = window, isElsewhere: () => boolean = () => false) {
    this.#isElsewhere = isElsewhere;
    page.addEventListener("input", (event) => {
      const [target] = event.composedPath();
      if (isWriting(target)) this.#fields.add(target);
    });
    page.addEventListener("beforeunload", (event) => {
      if (this.isThere()) event.preventDefault();
    });
  }

  /** A field that still stands in the page holds something. */
  isThere(): boolean {
    for (const field of this.#fields) {
      if (!field.isConnected || field.value.trim() === field.defaultValue.trim()) this.#fields.delete(field);
    }
    return !this.#isLetGo && (this.#fields.size > 0 || this.#isElsewhere());
  }

  /** The person decided: the browser need not ask again. */
  letGo(): void {
    this.#isLetGo = true;
  }
}
