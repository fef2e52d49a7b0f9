/** Demo accounts and their tokens, as scripts obtain them (contract.md, "Addresses of the running demo"). */
import { type CarnetClient, connect } from "@carnet/sdk";
import * as v from "valibot";

const Account = v.object({
  id: v.string(),
  kind: v.picklist(["patient", "professional", "establishment"]),
  name: v.string(),
  ins: v.optional(v.object({ system: v.string(), value: v.string() })),
  rpps: v.optional(v.string()),
  profession: v.optional(v.string()),
  specialty: v.optional(v.string()),
});
export type DemoAccount = v.InferOutput<typeof Account>;

/** `GET /demo/accounts.json`. */
export async function demoAccounts(origin: string): Promise<readonly DemoAccount[]> {
  const response = await fetch(`${origin}/demo/accounts.json`);
  return v.parse(v.array(Account), await response.json());
}

/** One account by id; fails with the list of those there are. */
export async function demoAccount(origin: string, id: string): Promise<DemoAccount> {
  const accounts = await demoAccounts(origin);
  const found = accounts.find((account) => account.id === id);
  if (!found) throw new Error(`no account ${id} among ${accounts.map((account) => account.id).join(", ")}`);
  return found;
}

/** The INS of a demo patient. */
export async function insOf(origin: string, patient: string): Promise<{ system: string; value: string }> {
  const { ins } = await demoAccount(origin, patient);
  if (!ins) throw new Error(`${patient} has no INS`);
  return ins;
}

/** `POST /oidc/demo-token`. */
export async function demoToken(origin: string, account: string): Promise<string> {
  const response = await fetch(`${origin}/oidc/demo-token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ account }),
  });
  if (!response.ok) throw new Error(`no token for ${account}: ${response.status} ${await response.text()}`);
  return v.parse(v.object({ access_token: v.string() }), await response.json()).access_token;
}

/** An SDK client signed in as a demo account; the token is fetched when first needed. */
export function clientOf(origin: string, account: string): CarnetClient {
  let token: Promise<string> | undefined;
  const accessToken = () => {
    token ??= demoToken(origin, account);
    return token;
  };
  return connect({ baseUrl: `${origin}/fhir`, accessToken });
}
