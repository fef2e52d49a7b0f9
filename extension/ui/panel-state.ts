import type { Candidate } from "../capture/capture.ts";
import type { PlacedDownload } from "../capture/downloads.ts";
import type { ListedRow } from "../outbox/outbox.ts";
import type { Room } from "../outbox/room.ts";
import type { SignedIn } from "../platform/session.ts";
import type { Problem } from "../shared/problem.ts";
import type { Batch } from "./batch.ts";
import type { Draft } from "./draft.ts";
import type { OnScreen } from "./on-screen.ts";

/** What the panel is doing: one of these, never two. */
export type Stage =
  | { readonly name: "empty" }
  | { readonly name: "reading" }
  | { readonly name: "choice"; readonly candidates: readonly Candidate[] }
  | { readonly name: "batch"; readonly batch: Batch; readonly isSending: boolean; readonly problem?: Problem }
  /** Latest downloads of the browser: the person chooses one, which is read again from its address. */
  | { readonly name: "downloads"; readonly downloads: readonly PlacedDownload[] }
  /** `download`: what was being read, to try again once its address is allowed. */
  | { readonly name: "problem"; readonly problem: Problem; readonly download?: PlacedDownload }
  /** `problem`: it could not be queued, and everything about it is still there to try again. */
  | { readonly name: "review"; readonly draft: Draft; readonly isSending: boolean; readonly problem?: Problem }
  /** In the queue or beyond: the row of the outbox says how far. */
  | { readonly name: "filed"; readonly rowId: string }
  /** Given up: before anything left, after the record refused it, or after an attempt whose answer never came. */
  | { readonly name: "undone"; readonly reach: "none" | "refused" | "unknown" };

export interface PanelState {
  readonly signedIn: SignedIn | undefined;
  readonly isSigningIn: boolean;
  readonly signInProblem: Problem | undefined;
  readonly stage: Stage;
  readonly rows: readonly ListedRow[];
  /** Documents that wait on this workstation for whoever sent them; counted while nobody is signed in. */
  readonly waiting: number;
  readonly isOnline: boolean;
  /** Room on this workstation for what waits. */
  readonly room: Room;
  readonly view: "document" | "record" | "history";
  /** Whose record is read beside the page; undefined until it is asked for. */
  readonly onScreen: OnScreen | undefined;
  /** The tab in front is not the one that the document was read from: another patient may be on it. */
  readonly isElsewhere: boolean;
}

export const initialState: PanelState = {
  signedIn: undefined,
  isSigningIn: false,
  signInProblem: undefined,
  stage: { name: "empty" },
  rows: [],
  waiting: 0,
  isOnline: true,
  room: { freeBytes: undefined, isLow: false },
  view: "document",
  onScreen: undefined,
  isElsewhere: false,
};
