import type { SignInOptions } from "./sign-in.ts";

const HOSTS = { production: "auth.esw.esante.gouv.fr", sandbox: "auth.bas.psc.esante.gouv.fr" } as const;

/**
 * Sign-in options of Pro Santé Connect (R203–R205): the issuer, its own place for metadata, and the level `eidas1`,
 * without which the sign-in is refused (R204).
 *
 * @example
 * const signIn = createSignIn(proSanteConnect({ clientId, redirectUri, environment: "sandbox" }));
 */
export function proSanteConnect(
  options: Pick<SignInOptions, "clientId" | "redirectUri" | "clientSecret" | "clientKey" | "isBound" | "fetch"> & {
    /** Default `production`. `sandbox` is the "bac à sable". */
    readonly environment?: keyof typeof HOSTS;
  },
): SignInOptions {
  const { environment = "production", ...rest } = options;
  const issuer = `https://${HOSTS[environment]}/auth/realms/esante-wallet`;
  return {
    ...rest,
    issuer,
    discoveryUrl: `${issuer}/.well-known/wallet-openid-configuration`,
    scope: "openid scope_all",
    acrValues: "eidas1",
  };
}
