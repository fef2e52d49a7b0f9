import { type WrapInput, wrapInCda } from "@carnet/sdk/cda";
import {
  type FoundIdentity,
  findIdentities,
  findMentions,
  findOtherSubjects,
  type IdentityTraits,
  type NameMention,
  type OtherSubject,
} from "@carnet/sdk/identity";
import { expose } from "comlink";
import zxingWasm from "zxing-wasm/reader/zxing_reader.wasm?url";
import { readInsDatamatrix } from "./ins-datamatrix.ts";
import type { Pixels } from "./pixels.ts";
import { type CdaReading, readCda } from "./read-cda.ts";
import { readDataMatrixCodes } from "./read-codes.ts";

/** The heavy part, away from the panel's thread: a hostile text or XML can at worst keep this worker busy. */
const reader = {
  identities(text: string): readonly FoundIdentity[] {
    return findIdentities(text);
  },
  /** The words by which it is about a child, a twin or a relative of whom it names. */
  others(text: string): readonly OtherSubject[] {
    return findOtherSubjects(text);
  },
  /** Names, short birth dates and ages that may be somebody else's. */
  mentions(text: string): readonly NameMention[] {
    return findMentions(text);
  },
  /** The identities in the INS datamatrix codes of a page's pixels. */
  async codes(pixels: Pixels): Promise<readonly IdentityTraits[]> {
    const texts = await readDataMatrixCodes(pixels, zxingWasm);
    return texts.flatMap((text) => readInsDatamatrix(text) ?? []);
  },
  cda(bytes: Uint8Array<ArrayBuffer>): CdaReading {
    return readCda(bytes);
  },
  wrap(input: WrapInput): string {
    return wrapInCda(input);
  },
};

export type Reader = typeof reader;

expose(reader);
