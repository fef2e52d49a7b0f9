import type { DocumentType } from "@carnet/sdk/terminology";
import { useMemo, useState } from "preact/hooks";
import { usePanel } from "./context.ts";
import { offered, searchTypes } from "./type-list.ts";

/** Combobox with a list (WAI-ARIA: list autocomplete with manual selection). */
export function TypeSearch(props: {
  readonly chosen: DocumentType | undefined;
  readonly proposals: readonly DocumentType[];
  readonly onChoose: (type: DocumentType) => void;
}) {
  const { texts } = usePanel();
  const [query, setQuery] = useState<string>();
  const [active, setActive] = useState(0);
  const isOpen = query !== undefined;
  const found = useMemo(
    () =>
      query === undefined
        ? []
        : query.trim() === ""
          ? [...props.proposals, ...offered.filter((type) => !props.proposals.includes(type))]
          : searchTypes(query),
    [query, props.proposals],
  );
  const choose = (type: DocumentType | undefined) => {
    if (type !== undefined) props.onChoose(type);
    setQuery(undefined);
  };
  const others = props.proposals.filter((type) => type.code !== props.chosen?.code).slice(0, 3);
  return (
    <div class="field type-search">
      <label for="type">{texts("describe.type")}</label>
      <input
        id="type"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-expanded={isOpen}
        aria-controls="type-list"
        aria-autocomplete="list"
        aria-activedescendant={isOpen && found[active] !== undefined ? `type-${active}` : undefined}
        placeholder={texts("describe.type.search", { count: offered.length })}
        value={query ?? props.chosen?.display ?? ""}
        onFocus={(event) => event.currentTarget.select()}
        onClick={() => setQuery((current) => current ?? "")}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onBlur={() => setQuery(undefined)}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            if (!isOpen) setQuery("");
            else setActive(Math.min(Math.max(active + (event.key === "ArrowDown" ? 1 : -1), 0), found.length - 1));
          } else if (event.key === "Enter" && isOpen) {
            event.preventDefault();
            choose(found[active]);
          } else if (event.key === "Escape" && isOpen) {
            event.preventDefault();
            setQuery(undefined);
          }
        }}
      />
      {isOpen && (
        <div id="type-list" role="listbox" tabIndex={-1} aria-label={texts("describe.type")}>
          {found.map((type, index) => (
            <div
              key={`${type.system}|${type.code}`}
              id={`type-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              ref={(element) => {
                if (index === active) element?.scrollIntoView({ block: "nearest" });
              }}
              // mousedown, not click: the field would lose the focus and close the list first.
              onMouseDown={(event) => {
                event.preventDefault();
                choose(type);
              }}
            >
              <span>{type.display}</span>
              <small class="quiet">{type.category}</small>
            </div>
          ))}
          {found.length === 0 && (
            <div class="quiet" role="option" tabIndex={-1} aria-disabled="true" aria-selected="false">
              {texts("describe.type.none")}
            </div>
          )}
        </div>
      )}
      {!isOpen && others.length > 0 && (
        <div class="others">
          <span class="quiet">{texts("describe.type.other")}</span>
          {others.map((type) => (
            <button type="button" class="chip" key={type.code} onClick={() => props.onChoose(type)}>
              {type.display}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
