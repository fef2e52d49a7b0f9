/** The transaction Bundle that the SDK would send, taken at the network's edge so that tests can damage it. */
import { connect } from "@carnet/sdk";
import type { WrapInput } from "@carnet/sdk/cda";
import type { Bundle } from "@carnet/sdk/fhir";
import { consultationReport, type PatientOfDocument } from "./documents.ts";

/** Builds a valid ITI-65 Bundle for a patient without sending it. */
export async function validProvideBundle(patient: PatientOfDocument, change: Partial<WrapInput> = {}): Promise<Bundle> {
  let captured: Bundle | undefined;
  const enough = new AbortController();
  const fetchThatKeeps: typeof fetch = async (_input, init) => {
    captured = JSON.parse(String(init?.body)) as Bundle;
    enough.abort();
    throw enough.signal.reason;
  };
  const client = connect({ baseUrl: "http://127.0.0.1:9/fhir", accessToken: () => "none", fetch: fetchThatKeeps });
  await client
    .record(patient.ins)
    .deposit({ kind: "wrap", input: consultationReport(patient, change) }, { signal: enough.signal })
    .catch(() => undefined);
  if (!captured) throw new Error("the SDK sent nothing");
  return captured;
}
