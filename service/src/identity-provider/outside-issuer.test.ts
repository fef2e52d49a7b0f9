import Fastify from "fastify";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { outsideIssuer, readOutsideSettings } from "./outside-issuer.ts";
import { actorsOfProSanteConnect } from "./pro-sante-connect.ts";
import { IssuerUnreachable, TokenError, verifierOf } from "./token-verifier.ts";

/** What Pro Santé Connect says of a fictitious doctor, with the names of R205. */
const claims = {
  sub: "f:550e8400-e29b-41d4-a716-446655440000:810000000001",
  SubjectNameID: "810000000001",
  preferred_username: "810000000001",
  given_name: "ANNE",
  family_name: "FICTIF",
  SubjectRole: ["10^1.2.250.1.213.1.1.5.5"],
  Secteur_Activite: "SA07^1.2.250.1.71.4.2.4",
  SubjectOrganization: "CABINET DU PARC",
  SubjectOrganizationID: "1750000001",
  Acces_Regulation_Medicale: "FAUX",
  SubjectRefPro: {
    exercices: [
      { codeProfession: "10", codeSavoirFaire: "SM26", activities: [{ codeGenreActivite: "GENR01", codeRole: null }] },
    ],
  },
};

const app = Fastify();
let url = "";
let answeredSub = claims.sub;
let asked = 0;
const keys = generateKeyPair("RS256", { extractable: true });
const now = () => new Date();

beforeAll(async () => {
  const jwk = { ...(await exportJWK((await keys).publicKey)), kid: "psc", alg: "RS256" };
  app.get("/.well-known/wallet-openid-configuration", async () => {
    asked += 1;
    return { issuer: `${url}/realms/psc`, jwks_uri: `${url}/certs`, userinfo_endpoint: `${url}/userinfo` };
  });
  app.get("/certs", async () => ({ keys: [jwk] }));
  app.get("/userinfo", async () => ({ ...claims, sub: answeredSub }));
  url = await app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => app.close());

async function token(changes: object = {}): Promise<string> {
  const payload = { iss: `${url}/realms/psc`, sub: claims.sub, azp: "carnet", scope: "openid scope_all", ...changes };
  const { privateKey } = await keys;
  return new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid: "psc" }).setExpirationTime("2m").sign(privateKey);
}

function verifier(more: Readonly<Record<string, string>> = {}) {
  const settings = readOutsideSettings({
    OIDC_ISSUER: `${url}/realms/psc`,
    OIDC_DISCOVERY: `${url}/.well-known/wallet-openid-configuration`,
    OIDC_AUDIENCE: "carnet",
    ...more,
  });
  const issuers = settings ? [outsideIssuer(settings, now)] : [];
  return verifierOf(async () => issuers, now);
}

const refused = (bearer: string) =>
  verifier()(bearer).then(
    () => "accepted",
    (error: unknown) => (error instanceof TokenError ? error.code : String(error)),
  );

describe("an outside issuer such as Pro Santé Connect (R203 to R205)", () => {
  const doctor = {
    kind: "professional",
    id: "810000000001",
    name: "ANNE FICTIF",
    rpps: "810000000001",
    profession: "10",
    specialty: "SM26",
    activityKind: "GENR01",
    authentication: "direct",
    structure: { id: "1750000001", name: "CABINET DU PARC", facilityType: "SA07" },
  };

  it("its token is accepted, with the claims of the token or of userinfo, and discovery is asked once", async () => {
    const verify = verifier();
    expect((await verify(await token(claims))).actor).toEqual(doctor);
    expect((await verify(await token())).actor).toEqual(doctor);
    expect(asked).toBe(1);
  });

  it("refuses a token for another client, and a userinfo about somebody else", async () => {
    expect(await refused(await token({ azp: "another" }))).toBe("token-audience");
    answeredSub = "f:x:899999999999";
    expect(await refused(await token())).toBe("token-claims");
    answeredSub = claims.sub;
  });

  it("refuses an ID token, and another level of authentication than the one asked for (R204)", async () => {
    expect(await refused(await token({ ...claims, typ: "ID", aud: "carnet" }))).toBe("token-claims");
    expect(await refused(await token({ ...claims, at_hash: "x", aud: "carnet" }))).toBe("token-claims");
    const strict = (bearer: string) =>
      verifier({ OIDC_ACR: "eidas1 eidas3" })(bearer).then(
        ({ actor }) => actor.id,
        (error: unknown) => (error instanceof TokenError ? error.code : String(error)),
      );
    expect(await strict(await token({ ...claims, acr: "eidas1" }))).toBe("810000000001");
    expect(await strict(await token({ ...claims, acr: "0" }))).toBe("token-claims");
    expect(await strict(await token(claims))).toBe("token-claims");
  });

  it("does not judge a token while the issuer's keys cannot be had", async () => {
    const unreachable = verifier({ OIDC_DISCOVERY: `${url}/nowhere` })(await token(claims));
    await expect(unreachable).rejects.toBeInstanceOf(IssuerUnreachable);
  });

  it("a regulation doctor is known as such, and a professional without profession is nobody", () => {
    expect(actorsOfProSanteConnect({ ...claims, Acces_Regulation_Medicale: "VRAI" })).toMatchObject([
      { dispatchCentre: true },
    ]);
    expect(actorsOfProSanteConnect({ ...claims, SubjectRole: [], SubjectRefPro: null })).toEqual([]);
  });

  it("does not start without knowing for whom the tokens are made", () => {
    expect(() => readOutsideSettings({ OIDC_ISSUER: "https://issuer.example" })).toThrow(/OIDC_AUDIENCE/);
  });
});
