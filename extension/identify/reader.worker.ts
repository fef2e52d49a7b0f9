import { type CdaHeader, readCdaBody, readCdaHeader, type WrapInput, wrapInCda } from "@carnet/sdk/cda";
import {
  type FoundIdentity,
  findIdentities,
  findOtherSubjects,
  type IdentityTraits,
  type OtherSubject,
} from "@carnet/sdk/identity";
import { expose } from "comlink";
import zxingWasm from "zxing-wasm/reader/zxing_reader.wasm?url";
import { isProblem, type ProblemCode } from "../shared/problem.ts";
import { decodeUtf8 } from "./decode.ts";
import { readInsDatamatrix } from "./ins-datamatrix.ts";
import { narrativeOf } from "./narrative.ts";
import type { Pixels } from "./pixels.ts";
import { readDataMatrixCodes } from "./read-codes.ts";

/** Errors lose their class between threads: what went wrong is a value. */
export type CdaReading =
  | {
      readonly ok: true;
      readonly header: CdaHeader;
      readonly xml: string;
      readonly body: { readonly contentType: string; readonly bytes: Uint8Array } | undefined;
      /** Narrative of structured sections; empty around a file. */
      readonly narrative: string;
    }
  | { readonly ok: false; readonly code: ProblemCode; readonly detail: string };

/** The heavy part, away from the panel's thread: a hostile text or XML can at worst keep this worker busy. */
const reader = {
  identities(text: string): readonly FoundIdentity[] {
    return findIdentities(text);
  },
  /** The words by which it is about a child, a twin or a relative of whom it names. */
  others(text: string): readonly OtherSubject[] {
    return findOtherSubjects(text);
  },
  /** The identities in the INS datamatrix codes of a page's pixels. */
  async codes(pixels: Pixels): Promise<readonly IdentityTraits[]> {
    const texts = await readDataMatrixCodes(pixels, zxingWasm);
    return texts.flatMap((text) => readInsDatamatrix(text) ?? []);
  },
  cda(bytes: Uint8Array<ArrayBuffer>): CdaReading {
    try {
      const xml = decodeUtf8(bytes);
      const header = readCdaHeader(xml);
      const body = readCdaBody(xml);
      return {
        ok: true,
        header,
        xml,
        body: body.level === 1 ? { contentType: body.contentType, bytes: body.bytes } : undefined,
        narrative: body.level === 1 ? "" : narrativeOf(xml),
      };
    } catch (error) {
      if (isProblem(error)) return { ok: false, code: error.code, detail: error.detail ?? "" };
      const code = (error as { code?: unknown } | null)?.code;
      return { ok: false, code: "cda-unreadable", detail: typeof code === "string" ? code : "" };
    }
  },
  wrap(input: WrapInput): string {
    return wrapInCda(input);
  },
};

export type Reader = typeof reader;

expose(reader);
