/**
 * A double of Pro Santé Connect on a local port, made with oidc-provider: its odd discovery path, its Keycloak addresses,
 * its short tokens, the level `eidas1`, and the very claims of R205. Fictitious people only.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeJwt, exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";

const REALM = "/auth/realms/esante-wallet";
const RESOURCE = "https://psc.example/api";
export const CLIENT = { id: "carnet-service", secret: "a-secret-of-the-double" } as const;

const activity = (finess: string, name: string) => ({
  codeModeExercice: "S",
  codeSecteurDactivite: "SA07^1.2.250.1.71.4.2.4",
  codeRole: null,
  codeGenreActivite: "GENR01",
  raisonSocialeSite: name,
  numeroFinessSite: finess,
  numeroSiretSite: "",
});

/** What userinfo says of a doctor with two activities, none of which the session names. */
export const doctorOfTwoPlaces = {
  sub: "f:550e8400-e29b-41d4-a716-446655440000:899900000011",
  preferred_username: "899900000011",
  SubjectNameID: "899900000011",
  given_name: "ANNE",
  family_name: "FICTIF",
  SubjectRole: ["10^1.2.250.1.213.1.1.5.5"],
  PSI_Locale: "1.2.250.1.213.1.3.1.1",
  Mode_Acces_Raison: "",
  Acces_Regulation_Medicale: "FAUX",
  Palier_Authentification: "APPPRIP3^1.2.250.1.213.1.5.1.1.1",
  UITVersion: "1.0",
  otherIds: [{ identifiant: "899900000011", origine: "RPPS", qualite: 1 }],
  SubjectRefPro: {
    codeCivilite: "MME",
    exercices: [
      {
        codeProfession: "10",
        codeCategorieProfessionnelle: "C",
        codeSavoirFaire: "SM26",
        typeSavoirFaire: "S",
        activities: [activity("750999981", "CABINET DU PARC"), activity("750999982", "CLINIQUE DU LAC")],
      },
    ],
  },
};

export interface ProSanteConnectDouble {
  readonly issuer: string;
  readonly discoveryUrl: string;
  /** Level of authentication of the next sign-ins. */
  level: string;
  /** Claims of the next sign-ins. */
  claims: Readonly<Record<string, unknown>> & { readonly sub: string };
  close(): Promise<void>;
}

/** @param redirectUri where the double sends people back */
export async function startProSanteConnect(redirectUri: () => string): Promise<ProSanteConnectDouble> {
  const keys = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(keys.privateKey)), kid: "psc", alg: "RS256", use: "sig" };
  let handle: (request: IncomingMessage, response: ServerResponse) => unknown = () => undefined;
  const server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = `${origin}${REALM}`;
  const double: ProSanteConnectDouble = {
    issuer,
    discoveryUrl: `${issuer}/.well-known/wallet-openid-configuration`,
    level: "eidas1",
    claims: doctorOfTwoPlaces,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };

  let provider: Provider | undefined;
  const made = () => {
    provider ??= new Provider(issuer, {
      jwks: { keys: [jwk] },
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [redirectUri()],
          token_endpoint_auth_method: "client_secret_post",
        },
      ],
      scopes: ["openid", "scope_all"],
      claims: { openid: ["sub"], acr: null },
      acrValues: ["eidas1", "eidas3", "low"],
      findAccount: async (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
      extraTokenClaims: async () => ({ azp: CLIENT.id, acr: double.level, typ: "Bearer" }),
      interactions: { url: (_ctx, { uid }) => `${REALM}/sign-in/${uid}` },
      routes: {
        authorization: "/protocol/openid-connect/auth",
        token: "/protocol/openid-connect/token",
        jwks: "/protocol/openid-connect/certs",
      },
      ttl: { AccessToken: 120, IdToken: 120, Session: 1800, Interaction: 600, Grant: 1800 },
      cookies: { keys: ["double"], long: { path: "/" }, short: { path: "/" } },
      loadExistingGrant: async (ctx) => {
        const { session, client } = ctx.oidc;
        if (!session?.accountId || !client || !provider) return undefined;
        const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
        grant.addOIDCScope("openid scope_all");
        grant.addResourceScope(RESOURCE, "scope_all");
        await grant.save();
        return grant;
      },
      features: {
        devInteractions: { enabled: false },
        userinfo: { enabled: false },
        resourceIndicators: {
          enabled: true,
          defaultResource: async () => RESOURCE,
          useGrantedResource: async () => true,
          getResourceServerInfo: async () => ({
            scope: "scope_all",
            audience: "account",
            accessTokenFormat: "jwt",
            accessTokenTTL: 120,
            jwt: { sign: { alg: "RS256" } },
          }),
        },
      },
    });
    return provider;
  };

  handle = async (request, response) => {
    const path = request.url ?? "/";
    const json = (body: unknown, status = 200) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (path.endsWith("/.well-known/openid-configuration")) return json({ error: "not here" }, 404);
    if (path.startsWith(`${REALM}/.well-known/wallet-openid-configuration`)) {
      return json({
        issuer,
        authorization_endpoint: `${issuer}/protocol/openid-connect/auth`,
        token_endpoint: `${issuer}/protocol/openid-connect/token`,
        userinfo_endpoint: `${issuer}/protocol/openid-connect/userinfo`,
        jwks_uri: `${issuer}/protocol/openid-connect/certs`,
      });
    }
    if (path.startsWith(`${REALM}/protocol/openid-connect/userinfo`)) {
      const token = (request.headers.authorization ?? "").replace("Bearer ", "");
      return decodeJwt(token).sub === double.claims.sub ? json(double.claims) : json({ error: "invalid_token" }, 401);
    }
    const signingIn = made();
    if (path.startsWith(`${REALM}/sign-in/`)) {
      const login = { accountId: double.claims.sub, acr: double.level };
      return signingIn.interactionFinished(request, response, { login });
    }
    Object.assign(request, { originalUrl: request.url });
    request.url = path.replace(REALM, "");
    return signingIn.callback()(request, response);
  };
  return double;
}
