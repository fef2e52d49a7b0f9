/** HTML written on the server: what comes in is escaped unless it was made here. */

/** A piece of HTML made by {@link html}: never escaped again. */
export class Html {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }

  toString(): string {
    return this.value;
  }
}

type Part = Html | string | number | undefined | false | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function written(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.value;
  if (typeof part === "string" || typeof part === "number")
    return String(part).replace(/[&<>"']/g, (character) => entities[character] ?? character);
  return part.map(written).join("");
}

/** Template tag: `` html`<p>${name}</p>` ``. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((text, string, index) => text + string + written(parts[index]), ""));
}
