import { existsSync } from "node:fs";
import type { Page } from "playwright";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expectAccessible } from "./accessible.ts";
import {
  badge,
  builtForChrome,
  type ChromiumWithExtension,
  chooseContextMenu,
  clickToolbar,
  launchChromiumWithExtension,
  limitRoom,
  panelPage,
} from "./drive-chromium.ts";
import { camille } from "./fixtures.ts";
import { type HospitalServer, startHospital } from "./hospital-server.ts";
import { testHostilePages } from "./hostile-walks.ts";
import type { PanelDriver } from "./panel-driver.ts";
import { pdfTextOf } from "./pdf-text.ts";
import { type RecordServer, startRecord } from "./record-server.ts";
import { signInDirectly } from "./sign-in.ts";

const isRunnable = existsSync(process.env.CHROMIUM_PATH ?? "/usr/bin/chromium") && existsSync(builtForChrome);

describe.skipIf(!isRunnable)("the built extension in Chromium (needs Chromium and a build)", () => {
  let hospital: HospitalServer;
  let record: RecordServer;
  let driven: ChromiumWithExtension;
  let panel: PanelDriver;

  beforeAll(async () => {
    [hospital, record] = await Promise.all([startHospital(), startRecord()]);
    driven = await launchChromiumWithExtension({ serviceUrl: record.url });
    await signInDirectly(driven, record.url);
    const page = await driven.context.newPage();
    await page.goto(`${hospital.url}/`);
    await clickToolbar(driven, page);
    panel = await panelPage(driven);
    await panel.waitForStage("choice");
  });
  afterAll(async () => {
    await driven?.close();
    await hospital?.close();
    await record?.close();
  });

  // Nothing was sent before: each test is about its own documents.
  beforeEach(async () => {
    record.answer = "store";
    await forgetSent(panel);
  });

  const show = async (path: string) => {
    const page = await driven.context.newPage();
    await page.goto(`${hospital.url}${path}`);
    await clickToolbar(driven, page);
    return page;
  };

  it("says that a page has no document, and how to give one", async () => {
    const page = await show("/");
    await panel.waitForText("Aucun document sur cette page");
    await expectAccessible(panel);
    await page.close();
  });

  it("files the PDF of the viewer's tab: verified patient, proposed type and date, receipt, same bytes in the record", async () => {
    const page = await show("/letter.pdf");
    await panel.waitForIdentity("certain");
    await panel.waitFor('canvas[data-drawn="true"]');
    await expectAccessible(panel);
    expect(await panel.text()).toContain("TESTARD");
    await panel.click("#send");
    await panel.waitForRow("sent");
    const [stored] = [...record.stored.values()].slice(-1);
    expect(stored?.title).toBe("Lettre de liaison à la sortie");
    expect(stored?.content.toString("utf8")).toContain(Buffer.from(hospital.letter).toString("base64").slice(0, 200));
    await page.close();
  });

  it("makes a PDF of a report page, whose words are those on screen and no other, files it, then the words selected", async () => {
    const page = await show("/report");
    await panel.click('[data-choice="page"]');
    await panel.waitForIdentity("certain");
    // Its image and its curve are drawn; the picture of another origin, which nobody may read, is told.
    await panel.waitForText("non reprises : 1");
    await panel.click("#send");
    await panel.waitForRow("sent");
    const [stored] = [...record.stored.values()].slice(-1);
    const { text, pictures } = await pdfTextOf(stored?.content ?? Buffer.alloc(0));
    expect(pictures).toBe(2);
    expect(text).toMatch(
      /Leucocytes 12,4 10 ?9 ?\/L ↑ Ferritine 120 12 [µμ]g\/L \( ?≥ ?15\) Conclusion Carence martiale/,
    );
    expect(text).toMatch(/Page de localhost:\d+, mise en PDF le .* – 1\/1/);
    expect(text).not.toMatch(/MASQUE|lecteur d’écran/);

    await page.evaluate(() => {
      const [from, to] = [document.querySelector("h1"), document.querySelector("table")];
      if (from !== null && to !== null) getSelection()?.setBaseAndExtent(from, 0, to, to.childNodes.length);
    });
    // By the menu over the selected words (the click before it gives the grant that a real menu gives).
    await clickToolbar(driven, page);
    await panel.waitFor('[data-choice="selection"]');
    await chooseContextMenu(driven, page, { menuItemId: "carnet-selection" });
    // The words name nobody: the page does, and the person compares.
    await panel.waitForIdentity("doubtful");
    await panel.click("#confirm");
    // They are most of the page that just left: the panel asks.
    await panel.click('[data-earlier="near"] [value="another"]');
    await panel.click("#send");
    await panel.waitForRow("sent");
    const selected = await pdfTextOf([...record.stored.values()].at(-1)?.content ?? Buffer.alloc(0));
    expect(selected.text).toMatch(/Compte rendu d’analyses.*Leucocytes.*Ferritine/);
    expect(selected.text).not.toMatch(/Patient|Conclusion|Commentaire/);
    await page.close();
  });

  it("takes a picture of the screen, or the page's images as one PDF", async () => {
    const page = await show("/report");
    await panel.click('[data-choice="screen"]');
    await panel.waitForIdentity("doubtful");
    // The picture names nobody: what stands beside the record's identity is of the page, and is not said to be of the document.
    expect(await panel.text()).toContain("Lu sur la page");
    expect(await panel.text()).not.toContain("Lu dans le document");
    await panel.waitFor('canvas[data-drawn="true"]');
    await page.goto(`${hospital.url}/images`);
    await clickToolbar(driven, page);
    await panel.click('[data-choice="images"]');
    await panel.waitForText(/sur 2/);
    await page.close();
  });

  it.each(["/frame", "/embed", "/blob", "/data", "/viewer-frame", "/viewer-names", "/shadow-report"])(
    "finds the PDF that the page %s embeds",
    async (path) => {
      const page = await show(path);
      await panel.waitForIdentity("certain");
      await page.close();
    },
  );

  it("offers the links of a page, and reads the one chosen with the page's own session", async () => {
    const start = await driven.context.newPage();
    await start.goto(`${hospital.url}/`);
    await start.close();
    const page = await show("/links");
    await panel.waitForStage("choice");
    await expectAccessible(panel);
    // What the page calls a PDF is one, whatever its address.
    const offered = await panel.text();
    for (const name of ["Bilan (PDF)", "Télécharger", "Sortie", "Ouvrir"]) expect(offered).toContain(name);
    expect(offered).not.toMatch(/Séjours|Lecteur PDF/);
    await panel.click(".choices li:first-child button");
    await panel.waitForIdentity("certain");
    await page.close();
  });

  it("checks every document of a page in one go, opens alone what is doubtful, and sends the others together", async () => {
    const page = await show("/list");
    await panel.click("#take-all");
    await panel.waitFor('[data-batch="read"]');
    await expectAccessible(panel);
    const before = record.stored.size;
    await panel.click("#send-batch");
    await panel.waitFor("#history");
    await expect.poll(() => record.stored.size, { timeout: 20_000 }).toBe(before + 1);
    await panel.click(".tabs button:nth-child(1)");
    await page.close();
  });

  it("checks the tabs of a tool in one go, each a page of its own, and keeps what is to be opened alone", async () => {
    const pages = [];
    for (const path of ["/tab-1.pdf", "/tab-2.pdf", "/links"]) {
      const page = await driven.context.newPage();
      await page.goto(`${hospital.allowedUrl}${path}`);
      pages.push(page);
    }
    await clickToolbar(driven, pages[2] as Page);
    await panel.waitFor('[data-choice="document"]');
    await panel.press("#take-tabs");
    await panel.waitFor('[data-batch="read"]');
    await expectAccessible(panel);
    const before = record.stored.size;
    await panel.click("#send-batch");
    await panel.waitFor('[data-item="filed"] + [data-item="filed"] + [data-item="failed"]');
    await expect.poll(() => record.stored.size, { timeout: 20_000 }).toBe(before + 2);
    await panel.click('[data-item="failed"] button');
    await panel.waitForStage("choice");
    for (const page of pages) await page.close();
  });

  it("knows the patient and the documents of a tool by an adapter, not by the other names on its page", async () => {
    const page = await show("/dpi");
    await panel.click(".choices li:first-child button");
    await panel.waitForIdentity("certain");
    expect(await panel.text()).toContain("Matricule lu sur la page");
    await page.close();
  });

  testHostilePages(() => ({
    hospital,
    record,
    panel,
    show,
    clickAgain: (page) => clickToolbar(driven, page),
    tabCount: () => driven.context.pages().length,
  }));

  it("says that two hundred megabytes in the viewer's own tab are too many, whether the viewer still reads them or not", async () => {
    const before = record.attempts;
    for (const path of ["/heavy.pdf", "/heavy-unannounced.pdf"]) {
      const page = await driven.context.newPage();
      await page.goto(`${hospital.url}${path}`, { waitUntil: "commit" });
      await clickToolbar(driven, page);
      await panel.waitForText("Document trop lourd");
      await page.close();
    }
    expect(record.attempts).toBe(before);
  });

  it("reads the link under the context menu", async () => {
    const page = await driven.context.newPage();
    await page.goto(`${hospital.url}/links`);
    // The menu's click grants activeTab; a dispatched event does not, so the button is clicked first.
    await clickToolbar(driven, page);
    await panel.waitForStage("choice");
    await chooseContextMenu(driven, page, { menuItemId: "carnet-link", linkUrl: `${hospital.url}/without-ins.pdf` });
    await panel.waitForIdentity("certain");
    expect(await panel.text()).toContain("Matricule lu sur la page");
    await page.close();
  });

  it("reads the blob: PDF of a tab where the address is allowed, and says how to do elsewhere", async () => {
    for (const base of [hospital.allowedUrl, hospital.url]) {
      const page = await driven.context.newPage();
      await page.goto(`${base}/blob-tab`);
      const [shown] = await Promise.all([driven.context.waitForEvent("page"), page.click("#show")]);
      await shown.waitForURL("blob:**");
      await clickToolbar(driven, shown);
      if (base === hospital.allowedUrl) await panel.waitForIdentity("certain");
      else await panel.waitForText("Enregistrez le document, puis déposez-le ici");
      await shown.close();
      await page.close();
    }
  });

  it("passes a CDA through untouched", async () => {
    const page = await show("/cda.xml");
    await panel.waitForIdentity("certain");
    await panel.click("#send");
    await panel.waitForRow("sent");
    const [stored] = [...record.stored.values()].slice(-1);
    expect(stored?.content.equals(Buffer.from(hospital.cda, "utf8"))).toBe(true);
    await page.close();
  });

  it("says that a page cannot be drawn, draws the others, and still sends the document as it is", async () => {
    const page = await show("/cda-of-torn.xml");
    await panel.waitForIdentity("doubtful");
    await panel.click("#confirm");
    await panel.click(".pager button:last-child");
    await panel.waitForText("Cette page n’a pas pu être dessinée ici");
    await expectAccessible(panel);
    await panel.click(".pager button:first-child");
    await panel.waitFor('canvas[data-drawn="true"]:not([hidden])');
    await panel.click("#send:enabled");
    await panel.waitForRow("sent");
    await page.close();
  });

  it("refuses a PDF that lost a page: nobody can tell whom that page named", async () => {
    const page = await show("/torn.pdf");
    await panel.waitForText("PDF illisible");
    await page.close();
  });

  it("says that only the beginning of a long text is shown", async () => {
    const page = await show("/long.txt");
    await panel.waitForIdentity("certain");
    await panel.waitForText(/Début seulement : 3\s000 caractères sur 23\s\d{3}/);
    await page.close();
  });

  it("finds the record of a scan by the INS datamatrix on its pixels, and asks whose paper bears that label", async () => {
    const page = await show("/scan.pdf");
    await panel.waitForIdentity("doubtful");
    const text = await panel.text();
    for (const said of ["TESTARD", "Matricule lu dans le document", "Seule une étiquette nomme le patient"])
      expect(text).toContain(said);
    await panel.waitFor('.identity canvas[data-drawn="true"]');
    await expectAccessible(panel);
    await page.close();
  });

  it("asks about a page with a frame that nobody can read, and says that it will not leave", async () => {
    const page = await show("/closed-frame");
    await panel.click('[data-choice="page"]');
    await panel.waitForIdentity("doubtful");
    await panel.waitForText("Cadres de la page que le navigateur ne laisse pas lire : 1");
    await page.close();
  });

  it("says that a waiting document is gone when the browser cleared it", async () => {
    record.answer = "unavailable";
    const page = await show("/letter.pdf");
    await panel.waitForIdentity("certain");
    await panel.click("#send");
    await panel.waitForRow("queued");
    await panel.evaluate(`new Promise((done) => { indexedDB.deleteDatabase("carnet-outbox").onsuccess = done; })`);
    await panel.evaluate(`chrome.runtime.sendMessage({ carnet: "call", to: "background", method: "ring" })`);
    await panel.waitForText("Ce document n’est plus sur ce poste");
    await page.close();
  });

  it("asks whether a newborn's paper is its mother's, with the words that say so, and tells the files within it", async () => {
    const page = await show("/newborn.pdf");
    await panel.waitForIdentity("doubtful");
    const text = await panel.text();
    for (const said of ["Nouveau-né de Mme TESTARD", "bilan.txt", "courbe de poids.png (non lu ici"])
      expect(text).toContain(said);
    await panel.waitForText("Confirmez l’identité avant d’envoyer.");
    await expectAccessible(panel);
    await page.close();
  });

  it("asks for the number when nothing gives it, and has the person compare", async () => {
    const page = await show("/anonymous.pdf");
    await panel.waitForIdentity("missing");
    await expectAccessible(panel);
    expect(await panel.attribute("#ins", "value")).toBeNull();
    await panel.fill("#ins", camille.ins.value);
    await panel.click("#ins-search");
    await panel.waitForIdentity("doubtful");
    expect(await panel.exists("#send:disabled")).toBe(true);
    await panel.click("#confirm");
    await panel.waitFor("#send:not(:disabled), #act-date");
    await page.close();
  });

  it.each([
    ["/frame-of-another", "refused"],
    ["/shadow-of-another", "refused"],
    ["/fields-of-another", "refused"],
    ["/both.pdf", "refused"],
    ["/cda-of-another.xml", "refused"],
    ["/slip.pdf", "doubtful"],
    ["/stapled.pdf", "doubtful"],
  ])("does not let %s be sent as it is (%s)", async (path, verdict) => {
    const page = await show(path);
    await panel.waitForIdentity(verdict);
    await expectAccessible(panel);
    expect(await panel.exists("#send:disabled")).toBe(true);
    // Its picture stands where the question is asked: no words of it say whose the unread page is.
    if (path === "/stapled.pdf") expect(await panel.exists(".identity .preview canvas")).toBe(true);
    if (path === "/both.pdf") expect(await panel.text()).toMatch(/Page 1.*TESTARD.*Page 2.*EXEMPLIN/s);
    await page.close();
  });

  it("stops reading a document that never comes", async () => {
    const page = await show("/stalled");
    await panel.waitForStage("choice");
    await panel.click(".choices li:first-child button");
    await panel.waitFor("#stop-reading");
    await expectAccessible(panel);
    await panel.click("#stop-reading");
    await panel.waitForStage("empty");
    await page.close();
  });

  it("drops everything when the page is left", async () => {
    const page = await show("/letter.pdf");
    await panel.waitForIdentity("certain");
    await page.goto(`${hospital.url}/other.pdf`);
    await panel.waitForText("La page a changé");
    expect(await panel.exists("#send")).toBe(false);
    await page.close();
  });

  it("sends nothing when a page without navigation has moved to another patient", async () => {
    const page = await show("/spa");
    await panel.waitForIdentity("certain");
    const before = record.attempts;
    await page.click("#next");
    await panel.click("#send");
    await panel.waitForText("La page a changé");
    expect(record.attempts).toBe(before);
    await page.close();
  });

  it("says when a document cannot be read a second time, with the way out", async () => {
    const page = await driven.context.newPage();
    await page.goto(`${hospital.url}/once.pdf?${Date.now()}`).catch(() => undefined);
    await clickToolbar(driven, page);
    await panel.waitForText("Le document ne peut pas être relu");
    // The answer to a form, in a frame: its address alone gives the form.
    await page.goto(`${hospital.url}/form`);
    await expect.poll(() => page.frames().map((frame) => frame.url())).toContain(`${hospital.url}/answer`);
    await clickToolbar(driven, page);
    await panel.waitForText("réponse à un formulaire");
    await page.close();
  });

  it("asks about a document whose address gave another one than that on screen", async () => {
    const page = await show("/current.pdf?moved");
    await panel.waitForIdentity("doubtful");
    expect(await panel.text()).toContain("L’onglet affiche un document d’un autre titre");
    await expectAccessible(panel);
    await page.goto(`${hospital.url}/current.pdf?moved`);
    await clickToolbar(driven, page);
    await panel.waitForIdentity("certain");
    await page.close();
  });

  it("asks whether the document replaces the one sent before, keeps it sealed when it is refused, and replaces", async () => {
    const page = await show("/letter.pdf");
    await panel.waitForIdentity("certain");
    await panel.click("#send");
    await panel.waitForRow("sent");
    record.answer = "refuse";
    await clickToolbar(driven, page);
    await panel.waitForIdentity("certain");
    // It is asked whether this one replaces the first, and nothing leaves before.
    await panel.waitForText("Vous avez envoyé ce même document");
    expect(await panel.exists("#send:disabled")).toBe(true);
    await expectAccessible(panel);
    await panel.click('[name="earlier"][value="replaces"]');

    // A full workstation loses nothing: the document stays in front of the person until there is room.
    const giveBack = await limitRoom(driven, 1);
    await panel.click("#send");
    await panel.waitFor('[data-problem="outbox-full"]');
    await panel.waitFor('[data-room="low"]');
    await expectAccessible(panel);
    await giveBack();
    expect(await badge(driven)).toMatch(/^ (Envoyer au dossier|Send to the record)$/);
    await panel.click("#send");
    await panel.waitForRow("refused");
    expect(await panel.exists('[data-room="low"]')).toBe(false);
    expect(await badge(driven)).toMatch(/^1 .* – 1 (refusé|refused)/);
    await expectAccessible(panel);
    await panel.click(".tabs button:nth-child(3)");
    await panel.waitFor("#history");
    await expectAccessible(panel);
    await panel.click(".tabs button:nth-child(1)");
    record.answer = "store";
    await panel.click(".actions .secondary");
    await panel.waitForRow("sent");
    expect([...record.stored.values()].at(-1)?.replaces).toMatch(/^DocumentReference\//);
    await expect.poll(() => badge(driven)).toMatch(/^ [^–]*$/);
    await page.close();
  });

  it("tries again when the connection is cut after the record stored: one document, one receipt", async () => {
    record.answer = "store-then-cut";
    const before = record.stored.size;
    const page = await show("/letter.pdf");
    await panel.waitForIdentity("certain");
    await panel.click("#send");
    await panel.waitForRow("queued");
    await panel.waitForText("Il est peut-être déjà dans le dossier");
    record.answer = "store";
    // At once, unless the queue has tried again by itself meanwhile.
    await panel.evaluate(`document.querySelector(".actions .secondary")?.click()`);
    await panel.waitForRow("sent");
    expect(record.stored.size).toBe(before + 1);
    await page.close();
  });
});

/** Empties the workstation's queue and history; its key and its session stay. */
async function forgetSent(panel: PanelDriver): Promise<void> {
  await panel.evaluate(`new Promise((resolve, reject) => {
    const opening = indexedDB.open("carnet-outbox");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const stores = ["outbox", "parcels"];
      const work = opening.result.transaction(stores, "readwrite");
      for (const store of stores) work.objectStore(store).clear();
      work.oncomplete = () => { opening.result.close(); resolve(); };
      work.onerror = () => reject(work.error);
    };
  })`);
}
