import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { freePort } from "../../test/src/support/free-port.ts";
import { asPage, type PanelDriver } from "./panel-driver.ts";

export const firefoxExtensionId = "envoyer-au-dossier@carnet.example";
/** Chosen by the test profile, so that the extension's address is known beforehand. */
const fixedUuid = "5f1a0c8e-2f53-4b7e-9d0a-6f2f5d1c7a11";

export const builtForFirefox = new URL("../.output/firefox-mv3", import.meta.url).pathname;

export interface LaunchFirefoxOptions {
  /** Folder of the built extension. Default: `extension/.output/firefox-mv3`. */
  readonly extension?: string;
  /** Origin of the record service; written in the extension's settings. Default: the build's (`http://127.0.0.1:8787`). */
  readonly serviceUrl?: string;
  readonly locale?: "fr" | "en";
  /** Seconds to call a document back before it leaves. Default here: 0, what is sent leaves at once. */
  readonly undoSeconds?: number;
  /** An existing profile; it is then kept on close. */
  readonly profile?: string;
}

export interface FirefoxWithExtension {
  readonly bidi: Bidi;
  /** Open an address in a new tab in front. */
  open(url: string): Promise<FirefoxTab>;
  /** Open one of the extension's own pages (`options.html`). */
  openOwn(name: string): Promise<FirefoxTab>;
  /** A real click on the extension's button while the tab is in front: `action.onClicked` and the activeTab grant. */
  clickToolbar(tab: FirefoxTab): Promise<void>;
  /** The sidebar that the click opened. */
  panelPage(): Promise<PanelDriver>;
  /** Waits for a tab on an address that begins so (the sign-in page, for example). */
  waitForTab(urlPrefix: string): Promise<FirefoxTab>;
  /** `kill -9`: nothing is said to anybody, nothing is put in order. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** One tab, by its WebDriver BiDi browsing context. */
export interface FirefoxTab
  extends Pick<
    PanelDriver,
    | "evaluate"
    | "click"
    | "press"
    | "pressAt"
    | "fill"
    | "waitFor"
    | "waitForText"
    | "text"
    | "exists"
    | "attribute"
    | "picture"
    | "close"
  > {
  readonly context: string;
  goto(url: string): Promise<void>;
  url(): Promise<string>;
}

interface TreeContext {
  readonly context: string;
  readonly url: string;
  readonly children: readonly TreeContext[] | null;
}

/** Firefox's own WebDriver BiDi endpoint: no driver program between. */
export class Bidi {
  readonly #socket: WebSocket;
  #next = 0;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: string; message?: string };
      const entry = message.id === undefined ? undefined : this.#waiting.get(message.id);
      if (message.id === undefined || entry === undefined) return;
      this.#waiting.delete(message.id);
      if (message.error === undefined) entry.resolve(message.result);
      else entry.reject(new Error(`${message.error}: ${message.message ?? ""}`));
    });
    socket.on("close", () => {
      for (const entry of this.#waiting.values()) entry.reject(new Error("Firefox closed the connection."));
      this.#waiting.clear();
    });
  }

  static async connect(url: string, deadline: number): Promise<Bidi> {
    for (;;) {
      const socket = new WebSocket(url);
      const isOpen = await new Promise<boolean>((resolve) => {
        socket.once("open", () => resolve(true));
        socket.once("error", () => resolve(false));
      });
      if (isOpen) return new Bidi(socket);
      if (Date.now() > deadline) throw new Error("Firefox did not open its BiDi endpoint.");
      await pause(100);
    }
  }

  send<T>(method: string, params: object): Promise<T> {
    this.#next += 1;
    const id = this.#next;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer as Promise<T>;
  }

  close(): void {
    this.#socket.close();
  }

  /** Evaluate an expression in a context; its value must be JSON. */
  async evaluate(context: string, expression: string): Promise<unknown> {
    const answer = await this.send<{
      type: string;
      result?: { type: string; value?: unknown };
      exceptionDetails?: { text: string };
    }>("script.evaluate", {
      // As a string, so that every value crosses unharmed.
      expression: `(async () => JSON.stringify((await (${expression})) ?? null))()`,
      target: { context },
      awaitPromise: true,
      userActivation: true,
      resultOwnership: "none",
    });
    if (answer.type === "exception") throw new Error(answer.exceptionDetails?.text ?? "exception in the page");
    return typeof answer.result?.value === "string" ? (JSON.parse(answer.result.value) as unknown) : undefined;
  }
}

/** A real Firefox, headless, with the extension installed as a temporary add-on. */
export async function launchFirefoxWithExtension(options: LaunchFirefoxOptions = {}): Promise<FirefoxWithExtension> {
  const profile = options.profile ?? (await mkdtemp(join(tmpdir(), "carnet-firefox-")));
  const leave =
    options.profile === undefined ? () => rm(profile, { recursive: true, force: true, maxRetries: 5 }) : undefined;
  const preferences = {
    "extensions.webextensions.uuids": JSON.stringify({ [firefoxExtensionId]: fixedUuid }),
    // Permission prompts cannot be answered headless: they are granted.
    "extensions.webextOptionalPermissionPrompts": false,
    // What is downloaded leaves with the profile.
    "browser.download.folderList": 2,
    "browser.download.dir": profile,
    "browser.download.useDownloadDir": true,
    "browser.download.alwaysOpenPanel": false,
    "intl.locale.requested": options.locale ?? "fr",
    "browser.aboutwelcome.enabled": false,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": false,
    "toolkit.telemetry.enabled": false,
    "app.update.enabled": false,
    // Killed, it comes back as a browser that was closed: no offer to restore what was open.
    "browser.sessionstore.resume_from_crash": false,
    "toolkit.startup.max_resumed_crashes": -1,
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
  };
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  await writeFile(join(profile, "user.js"), lines.join("\n"));
  const port = await freePort();
  const child = spawn(
    process.env.FIREFOX_PATH ?? "/usr/bin/firefox-esr",
    [
      "--headless",
      "--no-remote",
      "--profile",
      profile,
      "--remote-debugging-port",
      String(port),
      "--remote-allow-system-access",
      "about:blank",
    ],
    { stdio: "ignore", env: { ...process.env, MOZ_HEADLESS: "1", HOME: profile } },
  );
  // A test that fails before its own clean-up leaves no browser behind.
  process.once("exit", () => child.kill("SIGKILL"));
  try {
    const bidi = await Bidi.connect(`ws://127.0.0.1:${port}/session`, Date.now() + 60_000);
    await bidi.send("session.new", { capabilities: {} });
    await bidi.send("webExtension.install", {
      extensionData: { type: "path", path: options.extension ?? builtForFirefox },
    });
    const driven = drive(bidi, child, leave);
    await configure(driven, options);
    return driven;
  } catch (error) {
    await stop(child);
    await leave?.();
    throw error;
  }
}

async function configure(driven: FirefoxWithExtension, options: LaunchFirefoxOptions): Promise<void> {
  const page = await driven.open(`moz-extension://${fixedUuid}/options.html`);
  const settings = {
    ...(options.serviceUrl === undefined ? {} : { serviceUrl: new URL(options.serviceUrl).origin }),
    defaults: { locale: options.locale ?? "fr", undoSeconds: options.undoSeconds ?? 0 },
  };
  await page.evaluate(`browser.storage.local.set(${JSON.stringify({ settings })})`);
  await page.close();
}

function drive(bidi: Bidi, child: ChildProcess, leave: (() => Promise<void>) | undefined): FirefoxWithExtension {
  const tabs = async () => {
    const { contexts } = await bidi.send<{ contexts: TreeContext[] }>("browsingContext.getTree", {});
    return contexts;
  };
  const chromeWindow = async () => {
    const { contexts } = await bidi.send<{ contexts: TreeContext[] }>("browsingContext.getTree", {
      "moz:scope": "chrome",
    });
    const found = contexts.find((context) => context.url.includes("browser.xhtml"));
    if (found === undefined) throw new Error("Firefox shows no browser window.");
    return found.context;
  };
  const open = async (url: string) => {
    const { context } = await bidi.send<{ context: string }>("browsingContext.create", { type: "tab" });
    const tab = tabOf(bidi, context);
    await tab.goto(url);
    await bidi.send("browsingContext.activate", { context });
    return tab;
  };
  return {
    bidi,
    open,
    openOwn: (name) => open(`moz-extension://${fixedUuid}/${name}`),
    clickToolbar: async (tab) => {
      await bidi.send("browsingContext.activate", { context: tab.context });
      await bidi.evaluate(
        await chromeWindow(),
        `(() => {
          const { ExtensionParent } = ChromeUtils.importESModule("resource://gre/modules/ExtensionParent.sys.mjs");
          const { extension } = WebExtensionPolicy.getByID(${JSON.stringify(firefoxExtensionId)});
          ExtensionParent.apiManager.global.browserActionFor(extension).triggerAction(window);
        })()`,
      );
    },
    panelPage: async () => sidebarPage(bidi, await chromeWindow()),
    waitForTab: async (urlPrefix) => {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const found = (await tabs()).find((context) => context.url.startsWith(urlPrefix));
        if (found !== undefined) return tabOf(bidi, found.context);
        if (Date.now() > deadline) throw new Error(`No tab went to ${urlPrefix}.`);
        await pause(50);
      }
    },
    kill: async () => {
      child.kill("SIGKILL");
      await stop(child);
      bidi.close();
    },
    close: async () => {
      await bidi.send("browser.close", {}).catch(() => undefined);
      bidi.close();
      await stop(child);
      await leave?.();
    },
  };
}

function tabOf(bidi: Bidi, context: string): FirefoxTab {
  const evaluate = (expression: string) => bidi.evaluate(context, expression);
  const tab = asPage({
    evaluate,
    pressAt: async (x, y) => {
      const move = { type: "pointerMove", x: Math.round(x), y: Math.round(y) };
      const actions = [move, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }];
      await bidi.send("input.performActions", { context, actions: [{ type: "pointer", id: "mouse", actions }] });
    },
    screenshot: async () => {
      const { data } = await bidi.send<{ data: string }>("browsingContext.captureScreenshot", { context });
      return Buffer.from(data, "base64");
    },
    close: async () => {
      await bidi.send("browsingContext.close", { context });
    },
  });
  return {
    context,
    ...tab,
    goto: async (url) => {
      await bidi.send("browsingContext.navigate", { context, url, wait: "complete" });
    },
    url: async () => String(await evaluate("location.href")),
  };
}

/**
 * The sidebar is a page that BiDi does not list. A page of the same extension, opened behind the tab in front, sees it
 * (`extension.getViews`) and lends its eyes: expressions run against the sidebar's own window and document.
 */
async function sidebarPage(bidi: Bidi, window: string): Promise<PanelDriver> {
  const { context } = await bidi.send<{ context: string }>("browsingContext.create", { type: "tab", background: true });
  await bidi.send("browsingContext.navigate", {
    context,
    url: `moz-extension://${fixedUuid}/options.html`,
    wait: "complete",
  });
  const deadline = Date.now() + 20_000;
  while ((await bidi.evaluate(context, `browser.extension.getViews({ type: "sidebar" }).length`)) === 0) {
    if (Date.now() > deadline) throw new Error("The sidebar did not open.");
    await pause(50);
  }
  return asPage({
    evaluate: (expression) =>
      bidi.evaluate(
        context,
        `((window) => {
          const { document, location, navigator } = window;
          const { Event } = window;
          return (${expression});
        })(browser.extension.getViews({ type: "sidebar" })[0])`,
      ),
    pressAt: async (x, y) => {
      await bidi.evaluate(
        window,
        `(() => {
          const sidebar = document.getElementById("sidebar");
          const outer = sidebar.getBoundingClientRect();
          const inner = sidebar.contentDocument.getElementById("webext-panels-browser").getBoundingClientRect();
          const at = [outer.x + inner.x + ${x}, outer.y + inner.y + ${y}];
          window.synthesizeMouseEvent("mousedown", ...at, { button: 0, buttons: 1, clickCount: 1 }, {});
          window.synthesizeMouseEvent("mouseup", ...at, { button: 0, clickCount: 1 }, {});
        })()`,
      );
    },
    screenshot: async () => {
      const address = await bidi.evaluate(
        window,
        `(async () => {
          const inner = document.getElementById("sidebar").contentDocument.getElementById("webext-panels-browser");
          const bitmap = await inner.browsingContext.currentWindowGlobal.drawSnapshot(null, 1, "white");
          const canvas = document.createElementNS("http://www.w3.org/1999/xhtml", "canvas");
          canvas.width = bitmap.width;
          canvas.height = bitmap.height;
          canvas.getContext("2d").drawImage(bitmap, 0, 0);
          return canvas.toDataURL("image/png");
        })()`,
      );
      return Buffer.from(String(address).split(",")[1] ?? "", "base64");
    },
    close: async () => {
      await bidi.evaluate(window, "SidebarController.hide()");
      await bidi.send("browsingContext.close", { context });
    },
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await ended;
  clearTimeout(timer);
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
