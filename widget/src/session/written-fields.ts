/**
 * Fields that somebody wrote in, or chose a file in, and has not sent: a message, a reason, a deposit. Searching and
 * filtering lose nothing that matters. Nothing of what is written is kept here.
 */
type Field = HTMLInputElement | HTMLTextAreaElement;

const isWriting = (target: EventTarget | undefined): target is Field =>
  target instanceof HTMLTextAreaElement ||
  (target instanceof HTMLInputElement && (target.type === "text" || target.type === "file"));

const isFilled = (field: Field) =>
  field.isConnected &&
  (field.type === "file"
    ? ((field as HTMLInputElement).files?.length ?? 0) > 0
    : field.value.trim() !== "" && field.value.trim() !== field.defaultValue.trim());

export class WrittenFields {
  readonly #fields = new Set<Field>();
  readonly #changed: () => void;
  #place: EventTarget | undefined;

  /** @param changed called when somebody writes, or takes back what they wrote */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Listens to all that is written below `place`, shadow roots included. */
  watch(place: EventTarget): void {
    this.stop();
    this.#place = place;
    place.addEventListener("input", this.#written);
  }

  stop(): void {
    this.#place?.removeEventListener("input", this.#written);
    this.#place = undefined;
    this.#fields.clear();
  }

  readonly #written = (event: Event) => {
    const [field] = event.composedPath();
    if (!isWriting(field)) return;
    this.#fields.add(field);
    this.#changed();
  };

  /** Something written stands in the page still. */
  isThere(): boolean {
    for (const field of this.#fields) if (!isFilled(field)) this.#fields.delete(field);
    return this.#fields.size > 0;
  }
}
