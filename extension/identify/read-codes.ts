import type { Pixels } from "./pixels.ts";

/**
 * The texts of the Data Matrix codes in these pixels, wherever they stand and however they are turned. The library and
 * its WebAssembly come with the package and are loaded only here; nothing is fetched from elsewhere.
 * @param wasm address of the library's WebAssembly, or its bytes where there are no addresses.
 */
export async function readDataMatrixCodes(pixels: Pixels, wasm: string | ArrayBuffer): Promise<readonly string[]> {
  const { prepareZXingModule, readBarcodes } = await import("zxing-wasm/reader");
  prepareZXingModule({ overrides: typeof wasm === "string" ? { locateFile: () => wasm } : { wasmBinary: wasm } });
  const found = await readBarcodes(pixels as ImageData, {
    formats: ["DataMatrix"],
    tryHarder: true,
    maxNumberOfSymbols: 8,
    textMode: "Plain",
  });
  return found.flatMap(({ isValid, text }) => (isValid ? [text] : []));
}
