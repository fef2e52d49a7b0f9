import { type FunctionComponent, render } from "preact";
import { loadSettings, type Settings } from "../shared/settings.ts";
import { type StringKey, type Texts, textsOf } from "./strings.ts";

export interface ReadingPage {
  readonly texts: Texts;
  readonly settings: Settings;
}

/** A page of the extension that is only read: its language, its title, its words. */
export async function startReading(
  root: HTMLElement,
  title: StringKey,
  Page: FunctionComponent<ReadingPage>,
): Promise<void> {
  const settings = await loadSettings();
  const texts = textsOf(settings.locale);
  document.documentElement.lang = settings.locale;
  document.title = texts(title);
  render(
    <main class="options">
      <h1>{texts(title)}</h1>
      <Page texts={texts} settings={settings} />
    </main>,
    root,
  );
}

/** One subject under its heading. */
export function Topic({
  texts,
  name,
  lines,
}: {
  readonly texts: Texts;
  readonly name: StringKey;
  readonly lines: readonly StringKey[];
}) {
  return (
    <section class="card" aria-labelledby={name}>
      <h2 id={name}>{texts(name)}</h2>
      <ul>
        {lines.map((line) => (
          <li key={line}>{texts(line)}</li>
        ))}
      </ul>
    </section>
  );
}
