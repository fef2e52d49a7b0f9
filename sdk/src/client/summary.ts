import type { Bundle } from "fhir/r4.js";
import { type CallOptions, isCarnetError } from "../fhir/http/index.ts";
import { parseBundle } from "../fhir/parse.ts";
import { insToken, type RecordContext } from "./context.ts";

/**
 * The patient summary: an IPS document Bundle. The service composes it (`$summary`); on a server that has no such
 * operation the client reads the documents and composes it here: in a worker, or in short steps where none may run.
 *
 * @throws ConsentRequired, AccessRefused, RecordClosed, RecordNotFound
 */
export async function summary(context: RecordContext, options: CallOptions = {}): Promise<Bundle> {
  try {
    const { answer, body } = await context.http.json({
      method: "GET",
      path: "Patient/$summary",
      query: { identifier: insToken(context.ins) },
      ...options,
    });
    return parseBundle(body, answer.request);
  } catch (error) {
    if (!(await isSummaryMissing(context, error, options))) throw error;
  }
  const { composeHere } = await import("./compose-here.ts");
  return composeHere(context, options);
}

/** A refusal must stay a refusal: only a server that does not have the operation is helped out. */
async function isSummaryMissing(context: RecordContext, error: unknown, options: CallOptions): Promise<boolean> {
  if (isCarnetError(error, "not-supported")) return true;
  const isDoubtful = isCarnetError(error, "record-not-found") || isCarnetError(error, "document-rejected");
  return isDoubtful && !(await context.capabilities(options)).hasSummary;
}
