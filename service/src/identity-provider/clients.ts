/** Applications that may send people here to sign in: all public, with PKCE. Source: contract.md, "Addresses". */
import { randomBytes } from "node:crypto";
import * as v from "valibot";
import { SettingInvalid } from "../start-refused.ts";

/** Who signs in through a client: its sign-in page asks for what these people have. */
export type Audience = "patient" | "professional";

/** Client of the browser extension: its token requests come from the extension's own address. */
export const EXTENSION_CLIENT = "carnet-extension";

/** The page of known devices, which needs the session only. */
export const ACCOUNT_CLIENT = "carnet-account";
const ACCOUNT_PATH = "/oidc/account";

export interface Client {
  readonly id: string;
  readonly audience: Audience;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
}

const uri = v.pipe(v.string(), v.url(), v.regex(/^(https:|http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])/));
const configured = v.array(
  v.object({
    client_id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{3,60}$/)),
    audience: v.picklist(["patient", "professional"]),
    redirect_uris: v.pipe(v.array(uri), v.minLength(1)),
    post_logout_redirect_uris: v.optional(v.array(uri), []),
  }),
);

/**
 * Where each browser takes back the answer of a sign-in that it shows itself (`identity.launchWebAuthFlow`): addresses that
 * exist on no server and that it gives to this extension only, by its id. Chrome writes the id, Firefox its SHA-1.
 */
const EXTENSION_RETURNS = [
  "https://bdkmmmbkbhcjckckijajlhjdbfenbofh.chromiumapp.org/",
  "https://32ea88d40f6e9e66a0e76e2a2a84300a5114d83c.extensions.allizom.org/",
];

/** The browser extension: a page of this service takes its answer where the browser does not. */
const extension = (publicUrl: string): Client => ({
  id: EXTENSION_CLIENT,
  audience: "professional",
  redirectUris: [`${publicUrl}/extension/signed-in`, ...EXTENSION_RETURNS],
  postLogoutRedirectUris: [`${publicUrl}/extension/signed-in`],
});

function own(publicUrl: string): Client[] {
  const client = (id: string, audience: Audience, path: string): Client => ({
    id,
    audience,
    redirectUris: [`${publicUrl}${path}`],
    postLogoutRedirectUris: [`${publicUrl}${path}`],
  });
  return [
    client("carnet-patient", "patient", "/"),
    client("carnet-practice", "professional", "/practice/"),
    client("carnet-hospital", "professional", "/hospital/"),
    client(ACCOUNT_CLIENT, "patient", ACCOUNT_PATH),
    extension(publicUrl),
  ];
}

/** Where a patient without a session signs in to see their devices. The code that comes back is not redeemed. */
export function accountSignInUrl(publicUrl: string): string {
  const query = new URLSearchParams({
    client_id: ACCOUNT_CLIENT,
    response_type: "code",
    redirect_uri: `${publicUrl}${ACCOUNT_PATH}`,
    scope: "openid",
    code_challenge: randomBytes(32).toString("base64url"),
    code_challenge_method: "S256",
  });
  return `${publicUrl}/oidc/auth?${query}`;
}

/**
 * The clients of this service, and those of `OIDC_CLIENTS` (JSON list; see docs/operator.md).
 * @throws Error when `OIDC_CLIENTS` cannot be understood
 */
export function readClients(publicUrl: string, json: string | undefined): readonly Client[] {
  if (!json) return own(publicUrl);
  let parsed: v.SafeParseResult<typeof configured>;
  try {
    parsed = v.safeParse(configured, JSON.parse(json));
  } catch {
    throw new SettingInvalid("OIDC_CLIENTS is not JSON");
  }
  if (!parsed.success) {
    throw new SettingInvalid(
      `OIDC_CLIENTS cannot be understood: check ${v.getDotPath(parsed.issues[0]) ?? "the list"}`,
    );
  }
  const added = parsed.output.map(
    (one): Client => ({
      id: one.client_id,
      audience: one.audience,
      redirectUris: one.redirect_uris,
      postLogoutRedirectUris: one.post_logout_redirect_uris,
    }),
  );
  return [...own(publicUrl), ...added];
}
