import type { Problem } from "../shared/problem.ts";
import { usePanel } from "./context.ts";
import { DescribeForm } from "./describe-form.tsx";
import { type Draft, obstacleOf } from "./draft.ts";
import { EarlierCard } from "./earlier-card.tsx";
import { IdentityCard } from "./identity-card.tsx";
import { NotQueued } from "./not-queued.tsx";
import { Preview } from "./preview.tsx";
import { SeveralTabs } from "./several-views.tsx";
import { today } from "./today.ts";

/** Everything to check before sending, the patient first: for whom, what, which document, who sends. */
export function Review({
  draft,
  isSending,
  problem,
}: {
  readonly draft: Draft;
  readonly isSending: boolean;
  /** Why it could not be queued just now. */
  readonly problem?: Problem;
}) {
  const { state, texts, controller, gestures } = usePanel();
  const sender = state.signedIn?.sender;
  const obstacle = obstacleOf(draft, sender, today());
  const { identity } = draft;
  const name =
    identity.name === "judged"
      ? [identity.record.firstGivenName ?? identity.record.birthGivenNames?.[0], identity.record.birthName]
          .filter(Boolean)
          .join(" ")
      : "";
  // No words say whose it is, whose a part of it is, or whether it is the one on screen: only its picture can, and it stands where the
  // question is asked.
  const isLookedAtFirst =
    identity.name === "judged" &&
    identity.judgement.reasons.some((reason) =>
      /^(label-alone|header-alone|document-silent|partly-read|titled-otherwise)$/.test(reason),
    );
  const structure = sender?.kind === "patient" ? undefined : sender?.structure?.name;
  const label = isSending
    ? texts("send.sending")
    : name === "" || obstacle === "wrong-patient"
      ? texts("send.action")
      : texts("send.for", { name });
  return (
    <form
      class="review"
      onSubmit={(event) => {
        event.preventDefault();
        void controller.send();
      }}
    >
      <IdentityCard draft={draft} picture={isLookedAtFirst ? <Preview draft={draft} /> : undefined} />
      {!isLookedAtFirst && <Preview draft={draft} />}
      <EarlierCard draft={draft} />
      <DescribeForm draft={draft} />
      <section class="card sender" aria-labelledby="sender">
        <h2 id="sender">{texts("sender.title")}</h2>
        <p>
          <strong>{sender?.name}</strong>
          <br />
          <span class="quiet">{structure ?? texts("sender.structure.none")}</span>
        </p>
        {sender?.kind === "professional" && (
          <button type="button" class="link" id="change-structure" onClick={gestures.changeStructure}>
            {texts("sender.change")}
          </button>
        )}
        {obstacle === "sender" && <p class="note warn">{texts("sender.unfit")}</p>}
      </section>
      <footer class="act">
        {problem !== undefined && <NotQueued problem={problem} />}
        <p id="send-note" class="quiet" role="status">
          {texts(obstacle === undefined ? "send.keys" : `send.blocked.${obstacle}`)}
        </p>
        <button
          type="submit"
          class="primary"
          id="send"
          disabled={obstacle !== undefined || isSending}
          aria-describedby="send-note"
          aria-keyshortcuts="Control+Enter"
        >
          {label}
        </button>
        <button type="button" class="link" onClick={() => controller.dismiss()}>
          {texts("send.cancel")}
        </button>
      </footer>
      <SeveralTabs />
    </form>
  );
}
