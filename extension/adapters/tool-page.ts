import * as v from "valibot";
import { inspectPage } from "../capture/inspect-page.ts";
import { browser } from "../platform/browser.ts";
import { type Adapter, adapterOfPage, isUnder } from "./adapter.ts";
import { attributeRead, linkOf, type Pointed, pointedSchema, waysTo } from "./place-of.ts";
import { firstThatFinds, lookAtPlaces, pointAtElement, stopPointing } from "./point-at.ts";

/** An open tab that shows the tool. */
export interface ToolPage {
  readonly tabId: number;
  readonly title: string;
  readonly address: string;
}

/** What an adapter reads on a page, as the capture would, and how many elements each place finds (-1: no selector). */
export interface PageReading {
  /** The page shows the marks that the adapter asks for. */
  readonly isKnown: boolean;
  readonly adapted: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly documents: readonly { readonly place: string; readonly count: number; readonly text: string }[];
}

/**
 * Open tabs whose page stands under this address. Call it in a click: the browser asks for the tool's address, and only for it.
 * @returns undefined when the person does not allow it
 */
export async function openPagesOf(address: string): Promise<readonly ToolPage[] | undefined> {
  const { protocol, hostname } = new URL(address);
  const pattern = `${protocol}//${hostname}/*`;
  if (!(await browser.permissions.request({ origins: [pattern] }))) return undefined;
  const tabs = await browser.tabs.query({ url: pattern });
  return tabs.flatMap(({ id, title = "", url = "" }) =>
    id !== undefined && isUnder(url, address) ? [{ tabId: id, title, address: url }] : [],
  );
}

/**
 * Bring the tool's tab to the front, let the person point, and come back.
 * @returns undefined when they gave up, or when the page left
 */
export async function pointAt(tabId: number): Promise<Pointed | undefined> {
  const here = await browser.tabs.getCurrent();
  const answered = run(tabId, pointAtElement, []);
  await browser.tabs.update(tabId, { active: true });
  try {
    const parsed = v.safeParse(pointedSchema, await answered);
    return parsed.success ? parsed.output : undefined;
  } finally {
    if (here.id !== undefined) await browser.tabs.update(here.id, { active: true });
    // Last, in the hidden tab: until then the end of a double click would still reach the page.
    await run(tabId, stopPointing, []);
  }
}

/** The place of a trait as an adapter writes it, undefined when nothing finds this element alone. */
export async function placeOfTrait(
  tabId: number,
  pointed: Pointed,
  isRead: (text: string) => boolean,
): Promise<string | undefined> {
  const css = await firstWay(tabId, pointed, waysTo(pointed), 1);
  const attribute = attributeRead(pointed, isRead);
  return css === undefined || attribute === undefined ? css : `${css} @${attribute}`;
}

/** The place of the documents of which one was pointed at, undefined when it is no link or nothing finds them. */
export async function placeOfDocuments(tabId: number, pointed: Pointed): Promise<string | undefined> {
  const found = linkOf(pointed);
  if (found === undefined) return undefined;
  const css = await firstWay(tabId, found.link, waysTo(found.link, { isOfMany: true }), 30);
  return css === undefined || found.attribute === "href" ? css : `${css} @${found.attribute}`;
}

/** What this adapter alone reads on the page; undefined when the page cannot be read. */
export async function readWith(tabId: number, adapter: Adapter): Promise<PageReading | undefined> {
  const known = adapterOfPage(adapter);
  const report = (await run(tabId, inspectPage, [[known]])) as ReturnType<typeof inspectPage> | undefined;
  const looked = (places: readonly { readonly css: string }[]) =>
    run(tabId, lookAtPlaces, [places.map(({ css }) => css)]) as Promise<ReturnType<typeof lookAtPlaces> | undefined>;
  const [traits, documents] = await Promise.all([looked(known.places), looked(known.documents)]);
  if (report === undefined || traits === undefined || documents === undefined) return undefined;
  return {
    isKnown: report.adapterId === adapter.id,
    adapted: report.adapted,
    counts: Object.fromEntries(known.places.map(({ name }, index) => [name, traits[index]?.count ?? 0])),
    documents: documents.map((found, index) => ({ place: adapter.documents[index] ?? "", ...found })),
  };
}

async function firstWay(tabId: number, { path }: Pointed, ways: readonly string[], most: number) {
  const place = path.map(({ child }) => child).reverse();
  const found = await run(tabId, firstThatFinds, [ways, place, most]);
  return typeof found === "string" ? found : undefined;
}

/** Run one function in the page's own document (an adapter reads no frame); undefined when the page is gone or refuses. */
async function run(tabId: number, func: (...args: never[]) => unknown, args: readonly unknown[]): Promise<unknown> {
  try {
    const [answer] = await browser.scripting.executeScript({
      target: { tabId },
      func: func as never,
      args: [...args],
      injectImmediately: true,
    });
    return answer?.result ?? undefined;
  } catch {
    // The page left, or is one where no script may run.
    return undefined;
  }
}
