/** What the panel tells the page, newest first. Events of the panel carry no health data but the document that is opened. */

/** All that the widget's documentation names. */
const names = [
  "carnet-state",
  "carnet-ready",
  "carnet-open-document",
  "carnet-deposited",
  "carnet-document-changed",
  "carnet-access",
  "carnet-message-sent",
  "carnet-session-ending",
  "carnet-error",
] as const;

export interface HeardEvent {
  readonly time: Date;
  readonly name: string;
  readonly detail: string;
  readonly isPrevented: boolean;
}

/** Values of the detail as a reader takes them in: what is an object of the SDK is named, not unrolled. */
function written(detail: unknown): string {
  return JSON.stringify(detail, (key, value: unknown) =>
    key !== "" && typeof value === "object" && value !== null ? "{…}" : value,
  );
}

/** Hears every event of the panel in `place`, after the page had its say. @returns the way to stop */
export function hearEvents(place: EventTarget, heard: (event: HeardEvent) => void): () => void {
  const listen = (event: Event) => {
    if (!(event instanceof CustomEvent)) return;
    const { type: name, detail, defaultPrevented: isPrevented } = event;
    heard({ time: new Date(), name, detail: written(detail), isPrevented });
  };
  for (const name of names) place.addEventListener(name, listen);
  return () => {
    for (const name of names) place.removeEventListener(name, listen);
  };
}
