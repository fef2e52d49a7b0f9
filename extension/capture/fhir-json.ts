import * as v from "valibot";
import { fromBase64 } from "../shared/bytes.ts";
import { Problem } from "../shared/problem.ts";

export interface FhirAttachment {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly title: string;
}

const attachment = v.object({
  data: v.optional(v.string()),
  contentType: v.optional(v.string(), ""),
  title: v.optional(v.string(), ""),
});

const holder = v.variant("resourceType", [
  v.object({
    resourceType: v.literal("Binary"),
    data: v.optional(v.string()),
    contentType: v.optional(v.string(), ""),
  }),
  v.object({ resourceType: v.literal("DocumentReference"), content: v.array(v.object({ attachment })) }),
  v.object({ resourceType: v.literal("DiagnosticReport"), presentedForm: v.optional(v.array(attachment), []) }),
]);

const bundle = v.object({
  resourceType: v.literal("Bundle"),
  entry: v.optional(v.array(v.object({ resource: v.optional(v.unknown()) })), []),
});

/**
 * The document that a FHIR answer carries (Binary, DocumentReference, DiagnosticReport, or a Bundle of them), byte for
 * byte. What only points at a document, or carries several, is not chosen for the person.
 * @throws Problem `capture-unknown-type` for JSON that is not FHIR, `capture-fhir-document` when it holds no document or several.
 */
export function documentOfFhir(bytes: Uint8Array<ArrayBuffer>): FhirAttachment {
  const json = parseJson(bytes);
  if (!v.is(v.object({ resourceType: v.string() }), json))
    throw new Problem("capture-unknown-type", { detail: "json" });
  const whole = v.safeParse(bundle, json);
  const resources = whole.success ? whole.output.entry.map(({ resource }) => resource) : [json];
  const found = resources.flatMap(attachmentsOf);
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Problem("capture-fhir-document", { detail: String(found.length) });
  return only;
}

function parseJson(bytes: Uint8Array<ArrayBuffer>): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch (cause) {
    throw new Problem("capture-unknown-type", { detail: "json", cause });
  }
}

function attachmentsOf(resource: unknown): readonly FhirAttachment[] {
  const parsed = v.safeParse(holder, resource);
  if (!parsed.success) return [];
  const found =
    parsed.output.resourceType === "Binary"
      ? [{ title: "", ...parsed.output }]
      : parsed.output.resourceType === "DocumentReference"
        ? parsed.output.content.map((content) => content.attachment)
        : parsed.output.presentedForm;
  return found.flatMap(({ data, contentType, title }) => {
    if (data === undefined || data === "") return [];
    try {
      return [{ bytes: fromBase64(data), contentType, title }];
    } catch (cause) {
      throw new Problem("capture-fhir-document", { detail: "base64", cause });
    }
  });
}
