import { useEffect, useRef, useState } from "preact/hooks";
import type { Adapter } from "../adapters/adapter.ts";
import { type AdapterError, readAdapter } from "../adapters/read-adapter.ts";
import {
  openPagesOf,
  type PageReading,
  placeOfDocuments,
  placeOfTrait,
  pointAt,
  readWith,
  type ToolPage,
} from "../adapters/tool-page.ts";
import { readOwnAdapters, saveOwnAdapters } from "../shared/settings.ts";
import { isTrait, type TraitName, withPlace } from "./adapter-findings.ts";
import { Places } from "./adapter-places.tsx";
import type { StringKey, Texts } from "./strings.ts";

const blankOf = (id: string): Adapter => ({ id, version: 1, match: [], health: [], identity: {}, documents: [] });
const textOf = (adapter: Adapter) => JSON.stringify(adapter, null, 2);

/** What a person calls it, as an id may be written. */
const nameOf = (written: string, otherwise: string) =>
  written
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 60) || otherwise;

/**
 * An adapter written by pointing at the elements of an open page. Its JSON is the one truth: the fields write it, and
 * a person who knows it writes it too. What is read of a page stays in this tab, and goes with it.
 * @param isManaged the hospital gives the adapters: what is made here leaves as a file
 */
export function AdapterEditor({ texts, isManaged }: { readonly texts: Texts; readonly isManaged: boolean }) {
  const [json, setJson] = useState(() => textOf(blankOf(texts("adapter.id.first"))));
  const [pages, setPages] = useState<readonly ToolPage[]>([]);
  const [tabId, setTabId] = useState<number>();
  const [reading, setReading] = useState<PageReading>();
  const [isPointing, setPointing] = useState(false);
  const [note, setNote] = useState<StringKey>();
  const [own, setOwn] = useState<readonly Adapter[]>([]);
  useEffect(() => void readOwnAdapters().then(setOwn), []);

  const parsed = readAdapter(json);
  const adapter = parsed.ok ? parsed.adapter : undefined;
  const page = pages.find((one) => one.tabId === tabId);

  const read = async (changed: Adapter, from = tabId) => {
    if (from === undefined) return;
    const found = await readWith(from, changed);
    setReading(found);
    if (found === undefined) setNote("adapter.page.gone");
  };
  const change = async (changed: Adapter) => {
    setJson(textOf(changed));
    setNote(undefined);
    await read(changed);
  };
  const write = (text: string) => {
    setJson(text);
    setReading(undefined);
    setNote(undefined);
    const written = readAdapter(text);
    if (written.ok) void read(written.adapter);
  };
  const findPages = async () => {
    const [address = ""] = adapter?.match ?? [];
    if (adapter === undefined || !URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
      setNote("adapter.address.invalid");
      return;
    }
    // In the click itself: the browser asks for the tool's address, and only for it.
    const found = await openPagesOf(address).catch(() => undefined);
    const [first] = found ?? [];
    setPages(found ?? []);
    setTabId(first?.tabId);
    setNote(found === undefined ? "adapter.page.refused" : first === undefined ? "adapter.page.none" : undefined);
    if (first !== undefined) await read(adapter, first.tabId);
  };
  const point = async (name: TraitName | "documents") => {
    if (tabId === undefined || adapter === undefined) return;
    setPointing(true);
    setNote(undefined);
    try {
      const pointed = await pointAt(tabId);
      if (pointed === undefined) {
        setNote("adapter.point.nothing");
        return;
      }
      const place =
        name === "documents"
          ? await placeOfDocuments(tabId, pointed)
          : await placeOfTrait(tabId, pointed, isTrait(name));
      if (place === undefined) setNote(name === "documents" ? "adapter.point.no-link" : "adapter.point.lost");
      else await change(name === "documents" ? { ...adapter, documents: [place] } : withPlace(adapter, name, place));
    } finally {
      setPointing(false);
    }
  };
  const save = async () => {
    if (adapter === undefined) return;
    const kept = [...own.filter(({ id }) => id !== adapter.id), adapter];
    await saveOwnAdapters(kept);
    setOwn(kept);
    setNote("adapter.saved");
  };
  const remove = async (id: string) => {
    const kept = own.filter((one) => one.id !== id);
    await saveOwnAdapters(kept);
    setOwn(kept);
  };

  return (
    <section class="card" aria-labelledby="adapter">
      <h2 id="adapter">{texts("adapter.title")}</h2>
      <p class="quiet">{texts("adapter.text")}</p>
      <div class="field">
        <label for="adapter-id">{texts("adapter.id")}</label>
        <input
          id="adapter-id"
          value={adapter?.id ?? ""}
          disabled={adapter === undefined}
          aria-describedby="adapter-id-hint"
          onChange={({ currentTarget }) =>
            adapter !== undefined &&
            void change({ ...adapter, id: nameOf(currentTarget.value, texts("adapter.id.first")) })
          }
        />
        <p id="adapter-id-hint" class="quiet">
          {texts("adapter.id.hint")}
        </p>
      </div>
      <div class="field">
        <label for="adapter-address">{texts("adapter.address")}</label>
        <div class="row">
          <input
            id="adapter-address"
            type="url"
            value={adapter?.match[0] ?? ""}
            disabled={adapter === undefined}
            placeholder="https://dpi.example/dossier"
            onChange={({ currentTarget }) =>
              adapter !== undefined &&
              void change({ ...adapter, match: [currentTarget.value.trim(), ...adapter.match.slice(1)] })
            }
          />
          <button type="button" class="secondary" id="adapter-pages" onClick={() => void findPages()}>
            {texts("adapter.pages")}
          </button>
        </div>
      </div>
      {pages.length > 0 && (
        <div class="field">
          <label for="adapter-page">{texts("adapter.page")}</label>
          <select
            id="adapter-page"
            value={tabId}
            onChange={({ currentTarget }) => {
              const chosen = Number(currentTarget.value);
              setTabId(chosen);
              if (adapter !== undefined) void read(adapter, chosen);
            }}
          >
            {pages.map(({ tabId: id, title, address }) => (
              <option key={id} value={id}>
                {title === "" ? address : title}
              </option>
            ))}
          </select>
          <p class="quiet">{texts("adapter.point.how")}</p>
        </div>
      )}
      {reading !== undefined && !reading.isKnown && <p class="note warn">{texts("adapter.found.unknown-page")}</p>}
      {adapter !== undefined && (
        <Places
          texts={texts}
          adapter={adapter}
          reading={reading}
          canPoint={page !== undefined && !isPointing}
          onPlace={(name, place) =>
            void change(
              name === "documents"
                ? { ...adapter, documents: [place, ...adapter.documents.slice(1)].filter((one) => one !== "") }
                : withPlace(adapter, name, place),
            )
          }
          onPoint={(name) => void point(name)}
        />
      )}
      <p role="status" id="adapter-note">
        {note === undefined ? "" : texts(note)}
      </p>
      <Written texts={texts} json={json} errors={parsed.ok ? [] : parsed.errors} onWrite={write} />
      <p class="actions">
        {!isManaged && (
          <button
            type="button"
            class="primary"
            id="adapter-save"
            disabled={adapter === undefined}
            onClick={() => void save()}
          >
            {texts("adapter.save")}
          </button>
        )}
        <button
          type="button"
          class="secondary"
          disabled={adapter === undefined || page === undefined}
          onClick={() => adapter !== undefined && void read(adapter)}
        >
          {texts("adapter.read")}
        </button>
        {adapter !== undefined && <Exported texts={texts} adapter={adapter} />}
      </p>
      {isManaged && <p class="note">{texts("adapter.managed")}</p>}
      {own.length > 0 && (
        <>
          <h3>{texts("adapter.own")}</h3>
          <ul class="rows">
            {own.map((one) => (
              <li key={one.id} class="actions">
                <code>{one.id}</code>
                <button type="button" class="link" onClick={() => write(textOf(one))}>
                  {texts("adapter.own.edit", { id: one.id })}
                </button>
                <button type="button" class="link" data-remove={one.id} onClick={() => void remove(one.id)}>
                  {texts("adapter.own.remove", { id: one.id })}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** The adapter as its file holds it, with what is wrong named by its place. */
function Written({
  texts,
  json,
  errors,
  onWrite,
}: {
  readonly texts: Texts;
  readonly json: string;
  readonly errors: readonly AdapterError[];
  readonly onWrite: (text: string) => void;
}) {
  const isWrong = errors.length > 0;
  const details = useRef<HTMLDetailsElement>(null);
  // What is wrong may stand where no field shows it.
  useEffect(() => {
    if (isWrong && details.current !== null) details.current.open = true;
  }, [isWrong]);
  return (
    <details ref={details}>
      <summary>{texts("adapter.json")}</summary>
      <div class="field">
        <label for="adapter-json">{texts("adapter.json.label")}</label>
        <textarea
          id="adapter-json"
          rows={14}
          spellcheck={false}
          value={json}
          aria-invalid={isWrong}
          aria-describedby="adapter-errors"
          onInput={({ currentTarget }) => onWrite(currentTarget.value)}
        />
        <ul id="adapter-errors" class="rows error">
          {errors.map(({ place, reason }) => (
            <li key={`${place} ${reason}`} data-error={place}>
              {place !== "" && <code>{place}</code>} {texts(`adapter.error.${reason}`)}
            </li>
          ))}
        </ul>
      </div>
      <div class="field">
        <label for="adapter-open">{texts("adapter.open")}</label>
        <input
          id="adapter-open"
          type="file"
          accept=".json"
          onChange={({ currentTarget }) => void currentTarget.files?.[0]?.text().then(onWrite)}
        />
      </div>
    </details>
  );
}

function Exported({ texts, adapter }: { readonly texts: Texts; readonly adapter: Adapter }) {
  const [href, setHref] = useState<string>();
  const text = textOf(adapter);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    setHref(made);
    return () => URL.revokeObjectURL(made);
  }, [text]);
  return (
    <a class="link" id="adapter-export" download={`${adapter.id}.json`} href={href}>
      {texts("adapter.export")}
    </a>
  );
}
