/** `npm run machine-client -- register|revoke|list`: the operator's list of software that signs in by itself. R200. */
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { loadConfig } from "../config.ts";
import { structureClaims } from "../identity-provider/claims.ts";
import { createMachineClients } from "../identity-provider/machine-clients.ts";
import { openStore } from "../store/store.ts";

const usage = [
  "machine-client register <client-id> <structure.json> <jwks.json>",
  "machine-client revoke <client-id>",
  "machine-client list",
].join("\n");

/** @returns lines to print. @throws Error saying what to change */
export async function machineClientCommand(
  environment: Readonly<Record<string, string | undefined>>,
  words: readonly string[],
): Promise<readonly string[]> {
  const [verb, clientId, structureFile, keysFile] = words;
  const store = await openStore(loadConfig(environment));
  try {
    const clients = createMachineClients(store.database, () => new Date());
    if (verb === "register" && clientId && structureFile && keysFile) {
      const structure = v.parse(structureClaims, JSON.parse(readFileSync(structureFile, "utf8")));
      await clients.register({ clientId, structure, jwks: JSON.parse(readFileSync(keysFile, "utf8")) });
      return [`registered ${clientId} for ${structure.name}`];
    }
    if (verb === "revoke" && clientId) {
      // An error, for whoever revokes in haste and misspells must not believe that it is done.
      if (!(await clients.revoke(clientId))) throw new Error(`no active client ${clientId}: nothing was revoked`);
      return [`revoked ${clientId}`];
    }
    if (verb === "list") {
      const all = await clients.list();
      return all.map((one) =>
        [one.clientId, one.structure.id, one.structure.name, one.isRevoked ? "revoked" : ""].join("\t"),
      );
    }
    throw new Error(usage);
  } finally {
    await store.close();
  }
}
