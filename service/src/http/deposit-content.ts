/** Asks the content-safety room about the bytes of a deposit, and the antivirus. Nothing is stored before. R103, R123. */
import type { AdmittedDocument } from "../admission/index.ts";
import { type ContentFault, expectedOf, faultOfContent, faultTexts, filesInCda } from "../content-safety/index.ts";
import type { Actor } from "../rules/index.ts";
import { type FileInCda, withAsciiMarkup } from "./cda-text.ts";
import { WireError } from "./outcome.ts";
import type { Services } from "./services.ts";

/**
 * @param file in the content, if it is decoded already
 * @throws WireError 422 when the content may not be kept, 413 when it is too large, 503 while nobody can tell
 */
export async function checkContent(
  services: Services,
  sent: AdmittedDocument,
  file: FileInCda | undefined,
  depositor: Actor["kind"],
): Promise<void> {
  const { safety } = services;
  const { contentType, bytes } = sent.content;
  const place = `${sent.expression}.content[0].attachment`;
  const fault = faultOfContent(contentType, bytes, depositor, safety);
  if (fault) throw refusalOf(fault, place);
  const inner = expectedOf(contentType) === "xml" ? filesInCda(withAsciiMarkup(bytes), file) : [];
  for (const file of inner) {
    // A type of CDA's own lists that we do not know (a waveform, a video) is a matter of the reader.
    if (expectedOf(file.contentType) === undefined) continue;
    const innerFault = faultOfContent(file.contentType, file.bytes, depositor, safety);
    if (innerFault) throw refusalOf(innerFault, `${place}.data`);
  }
  for (const part of [bytes, ...inner.map((file) => file.bytes)]) await scan(services, part, place);
}

async function scan({ safety, log }: Services, bytes: Uint8Array, place: string): Promise<void> {
  if (!safety.scanner) return;
  const result = await safety.scanner.scan(bytes);
  if (result === "infected") {
    const fr = "Un logiciel malveillant a été trouvé dans ce document : il n'est pas conservé.";
    const en = "Malicious software was found in this document: it is not kept.";
    throw new WireError(422, [{ code: "security", fr, en, expression: place }]);
  }
  if (result === "clean") return;
  log.error({ code: "clamd-unavailable" }, "the antivirus did not answer");
  if (safety.whenUnavailable === "accept") return;
  const fr = "L'antivirus ne répond pas : renvoyez ce document dans un instant, tel quel.";
  const en = "The antivirus does not answer: send this document again in a moment, as it is.";
  throw new WireError(503, [{ code: "transient", fr, en, expression: place }], { "retry-after": "30" });
}

function refusalOf(fault: ContentFault, expression: string): WireError {
  const isTooLarge = fault === "content-too-large";
  return new WireError(isTooLarge ? 413 : 422, [
    { code: isTooLarge ? "too-long" : "security", ...faultTexts[fault], expression },
  ]);
}
