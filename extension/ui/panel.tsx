import { useEffect, useRef } from "preact/hooks";
import { BatchView } from "./batch-view.tsx";
import { Choice, Drop, Empty, ProblemView, Reading } from "./capture-views.tsx";
import { usePanel } from "./context.ts";
import { Filed, History, Undone } from "./history.tsx";
import { Icon } from "./icons.tsx";
import type { Stage } from "./panel-state.ts";
import { RecordView } from "./record-view.tsx";
import { Review } from "./review.tsx";
import { Downloads } from "./several-views.tsx";
import { SignIn, WhoIsIn } from "./sign-in.tsx";
import { sizeText } from "./strings.ts";

/** The whole panel: who is in, what is in front of them, what left. */
export function PanelView() {
  const { state, texts, controller } = usePanel();
  const main = useRef<HTMLElement>(null);
  const place = `${state.signedIn === undefined ? "signed-out" : state.view} ${state.stage.name}`;
  useReadFromTheTop(main, place);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      // Refused by the controller itself while anything stands in the way.
      void controller.send();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [controller]);
  const open = state.rows.filter((row) => row.state !== "sent").length;
  return (
    <div class="panel" data-stage={state.signedIn === undefined ? "signed-out" : state.stage.name}>
      <header class="top">
        <h1>
          <span class="mark" aria-hidden="true">
            <Icon name="send" />
          </span>
          {texts("app.title")}
        </h1>
        {state.signedIn !== undefined && <WhoIsIn />}
        {state.signedIn !== undefined && (
          <nav class="tabs" aria-label={texts("app.title")}>
            <button
              type="button"
              aria-current={state.view === "document" ? "page" : undefined}
              onClick={() => controller.setView("document")}
            >
              {texts("app.document")}
            </button>
            <button
              type="button"
              aria-current={state.view === "record" ? "page" : undefined}
              onClick={() => controller.setView("record")}
            >
              {texts("app.record")}
            </button>
            <button
              type="button"
              aria-current={state.view === "history" ? "page" : undefined}
              aria-label={open === 0 ? texts("app.history") : texts("app.history.count", { count: open })}
              onClick={() => controller.setView("history")}
            >
              {texts("app.history")}
              {open > 0 && <span class="count">{open}</span>}
            </button>
          </nav>
        )}
      </header>
      {!state.isOnline && (
        <p class="banner" role="status">
          <Icon name="offline" />
          {texts("app.offline")}
        </p>
      )}
      {state.isElsewhere && state.signedIn !== undefined && isOfAPage(state.stage.name) && (
        <p class="banner" role="status" data-elsewhere>
          <Icon name="ask" />
          {texts("app.elsewhere")}
        </p>
      )}
      {state.room.isLow && state.signedIn !== undefined && (
        <p class="banner" role="status" data-room="low">
          <Icon name="stop" />
          {texts("app.room", { size: sizeText(texts.locale, state.room.freeBytes ?? 0) })}
        </p>
      )}
      <main ref={main}>
        <Body />
      </main>
    </div>
  );
}

const isOfAPage = (stage: Stage["name"]) => /^(reading|choice|batch|review)$/.test(stage);

/**
 * What had the focus is gone when the panel shows something else: reading goes on at its first heading, which may be drawn
 * later than its place (a document that just left is listed first).
 */
function useReadFromTheTop(main: { readonly current: HTMLElement | null }, place: string): void {
  const read = useRef("");
  useEffect(() => {
    const heading = main.current?.querySelector("h2");
    if (read.current === place || heading === null || heading === undefined) return;
    read.current = place;
    const { activeElement } = document;
    if (activeElement !== null && activeElement !== document.body) return;
    heading.tabIndex = -1;
    heading.focus();
  });
}

function Body() {
  const { state } = usePanel();
  if (state.signedIn === undefined) return <SignIn />;
  if (state.view === "history") return <History />;
  if (state.view === "record") return <RecordView onScreen={state.onScreen ?? { name: "nobody" }} />;
  switch (state.stage.name) {
    case "empty":
      return (
        <>
          <Empty />
          <Drop />
        </>
      );
    case "reading":
      return <Reading />;
    case "choice":
      return (
        <>
          <Choice candidates={state.stage.candidates} />
          <Drop />
        </>
      );
    case "batch":
      return <BatchView {...state.stage} />;
    case "downloads":
      return (
        <>
          <Downloads downloads={state.stage.downloads} />
          <Drop />
        </>
      );
    case "problem":
      return (
        <>
          <ProblemView {...state.stage} />
          <Drop />
        </>
      );
    case "review":
      return <Review {...state.stage} />;
    case "undone":
      return (
        <>
          <Undone {...state.stage} />
          <Drop />
        </>
      );
    case "filed":
      return <Filed rowId={state.stage.rowId} />;
  }
}
