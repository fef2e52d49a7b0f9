import type { Bundle } from "fhir/r4.js";
import { type CallOptions, isCarnetError } from "../fhir/http/index.ts";
import { parseBundle } from "../fhir/parse.ts";
import type { RecordContext } from "./context.ts";
import { isRefusedAsking } from "./plain-server.ts";
import { readPatient } from "./wire.ts";

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
      query: { identifier: context.insToken },
      ...options,
    });
    return parseBundle(body, answer.request);
  } catch (error) {
    if (!isCarnetError(error) || !isRefusedAsking(error)) throw error;
    const { hasSummary = false } = (await context.capabilities(options).catch(() => undefined)) ?? {};
    if (hasSummary && error.code !== "not-supported") return ofPatient(context, options);
  }
  const { composeHere } = await import("./compose-here.ts");
  return composeHere(context, options);
}

/** Some servers have the operation on a patient of theirs only. @throws RecordNotFound when there is no such patient */
async function ofPatient(context: RecordContext, options: CallOptions): Promise<Bundle> {
  const { id } = await readPatient(context, options);
  const path = `Patient/${encodeURIComponent(id)}/$summary`;
  const { answer, body } = await context.http.json({ method: "GET", path, ...options });
  return parseBundle(body, answer.request);
}
