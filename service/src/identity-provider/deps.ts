/** What the identity provider needs from the service. The service's own `Services` fits. */
import type { ServiceConfig } from "../config.ts";
import type { Mailer } from "../notices/mailer.ts";
import type { Store } from "../store/store.ts";

export interface IdentityDeps {
  readonly config: ServiceConfig;
  readonly store: Pick<Store, "database" | "keys">;
  /** Address callers see, asked when first needed; `config.publicUrl` by default. */
  readonly publicUrl?: () => string;
  readonly now?: () => Date;
}

export interface ProviderDeps extends IdentityDeps {
  /** Sends one-time codes. */
  readonly mailer: Mailer;
}

export function publicUrlOf(deps: IdentityDeps): string {
  return deps.publicUrl?.() ?? deps.config.publicUrl;
}

export function clockOf(deps: IdentityDeps): () => Date {
  return deps.now ?? (() => new Date());
}
