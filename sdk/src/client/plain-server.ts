import type { CallOptions, CarnetError } from "../fhir/http/index.ts";
import type { RecordContext } from "./context.ts";
import { readPatient } from "./wire.ts";

/**
 * A FHIR server that is no PDSm record: it knows no `patient.identifier`, and its documents name their patient by the
 * server's own id. That id is looked up once, and everything is asked by it from then on.
 *
 * @returns whether asking again is worth it
 * @throws RecordNotFound when the server has no such patient
 */
export async function adopt(context: RecordContext, options: CallOptions): Promise<boolean> {
  if (await isRecord(context, options)) return false;
  const { id } = await readPatient(context, options);
  context.subject.id = id;
  context.subject.query = { patient: id };
  return true;
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
