import { type CarnetClient, connect } from "@carnet/sdk";
import { identifierSystem } from "@carnet/sdk/fhir";
import type { Ins } from "@carnet/sdk/identity";
import { Problem } from "../shared/problem.ts";
import { call } from "../shared/rpc.ts";
import type { Settings } from "../shared/settings.ts";
import type { RecordAnswer } from "./panel-ports.ts";

/** The record service, with the token of the person signed in there at each call. */
export function openClient({ serviceUrl, fhirUrl }: Pick<Settings, "serviceUrl" | "fhirUrl">): CarnetClient {
  return connect({
    baseUrl: fhirUrl,
    accessToken: async (asked) => {
      const access = await call("background", "accessToken", { refused: asked?.refused });
      // The settings may name another service since they signed in: it is shown nobody's token.
      if (access?.serviceUrl !== serviceUrl) throw new Problem("sign-in-needed");
      return access.token;
    },
  });
}

/**
 * The record of this number (TD0.2). A printed number carries no system: the real ones are asked first, then those of
 * test and demonstration, where a fictitious patient's record stands. The identity is compared in any case.
 */
export async function lookUp(
  service: Pick<Settings, "serviceUrl" | "fhirUrl">,
  ins: Ins,
  { isExact, signal }: { isExact: boolean; signal: AbortSignal },
): Promise<RecordAnswer> {
  const client = openClient(service);
  const systems = new Set([
    ins.system,
    ...(isExact ? [] : [identifierSystem.insTest, identifierSystem.insDemonstration]),
  ]);
  for (const system of systems) {
    const answer = await ask(client, { system, value: ins.value }, signal);
    if (answer.state !== "none") return answer;
  }
  return { state: "none", traits: undefined, ins };
}

async function ask(client: CarnetClient, ins: Ins, signal: AbortSignal): Promise<RecordAnswer> {
  try {
    const status = await client.record(ins).status({ signal });
    return { state: status.state, traits: status.traits, ins };
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    if (code === "record-not-found") return { state: "none", traits: undefined, ins };
    if (code === "record-closed") return { state: "closed", traits: undefined, ins };
    if (code === "unauthorised" || code === "sign-in-needed") throw new Problem("sign-in-needed", { cause: error });
    const isNetwork =
      code === "service-unreachable" ||
      code === "offline" ||
      code === "timeout" ||
      code === "unavailable" ||
      code === "too-many-requests";
    throw new Problem(isNetwork ? "service-unreachable" : "service-unexpected", { cause: error });
  }
}
