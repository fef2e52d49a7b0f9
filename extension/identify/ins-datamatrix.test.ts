import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { computeInsKey } from "@carnet/sdk/identity";
import { describe, expect, it } from "vitest";
import { prepareZXingModule, writeBarcode } from "zxing-wasm/writer";
import { readInsDatamatrix } from "./ins-datamatrix.ts";
import type { Pixels } from "./pixels.ts";
import { readDataMatrixCodes } from "./read-codes.ts";

const number = "2850378006042";
const ins = number + computeInsKey(number);
const header = `IS01${"0".repeat(22)}`;
const oid = "1.2.250.1.213.1.4.8";
const message = `${header}S1${ins}S2${oid}\u001DS3CAMILLE ROSE\u001DS4LEPRETRE D'ORMESSON\u001DS5FS614-03-1985S778006`;
const traits = {
  ins: { system: `urn:oid:${oid}`, value: ins },
  birthName: "LEPRETRE D'ORMESSON",
  birthGivenNames: ["CAMILLE", "ROSE"],
  firstGivenName: "CAMILLE",
  sex: "female",
  birthDate: "1985-03-14",
  birthPlaceCode: "78006",
};

describe("the message of an INS datamatrix", () => {
  it("gives the number, its system and the five traits", () => {
    expect(readInsDatamatrix(message)).toEqual(traits);
  });

  it("is read whatever the order of its fields, and with an OID that fills its field", () => {
    const reordered = `${header}S5FS614-03-1985S3CAMILLE ROSE\u001DS4LEPRETRE D'ORMESSON\u001DS778006S1${ins}S21.2.250.1.213.1.4.10S9`;
    expect(readInsDatamatrix(reordered.slice(0, -2))?.ins?.system).toBe("urn:oid:1.2.250.1.213.1.4.10");
    expect(readInsDatamatrix(message.replace("S5FS614-03-1985", "").replace("S2", "S5FS614-03-1985S2"))).toEqual(
      traits,
    );
  });

  it.each([
    ["another code", "010340093412308117230630"],
    ["no number", `${header}S4DURAND\u001DS5F`],
    ["a number with a wrong key", message.replace(ins, `${number}${(Number(computeInsKey(number)) % 97) + 1}`)],
    ["a field twice", `${message}S5M`],
    ["an unknown field", `${message}X1`],
  ])("gives nothing for %s", (_, text) => {
    expect(readInsDatamatrix(text)).toBeUndefined();
  });
});

describe("a Data Matrix code on a page", () => {
  const require = createRequire(import.meta.url);
  const wasm = (path: string) => {
    const { buffer, byteOffset, byteLength } = readFileSync(require.resolve(path));
    return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  };

  /** A white page with the code somewhere on it, each module drawn as a square of pixels. */
  async function pageWith(text: string, at: { x: number; y: number; module: number }): Promise<Pixels> {
    prepareZXingModule({ overrides: { wasmBinary: wasm("zxing-wasm/writer/zxing_writer.wasm") } });
    const { symbol } = await writeBarcode(text, { format: "DataMatrix" });
    const width = 800;
    const height = 1100;
    const data = new Uint8ClampedArray(width * height * 4).fill(255);
    for (let row = 0; row < symbol.height * at.module; row += 1) {
      for (let column = 0; column < symbol.width * at.module; column += 1) {
        const level = symbol.data[Math.floor(row / at.module) * symbol.width + Math.floor(column / at.module)] ?? 255;
        data.fill(level, ((at.y + row) * width + at.x + column) * 4, ((at.y + row) * width + at.x + column) * 4 + 3);
      }
    }
    return { data, width, height };
  }

  it.each([[{ x: 600, y: 60, module: 3 }], [{ x: 40, y: 640, module: 4 }], [{ x: 400, y: 400, module: 2 }]])(
    "is read from its pixels, at %j",
    async (at) => {
      const texts = await readDataMatrixCodes(await pageWith(message, at), wasm("zxing-wasm/reader/zxing_reader.wasm"));
      expect(texts.map(readInsDatamatrix)).toEqual([traits]);
    },
  );
});
