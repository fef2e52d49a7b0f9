import type { Adapter } from "../adapters/adapter.ts";
import type { PageReading } from "../adapters/tool-page.ts";
import { type Finding, findingOf, type TraitName, traitNames } from "./adapter-findings.ts";
import { dateText, type StringKey, type Texts } from "./strings.ts";

export interface PlacesProps {
  readonly texts: Texts;
  readonly adapter: Adapter;
  readonly reading: PageReading | undefined;
  /** A page was chosen, and nobody is pointing in it. */
  readonly canPoint: boolean;
  readonly onPlace: (name: TraitName | "documents", place: string) => void;
  readonly onPoint: (name: TraitName | "documents") => void;
}

const labels: Record<TraitName, StringKey> = {
  birthName: "trait.birthName",
  usedName: "trait.usedName",
  givenName: "trait.firstGivenName",
  birthDate: "trait.birthDate",
  sex: "trait.sex",
  ins: "trait.ins",
};

/** Where each trait and the documents stand, written or pointed at, and what is read there. */
export function Places(props: PlacesProps) {
  const { texts, adapter, reading } = props;
  const [place = ""] = adapter.documents;
  return (
    <ul class="rows adapter-places">
      {traitNames.map((name) => {
        const at = adapter.identity[name] ?? "";
        const finding = at === "" || reading === undefined ? undefined : findingOf(name, reading);
        return (
          <Place key={name} {...props} name={name} place={at} label={texts(labels[name])}>
            {finding !== undefined && <Found texts={texts} finding={finding} />}
          </Place>
        );
      })}
      <Place {...props} name="documents" place={place} label={texts("adapter.documents")}>
        {(reading?.documents ?? []).map(({ place: at, count, text }) => (
          <p key={at} class={count > 0 ? "good" : "error"} data-found={count > 0 ? "read" : "missing"}>
            {count > 0
              ? texts("adapter.documents.found", { count, title: text === "" ? texts("trait.none") : text })
              : texts(count === 0 ? "adapter.found.missing" : "adapter.found.invalid")}
          </p>
        ))}
      </Place>
    </ul>
  );
}

function Place({
  texts,
  name,
  place,
  label,
  canPoint,
  onPlace,
  onPoint,
  children,
}: PlacesProps & {
  readonly name: TraitName | "documents";
  readonly place: string;
  readonly label: string;
  readonly children: preact.ComponentChildren;
}) {
  return (
    <li class="field">
      <label for={`place-${name}`}>{label}</label>
      <div class="row">
        <input
          id={`place-${name}`}
          value={place}
          spellcheck={false}
          autocomplete="off"
          onChange={(event) => onPlace(name, event.currentTarget.value.trim())}
        />
        <button
          type="button"
          class="secondary"
          disabled={!canPoint}
          aria-label={texts("adapter.point.what", { what: label })}
          data-point={name}
          onClick={() => onPoint(name)}
        >
          {texts("adapter.point")}
        </button>
      </div>
      {children}
    </li>
  );
}

function Found({ texts, finding }: { readonly texts: Texts; readonly finding: Finding }) {
  return (
    <p class={finding.state === "read" ? "good" : "error"} data-found={finding.state}>
      {wordsOf(texts, finding)}
    </p>
  );
}

function wordsOf(texts: Texts, finding: Finding): string {
  switch (finding.state) {
    case "read": {
      const { ins, birthDate, sex, ...names } = finding.traits;
      const values = [
        ins?.value,
        birthDate === undefined ? undefined : dateText(texts.locale, birthDate),
        sex === undefined ? undefined : texts(`sex.${sex}`),
        ...Object.values(names),
      ];
      return texts("adapter.found.read", { value: values.filter((value) => value !== undefined).join(" ") });
    }
    case "unread":
      return texts("adapter.found.unread", { text: finding.text });
    case "several":
      return texts("adapter.found.several", { count: finding.count });
    default:
      return texts(`adapter.found.${finding.state}`);
  }
}
