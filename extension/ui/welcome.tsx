import { useEffect, useState } from "preact/hooks";
import { browser } from "../platform/browser.ts";
import { type ReadingPage, Topic } from "./reading-page.tsx";

/** First steps, shown once when somebody installs the extension by hand; a hospital that installs it for everybody is spared it. */
export function Welcome({ texts, settings }: ReadingPage) {
  const [shortcut, setShortcut] = useState("");
  useEffect(() => {
    void browser.commands.getAll().then((commands) => setShortcut(commands[0]?.shortcut ?? ""));
  }, []);
  return (
    <>
      <p>{texts("welcome.text")}</p>
      <section class="card" aria-labelledby="steps">
        <h2 id="steps">{texts("welcome.steps")}</h2>
        <ol>
          <li>{texts("welcome.pin")}</li>
          <li>{texts("welcome.show")}</li>
          <li>{texts(shortcut === "" ? "welcome.click" : "welcome.click.shortcut", { shortcut })}</li>
          <li>{texts("welcome.check")}</li>
        </ol>
        <p class="quiet">{texts("welcome.service", { service: settings.serviceUrl })}</p>
      </section>
      <Topic
        texts={texts}
        name="welcome.never"
        lines={["welcome.never.wrong", "welcome.never.read", "welcome.never.lost"]}
      />
      <p class="actions">
        <a href={browser.runtime.getURL("privacy.html")}>{texts("privacy.title")}</a>
        <a href={browser.runtime.getURL("options.html")}>{texts("options.title")}</a>
      </p>
    </>
  );
}
