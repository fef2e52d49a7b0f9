import { usePanel } from "./context.ts";
import type { Draft, VisibilityChoice } from "./draft.ts";
import { today } from "./today.ts";
import { TypeSearch } from "./type-search.tsx";

const choices: readonly VisibilityChoice[] = ["normal", "announcement", "hidden"];

/** Which document and who may see it. A CDA says all this itself and is not touched; its visibility is still chosen. */
export function DescribeForm({ draft }: { readonly draft: Draft }) {
  const { texts, controller } = usePanel();
  const isOwn = draft.cda === undefined;
  const because = draft.proposals.find((proposal) => proposal.type.code === draft.type?.code)?.because;
  return (
    <section class="card" aria-labelledby="describe">
      <h2 id="describe">{texts("describe.title")}</h2>
      {isOwn ? (
        <>
          <TypeSearch
            chosen={draft.type}
            proposals={draft.proposals.map((proposal) => proposal.type)}
            onChoose={(type) =>
              controller.edit({
                type,
                // The title follows the type until somebody writes one.
                ...(draft.title === (draft.type?.display ?? "") || draft.title === "" ? { title: type.display } : {}),
              })
            }
          />
          {because !== undefined && <p class="quiet">{texts("describe.type.because", { words: because })}</p>}
          <div class="field">
            <label for="title">{texts("describe.heading")}</label>
            <input
              id="title"
              value={draft.title}
              maxLength={120}
              autocomplete="off"
              onInput={(event) => controller.edit({ title: event.currentTarget.value })}
            />
          </div>
          <div class="field">
            <label for="act-date">{texts("describe.act")}</label>
            <input
              id="act-date"
              type="date"
              value={draft.actDate}
              max={today()}
              aria-describedby="act-hint"
              onInput={(event) => controller.edit({ actDate: event.currentTarget.value })}
            />
            <p id="act-hint" class="quiet">
              {texts("describe.act.hint")}
            </p>
          </div>
        </>
      ) : (
        <p>
          <strong>{draft.title}</strong>
          <br />
          <span class="quiet">{draft.type?.display ?? draft.cda?.header.type.display}</span>
        </p>
      )}
      <fieldset>
        <legend>{texts("visibility.title")}</legend>
        {choices.map((choice) => (
          <label class="option" key={choice}>
            <input
              type="radio"
              name="visibility"
              value={choice}
              checked={draft.visibility === choice}
              onChange={() => controller.edit({ visibility: choice })}
            />
            <span>
              {texts(`visibility.${choice}`)}
              {choice !== "normal" && draft.visibility === choice && (
                <small class="quiet">{texts(`visibility.${choice}.text`)}</small>
              )}
            </span>
          </label>
        ))}
      </fieldset>
    </section>
  );
}
