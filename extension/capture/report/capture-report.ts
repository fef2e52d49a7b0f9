import { browser } from "../../platform/browser.ts";
import { fromBase64 } from "../../shared/bytes.ts";
import { Problem } from "../../shared/problem.ts";
import { admit, type CapturedFile } from "../admit.ts";
import { provenanceOf } from "./provenance.ts";
import { type Report, readReport } from "./read-report.ts";

/** The page, or what is selected on it, as a PDF whose text stays text. */
export async function captureReport(
  tabId: number,
  options: { readonly isSelection: boolean; readonly host: string; readonly now: Date },
): Promise<CapturedFile> {
  let reports: readonly Report[];
  try {
    const results = await browser.scripting.executeScript({
      target: { tabId, allFrames: true },
      func: readReport as never,
      args: [options.isSelection],
    });
    reports = results
      .filter(({ result }) => result !== null && result !== undefined)
      .sort((one, other) => one.frameId - other.frameId)
      .map(({ result }) => result as Report);
  } catch (cause) {
    throw new Problem("capture-forbidden-page", { cause });
  }
  const { reportToPdf } = await import("./report-to-pdf.ts");
  const bytes = await reportToPdf(reports, provenanceOf(options));
  const pictures = reports.reduce((sum, report) => sum + report.pictures, 0);
  // The browser lets nobody into some frames: what stands in them, the letter itself perhaps, is not in the PDF.
  const closed = reports.reduce((sum, report) => sum + report.closedFrames - (report.isClosedFrame ? 1 : 0), 0);
  return {
    ...admit(bytes, ["application/pdf"], "", reports[0]?.title ?? ""),
    ...(pictures > 0 ? { leftOut: pictures } : {}),
    ...(closed > 0 ? { unreadFrames: closed } : {}),
  };
}

/**
 * What the tab shows, as a picture: the last resort, because its text is lost and what is below the edge is missing.
 * Only the tab of the click, and only while it is in front: another one is never photographed.
 */
export async function captureScreen(target: {
  readonly tabId: number;
  readonly windowId: number;
}): Promise<CapturedFile> {
  const isInFront = async () =>
    (await browser.tabs.query({ active: true, windowId: target.windowId }))[0]?.id === target.tabId;
  if (!(await isInFront())) throw new Problem("capture-navigated");
  let picture: string;
  try {
    picture = await browser.tabs.captureVisibleTab(target.windowId, { format: "png" });
  } catch (cause) {
    throw new Problem("capture-forbidden-page", { cause });
  }
  if (!(await isInFront())) throw new Problem("capture-navigated");
  return admit(fromBase64(picture.slice(picture.indexOf(",") + 1)), ["image/png"], "");
}
