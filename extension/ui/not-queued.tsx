import type { Problem } from "../shared/problem.ts";
import { usePanel } from "./context.ts";
import type { StringKey } from "./strings.ts";

/** What is in front of the person could not be queued, and is still there: why, and what to do before sending again. */
export function NotQueued({ problem }: { readonly problem: Problem }) {
  const { texts } = usePanel();
  return (
    <p class="error" role="alert" data-problem={problem.code}>
      {texts(`problem.${problem.code}` as StringKey)}. {texts(`problem.${problem.code}.text` as StringKey)}
    </p>
  );
}
