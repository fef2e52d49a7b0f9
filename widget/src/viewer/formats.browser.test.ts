/** What the viewer does with the files that people deposit: each is shown whole, or says what to do. */
import type { Bundle } from "@carnet/sdk/fhir";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cdaLetter, insAttribute, letter, marcel, odile, pdfOf, summaryBundle } from "../testing/fixtures.ts";
import { axeViolations, find, mount, textOf, until } from "../testing/mount.ts";
import { startService, testDocument } from "../testing/record-server.ts";
import { tiffOf } from "../testing/tiff.ts";
import type { CarnetDocument } from "./carnet-document.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

function view(content: string | Uint8Array, contentType: string) {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return mount<CarnetDocument>("carnet-document", { content: { bytes, contentType } });
}

function level1(mediaType: string, bytes: Uint8Array): string {
  return cdaLetter(odile).replace(
    /<component><structuredBody>[\s\S]*<\/structuredBody><\/component>/,
    `<component><nonXMLBody><text mediaType="${mediaType}" representation="B64">${btoa(String.fromCharCode(...bytes))}</text></nonXMLBody></component>`,
  );
}

const told = (viewer: HTMLElement) => viewer.shadowRoot?.querySelector(".body .failed")?.textContent ?? "";
const isTold = (viewer: HTMLElement) => until(() => told(viewer) !== "", "said");

/** Name and first bytes of what the button downloads. */
async function downloadOf(viewer: HTMLElement, extension: string): Promise<{ name: string; head: string }> {
  const saved: { name: string; blob: Blob }[] = [];
  const { createObjectURL } = URL;
  const { click } = HTMLAnchorElement.prototype;
  let last: Blob = new Blob();
  URL.createObjectURL = (blob: Blob) => {
    last = blob;
    return "blob:test";
  };
  HTMLAnchorElement.prototype.click = function () {
    saved.push({ name: this.download, blob: last });
  };
  try {
    find(viewer, `[data-download="${extension}"]`).click();
  } finally {
    URL.createObjectURL = createObjectURL;
    HTMLAnchorElement.prototype.click = click;
  }
  const [one] = saved;
  return { name: one?.name ?? "", head: (await one?.blob.text())?.slice(0, 5) ?? "" };
}

describe("a file that no browser shows", () => {
  /** A JPEG as it was put into TIFF before 1995. */
  const tiff = tiffOf([{ width: 8, height: 8, compression: 6, data: "x" }]);
  const rtf = bytesOf("{\\rtf1\\ansi {\\pict 00}}");

  it("is named by its format, and downloaded as the file itself, out of its CDA", async () => {
    for (const [bytes, type, words, extension, head] of [
      [tiff, "image/tiff", "Format non affichable ici\u00a0: TIFF. Vous pouvez le télécharger.", "tif", "II*\0\b"],
      [rtf, "text/rtf", "Ce document RTF ne contient aucun texte lisible ici", "rtf", "{\\rtf"],
    ] as const) {
      const viewer = view(level1(type, bytes), "text/xml");
      await until(() => textOf(viewer).includes(words.replace("\u00a0", " ")), "said");
      expect(await downloadOf(viewer, extension)).toMatchObject({ head });
      expect((await downloadOf(viewer, extension)).name).toMatch(new RegExp(`\\.${extension}$`));
      expect(await downloadOf(viewer, "xml")).toMatchObject({ head: "<?xml" });
      expect(await axeViolations(viewer)).toEqual([]);
    }
  });

  it("is said to be damaged when it is cut short", async () => {
    const viewer = view(tiffOf([{ width: 8, height: 8, data: "x".repeat(8) }]).slice(0, 40), "image/tiff");
    await isTold(viewer);
    expect(told(viewer)).toContain("abîmé");
  });
});

describe("an RTF document", () => {
  const letter = bytesOf(
    "{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\header H\\'f4pital}Warfarine {\\strike 5 mg} 2 mg le soir\\par <b>Fin</b>{\\pict 00ff}}",
  );

  it("shows its words, struck out where they are, and says that this is not all of it", async () => {
    for (const [content, type] of [
      [letter, "text/rtf"],
      [letter, "text/plain"],
      [level1("text/rtf", letter), "text/xml"],
    ] as const) {
      const viewer = view(content, type);
      await until(() => viewer.shadowRoot?.querySelector("pre") != null, "shown");
      expect(find(viewer, "pre").textContent).toBe("Hôpital\nWarfarine 5 mg 2 mg le soir\n<b>Fin</b>");
      expect(find(viewer, "pre s").textContent).toBe("5 mg");
      expect(textOf(viewer)).toContain("Texte seul : ce qui suit est sans mise en page");
      expect(find(viewer, "[data-download=rtf]")).toBeDefined();
      expect(await axeViolations(viewer)).toEqual([]);
    }
  });
});

describe("a text", () => {
  it("inside a CDA reads as its author wrote it, whatever its encoding", async () => {
    const viewer = view(level1("text/plain", bytesOf("Fi\xe8vre, 38\xb0")), "text/xml");
    await until(() => viewer.shadowRoot?.querySelector("pre") != null, "shown");
    expect(find(viewer, "pre").textContent).toBe("Fièvre, 38°");
    const wide = view(bytesOf("\xfe\xff\0F\0i\0\xe8\0v\0r\0e"), "text/plain");
    await until(() => wide.shadowRoot?.querySelector("pre") != null, "shown");
    expect(find(wide, "pre").textContent).toBe("Fièvre");
  });
});

describe("a document without a byte", () => {
  it("is said to be empty, alone or inside a CDA", async () => {
    for (const [content, type] of [
      [new Uint8Array(), "application/pdf"],
      [new Uint8Array(), "text/plain"],
      [new Uint8Array(), "text/xml"],
    ] as const) {
      const viewer = view(content, type);
      await isTold(viewer);
      expect(told(viewer)).toContain("Ce document est vide");
    }
  });
});

describe("a damaged image", () => {
  it("says so in its place, and can be downloaded", async () => {
    const viewer = view(level1("image/jpeg", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3)), "text/xml");
    await isTold(viewer);
    expect(told(viewer)).toContain("Cette image est abîmée");
    expect((await downloadOf(viewer, "jpg")).name).toMatch(/\.jpg$/);
    expect(await axeViolations(viewer)).toEqual([]);
  });
});

describe("a FHIR document that was entered in error", () => {
  it("says so, shows nothing of it and gives its bytes", async () => {
    const bundle = summaryBundle(odile);
    for (const { resource } of bundle.entry ?? []) {
      if (resource?.resourceType === "Composition") resource.status = "entered-in-error";
    }
    const viewer = view(JSON.stringify(bundle), "application/fhir+json");
    await isTold(viewer);
    expect(told(viewer)).toContain("saisi par erreur");
    expect(textOf(viewer)).not.toContain("Pénicilline");
    expect((await downloadOf(viewer, "json")).name).toMatch(/\.json$/);
  });
});

describe("a FHIR document about somebody else", () => {
  it("warns as a CDA does", async () => {
    for (const [person, isWarned] of [
      [marcel, true],
      [odile, false],
    ] as const) {
      const text = JSON.stringify(summaryBundle(person) satisfies Bundle);
      const document = testDocument(text, { contentType: "application/fhir+json" });
      const service = startService([{ person: odile, authorisation: "valid", documents: [document] }]);
      const viewer = mount("carnet-document", { client: service.client(), ins: insAttribute(odile), uniqueId: letter });
      await until(() => textOf(viewer).includes("Pénicilline"), "shown");
      expect(textOf(viewer).includes("d’une autre personne que le patient affiché")).toBe(isWarned);
    }
  });
});

/** Where the browser has no viewer of its own, or the host's policy forbids it. */
describe("a PDF drawn page by page", () => {
  // A machine at work takes its time over the megabytes of pdf.js, and no test waits for them.
  beforeAll(() => import("./pdf-pages.ts"), 120_000);
  const own = Object.getOwnPropertyDescriptor(Navigator.prototype, "pdfViewerEnabled");
  beforeEach(() => {
    Object.defineProperty(Navigator.prototype, "pdfViewerEnabled", { configurable: true, get: () => false });
  });
  afterEach(() => {
    if (own !== undefined) Object.defineProperty(Navigator.prototype, "pdfViewerEnabled", own);
  });

  const drawn = (viewer: HTMLElement, words = "Page 1") =>
    until(() => {
      const label = viewer.shadowRoot?.querySelector("canvas")?.getAttribute("aria-label") ?? "";
      return label.startsWith(`${words}`) && label.includes(". ");
    }, "drawn");

  const page = (resources: string, content: string, box = "0 0 300 200") => [
    `<</Type/Page/Parent 2 0 R/MediaBox[${box}]/Contents 4 0 R/Resources<<${resources}>>>>`,
    `<</Length ${content.length}>>\nstream\n${content}\nendstream`,
  ];
  const image = (filter: string, more: string, data: string) =>
    `<</Type/XObject/Subtype/Image/Width 8/Height 8/Filter/${filter}${more}/Length ${data.length}>>\nstream\n${data}\nendstream`;

  // Eight black rows of eight: one in full, then "as above", then the end of the block.
  const bits = `001${"00110101"}${"000101"}${"11".repeat(7)}${"000000000001".repeat(2)}`.padEnd(64, "0");
  const blackFax = (bits.match(/.{8}/g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 2))).join("");

  function isDark(canvas: HTMLCanvasElement): boolean {
    const { width, height } = canvas;
    const [red] = canvas.getContext("2d")?.getImageData(width / 2, height / 2, 1, 1).data ?? [];
    return red !== undefined && red < 64;
  }

  it("shows a fax: its page is one CCITT image", async () => {
    const fax = image(
      "CCITTFaxDecode",
      "/ColorSpace/DeviceGray/BitsPerComponent 1/DecodeParms<</K -1/Columns 8/Rows 8>>",
      blackFax,
    );
    const viewer = view(
      pdfOf([...page("/XObject<</I 5 0 R>>", "q 300 0 0 200 0 0 cm /I Do Q"), fax]),
      "application/pdf",
    );
    await drawn(viewer);
    expect(isDark(find<HTMLCanvasElement>(viewer, "canvas"))).toBe(true);
    expect(viewer.shadowRoot?.querySelector(".pdf-page .failed")).toBeNull();
  });

  it("shows the pages of a TIFF, faxes and scans, alone or inside a CDA", async () => {
    const fax = { width: 8, height: 8, compression: 4, photometric: 0, data: blackFax };
    const scan = { width: 8, height: 8, bits: 8, data: "\0".repeat(64) };
    const two = tiffOf([fax, scan]);
    for (const [content, type] of [
      [two, "image/tiff"],
      [level1("image/tiff", two), "text/xml"],
    ] as const) {
      const viewer = view(content, type);
      await until(() => viewer.shadowRoot?.querySelectorAll("canvas[aria-label*='. ']").length === 2, "both drawn");
      const canvases = [...(viewer.shadowRoot?.querySelectorAll("canvas") ?? [])];
      expect(canvases.map(isDark)).toEqual([true, true]);
      expect(canvases[1]?.getAttribute("aria-label")).toContain("Page 2 sur 2");
      expect(find(viewer, "[data-download=tif]")).toBeDefined();
      expect(await axeViolations(viewer)).toEqual([]);
    }
  });

  it("says which page is not whole, when an image of it cannot be decoded", async () => {
    const broken = image("JPXDecode", "", "\0\0\0\x0cjP  \r\n\x87\nbroken");
    const viewer = view(
      pdfOf([...page("/XObject<</I 5 0 R>>", "q 300 0 0 200 0 0 cm /I Do Q"), broken]),
      "application/pdf",
    );
    await until(() => viewer.shadowRoot?.querySelector(".pdf-page .failed") != null, "said");
    expect(textOf(find(viewer, ".pdf-page"))).toContain("Page 1 : une partie n’a pas pu être affichée");
    expect(await axeViolations(viewer)).toEqual([]);
  });

  it("asks for the reader's own software when a password protects it", async () => {
    const locked = `<</Filter/Standard/V 1/R 2/O<${"41".repeat(32)}>/U<${"42".repeat(32)}>/P -4>>`;
    const viewer = view(
      pdfOf([...page("", ""), locked], `/Encrypt 5 0 R/ID[<${"00".repeat(16)}><${"00".repeat(16)}>]`),
      "application/pdf",
    );
    await isTold(viewer);
    expect(told(viewer)).toContain("protégé par un mot de passe");
  });

  it("says that a truncated file is damaged", async () => {
    const viewer = view("%PDF-1.4\nrien", "application/pdf");
    await isTold(viewer);
    expect(told(viewer)).toContain("abîmé");
  });

  it("draws a page longer than any canvas", async () => {
    const box = "0 0 200 14000";
    const viewer = view(pdfOf(page("", "0 0 200 14000 re f", box)), "application/pdf");
    await drawn(viewer);
    const canvas = find<HTMLCanvasElement>(viewer, "canvas");
    expect(canvas.height).toBeLessThanOrEqual(16_384);
    expect(isDark(canvas)).toBe(true);
  });

  it("of 500 pages draws those near the window, and says how many it leaves out", async () => {
    const kids = Array.from({ length: 500 }, () => "3 0 R").join(" ");
    const [single = "", content = ""] = page("", "0 0 300 200 re f");
    const viewer = view(pdfOf([single, content], "", kids, 500), "application/pdf");
    await drawn(viewer);
    const button = await new Promise<HTMLElement>((resolve) => {
      const look = () => {
        const found = viewer.shadowRoot?.querySelector<HTMLElement>(".pdf-pages > .button");
        if (found != null) resolve(found);
        else requestAnimationFrame(look);
      };
      look();
    });
    button.click();
    await until(() => viewer.shadowRoot?.querySelectorAll(".pdf-page").length === 200, "places");
    expect(textOf(viewer)).toContain("200 pages sur 500. Téléchargez le document pour lire la suite.");
    const last = viewer.shadowRoot?.querySelectorAll<HTMLElement>(".pdf-page")[199];
    expect(last?.textContent).toBe("Page 200 sur 500");
    last?.scrollIntoView();
    await until(() => last?.querySelector("canvas") != null, "last drawn");
    expect(viewer.shadowRoot?.querySelectorAll("canvas").length).toBeLessThan(40);
  });
});
