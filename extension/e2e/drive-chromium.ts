import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, type CDPSession, chromium, type Page } from "playwright";
import { asPage, type PanelDriver } from "./panel-driver.ts";

/** The id that the manifest's `key` gives, wherever the extension is loaded from. */
export const chromeExtensionId = "bdkmmmbkbhcjckckijajlhjdbfenbofh";

export const builtForChrome = new URL("../.output/chrome-mv3", import.meta.url).pathname;

export interface ChromiumWithExtension {
  readonly context: BrowserContext;
  readonly extensionId: string;
  readonly cdp: CDPSession;
  /** Profile folder: give it to the next launch to come back after a crash. */
  readonly profile: string;
  close(): Promise<void>;
}

export interface LaunchChromiumOptions {
  /** Folder of the built extension. Default: `extension/.output/chrome-mv3`. */
  readonly extension?: string;
  /** Origin of the record service; written in the extension's settings. Default: the build's (`http://127.0.0.1:8787`). */
  readonly serviceUrl?: string;
  readonly locale?: "fr" | "en";
  /** Seconds to call a document back before it leaves. Default here: 0, what is sent leaves at once. */
  readonly undoSeconds?: number;
  /** Code of the type proposed when nothing in the document decides. */
  readonly documentType?: string;
  /** Where people sign in. Default: the browser's own window. */
  readonly signIn?: "tab";
  /** The browser to start. Default: `CHROMIUM_PATH`, or Debian's. */
  readonly executable?: string;
  /** An existing profile; it is then kept on close. */
  readonly profile?: string;
  readonly colorScheme?: "light" | "dark";
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A real Chromium, headless, with the extension as a user installs it: no permission beyond the manifest's. */
export async function launchChromiumWithExtension(options: LaunchChromiumOptions = {}): Promise<ChromiumWithExtension> {
  const extension = options.extension ?? builtForChrome;
  const profile = options.profile ?? (await mkdtemp(join(tmpdir(), "carnet-chromium-")));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: options.executable ?? process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    headless: true,
    colorScheme: options.colorScheme ?? "light",
    viewport: options.viewport ?? { width: 1100, height: 800 },
    acceptDownloads: true,
    args: [
      "--no-sandbox",
      "--enable-unsafe-extension-debugging",
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      `--lang=${options.locale ?? "fr"}`,
    ],
  });
  const browser = context.browser();
  if (browser === null) throw new Error("Chromium gives no browser object for this context.");
  const [running] = context.serviceWorkers();
  const worker = running ?? (await context.waitForEvent("serviceworker"));
  const extensionId = worker.url().split("/")[2] ?? "";
  const cdp = await browser.newBrowserCDPSession();
  // A first installation shows its first steps, in a tab that no test expects.
  if (options.profile === undefined) await closeWelcome(context);
  const settings = {
    ...(options.serviceUrl === undefined ? {} : { serviceUrl: new URL(options.serviceUrl).origin }),
    ...(options.signIn === undefined ? {} : { signIn: options.signIn }),
    defaults: {
      locale: options.locale ?? "fr",
      undoSeconds: options.undoSeconds ?? 0,
      ...(options.documentType === undefined ? {} : { documentType: options.documentType }),
    },
  };
  await worker.evaluate(
    (value) => (globalThis as unknown as ChromeGlobal).chrome.storage.local.set({ settings: value }),
    settings,
  );
  return {
    context,
    extensionId,
    cdp,
    profile,
    close: async () => {
      await context.close();
      if (options.profile === undefined) await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function closeWelcome(context: BrowserContext): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const welcome = context.pages().find((page) => page.url().endsWith("/welcome.html"));
    if (welcome !== undefined) return welcome.close();
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error("The extension was installed and did not show its first steps.");
}

interface ChromeGlobal {
  readonly chrome: {
    readonly storage: { readonly local: { set(values: Record<string, unknown>): Promise<void> } };
    readonly action: { getBadgeText(details: object): Promise<string>; getTitle(details: object): Promise<string> };
    readonly contextMenus: { readonly onClicked: { dispatch(info: object, tab: object): void } };
    readonly tabs: { query(query: object): Promise<{ id?: number; url?: string; status?: string }[]> };
    readonly runtime: { getContexts(filter: object): Promise<{ contextType: string; documentUrl?: string }[]> };
  };
}

interface TargetInfo {
  readonly targetId: string;
  readonly type: string;
  readonly url: string;
}

async function targets(driven: ChromiumWithExtension): Promise<readonly TargetInfo[]> {
  // The empty filter shows tabs, panels and offscreen pages, which Playwright does not list.
  const { targetInfos } = await driven.cdp.send("Target.getTargets", { filter: [{}] });
  return targetInfos;
}

/** The tab target of a page; found by asking the page itself, so that two tabs on one address are told apart. */
async function tabTargetOf(driven: ChromiumWithExtension, page: Page): Promise<string> {
  const session = await driven.context.newCDPSession(page);
  const { targetInfo } = await session.send("Target.getTargetInfo");
  await session.detach();
  const url = targetInfo.url;
  const tabs = (await targets(driven)).filter((target) => target.type === "tab");
  const same = tabs.filter((target) => target.url === url);
  const [found] = same;
  if (found === undefined) throw new Error(`No tab shows ${url}; tabs: ${tabs.map((tab) => tab.url).join(", ")}`);
  return found.targetId;
}

/** People click once the page is there: the front tab of the browser has ended loading. */
async function tabLoaded(driven: ChromiumWithExtension): Promise<void> {
  const worker = driven.context.serviceWorkers()[0] ?? (await driven.context.waitForEvent("serviceworker"));
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const status = await worker.evaluate(async () => {
      const { chrome } = globalThis as unknown as ChromeGlobal;
      const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
      return tab?.status;
    });
    if (status !== "loading") return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/**
 * A real click on the extension's toolbar button while this tab is in front: runs `action.onClicked`, opens the side panel
 * and grants activeTab, exactly as for a person.
 */
export async function clickToolbar(driven: ChromiumWithExtension, page: Page): Promise<void> {
  const click = await readyToClick(driven, page);
  await click();
}

/** The same click, made ready beforehand: for who measures from the click on. */
export async function readyToClick(driven: ChromiumWithExtension, page: Page): Promise<() => Promise<void>> {
  await page.bringToFront();
  await tabLoaded(driven);
  const targetId = await tabTargetOf(driven, page);
  return async () => {
    await driven.cdp.send("Extensions.triggerAction" as never, { id: driven.extensionId, targetId } as never);
  };
}

/** The item "Envoyer au dossier" of the context menu. Chromium cannot be driven to show the menu: its event is dispatched. */
export async function chooseContextMenu(
  driven: ChromiumWithExtension,
  page: Page,
  info: {
    readonly menuItemId: "carnet-page" | "carnet-selection" | "carnet-link" | "carnet-image" | "carnet-frame";
    readonly linkUrl?: string;
    readonly srcUrl?: string;
    readonly frameUrl?: string;
    readonly frameId?: number;
  },
): Promise<void> {
  const worker = driven.context.serviceWorkers()[0] ?? (await driven.context.waitForEvent("serviceworker"));
  await page.bringToFront();
  await worker.evaluate(async (given) => {
    const { chrome } = globalThis as unknown as ChromeGlobal;
    const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
    chrome.contextMenus.onClicked.dispatch({ pageUrl: tab?.url ?? "", frameId: 0, ...given }, tab ?? {});
  }, info);
}

/** What the extension's button says: its number, then its tooltip (in the browser's language). */
export async function badge(driven: ChromiumWithExtension): Promise<string> {
  const worker = driven.context.serviceWorkers()[0] ?? (await driven.context.waitForEvent("serviceworker"));
  return worker.evaluate(async () => {
    const { action } = (globalThis as unknown as ChromeGlobal).chrome;
    return `${await action.getBadgeText({})} ${await action.getTitle({})}`;
  });
}

/** Room that the browser gives the extension on the disk, in bytes. Returns the function that gives back what there is. */
export async function limitRoom(driven: ChromiumWithExtension, quotaSize: number): Promise<() => Promise<void>> {
  const [page] = driven.context.pages();
  if (page === undefined) throw new Error("no page to ask through");
  const session = await driven.context.newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", {
    origin: `chrome-extension://${driven.extensionId}`,
    quotaSize,
  });
  // The limit lasts as long as the session that asked for it.
  return () => session.detach();
}

/** Waits for the side panel that a click opened, and drives it. */
export async function panelPage(driven: ChromiumWithExtension, timeoutMs = 20_000): Promise<PanelDriver> {
  const url = `chrome-extension://${driven.extensionId}/sidepanel.html`;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = (await targets(driven)).find((target) => target.type === "page" && target.url.startsWith(url));
    if (found !== undefined) return driveTarget(driven, found.targetId);
    if (Date.now() > deadline) throw new Error("The side panel did not open.");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The same page as an ordinary tab: for screenshots at a chosen width, and for dropping files. */
export async function openPanelAsTab(driven: ChromiumWithExtension): Promise<Page> {
  const page = await driven.context.newPage();
  await page.goto(`chrome-extension://${driven.extensionId}/sidepanel.html`);
  return page;
}

/** A target that Playwright does not list, through `Target.sendMessageToTarget`. */
async function driveTarget(driven: ChromiumWithExtension, targetId: string): Promise<PanelDriver> {
  const { cdp } = driven;
  const { sessionId } = await cdp.send("Target.attachToTarget", { targetId, flatten: false });
  let next = 0;
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  cdp.on("Target.receivedMessageFromTarget", (event) => {
    if (event.sessionId !== sessionId) return;
    const message = JSON.parse(event.message) as { id?: number; result?: unknown; error?: { message: string } };
    const entry = message.id === undefined ? undefined : waiting.get(message.id);
    if (message.id === undefined || entry === undefined) return;
    waiting.delete(message.id);
    if (message.error === undefined) entry.resolve(message.result);
    else entry.reject(new Error(message.error.message));
  });
  cdp.on("Target.detachedFromTarget", (event) => {
    if (event.sessionId !== sessionId) return;
    for (const entry of waiting.values()) entry.reject(new Error("The panel was closed."));
    waiting.clear();
  });
  const send = (method: string, params: object): Promise<unknown> => {
    next += 1;
    const id = next;
    const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
    const message = JSON.stringify({ id, method, params });
    return cdp.send("Target.sendMessageToTarget", { message, sessionId }).then(() => answer);
  };
  return asPage({
    evaluate: async (expression) => {
      const { result, exceptionDetails } = (await send("Runtime.evaluate", {
        expression,
        awaitPromise: true,
        returnByValue: true,
        userGesture: true,
      })) as { result: { value?: unknown }; exceptionDetails?: { text: string; exception?: { description?: string } } };
      if (exceptionDetails !== undefined) {
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      }
      return result.value;
    },
    pressAt: async (x, y) => {
      const point = { x, y, button: "left", clickCount: 1 };
      await send("Input.dispatchMouseEvent", { type: "mousePressed", ...point });
      await send("Input.dispatchMouseEvent", { type: "mouseReleased", ...point });
    },
    pressKey: async (key, options) => {
      const given = {
        key,
        code: key,
        windowsVirtualKeyCode: key === "Enter" ? 13 : 9,
        modifiers: options?.isControl ? 2 : 0,
      };
      await send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...given });
      await send("Input.dispatchKeyEvent", { type: "keyUp", ...given });
    },
    setColours: async (scheme) => {
      await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
    },
    screenshot: async () => {
      const { data } = (await send("Page.captureScreenshot", { format: "png" })) as { data: string };
      return Buffer.from(data, "base64");
    },
    close: async () => {
      await cdp.send("Target.closeTarget", { targetId });
    },
  });
}
