import { browser } from "../platform/browser.ts";
import { admit, fileNameOf } from "./admit.ts";
import type { Capture } from "./capture.ts";
import { fetchAllowed } from "./fetch-allowed.ts";
import { wordlessPage } from "./page-context.ts";

/** A download of this browser, finished or not. Extensions cannot read a saved file: its address is read again. */
export interface PlacedDownload {
  readonly address: string;
  /** The file's name, without its folder. */
  readonly label: string;
  readonly isInProgress: boolean;
}

/** Older ones are found again where they were saved. */
const recentMs = 15 * 60_000;
const longestList = 5;

/** The latest downloads, the newest first. Needs the optional permission `downloads`, asked in the click. */
export async function recentDownloads(now: number): Promise<readonly PlacedDownload[]> {
  const found = await browser.downloads.search({ orderBy: ["-startTime"], limit: 20 });
  return found
    .filter(({ url, startTime }) => /^https?:/.test(url) && now - Date.parse(startTime) < recentMs)
    .slice(0, longestList)
    .map(({ url, filename, state }) => ({
      address: url,
      label: filename.split(/[\\/]/).at(-1) || fileNameOf(url),
      isInProgress: state === "in_progress",
    }));
}

/** It belongs to no page: only its own words say whose it is. */
export async function captureDownload({ address, label }: PlacedDownload, signal: AbortSignal): Promise<Capture> {
  const { bytes, type } = await fetchAllowed(address, signal);
  return {
    kind: "file",
    file: admit(bytes, [type], label),
    page: wordlessPage(),
  };
}
