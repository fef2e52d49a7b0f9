import { usePanel } from "./context.ts";
import { asksAboutEarlier, type Draft, type EarlierChoice, replacedBy } from "./draft.ts";
import { instantText } from "./strings.ts";

/** The same document, or nearly, was sent for this patient before: what is this one to it? */
export function EarlierCard({ draft }: { readonly draft: Draft }) {
  const { texts, controller } = usePanel();
  const { earlier } = draft;
  if (earlier === undefined) return null;
  const date = instantText(texts.locale, earlier.sentAt);
  const choices: readonly EarlierChoice[] = earlier.documentId === undefined ? ["another"] : ["replaces", "another"];
  return (
    <section class="card earlier" aria-labelledby="earlier" data-earlier={earlier.likeness}>
      <h2 id="earlier">{texts("earlier.title")}</h2>
      {asksAboutEarlier(draft) ? (
        <fieldset>
          <legend>{texts(`earlier.${earlier.likeness}`, { date })}</legend>
          {choices.map((choice) => (
            <label class="option" key={choice}>
              <input
                type="radio"
                name="earlier"
                value={choice}
                checked={draft.earlierChoice === choice}
                onChange={() => controller.edit({ earlierChoice: choice })}
              />
              <span>
                {texts(`earlier.${choice}`)}
                {choice === "replaces" && <small class="quiet">{texts("earlier.replaces.text")}</small>}
              </span>
            </label>
          ))}
        </fieldset>
      ) : (
        <p>{texts(replacedBy(draft) === undefined ? "earlier.cda" : "earlier.cda.replaces", { date })}</p>
      )}
    </section>
  );
}
