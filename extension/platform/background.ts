import { setTarget, type Target } from "../capture/target.ts";
import { announce, call, serve } from "../shared/rpc.ts";
import { loadSettings } from "../shared/settings.ts";
import { showCounts } from "./badge.ts";
import { hangBell } from "./bell.ts";
import { browser, chromeOnly } from "./browser.ts";
import { openPanel } from "./panel.ts";
import { closeSender, openSender } from "./sender.ts";
import { isFirstStartOfSession, onChangeOfPerson } from "./session.ts";
import { beginSignIn, completeSignIn, signOut, validToken } from "./sign-in.ts";

const alarmName = "outbox";
/** Have the outbox drained, and come back later when something still waits. */
const wake = hangBell({
  setAlarm: () => browser.alarms.create(alarmName, { periodInMinutes: 0.5 }),
  clearAlarm: () => browser.alarms.clear(alarmName),
  openSender,
  closeSender,
  drain: () => call("offscreen", "drain"),
  showCounts,
});
const menus = {
  page: "carnet-page",
  selection: "carnet-selection",
  link: "carnet-link",
  image: "carnet-image",
  frame: "carnet-frame",
} as const;

/**
 * The service worker (Chrome) or event page (Firefox): opens the panel, watches the sign-in, rings the bell.
 * It holds no state, reads no document and sends none: it may die at any instant.
 * Every listener is registered synchronously, or the browser would not wake it for them.
 */
export function startBackground(): void {
  browser.action.onClicked.addListener((tab) => {
    if (tab.id === undefined || tab.windowId === undefined) return;
    // Before any await: the click's permission to open a panel ends with this turn.
    void openPanel(tab.windowId).catch(reportNothing);
    void setTarget({ tabId: tab.id, windowId: tab.windowId, kind: "tab", ...optionalUrl(tab.url) });
  });

  browser.contextMenus.onClicked.addListener((info, tab) => {
    if (tab?.id === undefined || tab.windowId === undefined) return;
    void openPanel(tab.windowId).catch(reportNothing);
    const kind = kindOfMenu(String(info.menuItemId));
    const address =
      kind === "link" ? info.linkUrl : kind === "image" ? info.srcUrl : kind === "frame" ? info.frameUrl : undefined;
    void setTarget({
      tabId: tab.id,
      windowId: tab.windowId,
      kind,
      ...optionalUrl(tab.url ?? info.pageUrl),
      ...(address === undefined ? {} : { address }),
      // A frame's document is read from the frame itself; a link or an image from the frame that shows it.
      ...(info.frameId === undefined ? {} : { frameId: info.frameId }),
    });
  });

  browser.runtime.onInstalled.addListener((details) => {
    if (details.reason === "install" && !details.temporary) void welcome();
    void createMenus();
    void wake();
  });
  browser.runtime.onStartup.addListener(() => void wake());
  browser.alarms.onAlarm.addListener((alarm) => {
    if (alarm.name === alarmName) void wake();
  });
  // Nobody at the workstation, or its screen locked: whoever comes next is not the one who signed in. What waits stays sealed.
  browser.idle.onStateChanged.addListener((state) => {
    if (state !== "active") void signOut();
  });
  void loadSettings().then(({ lockSeconds }) => browser.idle.setDetectionInterval(lockSeconds));
  // What waited for this person leaves now, though it was told to wait in the very instant that they signed in. And the button
  // says what is theirs, or everybody's once they have left.
  onChangeOfPerson(() => void wake().catch(() => undefined));
  // Enabled again: no event tells it, and the button has lost its number.
  void isFirstStartOfSession()
    .then((isFirst) => (isFirst ? wake() : undefined))
    .catch(() => undefined);
  browser.tabs.onUpdated.addListener((tabId, change, tab) => {
    const address = change.url ?? (change.status === "complete" ? tab.url : undefined);
    if (address === undefined) return;
    void completeSignIn(tabId, address).then(
      (isDone) => (isDone ? wake() : undefined),
      () => undefined,
    );
  });

  serve("background", {
    ring: wake,
    accessToken: async ({ refused }) => {
      const valid = await validToken(refused);
      return valid === undefined ? undefined : { token: valid.token, owner: valid.owner, serviceUrl: valid.serviceUrl };
    },
    signIn: async () => {
      await beginSignIn();
      // What waited for this person leaves now; the one who asked does not wait for that.
      void wake().catch(() => undefined);
    },
    signOut,
    queueChanged: async (counts) => {
      await showCounts(counts);
      announce("outbox");
    },
  });
}

/** First steps, for whoever installs it themselves: not on every workstation of a hospital that installs it by policy. */
async function welcome(): Promise<void> {
  if ((await loadSettings()).isManaged) return;
  await browser.tabs.create({ url: browser.runtime.getURL("welcome.html") });
}

async function createMenus(): Promise<void> {
  await browser.contextMenus.removeAll();
  const title = browser.i18n.getMessage("action");
  const common = { title, documentUrlPatterns: ["http://*/*", "https://*/*", "file:///*"] };
  browser.contextMenus.create({ id: menus.page, contexts: ["page"], ...common });
  browser.contextMenus.create({ id: menus.selection, contexts: ["selection"], ...common });
  browser.contextMenus.create({ id: menus.link, contexts: ["link"], ...common });
  browser.contextMenus.create({ id: menus.image, contexts: ["image"], ...common });
  browser.contextMenus.create({ id: menus.frame, contexts: ["frame"], ...common });
  await chromeOnly().sidePanel?.setPanelBehavior?.({ openPanelOnActionClick: false });
}

function kindOfMenu(id: string): Target["kind"] {
  if (id === menus.link) return "link";
  if (id === menus.image) return "image";
  if (id === menus.selection) return "selection";
  return id === menus.frame ? "frame" : "page";
}

const optionalUrl = (url: string | undefined) => (url === undefined || url === "" ? {} : { tabUrl: url });

function reportNothing(): void {
  // The panel could not open (no window in front): the badge and the target remain, the next click tries again.
}
