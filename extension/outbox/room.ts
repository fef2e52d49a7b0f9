/** Room that the browser gives this extension on the workstation, and what is left of it. */
export interface Room {
  /** Bytes left; undefined when the browser does not say. */
  readonly freeBytes: number | undefined;
  /** Nearly full: the person is told while everything can still be queued. */
  readonly isLow: boolean;
}

/** Ten of the largest documents (20 MB, in base64 within their CDA, sealed): said early enough for somebody to act. */
const lowBytes = 10 * 28_000_000;

/** What is left now. Asked of the browser each time: other programs fill the same disk. */
export async function measureRoom(): Promise<Room> {
  const { quota, usage } = (await globalThis.navigator?.storage?.estimate?.().catch(() => undefined)) ?? {};
  const freeBytes = quota === undefined || usage === undefined ? undefined : Math.max(0, quota - usage);
  return { freeBytes, isLow: freeBytes !== undefined && freeBytes < lowBytes };
}

/** The browser's word for a disk or a quota that is full, in the transactions of every browser. */
export function isQuotaExceeded(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}
