/**
 * How the main screens look: a picture of each in light, dark and 320 px, kept in `baselines/`. Colours and places that the
 * other tests tell in words; here, all of them at once. `npm run pictures -w widget` takes them anew (docs/house.md).
 */
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, type TestContext, vi } from "vitest";
import { commands, page } from "vitest/browser";
import bold from "../../../node_modules/pdfjs-dist/standard_fonts/LiberationSans-Bold.ttf?url";
import regular from "../../../node_modules/pdfjs-dist/standard_fonts/LiberationSans-Regular.ttf?url";
import type { CarnetDeposit } from "../deposit/carnet-deposit.ts";
import "../deposit/define.ts";
import { cdaLetter, insAttribute, odile, summaryBundle } from "../testing/fixtures.ts";
import { mount, reached, summaryElement, until } from "../testing/mount.ts";
import { startService, testDocument } from "../testing/record-server.ts";

/** Pictures are of half size: a quarter of the bytes, and letters that can still be read. */
const scale = 0.5;
const widths = { light: 900, dark: 900, narrow: 320 } as const;
/** What stands in the window is in the picture; a larger one takes longer. */
const heights = {
  summary: { light: 2400, dark: 2400, narrow: 3700 },
  others: { light: 1000, dark: 1000, narrow: 1400 },
};
type Look = keyof typeof widths;

/** The font of the pictures comes with a library that is here anyway; those of the machine are not looked at. */
async function useOwnFont(): Promise<void> {
  const faces = [
    new FontFace("Pictures", `url(${regular})`, { weight: "100 500" }),
    new FontFace("Pictures", `url(${bold})`, { weight: "501 900" }),
  ];
  for (const face of faces) document.fonts.add(await face.load());
  const style = document.createElement("style");
  // Letters keep their own widths whatever the machine's hinting; nothing moves, no caret blinks.
  style.textContent = `:root { --carnet-font: Pictures; text-rendering: geometricPrecision; caret-color: transparent; }
    body { margin: 0; } *, ::before, ::after { animation: none !important; transition: none !important; }`;
  document.head.append(style);
}

/** Why this browser cannot be compared with the pictures; `undefined` when it can. */
function obstacle(): string | undefined {
  if (devicePixelRatio !== 1) return `it draws ${devicePixelRatio} pixels for one`;
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return "it has no canvas";
  context.font = "100px Pictures";
  context.textRendering = "geometricPrecision";
  const { width } = context.measureText("Allergies et intolérances");
  return Math.abs(width - expectedWidth) > 1
    ? `its letters are ${width} px wide instead of ${expectedWidth}`
    : undefined;
}
const expectedWidth = 1061.7;

describe("the pictures of", () => {
  beforeAll(useOwnFont);
  beforeEach((context: TestContext) => {
    const why = obstacle();
    context.skip(why !== undefined, `this browser cannot be compared with the pictures: ${why}`);
    vi.useFakeTimers({ toFake: ["Date"], now: new Date(2026, 10, 28, 12) });
    onTestFinished(async () => {
      vi.useRealTimers();
      await commands.makeRoom(1280, 720);
      await page.viewport(1000, 800);
    });
  });

  const documents = Array.from({ length: 6 }, (_, position) =>
    testDocument(cdaLetter(odile), {
      ...(position === 0 ? {} : { uniqueId: `urn:uuid:picture-${position}` }),
      title: position === 0 ? "Lettre de sortie" : `Compte rendu ${position}`,
      date: `${2026 - (position >> 1)}-0${position + 1}-12T10:00:00+01:00`,
      isHidden: position === 1,
      isInvisibleToPatient: position === 2,
    }),
  );
  const valid = () => startService([{ person: odile, authorisation: "valid", documents, summary: summaryWithAlert() }]);
  const service = (more: object = {}) => ({ client: valid().client(), ins: insAttribute(odile), ...more });

  const screens: Readonly<Record<string, (theme: "light" | "dark") => Promise<HTMLElement>>> = {
    summary: async (theme) => {
      const panel = summaryElement(service({ theme, newSince: "2026-01-01T00:00:00Z" }));
      await reached(panel, "ready");
      await until(() => panel.shadowRoot?.querySelector("[data-document]") != null, "documents");
      return panel;
    },
    loading: async (theme) => {
      const slow = valid();
      slow.intercept = () => new Promise(() => {});
      const panel = summaryElement({ client: slow.client(), ins: insAttribute(odile), theme });
      await reached(panel, "loading");
      return panel;
    },
    "consent-needed": async (theme) => {
      const closed = startService([{ person: odile, authorisation: "none" }]);
      const panel = summaryElement({ client: closed.client(), ins: insAttribute(odile), theme });
      await reached(panel, "consent-needed");
      await until(
        () => panel.shadowRoot?.querySelector("carnet-access")?.shadowRoot?.querySelector("details") != null,
        "ways",
      );
      return panel;
    },
    error: async (theme) => {
      const broken = valid();
      broken.intercept = () => new Response("{}", { status: 500 });
      const panel = summaryElement({ client: broken.client(), ins: insAttribute(odile), theme });
      await reached(panel, "error");
      return panel;
    },
    documents: async (theme) => {
      const list = mount("carnet-documents", service({ theme }));
      await until(() => list.shadowRoot?.querySelectorAll("[data-document]").length === documents.length, "list");
      return list;
    },
    deposit: async (theme) => {
      const deposit = mount<CarnetDeposit>("carnet-deposit", service({ theme, author, patient }));
      await deposit.choose(new File(["Bonjour"], "courrier.txt", { type: "text/plain" }));
      await until(() => deposit.shadowRoot?.querySelector("[data-send]") != null, "form");
      return deposit;
    },
    document: async (theme) => {
      const viewer = mount("carnet-document", service({ theme, uniqueId: documents[0]?.uniqueId }));
      await until(() => viewer.shadowRoot?.querySelector("table") != null, "document");
      return viewer;
    },
  };

  for (const [name, show] of Object.entries(screens))
    it(`${name}: what stands where, and in which colours, in light, dark and at 320 px`, async () => {
      for (const look of Object.keys(widths) as Look[]) {
        const [width, height] = [widths[look], heights[name === "summary" ? name : "others"][look]];
        await commands.makeRoom(width * scale, height * scale);
        await page.viewport(width, height);
        const element = await show(look === "dark" ? "dark" : "light");
        await document.fonts.ready;
        await expect.element(page.elementLocator(element)).toMatchScreenshot(`${name}-${look}`);
      }
    });
});

const author = {
  rpps: "899700000001",
  family: "MODELE",
  given: "Ines",
  profession: "G15_10",
  organization: { id: "1990000001", name: "Cabinet", facilityType: "SA07", practiceSetting: "AMBULATOIRE" },
};
const patient = { birthPlaceCode: "63113", birthGivenNames: ["Odile"], firstGivenName: "Odile" };

/** With a grave finding, so that the line that cannot be scrolled away is there. */
function summaryWithAlert() {
  return summaryBundle(odile, [
    {
      resourceType: "Flag",
      id: "flag",
      status: "active",
      code: { text: "Chutes répétées" },
      subject: { reference: "Patient/p" },
    },
  ]);
}
