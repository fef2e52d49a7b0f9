import type { Consent } from "fhir/r4.js";
import type { CallOptions } from "../fhir/http/index.ts";
import { consents, withdraw } from "./consents.ts";
import type { RecordContext } from "./context.ts";
import { idOf, listed, toSubject, write } from "./wire.ts";

const APPLICATION = "https://carnet.example/fhir/identifier/application";
const PURPOSE = "https://carnet.example/fhir/CodeSystem/application-purpose";

/** R168: see `RecordHandle.allowApplication`. */
export function allowApplication(
  context: RecordContext,
  application: string,
  purposes: readonly string[],
  options: CallOptions = {},
): Promise<Consent> {
  return write(
    context,
    "Consent",
    {
      status: "active",
      patient: toSubject(context.ins),
      provision: {
        type: "permit",
        actor: [
          {
            reference: { type: "Device", identifier: { system: APPLICATION, value: idOf(application, "application") } },
          },
        ],
        purpose: listed(purposes, "purposes").map((code) => ({ system: PURPOSE, code })),
      },
    },
    { isIdempotent: true, ...options },
  );
}

/** R168: see `RecordHandle.stopApplication`. */
export async function stopApplication(
  context: RecordContext,
  application: string,
  options: CallOptions = {},
): Promise<void> {
  // Of nothing there is nothing to stop, which would read as done.
  const id = idOf(application, "application");
  for (const consent of await consents(context, options)) {
    const actors = (consent.provision?.actor ?? []).map(({ reference }) => reference.identifier);
    const isTheirs = actors.some((one) => one?.system === APPLICATION && one.value === id);
    if (isTheirs && consent.status === "active") await withdraw(context, consent, options);
  }
}
