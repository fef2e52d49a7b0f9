import { fromBase64 } from "../fhir/from-base64.ts";
import { type HttpAnswer, InvalidAnswer, type Progress } from "../fhir/http/index.ts";
import { isFields } from "../fhir/parse.ts";
import type { DocumentContent, DocumentEntry } from "./types.ts";

type Told = ((progress: Progress) => void) | undefined;

/** The content inside a FHIR Binary, or the answer itself when it is another kind of JSON. */
export function readBinary(answer: HttpAnswer): { readonly bytes: Uint8Array; readonly contentType: string } {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(answer.bytes));
  } catch (cause) {
    throw new InvalidAnswer(answer.request, "the content is neither the document nor a Binary", { cause });
  }
  if (!isFields(body) || body.resourceType !== "Binary" || typeof body.data !== "string") {
    return { bytes: answer.bytes, contentType: "application/json" };
  }
  const contentType = typeof body.contentType === "string" ? body.contentType : "application/octet-stream";
  return { bytes: decode(body.data, answer.request), contentType };
}

/** The content that a DocumentReference holds itself: inline, or as a contained Binary. @throws InvalidAnswer */
export function heldContent({ resource, contentType }: DocumentEntry, tell: Told): DocumentContent {
  const { data, url } = resource.content[0]?.attachment ?? {};
  const held = resource.contained?.find(({ id, resourceType }) => resourceType === "Binary" && url === `#${id}`);
  const text = data ?? (held?.resourceType === "Binary" ? held.data : undefined);
  if (text === undefined) throw new InvalidAnswer("GET DocumentReference", "the document holds no content");
  const bytes = decode(text, "GET DocumentReference");
  tellWhole(bytes, tell);
  return { bytes, contentType };
}

/** The content that was read before, in bytes of the caller's own. @throws InvalidAnswer when nothing was */
export function unchangedContent(
  { request }: HttpAnswer,
  known: DocumentContent | undefined,
  tell: Told,
): DocumentContent {
  if (!known) throw new InvalidAnswer(request, "not modified, but nothing was read before");
  tellWhole(known.bytes, tell);
  return { ...known, bytes: known.bytes.slice() };
}

/** Nothing comes, and all is there: who waits for the end must hear of it. */
function tellWhole({ length }: Uint8Array, tell: Told): void {
  tell?.({ direction: "receiving", doneBytes: length, totalBytes: length });
}

/** @throws InvalidAnswer when it is not base64 */
function decode(data: string, request: string): Uint8Array {
  try {
    return fromBase64(data);
  } catch (cause) {
    throw new InvalidAnswer(request, "the content is not base64", { cause });
  }
}
