import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCdaBody } from "@carnet/sdk/cda";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort } from "../../test/src/support/free-port.ts";
import {
  builtForChrome,
  type ChromiumWithExtension,
  clickToolbar,
  launchChromiumWithExtension,
  panelPage,
} from "./drive-chromium.ts";
import { camille, letterLines, pdfOf, pngOf } from "./fixtures.ts";
import type { PanelDriver } from "./panel-driver.ts";
import { type RecordServer, startRecord } from "./record-server.ts";
import { signInDirectly } from "./sign-in.ts";

const program = process.env.ORTHANC_PATH ?? "/usr/sbin/Orthanc";
const isRunnable =
  existsSync(program) && existsSync(process.env.CHROMIUM_PATH ?? "/usr/bin/chromium") && existsSync(builtForChrome);

interface Orthanc {
  readonly url: string;
  /** Orthanc's ids of the two instances of the study. */
  readonly pdf: string;
  readonly image: string;
  close(): Promise<void>;
}

/** Debian's own Orthanc, with one study of Camille: an encapsulated PDF and an image. */
async function startOrthanc(letter: Uint8Array): Promise<Orthanc> {
  const folder = await mkdtemp(join(tmpdir(), "carnet-orthanc-"));
  const port = await freePort();
  await mkdir(join(folder, "data"));
  const settings = {
    Name: "Essais",
    StorageDirectory: join(folder, "data"),
    IndexDirectory: join(folder, "data"),
    HttpPort: port,
    DicomServerEnabled: false,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    Plugins: [],
  };
  await writeFile(join(folder, "orthanc.json"), JSON.stringify(settings));
  const child = spawn(program, [join(folder, "orthanc.json")], { stdio: "ignore" });
  const url = `http://localhost:${port}`;
  await vi.waitFor(
    async () => {
      const answer = await fetch(`${url}/system`);
      if (!answer.ok) throw new Error("Orthanc did not answer.");
    },
    { timeout: 30_000 },
  );
  const create = async (body: object) => {
    const answer = await fetch(`${url}/tools/create-dicom`, { method: "POST", body: JSON.stringify(body) });
    return (await answer.json()) as { ID: string; ParentStudy: string };
  };
  const dataAddress = (type: string, bytes: Uint8Array) =>
    `data:${type};base64,${Buffer.from(bytes).toString("base64")}`;
  const pdf = await create({
    Tags: {
      PatientName: "TESTARD^CAMILLE",
      PatientID: camille.ins.value,
      PatientBirthDate: "19850314",
      PatientSex: "F",
      StudyDescription: "Echographie",
      Modality: "OT",
    },
    Content: dataAddress("application/pdf", letter),
  });
  const image = await create({
    Parent: pdf.ParentStudy,
    Tags: { Modality: "US", SeriesDescription: "Image" },
    Content: dataAddress("image/png", pngOf(400, 300)),
  });
  return { url, pdf: pdf.ID, image: image.ID, close: () => stop(child, folder) };
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

describe.skipIf(!isRunnable)("Orthanc Explorer (needs Debian's orthanc, Chromium and a build)", () => {
  let letter: Uint8Array;
  let orthanc: Orthanc;
  let record: RecordServer;
  let driven: ChromiumWithExtension;
  let panel: PanelDriver;

  beforeAll(async () => {
    letter = await pdfOf([letterLines(camille)]);
    [orthanc, record] = await Promise.all([startOrthanc(letter), startRecord()]);
    driven = await launchChromiumWithExtension({ serviceUrl: record.url, documentType: "11490-0" });
    await signInDirectly(driven, record.url);
  });
  afterAll(async () => {
    await driven?.close();
    await record?.close();
    await orthanc?.close();
  });

  it("gives its encapsulated PDF to the record, byte for byte, and an image for whom the person says; its pages say whose study it is", async () => {
    const page = await driven.context.newPage();
    await page.goto(`${orthanc.url}/app/explorer.html#instance?uuid=${orthanc.pdf}`);
    await page.click("#instance-preview");
    await page.waitForURL(/\/pdf$/);
    await clickToolbar(driven, page);
    panel = await panelPage(driven);
    await panel.waitForIdentity("certain");
    await panel.click("#send");
    await panel.waitForRow("sent");
    const [filed] = [...record.stored.values()].slice(-1);
    // As Orthanc gives it: DICOM adds a byte to an odd length.
    const shown = Buffer.from(await (await fetch(`${orthanc.url}/instances/${orthanc.pdf}/pdf`)).arrayBuffer());
    const body = readCdaBody(filed?.content.toString("utf8") ?? "");
    expect(body.level === 1 && Buffer.from(body.bytes).equals(shown)).toBe(true);

    await page.goto(`${orthanc.url}/app/explorer.html#instance?uuid=${orthanc.image}`);
    // The Explorer shows an image as the ground of an element, which is no image of the page: a picture of the screen is left.
    // Whose it is, its list says; pixels name nobody, and the person compares.
    await page.click("#instance-preview");
    await page.waitForSelector("#lbImage");
    await clickToolbar(driven, page);
    await panel.click('[data-choice="screen"]');
    await panel.waitForIdentity("doubtful");
    expect(await panel.text()).toContain("Matricule lu sur la page");

    // The image at its own address names nobody at all.
    await page.goto(`${orthanc.url}/instances/${orthanc.image}/preview`);
    await clickToolbar(driven, page);
    await panel.waitForIdentity("missing");
    await panel.fill("#ins", camille.ins.value);
    await panel.click("#ins-search");
    await panel.waitForIdentity("doubtful");
    await panel.click("#confirm");
    await panel.fill("#title", "Échographie");
    await panel.fill("#act-date", "2026-10-14");
    await panel.click("#send");
    await panel.waitForRow("sent");
    expect([...record.stored.values()].at(-1)?.title).toBe("Échographie");
    await page.close();
  });
});
