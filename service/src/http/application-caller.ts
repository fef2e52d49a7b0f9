/** Tokens of applications of the catalogue: whoever signs in through one is a patient for whom it acts. R168. */
import type { Actor } from "../rules/index.ts";
import { findApplication } from "../store/applications.ts";
import type { Store } from "../store/store.ts";

/** Applications of this service itself: through them a person acts in person. */
const OWN_CLIENTS: ReadonlySet<string> = new Set(["carnet-patient", "carnet-account", "carnet-demo"]);

/** The actor, and the application through which a patient acts: every other client than the service's own. */
export async function throughApplication(store: Store, actor: Actor, clientId: string | undefined): Promise<Actor> {
  if (actor.kind !== "patient" || clientId === undefined || OWN_CLIENTS.has(clientId)) return actor;
  const known = await findApplication(store.database, clientId);
  return { ...actor, application: { id: clientId, name: known?.name ?? clientId } };
}
