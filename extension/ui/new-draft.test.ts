import type { IdentityTraits } from "@carnet/sdk/identity";
import { expect, it } from "vitest";
import { chooseRecord, judge } from "../identify/judge.ts";
import type { OpenPdf } from "../identify/pdf.ts";
import { draftOf } from "./new-draft.ts";
import { alix, camille, pageOf } from "./testing/panel-world.ts";

const words = "Lettre de sortie";

/** A PDF whose words name Camille, and whose second page is a picture, with a label or without. */
async function stapled(label: IdentityTraits | undefined, { isAllScanned = false } = {}) {
  const pdf: OpenPdf = {
    pageCount: 2,
    title: async () => "",
    text: async () => ({
      text: `${words}\n\f\n${words}`,
      isWhole: true,
      pictured: isAllScanned ? [1, 2] : [2],
      enclosed: [],
    }),
    draw: async () => undefined,
    pixels: async (page) => ({ data: new Uint8ClampedArray(4), width: page, height: 1 }),
    close: async () => undefined,
  };
  const { evidence } = await draftOf(
    {
      file: { kind: "pdf", contentType: "application/pdf", bytes: new Uint8Array(1), fileName: "", calledOnPage: "" },
      page: pageOf(""),
    },
    {
      identities: async () => [{ traits: camille, where: [{ start: 0, end: words.length }], isCalledPatient: true }],
      others: async () => [],
      mentions: async () => [],
      codes: async ({ width: page }) => ((page === 2 || isAllScanned) && label !== undefined ? [label] : []),
      cda: async () => ({ ok: false, code: "cda-unreadable", detail: "" }),
      wrap: async () => "",
      close: () => undefined,
    },
    {
      openPdf: async () => pdf,
      imageToPdf: async (bytes) => bytes,
      imagePixels: async () => undefined,
      today: () => "2026-11-22",
      defaultType: undefined,
    },
    new AbortController().signal,
  );
  return evidence;
}

it("a letter with a scanned page behind it is never certain: the scan may be another patient's", async () => {
  expect(judge(await stapled(undefined), camille)).toMatchObject({ verdict: "doubtful", reasons: ["partly-read"] });
});

it("a scanned page that bears the patient's label is as good as words, and another patient's label is seen", async () => {
  expect(judge(await stapled(camille), camille).verdict).toBe("certain");
  expect(chooseRecord(await stapled(alix))).toEqual({ kind: "refused", why: "several-patients" });
});

it("R40 words stamped on a scan are no more than its label: they say in whose folder it lies, and it is asked about", async () => {
  const { document, ...stamped } = await stapled(camille, { isAllScanned: true });
  expect(judge({ document, ...stamped }, camille)).toMatchObject({ verdict: "doubtful", reasons: ["label-alone"] });
  // Another patient's stamp is seen all the same.
  expect(chooseRecord(await stapled(alix, { isAllScanned: true }))).toMatchObject({ why: "several-patients" });
});
