import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import * as v from "valibot";
import { createMachineTokenSource, createSignIn, createTokenSource, SignInError } from "../auth/index.ts";
import type { AccessToken } from "../fhir/http/index.ts";
import { type Io, UsageError } from "./io.ts";
import type { Settings } from "./settings.ts";
import type { Strings } from "./strings.ts";

const Key = v.looseObject({
  kty: v.picklist(["EC", "RSA"]),
  d: v.string(),
  kid: v.optional(v.string()),
  alg: v.optional(v.string()),
});

/** How the caller proves who they are: a person in the browser, software by its key, or a token that somebody else fetched. */
export async function openAccess(settings: Settings, io: Io, strings: Strings): Promise<AccessToken> {
  const { issuer, clientId, keyFile, tokenFile, token, isPerson } = settings;
  if (isPerson) {
    if (!issuer || !clientId) throw new UsageError(strings.noIssuer);
    return signInPerson(issuer, clientId, settings.signInPort, io, strings);
  }
  if (keyFile) {
    if (!issuer || !clientId) throw new UsageError(strings.noIssuer);
    return createMachineTokenSource({ issuer, clientId, key: { privateKey: await readKey(keyFile, strings) } });
  }
  // Read again each time: whoever renews it replaces the file.
  if (tokenFile) return tokenFrom(tokenFile, strings);
  if (token) return () => token;
  throw new UsageError(strings.noAccess);
}

/** The private key of a machine client. @throws UsageError */
export async function readKey(path: string, strings: Strings): Promise<JsonWebKey> {
  try {
    const { kty, d, ...rest } = v.parse(Key, JSON.parse(await readFile(path, "utf8")));
    return { ...rest, kty, d };
  } catch {
    // Neither the cause nor the content may show: it is a private key.
    throw new UsageError(strings.badKey(path));
  }
}

/** A file that was good once is being written anew, or nobody renewed it: that is waited for, not a wrong setting. */
function tokenFrom(path: string, strings: Strings): AccessToken {
  let wasGood = false;
  return async () => {
    try {
      const token = await readToken(path, strings);
      wasGood = true;
      return token;
    } catch (cause) {
      throw wasGood ? new SignInError("sign-in-expired", { cause }) : cause;
    }
  };
}

async function readToken(path: string, strings: Strings): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => "");
  if (!text.trim()) throw new UsageError(strings.badToken(path));
  return text.trim();
}

/**
 * Code flow with PKCE over a redirect to this machine (RFC 8252, section 7.3). The address must be registered at the issuer,
 * port included. The token lives as long as the command.
 */
async function signInPerson(issuer: string, clientId: string, port: number, io: Io, strings: Strings) {
  const redirectUri = `http://127.0.0.1:${port}/`;
  const signIn = createSignIn({ issuer, clientId, redirectUri });
  const { url, pending } = await signIn.begin({ signal: io.signal });
  const back = await new Promise<string>((resolve, reject) => {
    const server = createServer((request, response) => {
      const address = new URL(request.url ?? "/", redirectUri);
      // Any page of this machine's browser can call here: only the answer to this sign-in is heard.
      if (address.pathname !== "/" || address.searchParams.get("state") !== pending.state) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { "content-type": "text/plain; charset=utf-8", connection: "close" });
      response.end(strings.signedIn);
      server.close();
      resolve(address.href);
    });
    server.once("error", () => reject(new UsageError(strings.portTaken(port))));
    server.listen(port, "127.0.0.1", () => {
      io.stderr.write(`${strings.openBrowser}\n${url}\n`);
      if (io.stderr.isTTY) openBrowser(url);
    });
    const end = (reason: unknown) => {
      server.close();
      reject(reason);
    };
    io.signal.addEventListener("abort", () => end(io.signal.reason), { once: true });
    // Nobody came back: the page was closed.
    setTimeout(end, 300_000, new SignInError("sign-in-refused")).unref();
  });
  return createTokenSource(await signIn.complete(back, pending, { signal: io.signal }), { signIn });
}

function openBrowser(url: string): void {
  const [command, ...words] =
    process.platform === "darwin"
      ? ["open", url]
      : process.platform === "win32"
        ? ["rundll32", "url.dll,FileProtocolHandler", url]
        : ["xdg-open", url];
  // Where there is no browser the address is on screen.
  spawn(command ?? "xdg-open", words, { stdio: "ignore", detached: true })
    .on("error", () => undefined)
    .unref();
}
