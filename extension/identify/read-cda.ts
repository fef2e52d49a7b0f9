import { type CdaHeader, readCdaBody, readCdaHeader } from "@carnet/sdk/cda";
import { isProblem, type ProblemCode } from "../shared/problem.ts";
import { decodeUtf8 } from "./decode.ts";
import type { EnclosedFile } from "./enclosed.ts";
import { narrativeOf } from "./narrative.ts";

/** Errors lose their class between threads: what went wrong is a value. */
export type CdaReading =
  | {
      readonly ok: true;
      readonly header: CdaHeader;
      readonly xml: string;
      readonly body: { readonly contentType: string; readonly bytes: Uint8Array } | undefined;
      /** Words of structured sections; empty around a file. They may name somebody else than the header. */
      readonly narrative: string;
      /** Files within the sections: the paper of a laboratory, mostly. */
      readonly enclosed: readonly EnclosedFile[];
    }
  | { readonly ok: false; readonly code: ProblemCode; readonly detail: string };

export function readCda(bytes: Uint8Array<ArrayBuffer>): CdaReading {
  try {
    const xml = decodeUtf8(bytes);
    const header = readCdaHeader(xml);
    const body = readCdaBody(xml);
    const { words, enclosed } = body.level === 1 ? { words: "", enclosed: [] } : narrativeOf(xml);
    return {
      ok: true,
      header,
      xml,
      body: body.level === 1 ? { contentType: body.contentType, bytes: body.bytes } : undefined,
      narrative: words,
      enclosed,
    };
  } catch (error) {
    if (isProblem(error)) return { ok: false, code: error.code, detail: error.detail ?? "" };
    const code = (error as { code?: unknown } | null)?.code;
    return { ok: false, code: "cda-unreadable", detail: typeof code === "string" ? code : "" };
  }
}
