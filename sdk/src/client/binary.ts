import { fromBase64 } from "../fhir/base64.ts";
import { type HttpAnswer, InvalidAnswer } from "../fhir/http/index.ts";
import { isFields } from "../fhir/parse.ts";
import type { DocumentContent, DocumentEntry } from "./types.ts";

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
export function heldContent({ resource, contentType }: DocumentEntry): DocumentContent {
  const { data, url } = resource.content[0]?.attachment ?? {};
  const held = resource.contained?.find(({ id, resourceType }) => resourceType === "Binary" && url === `#${id}`);
  const text = data ?? (held?.resourceType === "Binary" ? held.data : undefined);
  if (text === undefined) throw new InvalidAnswer("GET DocumentReference", "the document holds no content");
  return { bytes: decode(text, "GET DocumentReference"), contentType };
}

/** @throws InvalidAnswer when it is not base64 */
function decode(data: string, request: string): Uint8Array {
  try {
    return fromBase64(data);
  } catch (cause) {
    throw new InvalidAnswer(request, "the content is not base64", { cause });
  }
}
