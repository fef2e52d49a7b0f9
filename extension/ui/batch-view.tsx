import type { Problem } from "../shared/problem.ts";
import type { Batch, BatchItem } from "./batch.ts";
import { usePanel } from "./context.ts";
import { nameOf } from "./file-draft.ts";
import { Icon, type IconName } from "./icons.tsx";
import { NotQueued } from "./not-queued.tsx";
import type { StringKey } from "./strings.ts";

const icons: Record<BatchItem["state"], IconName> = {
  waiting: "clock",
  reading: "clock",
  ready: "check",
  unsure: "ask",
  failed: "stop",
  filed: "send",
};
const tones: Record<BatchItem["state"], string> = {
  waiting: "busy",
  reading: "busy",
  ready: "good",
  unsure: "ask",
  failed: "bad",
  filed: "good",
};

/** Several documents of one page: each with its patient and its state; those that are certain leave together. */
export function BatchView({
  batch,
  isSending,
  problem,
}: {
  readonly batch: Batch;
  readonly isSending: boolean;
  /** Why the others could not be queued just now. */
  readonly problem?: Problem;
}) {
  const { texts, controller } = usePanel();
  const count = (...states: readonly BatchItem["state"][]) =>
    batch.filter(({ state }) => states.includes(state)).length;
  const isReading = count("waiting", "reading") > 0;
  const ready = count("ready");
  const done = batch.length - count("waiting", "reading");
  return (
    <section class="review" aria-labelledby="batch" data-batch={isReading ? "reading" : "read"}>
      <h2 id="batch">
        {texts(batch.some(({ candidate }) => candidate.kind === "tab") ? "batch.title.tabs" : "batch.title", {
          count: batch.length,
        })}
      </h2>
      <progress value={done} max={batch.length} aria-label={texts("batch.progress")} />
      <ul class="rows">
        {batch.map((item, index) => (
          <Item key={index} item={item} isSending={isSending} />
        ))}
      </ul>
      <footer class="act">
        {problem !== undefined && <NotQueued problem={problem} />}
        <p class="quiet" role="status">
          {isReading
            ? texts("batch.reading", { done, count: batch.length })
            : texts("batch.read", { ready, count: batch.length })}
        </p>
        <button
          type="button"
          class="primary"
          id="send-batch"
          disabled={isReading || isSending || ready === 0}
          onClick={() => void controller.sendBatch()}
        >
          {texts("batch.send", { count: ready })}
        </button>
        <button type="button" class="link" id="cancel-batch" onClick={() => controller.dismiss()}>
          {texts("batch.cancel")}
        </button>
      </footer>
    </section>
  );
}

function Item({ item, isSending }: { readonly item: BatchItem; readonly isSending: boolean }) {
  const { texts, controller } = usePanel();
  const draft = "draft" in item ? item.draft : undefined;
  const person = draft?.identity.name === "judged" ? nameOf(draft.identity.record) : undefined;
  const label = item.candidate.label || texts("choice.untitled");
  return (
    <li class={`card ${tones[item.state]}`} data-item={item.state}>
      <p class="verdict">
        <Icon name={icons[item.state]} />
        <strong>{texts(item.state === "reading" ? "batch.reading-one" : `batch.${item.state}`)}</strong>
      </p>
      <p>{draft?.cda?.header.title ?? (draft?.title || label)}</p>
      {person !== undefined && <p class="quiet">{[person, draft?.type?.display].filter(Boolean).join(" · ")}</p>}
      {item.state === "failed" && <p class="error">{texts(`problem.${item.problem.code}` as StringKey)}</p>}
      {(item.state === "unsure" || item.state === "failed") && !isSending && (
        <p class="actions">
          <button
            type="button"
            class="secondary"
            aria-label={texts("batch.open.label", { label })}
            onClick={() => void controller.openOfBatch(item.candidate)}
          >
            {texts("batch.open")}
          </button>
        </p>
      )}
    </li>
  );
}
