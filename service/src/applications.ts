/** The catalogue of connected applications, kept by the operator from inside the process; no route changes it. R168. */
import type { Services } from "./http/services.ts";
import { type ApplicationPurpose, applicationPurposes } from "./rules/index.ts";

/** An application that patients may let act for them. */
export interface NewApplication {
  /** `client_id` of its tokens. */
  readonly id: string;
  readonly name: string;
  readonly publisher: string;
  /** What it does, in one or two plain sentences. */
  readonly description: { readonly fr: string; readonly en: string };
  /** What it may ask for; a patient consents to each or not. */
  readonly purposes: readonly ApplicationPurpose[];
}

export interface Applications {
  /** Puts an application into the catalogue, or changes what is said of it. */
  reference(application: NewApplication): Promise<void>;
  /** Takes it out: its tokens are refused from the next request on, whatever patients consented to. */
  dereference(id: string): Promise<void>;
}

export function createApplications({ store, now }: Pick<Services, "store" | "now">): Applications {
  return {
    async reference({ id, name, publisher, description, purposes }) {
      if (!/^[A-Za-z0-9._-]{3,60}$/.test(id)) throw new Error("an application's id is the client_id of its tokens");
      if (purposes.length === 0 || purposes.some((one) => !applicationPurposes.includes(one)))
        throw new Error(`an application names at least one purpose among ${applicationPurposes.join(", ")}`);
      const row = {
        name,
        publisher,
        description_fr: description.fr,
        description_en: description.en,
        purposes: [...purposes],
        referenced_at: now(),
        updated_at: now(),
      };
      await store.database
        .insertInto("application")
        .values({ application_id: id, ...row })
        .onConflict((conflict) => conflict.column("application_id").doUpdateSet(row))
        .execute();
    },
    async dereference(id) {
      await store.database
        .updateTable("application")
        .set({ referenced_at: null, updated_at: now() })
        .where("application_id", "=", id)
        .execute();
    },
  };
}
