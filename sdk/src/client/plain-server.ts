import type { CallOptions, CarnetError } from "../fhir/http/index.ts";
import type { RecordContext } from "./context.ts";
import { inCallersWords } from "./search-refusal.ts";
import type { DocumentFilter } from "./types.ts";
import { readPatient } from "./wire.ts";

/**
 * A FHIR server that is no PDSm record: it knows no `patient.identifier`, and its documents name their patient by the
 * server's own id. That id is looked up once, and everything is asked by it from then on.
 *
 * @param refusal why the question is to be asked otherwise
 * @throws the refusal where nothing is gained by asking again; RecordNotFound when the server has no such patient
 */
export async function adopt(
  context: RecordContext,
  refusal: CarnetError,
  options: CallOptions,
  filter?: DocumentFilter,
): Promise<void> {
  if (await isRecord(context, options)) throw inCallersWords(refusal, filter);
  const { id } = await readPatient(context, options);
  context.subject.id = id;
  context.subject.query = { patient: id };
}

/** An answer that says "I do not know this question", in the words that servers use. */
export function isRefusedAsking({ code }: CarnetError): boolean {
  return code === "not-supported" || code === "document-rejected" || code === "record-not-found";
}

async function isRecord(context: RecordContext, options: CallOptions): Promise<boolean> {
  try {
    return (await context.capabilities(options)).hasPatientIdentifier;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    // It does not even say what it offers: as plain as can be.
    return false;
  }
}
