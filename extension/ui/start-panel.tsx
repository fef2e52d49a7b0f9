import { findDocumentType } from "@carnet/sdk/terminology";
import { render } from "preact";
import { capture, captureCandidate, isSameDocument, pageNow } from "../capture/capture.ts";
import { captureDownload, recentDownloads } from "../capture/downloads.ts";
import { imagesToPdf, imageToPdf } from "../capture/image-to-pdf.ts";
import { tabsOf } from "../capture/tabs.ts";
import { clearTarget, onTarget, readTarget } from "../capture/target.ts";
import { openPdf } from "../identify/pdf.ts";
import { imagePixels } from "../identify/pixels.ts";
import { openReader } from "../identify/reader.ts";
import { type Database, keepDatabaseOpen } from "../outbox/database.ts";
import { findEarlier } from "../outbox/earlier.ts";
import {
  acknowledge,
  countQueue,
  discard,
  enqueue,
  listFor,
  openRefused,
  retryNow,
  wipeOwner,
} from "../outbox/outbox.ts";
import { measureRoom } from "../outbox/room.ts";
import { browser } from "../platform/browser.ts";
import { onSignedIn, onSignInProblem, readSignedIn } from "../platform/session.ts";
import { toProblem } from "../shared/problem.ts";
import { call, onAnnounce } from "../shared/rpc.ts";
import { loadSettings, type Settings } from "../shared/settings.ts";
import { PanelContext, type PanelGestures } from "./context.ts";
import { lookUp, openClient } from "./look-up.ts";
import { PanelView } from "./panel.tsx";
import { PanelController } from "./panel-controller.ts";
import type { PanelPorts } from "./panel-ports.ts";
import { textsOf } from "./strings.ts";
import { today } from "./today.ts";

/** The panel's page: real ports, the events of the browser, then the view. */
export async function startPanel(root: HTMLElement): Promise<void> {
  // The queue is opened beside: the first picture does not wait for the disk.
  const database = keepDatabaseOpen();
  void database();
  const [settings, window] = await Promise.all([loadSettings(), browser.windows.getCurrent()]);
  const signedIn = await readSignedIn(settings.serviceUrl);
  const windowId = window.id ?? -1;
  const texts = textsOf(settings.locale);
  document.documentElement.lang = settings.locale;
  document.title = texts("app.title");

  const controller = new PanelController(portsOf(settings, database));
  const take = async () => controller.take(await readTarget(windowId));

  onTarget(windowId, (target) => {
    if (target !== undefined) void controller.take(target);
  });
  onSignInProblem((problem) => controller.setSigningIn(false, problem));
  onSignedIn(() => void readSignedIn(settings.serviceUrl).then((signedIn) => controller.setSignedIn(signedIn)));
  onAnnounce("outbox", () => void controller.refreshRows());
  browser.tabs.onUpdated.addListener((tabId, change) => {
    if (change.status === "loading" || change.url !== undefined) void controller.pageLoading(tabId);
  });
  browser.tabs.onActivated.addListener((front) => {
    if (front.windowId === windowId) controller.tabInFront(front.tabId);
  });
  browser.tabs.onRemoved.addListener((tabId) => controller.pageGone(tabId));
  const showOnline = () => controller.setOnline(navigator.onLine);
  addEventListener("offline", showOnline);
  addEventListener("online", () => {
    showOnline();
    void call("background", "ring").catch(() => undefined);
  });
  showOnline();
  // Dropped beside its place, a file would be opened by the browser instead of the panel, with what is filled in.
  for (const type of ["dragover", "drop"]) {
    addEventListener(type, (event) => {
      if ((event as DragEvent).dataTransfer?.types.includes("Files")) event.preventDefault();
    });
  }

  const ring = () => call("background", "ring").finally(() => controller.refreshRows());
  const gestures: PanelGestures = {
    signIn: () => {
      controller.setSigningIn(true);
      call("background", "signIn").catch((error: unknown) => {
        controller.setSigningIn(false, toProblem(error, "service-unreachable"));
      });
    },
    // Given up, it leaves the person as they were: the former structure still stands in front of them.
    changeStructure: () => void call("background", "signIn").catch(() => undefined),
    signOut: () => {
      void clearTarget(windowId);
      void call("background", "signOut");
    },
    retryRow: (id) =>
      void database()
        .then((opened) => retryNow(opened, id, Date.now()))
        .then(ring),
    confirmRow: (id) =>
      void database()
        .then((opened) => acknowledge(opened, id, Date.now()))
        .then(ring),
    discardRow: (id) =>
      void database()
        .then((opened) => discard(opened, id))
        .then((isGone) => {
          // Too late is said by the row itself, which is on its way or in the record.
          if (isGone) controller.rowDiscarded(id);
          return ring();
        }),
    wipe: async () => {
      const owner = controller.state.signedIn?.owner;
      if (owner === undefined || !(await wipeOwner(await database(), owner))) return false;
      await clearTarget(windowId);
      await call("background", "signOut");
      await ring();
      return true;
    },
    // Directly in the click: Firefox forgets the gesture after the first await.
    allow: (pattern, download) => {
      const again = () => (download === undefined ? take() : controller.takeDownload(download));
      void browser.permissions.request({ origins: [pattern] }).then((isGranted) => (isGranted ? again() : undefined));
    },
    takeTabs: (origin) => {
      const { protocol, hostname } = new URL(origin);
      void browser.permissions
        .request({ origins: [`${protocol}//${hostname}/*`] })
        .then((isGranted) => (isGranted ? controller.takeTabs(windowId, origin) : undefined));
    },
    listDownloads: () => {
      void browser.permissions
        .request({ permissions: ["downloads"] })
        .then((isGranted) => (isGranted ? controller.offerDownloads() : undefined));
    },
    retryCapture: () => void take(),
    openRecord: (ins) => openClient(settings).record(ins),
  };

  controller.setSignedIn(signedIn);
  render(
    <PanelContext.Provider value={{ controller, gestures, texts }}>
      <PanelView />
    </PanelContext.Provider>,
    root,
  );
  // Once more: it may have changed before anybody listened.
  controller.setSignedIn(await readSignedIn(settings.serviceUrl));
  await take();
  // Opening the panel is one of the occasions to send what waits.
  await call("background", "ring").catch(() => undefined);
}

function portsOf(settings: Settings, database: () => Promise<Database>): PanelPorts {
  return {
    capture: (target, signal) => capture(target, { adapters: settings.adapters, signal }),
    captureCandidate,
    tabsOf,
    recentDownloads: () => recentDownloads(Date.now()),
    captureDownload,
    pageNow: (target) => pageNow(target, settings.adapters),
    isSameDocument,
    openReader: () => {
      const { reader, close } = openReader();
      return {
        identities: (text) => reader.identities(text),
        others: (text) => reader.others(text),
        mentions: (text) => reader.mentions(text),
        codes: (pixels) => reader.codes(pixels),
        cda: (bytes) => reader.cda(bytes),
        wrap: (input) => reader.wrap(input),
        close,
      };
    },
    openPdf,
    imageToPdf,
    imagesToPdf,
    imagePixels,
    record: (ins, options) => lookUp(settings, ins, options),
    inTurn: (work) => navigator.locks.request("carnet-filing", work),
    enqueue: async (entry) => enqueue(await database(), entry, Date.now(), settings.undoMs),
    openRefused: async (id, owner) => openRefused(await database(), id, owner),
    earlier: async (sender, compared) => findEarlier(await database(), sender, compared),
    ring: () => call("background", "ring"),
    rows: async (owner) => listFor(await database(), owner),
    waiting: async () => (await countQueue(await database(), undefined)).waiting,
    room: measureRoom,
    today,
    now: () => new Date(),
    defaultType: settings.documentType === undefined ? undefined : findDocumentType(settings.documentType),
  };
}
