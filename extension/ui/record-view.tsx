import type { CarnetSummary } from "@carnet/widget";
import { useEffect, useRef } from "preact/hooks";
import { usePanel } from "./context.ts";
import { Icon } from "./icons.tsx";
import type { OnScreen } from "./on-screen.ts";
import type { StringKey } from "./strings.ts";

/** The record of the patient on screen, read: the same summary as in a practice software that shows it itself. */
export function RecordView({ onScreen }: { readonly onScreen: OnScreen }) {
  const { texts, controller } = usePanel();
  if (onScreen.name === "certain") return <Summary onScreen={onScreen} />;
  if (onScreen.name === "looking") {
    return (
      <section class="hero" role="status" data-record="looking">
        <span class="spinner" aria-hidden="true" />
        <h2>{texts("record.looking")}</h2>
      </section>
    );
  }
  const text = onScreen.name === "failed" ? (`problem.${onScreen.problem.code}.text` as StringKey) : undefined;
  return (
    <section class="hero" role="status" data-record={onScreen.name}>
      <span class="badge warn">
        <Icon name="ask" />
      </span>
      <h2>{texts(`record.${onScreen.name}`)}</h2>
      <p>{texts(text ?? (`record.${onScreen.name}.text` as StringKey))}</p>
      <button type="button" class="secondary" onClick={() => void controller.lookAtRecord()}>
        {texts("problem.retry")}
      </button>
    </section>
  );
}

function Summary({ onScreen }: { readonly onScreen: Extract<OnScreen, { name: "certain" }> }) {
  const { texts, gestures } = usePanel();
  const host = useRef<HTMLDivElement>(null);
  const { ins, traits } = onScreen;
  useEffect(() => {
    let isGone = false;
    let element: CarnetSummary | undefined;
    // Fetched at the first look: a panel that only sends does without.
    void import("@carnet/widget").then(() => {
      if (isGone) return;
      element = document.createElement("carnet-summary") as CarnetSummary;
      Object.assign(element, {
        record: gestures.openRecord(ins),
        patient: traits,
        locale: texts.locale,
        headingLevel: 2,
      });
      host.current?.replaceChildren(element);
    });
    return () => {
      isGone = true;
      // Nothing of one patient stays in the page for the next.
      element?.remove();
    };
  }, [ins.value, ins.system]);
  return (
    <section data-record="certain" aria-label={texts("record.title")}>
      <div ref={host} />
    </section>
  );
}
