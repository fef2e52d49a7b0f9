/** An application that signs people in: code and PKCE, as the patient page does. */
import { createHash, randomBytes } from "node:crypto";
import type { Page } from "./browser.ts";

const paths: Readonly<Record<string, string>> = { "carnet-patient": "/", "carnet-practice": "/practice/" };

/** What an application keeps between sending a person to sign in and getting them back. */
export interface SignInRequest {
  readonly address: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly client: string;
}

/** Where an application sends a person to sign in. */
export function authorisation(
  url: string,
  client: string,
  extra: Readonly<Record<string, string>> = {},
): SignInRequest {
  const verifier = randomBytes(32).toString("base64url");
  const redirectUri = `${url}${paths[client]}`;
  const query = new URLSearchParams({
    client_id: client,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: "openid profile record",
    state: "a-state",
    resource: `${url}/fhir`,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...extra,
  });
  return { address: `${url}/oidc/auth?${query}`, verifier, redirectUri, client };
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly error?: string;
}

/** Posts a form to the provider. */
export async function post(
  url: string,
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<{ status: number; body: Tokens }> {
  const response = await fetch(`${url}${path}`, { method: "POST", body: new URLSearchParams(form) });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : {} };
}

/** Exchanges the code that came back for tokens. */
export async function redeem(url: string, request: SignInRequest, page: Page): Promise<Tokens> {
  const code = new URL(page.url).searchParams.get("code");
  if (!code) throw new Error(`no code at ${page.url} (${page.status})\n${page.html.slice(0, 3000)}`);
  const { status, body } = await post(url, "/oidc/token", {
    grant_type: "authorization_code",
    client_id: request.client,
    code,
    redirect_uri: request.redirectUri,
    code_verifier: request.verifier,
  });
  if (status !== 200) throw new Error(`token endpoint: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** The newest code in the mailbox of the demonstration. */
export async function mailedCode(url: string, to: string): Promise<string> {
  const response = await fetch(`${url}/mailbox/messages.json?to=${encodeURIComponent(to)}`);
  const [newest] = (await response.json()) as { text: string; kind: string }[];
  return /\b\d{6}\b/.exec(newest?.text ?? "")?.[0] ?? "";
}
