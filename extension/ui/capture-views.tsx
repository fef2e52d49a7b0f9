import { useRef, useState } from "preact/hooks";
import type { Candidate } from "../capture/capture.ts";
import { usePanel } from "./context.ts";
import { Icon } from "./icons.tsx";
import type { Stage } from "./panel-state.ts";
import { SeveralTabs } from "./several-views.tsx";
import type { StringKey } from "./strings.ts";

export function Empty() {
  const { texts } = usePanel();
  return (
    <section class="hero" aria-labelledby="empty">
      <span class="badge">
        <Icon name="file" />
      </span>
      <h2 id="empty">{texts("empty.title")}</h2>
      <p>{texts("empty.text")}</p>
    </section>
  );
}

export function Reading() {
  const { texts, controller } = usePanel();
  return (
    <section class="hero">
      <div role="status">
        <span class="spinner" aria-hidden="true" />
        <h2>{texts("reading.title")}</h2>
      </div>
      <button type="button" class="secondary" id="stop-reading" onClick={() => controller.dismiss()}>
        {texts("reading.stop")}
      </button>
    </section>
  );
}

export function Choice({ candidates }: { readonly candidates: readonly Candidate[] }) {
  const { texts, controller } = usePanel();
  const documents = candidates.filter(({ kind }) => kind === "document" || kind === "images");
  const ofPage = candidates.filter(({ kind }) => kind !== "document" && kind !== "images");
  return (
    <section aria-labelledby="choice">
      <h2 id="choice">{texts(documents.length === 0 ? "choice.none" : "choice.title")}</h2>
      <p class="quiet">{texts(documents.length === 0 ? "choice.none.text" : "choice.text")}</p>
      {documents.length > 0 && (
        <ul class="choices">
          {documents.map((candidate, index) => (
            <ChoiceItem key={index} candidate={candidate} />
          ))}
        </ul>
      )}
      {documents.filter(({ kind }) => kind === "document").length > 1 && (
        <button type="button" class="secondary" id="take-all" onClick={() => void controller.takeAll()}>
          {texts("choice.all")}
        </button>
      )}
      <SeveralTabs />
      {documents.length > 0 && <h3>{texts("choice.page.title")}</h3>}
      <ul class="choices">
        {ofPage.map((candidate) => (
          <ChoiceItem key={candidate.kind} candidate={candidate} />
        ))}
      </ul>
    </section>
  );
}

function ChoiceItem({ candidate }: { readonly candidate: Candidate }) {
  const { texts, controller } = usePanel();
  const label =
    candidate.kind === "document"
      ? candidate.label || texts("choice.untitled")
      : candidate.kind === "images"
        ? texts("choice.images", { count: candidate.images.length })
        : texts(`choice.${candidate.kind}`);
  return (
    <li>
      <button type="button" data-choice={candidate.kind} onClick={() => void controller.choose(candidate)}>
        <Icon name="file" />
        <span>
          {label}
          {candidate.kind === "screen" && <small class="quiet">{texts("choice.screen.text")}</small>}
        </span>
      </button>
    </li>
  );
}

export function ProblemView({ problem, download }: Pick<Extract<Stage, { name: "problem" }>, "problem" | "download">) {
  const { texts, controller, gestures } = usePanel();
  const { code, detail } = problem;
  const mayAllow = code === "capture-needs-permission" && detail !== undefined;
  return (
    <section class="hero problem" role="alert" data-problem={code} data-detail={detail}>
      <span class="badge warn">
        <Icon name="stop" />
      </span>
      <h2>{texts(`problem.${code}` as StringKey)}</h2>
      <p>{texts(`problem.${code}.text` as StringKey)}</p>
      {mayAllow ? (
        <>
          <p class="quiet">{detail}</p>
          <button type="button" class="primary" id="allow" onClick={() => gestures.allow(detail, download)}>
            {texts("problem.capture-needs-permission.action")}
          </button>
        </>
      ) : (
        controller.boundTab !== undefined && (
          <button type="button" class="secondary" onClick={gestures.retryCapture}>
            {texts("problem.retry")}
          </button>
        )
      )}
    </section>
  );
}

/** A file dropped or chosen: the way out of every page that cannot be read again. */
export function Drop() {
  const { texts, controller, gestures } = usePanel();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = (dropped: FileList | null | undefined) => {
    // Copied at once: the list is emptied with the field.
    const files = [...(dropped ?? [])];
    if (files.length > 0) void controller.takeFiles(files);
  };
  return (
    <section
      class={isOver ? "drop over" : "drop"}
      aria-labelledby="drop"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      <h2 id="drop">{texts("drop.title")}</h2>
      <input
        ref={input}
        id="drop-file"
        class="visually-hidden"
        type="file"
        multiple
        tabIndex={-1}
        aria-hidden="true"
        accept=".pdf,.xml,.json,.jpg,.jpeg,.png,.gif,.webp,.tif,.tiff,.rtf,.txt"
        onChange={() => {
          take(input.current?.files);
          // The same file may be chosen again after a refusal.
          if (input.current !== null) input.current.value = "";
        }}
      />
      <button type="button" class="secondary" onClick={() => input.current?.click()}>
        {texts("drop.action")}
      </button>
      <p class="quiet">{texts("drop.hint")}</p>
      <button type="button" class="link" id="list-downloads" onClick={gestures.listDownloads}>
        {texts("downloads.action")}
      </button>
    </section>
  );
}
