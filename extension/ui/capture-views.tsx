import { useRef, useState } from "preact/hooks";
import type { Candidate } from "../capture/capture.ts";
import type { Problem } from "../shared/problem.ts";
import { usePanel } from "./context.ts";
import { Icon } from "./icons.tsx";
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
  const { texts } = usePanel();
  return (
    <section class="hero" role="status" aria-live="polite">
      <span class="spinner" aria-hidden="true" />
      <h2>{texts("reading.title")}</h2>
    </section>
  );
}

export function Choice({ candidates }: { readonly candidates: readonly Candidate[] }) {
  const { texts, controller } = usePanel();
  return (
    <section aria-labelledby="choice">
      <h2 id="choice">{texts("choice.title")}</h2>
      <p class="quiet">{texts("choice.text")}</p>
      <ul class="choices">
        {candidates.map((candidate) => (
          <li key={candidate.address}>
            <button type="button" onClick={() => void controller.choose(candidate)}>
              <Icon name="file" />
              <span>{candidate.label || texts("choice.untitled")}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function ProblemView({ problem }: { readonly problem: Problem }) {
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
          <button type="button" class="primary" id="allow" onClick={() => gestures.allow(detail)}>
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
  const { texts, controller } = usePanel();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    await controller.takeFile({ name: file.name, type: file.type, bytes: new Uint8Array(await file.arrayBuffer()) });
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
        void take(event.dataTransfer?.files[0]);
      }}
    >
      <h2 id="drop">{texts("drop.title")}</h2>
      <input
        ref={input}
        id="drop-file"
        class="visually-hidden"
        type="file"
        tabIndex={-1}
        aria-hidden="true"
        accept=".pdf,.xml,.json,.jpg,.jpeg,.png,.tif,.tiff,.rtf,.txt"
        onChange={() => {
          void take(input.current?.files?.[0]);
          // The same file may be chosen again after a refusal.
          if (input.current !== null) input.current.value = "";
        }}
      />
      <button type="button" class="secondary" onClick={() => input.current?.click()}>
        {texts("drop.action")}
      </button>
      <p class="quiet">{texts("drop.hint")}</p>
    </section>
  );
}
