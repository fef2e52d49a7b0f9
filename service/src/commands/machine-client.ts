/** `npm run machine-client -- register|revoke|list`: the operator's list of software that signs in by itself. R200. */
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { loadConfig } from "../config.ts";
import { structureClaims } from "../identity-provider/claims.ts";
import { createMachineClients, type MachineClients } from "../identity-provider/machine-clients.ts";
import { openExistingStore } from "./offline.ts";

const usage = [
  "machine-client register <client-id> <structure.json> <jwks.json>",
  "machine-client revoke <client-id>",
  "machine-client list",
].join("\n");

type Work = (clients: MachineClients) => Promise<readonly string[]>;

/**
 * @returns lines to print
 * @throws Error saying what to change; StartRefused where there is no database; DirectoryInUse while a service has the embedded database open
 */
export async function machineClientCommand(
  environment: Readonly<Record<string, string | undefined>>,
  words: readonly string[],
): Promise<readonly string[]> {
  const work = workOf(words);
  const store = await openExistingStore(loadConfig(environment));
  try {
    return await work(createMachineClients(store.database, () => new Date()));
  } finally {
    await store.close();
  }
}

/** What the words ask for: understood before anything is opened. */
function workOf([verb, clientId, structureFile, keysFile]: readonly string[]): Work {
  if (verb === "register" && clientId && structureFile && keysFile) {
    const structure = v.parse(structureClaims, JSON.parse(readFileSync(structureFile, "utf8")));
    const jwks: unknown = JSON.parse(readFileSync(keysFile, "utf8"));
    return async (clients) => {
      await clients.register({ clientId, structure, jwks });
      return [`registered ${clientId} for ${structure.name}`];
    };
  }
  if (verb === "revoke" && clientId)
    return async (clients) => {
      // An error, for whoever revokes in haste and misspells must not believe that it is done.
      if (!(await clients.revoke(clientId))) throw new Error(`no active client ${clientId}: nothing was revoked`);
      return [`revoked ${clientId}`];
    };
  if (verb === "list")
    return async (clients) => {
      const all = await clients.list();
      return all.map((one) =>
        [one.clientId, one.structure.id, one.structure.name, one.isRevoked ? "revoked" : ""].join("\t"),
      );
    };
  throw new Error(usage);
}
