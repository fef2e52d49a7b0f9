/** Tokens of the demo's accounts (`POST /oidc/demo-token`), kept in this page's memory until the panel wants a new one. */
import * as v from "valibot";

const answer = v.object({ access_token: v.string() });

/** A function that the panel calls for each request. */
export function demoTokenOf(account: string): (hint?: { readonly renew?: boolean }) => Promise<string> {
  let token: Promise<string> | undefined;
  return (hint) => {
    if (hint?.renew === true) token = undefined;
    token ??= ask(account).catch((error: unknown) => {
      token = undefined;
      throw error;
    });
    return token;
  };
}

async function ask(account: string): Promise<string> {
  const response = await fetch("/oidc/demo-token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ account }),
  });
  if (!response.ok) throw new Error(`demo token: ${response.status}`);
  return v.parse(answer, await response.json()).access_token;
}
