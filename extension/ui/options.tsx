import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { browser } from "../platform/browser.ts";
import { isServiceAddress, loadSettings, type Settings, saveAdapterBundle, saveSettings } from "../shared/settings.ts";
import { AdapterEditor } from "./adapter-editor.tsx";
import { type Locale, type Texts, textsOf } from "./strings.ts";

export async function startOptions(root: HTMLElement): Promise<void> {
  const settings = await loadSettings();
  const texts = textsOf(settings.locale);
  document.documentElement.lang = settings.locale;
  document.title = texts("options.title");
  render(<Options settings={settings} texts={texts} />, root);
}

function Options({ settings, texts }: { readonly settings: Settings; readonly texts: Texts }) {
  const [serviceUrl, setServiceUrl] = useState(settings.serviceUrl);
  const [locale, setLocale] = useState<Locale>(settings.locale);
  const [note, setNote] = useState<"options.saved" | "options.service.invalid">();
  const save = async () => {
    if (!/^https?:\/\/[^/]+\/?$/.test(serviceUrl) || !isServiceAddress(serviceUrl)) {
      setNote("options.service.invalid");
      return;
    }
    const { protocol, hostname, origin } = new URL(serviceUrl);
    // In the click itself: the browser asks for the service's address, and only for it.
    if (!settings.isManaged)
      await browser.permissions.request({ origins: [`${protocol}//${hostname}/*`] }).catch(() => false);
    await saveSettings({ ...(settings.isManaged ? {} : { serviceUrl: origin }), locale });
    setNote("options.saved");
  };
  return (
    <main class="options">
      <h1>{texts("options.title")}</h1>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {settings.isManaged && <p class="note">{texts("options.managed")}</p>}
        <div class="field">
          <label for="service">{texts("options.service")}</label>
          <input
            id="service"
            type="url"
            value={serviceUrl}
            disabled={settings.isManaged}
            aria-describedby="service-hint"
            onInput={(event) => setServiceUrl(event.currentTarget.value)}
          />
          <p id="service-hint" class="quiet">
            {texts("options.service.hint")}
          </p>
        </div>
        <div class="field">
          <label for="locale">{texts("options.language")}</label>
          <select
            id="locale"
            value={locale}
            onChange={(event) => setLocale(event.currentTarget.value === "en" ? "en" : "fr")}
          >
            <option value="fr">Français</option>
            <option value="en">English</option>
          </select>
        </div>
        <button type="submit" class="primary">
          {texts("options.save")}
        </button>
        <p role="status" class={note === "options.service.invalid" ? "error" : "quiet"}>
          {note === undefined ? "" : texts(note)}
        </p>
      </form>
      <Hosts texts={texts} />
      {settings.adapterKey !== undefined && <AdapterFile texts={texts} publicKey={settings.adapterKey} />}
      <AdapterEditor texts={texts} isManaged={settings.isManaged} />
      <Shortcut texts={texts} />
      <nav class="actions" aria-label={texts("options.more")}>
        <a href={browser.runtime.getURL("welcome.html")}>{texts("welcome.title")}</a>
        <a href={browser.runtime.getURL("privacy.html")}>{texts("privacy.title")}</a>
      </nav>
    </main>
  );
}

function Hosts({ texts }: { readonly texts: Texts }) {
  const [origins, setOrigins] = useState<readonly string[]>([]);
  const refresh = () => void browser.permissions.getAll().then((all) => setOrigins(all.origins ?? []));
  useEffect(refresh, []);
  return (
    <section class="card" aria-labelledby="hosts">
      <h2 id="hosts">{texts("options.hosts")}</h2>
      <p class="quiet">{texts("options.hosts.text")}</p>
      {origins.length === 0 && <p>{texts("options.hosts.none")}</p>}
      <ul class="rows">
        {origins.map((origin) => (
          <li key={origin} class="actions">
            <code>{origin}</code>
            <button
              type="button"
              class="link"
              onClick={() =>
                // What the manifest requires cannot be taken back: the browser says so by refusing.
                void browser.permissions.remove({ origins: [origin] }).then(refresh, refresh)
              }
            >
              {texts("options.hosts.revoke", { host: origin })}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A file of adapters signed by the hospital; offered only where its policy gives the key. */
function AdapterFile({ texts, publicKey }: { readonly texts: Texts; readonly publicKey: string }) {
  const [note, setNote] = useState("");
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    const count = await saveAdapterBundle(await file.text(), publicKey);
    setNote(count === undefined ? texts("options.adapters.refused") : texts("options.adapters.taken", { count }));
  };
  return (
    <section class="card" aria-labelledby="adapters">
      <h2 id="adapters">{texts("options.adapters")}</h2>
      <div class="field">
        <label for="adapter-file">{texts("options.adapters.file")}</label>
        <input
          id="adapter-file"
          type="file"
          accept=".json"
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
      </div>
      <p role="status">{note}</p>
    </section>
  );
}

/** Browsers may leave a suggested shortcut unassigned without a word: we say it. */
function Shortcut({ texts }: { readonly texts: Texts }) {
  const [shortcut, setShortcut] = useState<string>();
  useEffect(() => {
    void browser.commands.getAll().then((commands) => setShortcut(commands[0]?.shortcut ?? ""));
  }, []);
  return (
    <section class="card" aria-labelledby="shortcut">
      <h2 id="shortcut">{texts("options.shortcut")}</h2>
      <p>{shortcut === "" ? texts("options.shortcut.none") : shortcut}</p>
    </section>
  );
}
