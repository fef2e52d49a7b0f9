/** The transaction Bundle that the SDK would send, taken at the network's edge so that tests can damage it. */
import { connect } from "@carnet/sdk";
import type { WrapInput } from "@carnet/sdk/cda";
import type { Bundle } from "@carnet/sdk/fhir";
import { consultationReport, type PatientOfDocument } from "./documents.ts";

class Captured extends Error {
  readonly bundle: Bundle;
  constructor(bundle: Bundle) {
    super("captured");
    this.bundle = bundle;
  }
}

/** Builds a valid ITI-65 Bundle for a patient without sending it. */
export async function validProvideBundle(patient: PatientOfDocument, change: Partial<WrapInput> = {}): Promise<Bundle> {
  let captured: Bundle | undefined;
  const fetchThatKeeps: typeof fetch = async (_input, init) => {
    captured = JSON.parse(String(init?.body)) as Bundle;
    throw new Captured(captured);
  };
  const client = connect({ baseUrl: "http://127.0.0.1:9/fhir", accessToken: () => "none", fetch: fetchThatKeeps });
  await client
    .record(patient.ins)
    .deposit({ kind: "wrap", input: consultationReport(patient, change) }, { signal: AbortSignal.timeout(500) })
    .catch(() => undefined);
  if (!captured) throw new Error("the SDK sent nothing");
  return captured;
}
