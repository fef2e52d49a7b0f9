import { useEffect, useRef, useState } from "preact/hooks";
import type { ListedRow } from "../outbox/outbox.ts";
import { receiptFileOf } from "../outbox/receipt-file.ts";
import { usePanel } from "./context.ts";
import { Icon, type IconName } from "./icons.tsx";
import { isOfRecord, refusalText } from "./refusal.ts";
import { instantText, type StringKey } from "./strings.ts";

const icons: Record<ListedRow["state"], IconName> = {
  queued: "clock",
  sending: "send",
  sent: "check",
  refused: "stop",
};
const tones: Record<ListedRow["state"], string> = { queued: "ask", sending: "busy", sent: "good", refused: "bad" };

/** Seconds left to call the document back; undefined once it may leave. Drawn anew each second while it counts. */
function useGrace(row: ListedRow | undefined): number | undefined {
  const [now, setNow] = useState(Date.now());
  const end = row?.state === "queued" && row.graceUntil === row.nextAttemptAt ? row.graceUntil : undefined;
  const isCounting = end !== undefined && end > now;
  useEffect(() => {
    if (!isCounting) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [isCounting]);
  return isCounting ? Math.ceil((end - now) / 1_000) : undefined;
}

/** Given up, and how far it may have come. */
export function Undone({ reach }: { readonly reach: "none" | "refused" | "unknown" }) {
  const { texts, controller } = usePanel();
  return (
    <section class="hero" role="status">
      <span class="badge">
        <Icon name="stop" />
      </span>
      <h2>{texts("undo.done")}</h2>
      <p data-reach={reach}>{texts(`undo.${reach}`)}</p>
      <button type="button" class="secondary" onClick={() => controller.dismiss()}>
        {texts("row.next")}
      </button>
    </section>
  );
}

/** The document that just left: its row says how far it is. */
export function Filed({ rowId }: { readonly rowId: string }) {
  const { state, texts, controller } = usePanel();
  const row = state.rows.find(({ id }) => id === rowId);
  const grace = useGrace(row);
  const wasThere = useRef(false);
  wasThere.current ||= row !== undefined;
  // Not listed yet, or no longer.
  if (row === undefined) return wasThere.current ? <Gone /> : null;
  return (
    <section
      class="hero filed"
      data-row={row.state}
      data-grace={grace === undefined ? undefined : ""}
      // Each second would be read out: the headline is, the count is not.
      aria-live={grace === undefined ? "polite" : "off"}
    >
      <span class={`badge ${tones[row.state]}`}>
        <Icon name={icons[row.state]} />
      </span>
      <h2>{texts(titleOf(row, grace))}</h2>
      <RowText row={row} grace={grace} />
      <RowActions row={row} grace={grace} />
      {row.state !== "refused" && (
        <button type="button" class="secondary" onClick={() => controller.dismiss()}>
          {texts("row.next")}
        </button>
      )}
    </section>
  );
}

/** Its row is no longer on this workstation: the browser cleared it, or another window of this person did. */
function Gone() {
  const { texts, controller } = usePanel();
  return (
    <section class="hero" role="alert" data-row="gone">
      <span class="badge bad">
        <Icon name="stop" />
      </span>
      <h2>{texts("row.gone")}</h2>
      <p>{texts("row.gone.text")}</p>
      <button type="button" class="secondary" onClick={() => controller.dismiss()}>
        {texts("row.next")}
      </button>
    </section>
  );
}

export function History() {
  const { state, texts } = usePanel();
  return (
    <section aria-labelledby="history">
      <h2 id="history">{texts("history.title")}</h2>
      <p class="quiet">{texts("history.text")}</p>
      {state.rows.length === 0 && <p>{texts("history.empty")}</p>}
      <ul class="rows">
        {state.rows.map((row) => (
          <HistoryRow key={row.id} row={row} />
        ))}
      </ul>
      <Wipe />
    </section>
  );
}

/** For workstations that several people use. What was not sent yet is lost: said, and asked twice. */
function Wipe() {
  const { state, texts, gestures } = usePanel();
  const [step, setStep] = useState<"offer" | "ask" | "busy">("offer");
  const unsent = state.rows.filter((row) => row.state !== "sent").length;
  if (step === "offer") {
    return (
      <p class="actions">
        <button type="button" class="link" id="wipe" onClick={() => setStep("ask")}>
          {texts("wipe.action")}
        </button>
      </p>
    );
  }
  return (
    <section class="card bad" role="alert">
      <p>{texts("wipe.text")}</p>
      {unsent > 0 && <p class="error">{texts("wipe.unsent", { count: unsent })}</p>}
      {step === "busy" && <p class="error">{texts("wipe.busy")}</p>}
      <p class="actions">
        <button type="button" class="secondary" onClick={() => setStep("offer")}>
          {texts("wipe.keep")}
        </button>
        <button
          type="button"
          class="secondary"
          id="wipe-now"
          onClick={() => void gestures.wipe().then((isDone) => (isDone ? undefined : setStep("busy")))}
        >
          {texts("wipe.now")}
        </button>
      </p>
    </section>
  );
}

function HistoryRow({ row }: { readonly row: ListedRow }) {
  const { texts } = usePanel();
  const grace = useGrace(row);
  return (
    <li class={`card ${tones[row.state]}`} data-row={row.state}>
      <p class="verdict">
        <Icon name={icons[row.state]} />
        <strong>{texts(titleOf(row, grace))}</strong>
      </p>
      <p>
        {row.opened !== undefined
          ? `${row.opened.title} – ${row.opened.patientName}`
          : texts(row.state === "sent" ? "history.sent" : "history.unnamed")}
      </p>
      <p class="quiet">{instantText(texts.locale, row.createdAt)}</p>
      <RowText row={row} grace={grace} />
      <RowActions row={row} grace={grace} />
    </li>
  );
}

function titleOf(row: ListedRow, grace: number | undefined): StringKey {
  if (grace !== undefined) return "row.grace";
  if (row.state === "refused" && !isOfRecord(row)) return "row.stopped";
  return isToConfirm(row) ? "row.to-confirm" : `row.${row.state}`;
}

interface RowPart {
  readonly row: ListedRow;
  readonly grace: number | undefined;
}

function RowText({ row, grace }: RowPart) {
  const { texts } = usePanel();
  if (grace !== undefined) {
    return (
      <p role="timer" class="grace">
        {texts("row.grace.text", { seconds: grace })}
      </p>
    );
  }
  if (row.state === "refused")
    return (
      <>
        <p class={isToConfirm(row) ? "" : "error"}>{refusalText(texts, row)}</p>
        {row.mayBeThere && <p data-may-be-there>{texts("row.refused.tried")}</p>}
      </>
    );
  if (row.state === "queued") {
    const key = row.needsSignIn
      ? "row.queued.sign-in"
      : row.lastError === undefined
        ? "row.queued.text"
        : row.lastError === "answered-by-another"
          ? "row.queued.another"
          : "row.queued.network";
    return (
      <>
        <p>{texts(key)}</p>
        {row.lastError !== undefined && <p class="quiet">{texts("row.queued.tried")}</p>}
      </>
    );
  }
  if (row.receipt === undefined) return null;
  return (
    <>
      <p>
        {row.receipt.alreadyInRecord
          ? texts("row.sent.already")
          : texts("row.sent.text", { date: instantText(texts.locale, row.receipt.receivedAt) })}
      </p>
      <dl class="receipt">
        <dt>{texts("row.receipt")}</dt>
        <dd data-unique-id={row.uniqueId}>{row.receipt.documentId}</dd>
      </dl>
      <ExportReceipt row={row} />
    </>
  );
}

/** The receipt as a file, given by the panel itself: nothing is asked of the service. */
function ExportReceipt({ row }: { readonly row: ListedRow }) {
  const { texts } = usePanel();
  const file = receiptFileOf(row);
  const [href, setHref] = useState<string>();
  const text = file?.text;
  useEffect(() => {
    if (text === undefined) return undefined;
    const made = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    setHref(made);
    return () => URL.revokeObjectURL(made);
  }, [text]);
  if (file === undefined || href === undefined) return null;
  return (
    <a class="link" download={file.name} href={href}>
      {texts("row.export")}
    </a>
  );
}

function RowActions({ row, grace }: RowPart) {
  const { texts, gestures, controller } = usePanel();
  if (grace !== undefined) {
    return (
      <p class="actions">
        <button type="button" class="primary" data-action="undo" onClick={() => gestures.discardRow(row.id)}>
          {texts("undo.action")}
        </button>
        <button type="button" class="link" data-action="now" onClick={() => gestures.retryRow(row.id)}>
          {texts("undo.now")}
        </button>
      </p>
    );
  }
  if (row.state === "sent" || row.state === "sending") return null;
  return (
    <p class="actions">
      {row.needsSignIn ? (
        <button type="button" class="secondary" onClick={gestures.signIn}>
          {texts("sign-in.action")}
        </button>
      ) : (
        <button
          type="button"
          class="secondary"
          data-action="retry"
          onClick={() => (isToConfirm(row) ? gestures.confirmRow(row.id) : gestures.retryRow(row.id))}
        >
          {texts(isToConfirm(row) ? "row.confirm" : "row.retry")}
        </button>
      )}
      {row.state === "refused" && row.opened?.isOwn === true && !isToConfirm(row) && (
        <button type="button" class="secondary" data-action="repair" onClick={() => void controller.repair(row.id)}>
          {texts("row.repair")}
        </button>
      )}
      <button type="button" class="link" onClick={() => gestures.discardRow(row.id)}>
        {texts("row.discard")}
      </button>
    </p>
  );
}

/** The record asks before it takes a sensitive document: nothing is wrong with it. */
function isToConfirm(row: ListedRow): boolean {
  return row.state === "refused" && row.lastError === "acknowledgement-required";
}
