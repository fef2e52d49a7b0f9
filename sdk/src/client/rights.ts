import { type CallOptions, isDocumentNotFound } from "../fhir/http/index.ts";
import type { RecordContext } from "./context.ts";
import type { DocumentHandle, DocumentRight } from "./types.ts";
import { idOf } from "./wire.ts";

const known: Readonly<Record<DocumentRight, true>> = {
  hide: true,
  show: true,
  "show-to-patient": true,
  "show-to-representatives": true,
  "hide-from-representatives": true,
  archive: true,
  unarchive: true,
  delete: true,
  replace: true,
};

/**
 * What the caller may change of a document now, as the record decides it (TD3.1b; R117 to R124, R142 to R152): offer
 * that and nothing else.
 * @returns `undefined` where the server does not say: try, and show its refusal
 * @throws AccessRefused, Offline
 */
export async function rights(
  context: RecordContext,
  document: DocumentHandle,
  options: CallOptions = {},
): Promise<readonly DocumentRight[] | undefined> {
  const id = idOf(document, "document");
  try {
    const path = `DocumentReference/${encodeURIComponent(id)}/$rights`;
    const { body } = await context.http.json({ method: "GET", path, ...options });
    return rightsIn(body);
  } catch (error) {
    // A plain FHIR server has no such operation; a document that is gone is told by what is tried next.
    if (isDocumentNotFound(error)) return undefined;
    throw error;
  }
}

function rightsIn(body: unknown): readonly DocumentRight[] | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  if (!("resourceType" in body) || body.resourceType !== "Parameters") return undefined;
  const parameters: readonly unknown[] = "parameter" in body && Array.isArray(body.parameter) ? body.parameter : [];
  return parameters.flatMap((one) => {
    const code = typeof one === "object" && one !== null && "valueCode" in one ? one.valueCode : undefined;
    return typeof code === "string" && isRight(code) ? [code] : [];
  });
}

function isRight(code: string): code is DocumentRight {
  return Object.hasOwn(known, code);
}
