import { InsError, parseIns } from "@carnet/sdk/identity";
import type { ComponentChild } from "preact";
import { useState } from "preact/hooks";
import type { Judgement, TraitRow } from "../identify/judge.ts";
import { usePanel } from "./context.ts";
import type { Draft, IdentityState } from "./draft.ts";
import { Icon, type IconName } from "./icons.tsx";
import { dateText, type StringKey, type Texts } from "./strings.ts";

type Tone = "good" | "ask" | "bad" | "busy";

const icons: Record<Tone, IconName> = { good: "check", ask: "ask", bad: "stop", busy: "clock" };

/** For whom: the verdict in words, colour and drawing, then what it stands on. */
export function IdentityCard({ draft, picture }: { readonly draft: Draft; readonly picture?: ComponentChild }) {
  const { texts, controller } = usePanel();
  const { identity } = draft;
  const { tone, title, text } = headline(identity);
  const places = placesOfPatients(draft);
  return (
    <section class={`card identity ${tone}`} aria-labelledby="patient" data-identity={verdictOf(identity)}>
      <h2 id="patient">{texts("patient.title")}</h2>
      <p class="verdict" role={tone === "bad" ? "alert" : "status"}>
        <Icon name={icons[tone]} />
        <strong>{texts(title)}</strong>
      </p>
      {text !== undefined && <p>{texts(text)}</p>}
      {namesSeveral(identity) && places.length > 1 && <Places draft={draft} places={places} label="patient.places" />}
      {identity.name === "missing" && <TypeIns />}
      {identity.name === "failed" && (
        <button type="button" class="secondary" onClick={() => void controller.retryRecord()}>
          {texts("patient.retry")}
        </button>
      )}
      {identity.name === "judged" && (
        <>
          {identity.judgement.reasons.length > 0 && (
            <ul class="reasons">
              {identity.judgement.reasons.map((reason) => (
                <li key={reason}>{texts(`reason.${reason}`)}</li>
              ))}
            </ul>
          )}
          {identity.judgement.reasons.some((reason) => reason.startsWith("about-")) && (
            <Places draft={draft} places={draft.placesOfOthers} label="patient.places.others" />
          )}
          {picture}
          {identity.judgement.verdict === "certain" ? (
            <Person rows={identity.judgement.rows} />
          ) : (
            <SideBySide {...identity.judgement} />
          )}
          <p class="quiet">{texts(`patient.source.${identity.source}`)}</p>
          {identity.judgement.verdict === "doubtful" && (
            <label class="confirm">
              <input
                type="checkbox"
                id="confirm"
                checked={draft.isConfirmed}
                onChange={(event) => controller.edit({ isConfirmed: event.currentTarget.checked })}
              />
              <span>{texts("patient.confirm")}</span>
            </label>
          )}
        </>
      )}
    </section>
  );
}

function verdictOf(identity: IdentityState): string {
  return identity.name === "judged" ? identity.judgement.verdict : identity.name;
}

function headline(identity: IdentityState): { tone: Tone; title: StringKey; text?: StringKey } {
  switch (identity.name) {
    case "missing":
      return { tone: "ask", title: "patient.missing", text: "patient.missing.text" };
    case "looking":
      return { tone: "busy", title: "patient.looking" };
    case "refused":
      return identity.why === "several-patients"
        ? { tone: "bad", title: "patient.several", text: "patient.several.text" }
        : { tone: "bad", title: "patient.page-differs", text: "patient.page-differs.text" };
    case "no-record":
      return { tone: "bad", title: "patient.no-record", text: "patient.no-record.text" };
    case "closed":
      return { tone: "bad", title: "patient.closed", text: "patient.closed.text" };
    case "incomplete":
      return { tone: "bad", title: "patient.incomplete", text: "patient.incomplete.text" };
    case "failed":
      return { tone: "ask", title: "patient.failed", text: `problem.${identity.problem.code}.text` as StringKey };
    case "judged":
      switch (identity.judgement.verdict) {
        case "certain":
          return { tone: "good", title: "patient.certain", text: "patient.certain.text" };
        case "doubtful":
          return { tone: "ask", title: "patient.doubtful" };
        case "wrong":
          return { tone: "bad", title: "patient.wrong", text: "patient.wrong.text" };
      }
  }
}

function namesSeveral(identity: IdentityState): boolean {
  if (identity.name === "refused") return identity.why === "several-patients";
  return identity.name === "judged" && identity.judgement.reasons.includes("other-person");
}

/** Those of the patients that it names, and the words that speak of somebody else than the person of the record. */
function placesOfPatients({ places, identity }: Draft): Draft["places"] {
  const mentions = identity.name === "judged" ? identity.judgement.mentions : [];
  const isNew = (one: Draft["places"][number]) =>
    !places.some(({ page, file, words }) => page === one.page && file === one.file && words.includes(one.words));
  return [...places, ...mentions.filter(isNew).slice(0, mostMentions)];
}

const mostMentions = 5;

interface PlacesProps {
  readonly draft: Draft;
  readonly places: Draft["places"];
  readonly label: StringKey;
}

/** What to look at in the document before sending or separating it: its own words. */
function Places({ draft, places, label }: PlacesProps) {
  const { texts } = usePanel();
  return (
    <ol class="places" aria-label={texts(label)}>
      {places.map(({ page, file, words }) => (
        <li key={`${file}-${page}-${words}`}>
          {file !== undefined && <span class="quiet">{texts("patient.places.file", { file })} </span>}
          {file === undefined && (draft.pdf?.pageCount ?? 1) > 1 && (
            <span class="quiet">{texts("patient.places.page", { page: String(page) })} </span>
          )}
          <mark>{words}</mark>
        </li>
      ))}
    </ol>
  );
}

/** A certain identity: read once, large. */
function Person({ rows }: { readonly rows: readonly TraitRow[] }) {
  const { texts } = usePanel();
  const of = (trait: TraitRow["trait"]) => rows.find((row) => row.trait === trait);
  const family = of("birthName")?.expected ?? "";
  const given = of("firstGivenName")?.expected || of("birthGivenNames")?.expected;
  const rest = (["birthDate", "sex", "ins"] as const).flatMap((trait) => of(trait) ?? []);
  return (
    <>
      <p class="person">
        <span class="family">{family}</span> {given}
      </p>
      <dl class="traits">
        {rest.map((row) => (
          <div key={row.trait}>
            <dt>{texts(`trait.${row.trait}`)}</dt>
            <dd>{traitText(texts, row.trait, row.expected)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function SideBySide({ rows, readOn }: Pick<Judgement, "rows" | "readOn">) {
  const { texts } = usePanel();
  return (
    <table class="compare">
      <thead>
        <tr>
          <th scope="col">{texts("patient.trait")}</th>
          <th scope="col">{texts(`patient.read.${readOn}`)}</th>
          <th scope="col">{texts("patient.record")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.trait} data-outcome={row.outcome}>
            <th scope="row">
              {texts(`trait.${row.trait}`)}
              <span class="outcome">{outcomeText(texts, row)}</span>
            </th>
            <td>{traitText(texts, row.trait, row.found)}</td>
            <td>{traitText(texts, row.trait, row.expected)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function outcomeText(texts: Texts, { outcome, comparedWith }: TraitRow): string {
  return texts(comparedWith === undefined ? `outcome.${outcome}` : `outcome.same.${comparedWith}`);
}

function traitText(texts: Texts, trait: TraitRow["trait"], value: string): string {
  if (value === "") return texts("trait.none");
  if (trait === "birthDate") return dateText(texts.locale, value);
  if (trait === "sex") return texts(`sex.${value}` as StringKey);
  if (trait === "ins") return value.replace(/^(.)(..)(..)(..)(...)(...)(..)$/, "$1 $2 $3 $4 $5 $6 $7");
  return value;
}

/** Asked only when nothing gives the number, always empty: no number of a former patient is ever offered. */
function TypeIns() {
  const { texts, controller } = usePanel();
  const [value, setValue] = useState("");
  const [error, setError] = useState<StringKey>();
  const search = () => {
    try {
      void controller.typeIns(parseIns(value));
      setError(undefined);
    } catch (problem) {
      setError(problem instanceof InsError && problem.code === "ins-key" ? "patient.ins.key" : "patient.ins.shape");
    }
  };
  return (
    <div class="field">
      <label for="ins">{texts("patient.ins")}</label>
      <div class="row">
        <input
          id="ins"
          value={value}
          inputMode="text"
          autocomplete="off"
          spellcheck={false}
          maxLength={30}
          aria-invalid={error !== undefined}
          aria-describedby={error === undefined ? undefined : "ins-error"}
          onInput={(event) => setValue(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            search();
          }}
        />
        <button type="button" class="secondary" id="ins-search" onClick={search}>
          {texts("patient.ins.search")}
        </button>
      </div>
      {error !== undefined && (
        <p id="ins-error" class="error" role="alert">
          {texts(error)}
        </p>
      )}
    </div>
  );
}
