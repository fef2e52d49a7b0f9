import { type Adapter, adapterOfPage, adaptersFor } from "../adapters/adapter.ts";
import { browser } from "../platform/browser.ts";
import { fromBase64 } from "../shared/bytes.ts";
import { Problem } from "../shared/problem.ts";
import { admit, type CapturedFile, fileNameOf } from "./admit.ts";
import { bytesOfDataAddress } from "./data-address.ts";
import { fetchAllowed } from "./fetch-allowed.ts";
import { maximumBytes } from "./fetch-document.ts";
import { type FrameReport, inspectPage, type PageBytes, probePage, readInPage } from "./inspect-page.ts";
import { type PageContext, wordlessPage } from "./page-context.ts";
import { captureReport, captureScreen } from "./report/capture-report.ts";
import { kindOfMediaType } from "./sniff.ts";
import type { Target } from "./target.ts";
import { isTitleOfAddress } from "./titled.ts";

/** A document that the page shows or links to. */
export interface PlacedDocument {
  readonly kind: "document";
  readonly address: string;
  readonly label: string;
  readonly frameId: number;
  /** What the frame is that shows it: read again, it must be of that kind. */
  readonly shownType?: string;
}

/** What the person may choose: one document, the images together, or what the page itself says. */
export type Candidate =
  | PlacedDocument
  | { readonly kind: "images"; readonly images: readonly PlacedDocument[] }
  | { readonly kind: "page" | "selection" | "screen" };

export type Capture =
  | { readonly kind: "file"; readonly file: CapturedFile; readonly page: PageContext }
  /** The page shows several documents, or none but links to some: the person chooses. */
  | { readonly kind: "choice"; readonly candidates: readonly Candidate[]; readonly page: PageContext };

interface Frame {
  readonly frameId: number;
  readonly report: FrameReport;
  /** Of the top document. */
  readonly documentId: string | undefined;
}

/** Look at what the click pointed at, and read it if there is exactly one document. */
export async function capture(
  target: Target,
  options: { adapters: readonly Adapter[]; signal: AbortSignal },
): Promise<Capture> {
  let frames = await inspect(target, options.adapters);
  options.signal.throwIfAborted();
  if (frames === undefined) {
    const read = await captureWithoutScript(target, options.signal);
    if (read !== undefined) return asShown(target, read.page.address, { kind: "file", ...read });
    // A page, not a document: scripts were refused only while it was taking another's place.
    frames = await inspect(target, options.adapters);
    options.signal.throwIfAborted();
    if (frames === undefined) throw new Problem("capture-nothing");
  }

  const top = frames.find((frame) => frame.report.isTop) ?? frames[0];
  if (top === undefined) throw new Problem("capture-forbidden-page");
  const page = pageContext(frames, top);
  const read = (candidate: PlacedDocument, shownType?: string) =>
    readPlaced(target, candidate, page, shownType, options.signal);

  if (isOfTab(target)) {
    if (target.kind === "selection") return captureCandidate(target, { kind: "selection" }, page, options.signal);
  } else if (target.address !== undefined) {
    return read({ kind: "document", address: target.address, label: "", frameId: target.frameId ?? 0 });
  }
  const shown = kindOfMediaType(top.report.contentType);
  if (shown !== undefined && shown !== "html") {
    const whole = { ...page, text: "" };
    const { address, title: label } = top.report;
    const candidate = { kind: "document", address, label, frameId: top.frameId } as const;
    return asShown(target, address, await readPlaced(target, candidate, whole, top.report.contentType, options.signal));
  }
  const candidates = candidatesOf(frames);
  const [first, second] = candidates.embedded;
  // Asked for the page by its menu, the person is shown everything that it offers.
  const isDirect = target.kind !== "page";
  if (isDirect && first !== undefined && second === undefined) return read(first);
  const [image] = candidates.images;
  if (
    isDirect &&
    first === undefined &&
    image !== undefined &&
    candidates.images.length + candidates.links.length === 1
  ) {
    return read(image);
  }
  const images = first === undefined || !isDirect ? candidates.images : [];
  const all: Candidate[] = [
    ...candidates.embedded,
    ...images,
    ...candidates.links,
    ...(images.length > 1 ? [{ kind: "images", images } as const] : []),
    ...(frames.some(({ report }) => report.hasSelection) ? [{ kind: "selection" } as const] : []),
    { kind: "page" },
    { kind: "screen" },
  ];
  return { kind: "choice", candidates: all, page };
}

/** With what the viewer calls the document on screen, which its address may not give a second time. */
function asShown(target: Target, address: string, capture: Capture): Capture {
  if (capture.kind !== "file") return capture;
  const shown = async () => ({ title: await titleOfTab(target.tabId, address), address });
  return { ...capture, file: { ...capture.file, shown } };
}

/** A viewer shows the address until it has read the title, some tenths of a second after the document: waited for, three seconds at most. */
async function titleOfTab(tabId: number, address: string): Promise<string> {
  for (let looks = 1; ; looks++) {
    const { title } = (await browser.tabs.get(tabId).catch(() => undefined)) ?? {};
    if (title === undefined) return "";
    if (looks > 30 || !isTitleOfAddress({ title, address })) return title;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The click was about the tab, not about something in it. */
const isOfTab = ({ kind }: Target) => kind === "tab" || kind === "page" || kind === "selection";

/** Read the candidate that the person chose. */
export async function captureCandidate(
  target: Target,
  candidate: Candidate,
  page: PageContext,
  signal: AbortSignal,
): Promise<Capture> {
  switch (candidate.kind) {
    case "document":
      return readPlaced(target, candidate, page, undefined, signal);
    case "images":
      return readImages(target, candidate.images, page, signal);
    case "screen":
      return { kind: "file", file: await captureScreen(target), page };
    default: {
      const host = /^https?:/.test(page.address) ? new URL(page.address).host : "ce poste";
      const isSelection = candidate.kind === "selection";
      const file = await captureReport(target.tabId, { isSelection, host, now: new Date() });
      signal.throwIfAborted();
      return { kind: "file", file, page };
    }
  }
}

async function readImages(
  target: Target,
  images: readonly PlacedDocument[],
  page: PageContext,
  signal: AbortSignal,
): Promise<Capture> {
  const files: CapturedFile[] = [];
  for (const image of images) {
    const read = await readPlaced(target, image, page, undefined, signal);
    if (read.kind === "file") files.push(read.file);
  }
  signal.throwIfAborted();
  const { imagesToPdf } = await import("./image-to-pdf.ts");
  return { kind: "file", file: admit(await imagesToPdf(files), ["application/pdf"], ""), page };
}

/** The page's own words once more, at the moment of sending: a page that moved to another patient gives its former document away. */
export async function pageNow(target: Target, adapters: readonly Adapter[]): Promise<PageContext | undefined> {
  const frames = await inspect(target, adapters);
  const top = frames?.find((frame) => frame.report.isTop);
  if (frames === undefined || top === undefined) return undefined;
  return pageContext(frames, top);
}

/**
 * Is the tab still on the document that was captured? By the browser's name for it; where no script runs (the viewer of
 * Firefox), by its address: nothing but the document itself was read there.
 */
export async function isSameDocument(target: Target, page: PageContext): Promise<boolean> {
  if (page.documentId !== undefined) return (await probeTop(target.tabId))?.documentId === page.documentId;
  const tab = await browser.tabs.get(target.tabId).catch(() => undefined);
  return tab?.url !== undefined && tab.url === page.address;
}

async function probeTop(tabId: number) {
  try {
    const [probe] = await browser.scripting.executeScript({
      target: { tabId },
      func: probePage,
      // A PDF tab can stay "loading" for seconds while its viewer draws.
      injectImmediately: true,
    });
    const result = probe?.result as ReturnType<typeof probePage> | undefined;
    return probe === undefined || result === undefined
      ? undefined
      : { ...result, documentId: (probe as { documentId?: string }).documentId };
  } catch {
    // No script may run there: the viewer of Firefox, a blob: tab, a page of the browser itself.
    return undefined;
  }
}

async function inspect(target: Target, adapters: readonly Adapter[]): Promise<Frame[] | undefined> {
  const known = target.tabUrl === undefined ? [] : adaptersFor(adapters, target.tabUrl).map(adapterOfPage);
  const probe = await probeTop(target.tabId);
  if (probe === undefined) return undefined;
  const isPage = kindOfMediaType(probe.contentType) === "html" || probe.contentType === "application/xhtml+xml";
  try {
    const results = await browser.scripting.executeScript({
      target: { tabId: target.tabId, allFrames: isPage },
      func: inspectPage as never,
      args: [known],
      // A page is read once it is whole; frames that come later make the check before sending fail, which is safe.
      injectImmediately: probe.isParsed || !isPage,
    });
    return results.flatMap((result) =>
      result.result === null || result.result === undefined
        ? []
        : [{ frameId: result.frameId, report: result.result as FrameReport, documentId: probe.documentId }],
    );
  } catch {
    // The page left in the meantime.
    return undefined;
  }
}

function pageContext(frames: readonly Frame[], top: Frame): PageContext {
  return {
    address: top.report.address,
    title: top.report.title,
    text: frames.map((frame) => frame.report.text).join("\n\f\n"),
    adapted: top.report.adapted,
    adapterId: top.report.adapterId,
    documentId: top.documentId,
  };
}

function candidatesOf(frames: readonly Frame[]): Record<"embedded" | "images" | "links", PlacedDocument[]> {
  const seen = new Set<string>();
  const once = (candidate: PlacedDocument) =>
    candidate.address !== "" && !seen.has(candidate.address) && seen.add(candidate.address) !== undefined;
  const placed = ({ frameId }: Frame, address: string, text: string): PlacedDocument => ({
    kind: "document",
    address,
    label: text === "" ? fileNameOf(address) : text,
    frameId,
  });
  const embedded = frames.flatMap((frame) => frame.report.embedded.map(({ address }) => placed(frame, address, "")));
  // A frame whose own document is a PDF or CDA: its parent may have named it only by an address without extension.
  const framed = frames
    .filter(
      ({ report }) =>
        !report.isTop && /pdf|xml/.test(report.contentType) && report.contentType !== "application/xhtml+xml",
    )
    .map((frame) => ({
      ...placed(frame, frame.report.address, ""),
      label: frame.report.title,
      shownType: frame.report.contentType,
    }));
  const listed = (name: "images" | "links") =>
    frames.flatMap((frame) => frame.report[name].map(({ address, text }) => placed(frame, address, text)));
  const [images, links] = [listed("images"), listed("links")];
  return { embedded: [...embedded, ...framed].filter(once), images: images.filter(once), links: links.filter(once) };
}

async function readPlaced(
  target: Target,
  candidate: PlacedDocument,
  page: PageContext,
  typeOfTop: string | undefined,
  signal: AbortSignal,
): Promise<Capture> {
  const shownType = typeOfTop ?? candidate.shownType;
  if (candidate.address.startsWith("data:")) {
    const { bytes, type } = bytesOfDataAddress(candidate.address);
    return { kind: "file", file: admit(bytes, [shownType, type], "", candidate.label), page };
  }
  const inPage = await readThroughPage(target.tabId, candidate);
  signal.throwIfAborted();
  const fileName = fileNameOf(candidate.address);
  if (inPage?.tooLarge) throw new Problem("capture-too-large");
  if (inPage?.ok) {
    return {
      kind: "file",
      file: admit(fromBase64(inPage.base64), [shownType, inPage.type], fileName, candidate.label),
      page,
    };
  }
  if (inPage !== undefined && inPage.status >= 400)
    throw new Problem("capture-gone", { detail: String(inPage.status) });
  // The page itself could not read it (another origin without CORS): ours may, with the click's grant or a permission.
  const fetched = await fetchAllowed(candidate.address, signal);
  return { kind: "file", file: admit(fetched.bytes, [shownType, fetched.type], fileName, candidate.label), page };
}

async function readThroughPage(
  tabId: number,
  candidate: Pick<PlacedDocument, "address" | "frameId">,
): Promise<PageBytes | undefined> {
  try {
    const [result] = await browser.scripting.executeScript({
      target: { tabId, frameIds: [candidate.frameId] },
      func: readInPage as never,
      args: [candidate.address, maximumBytes],
      injectImmediately: true,
    });
    return (result?.result as PageBytes | undefined) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Reads the tab's address where no script may run there; undefined when it holds a page. */
async function captureWithoutScript(target: Target, signal: AbortSignal) {
  const address = isOfTab(target) ? target.tabUrl : target.address;
  if (address === undefined || address === "") throw new Problem("capture-forbidden-page");
  const page = wordlessPage(address);
  if (address.startsWith("blob:")) return { file: await readBlobElsewhere(target, address), page };
  if (!/^https?:/.test(address)) throw new Problem("capture-forbidden-page");
  const fetched = await fetchAllowed(address, signal);
  if (kindOfMediaType(fetched.type) === "html") return undefined;
  return { file: admit(fetched.bytes, [fetched.type], fileNameOf(address)), page };
}

/** Firefox runs no script in a blob: tab, but the page that made the blob can still read it: the opener, or one of its kind. */
async function readBlobElsewhere(target: Target, address: string): Promise<CapturedFile> {
  const { origin } = new URL(address);
  const [shown, tabs] = await Promise.all([
    browser.tabs.get(target.tabId),
    browser.tabs.query({ windowId: target.windowId }),
  ]);
  const makers = tabs
    .filter((tab) => tab.url?.startsWith(`${origin}/`))
    .sort((one, other) => Number(other.id === shown.openerTabId) - Number(one.id === shown.openerTabId));
  for (const { id } of makers) {
    const read = id === undefined ? undefined : await readThroughPage(id, { address, frameId: 0 });
    if (read?.ok) return admit(fromBase64(read.base64), [read.type], "");
  }
  throw new Problem("capture-gone", { detail: "blob" });
}
