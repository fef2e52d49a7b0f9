import { fromBase64 } from "../fhir/base64.ts";
import { type HttpAnswer, InvalidAnswer } from "../fhir/http/index.ts";
import { isFields } from "../fhir/parse.ts";

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

/** @throws InvalidAnswer when it is not base64 */
export function decode(data: string, request: string): Uint8Array {
  try {
    return fromBase64(data);
  } catch (cause) {
    throw new InvalidAnswer(request, "the content is not base64", { cause });
  }
}
