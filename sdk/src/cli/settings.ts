import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import * as v from "valibot";
import { type Io, UsageError } from "./io.ts";
import type { Strings } from "./strings.ts";

const text = v.pipe(v.string(), v.minLength(1));
const File = v.strictObject({
  url: v.optional(text),
  issuer: v.optional(text),
  clientId: v.optional(text),
  keyFile: v.optional(text),
  tokenFile: v.optional(text),
  sourceId: v.optional(text),
});

/** Where the service is and who asks. Secrets are in files or in the environment, never among the words of the command. */
export interface Settings {
  readonly url: string;
  readonly issuer?: string | undefined;
  readonly clientId?: string | undefined;
  /** Private JSON Web Key. */
  readonly keyFile?: string | undefined;
  /** A file that holds an access token; read again whenever a token is wanted. */
  readonly tokenFile?: string | undefined;
  /** An access token in the environment. */
  readonly token?: string | undefined;
  /** Identifier of the depositing software (`urn:oid:…`). */
  readonly sourceId?: string | undefined;
  readonly purposeOfUse?: "TREAT" | "BTG" | "ETREAT" | undefined;
  readonly reason?: string | undefined;
  /** A person signs in with the browser. */
  readonly isPerson: boolean;
  /** Port of this machine that the browser comes back to. */
  readonly signInPort: number;
}

/** Options that every command has. */
export interface CommonOptions {
  readonly config?: string;
  readonly url?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly keyFile?: string;
  readonly tokenFile?: string;
  readonly signIn?: boolean;
  readonly signInPort?: string;
  readonly purpose?: string;
  readonly reason?: string;
  readonly json?: boolean;
  readonly lang?: string;
}

/** Options first, then the environment, then the file of settings. @throws UsageError */
export async function readSettings(options: CommonOptions, { environment }: Io, strings: Strings): Promise<Settings> {
  const path = options.config ?? environment.CARNET_CONFIG;
  const file = path ? await readConfig(path, strings) : {};
  const url = options.url ?? environment.CARNET_URL ?? file.url;
  if (!url) throw new UsageError(strings.noUrl);
  if (!isHttp(url)) throw new UsageError(strings.badUrl);
  const issuer = options.issuer ?? environment.CARNET_ISSUER ?? file.issuer;
  if (issuer && !isHttp(issuer)) throw new UsageError(strings.badIssuer);
  const purpose = options.purpose;
  if (purpose !== undefined && purpose !== "TREAT" && purpose !== "BTG" && purpose !== "ETREAT") {
    throw new UsageError(strings.badPurpose);
  }
  if (purpose === "BTG" && !options.reason) throw new UsageError(strings.noReason);
  const signInPort = Number(options.signInPort ?? 8910);
  if (!Number.isInteger(signInPort) || signInPort < 1 || signInPort > 65_535) throw new UsageError(strings.badPort);
  return {
    url,
    issuer,
    clientId: options.clientId ?? environment.CARNET_CLIENT_ID ?? file.clientId,
    keyFile: options.keyFile ?? environment.CARNET_KEY_FILE ?? file.keyFile,
    tokenFile: options.tokenFile ?? environment.CARNET_TOKEN_FILE ?? file.tokenFile,
    token: environment.CARNET_TOKEN,
    sourceId: environment.CARNET_SOURCE_ID ?? file.sourceId,
    purposeOfUse: purpose,
    reason: options.reason,
    isPerson: options.signIn === true,
    signInPort,
  };
}

/** `localhost:8787` alone reads as an address of the scheme `localhost`; to one that holds a password nothing is sent. */
function isHttp(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password } = new URL(address);
  return /^https?:$/.test(protocol) && username + password === "";
}

/** Paths in the file are relative to it. */
async function readConfig(path: string, strings: Strings): Promise<v.InferOutput<typeof File>> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch {
    throw new UsageError(strings.badConfig(path, ""));
  }
  const result = v.safeParse(File, json);
  if (!result.success) throw new UsageError(strings.badConfig(path, v.getDotPath(result.issues[0]) ?? ""));
  const near = (one: string | undefined) => (one === undefined ? undefined : resolve(path, "..", one));
  return { ...result.output, keyFile: near(result.output.keyFile), tokenFile: near(result.output.tokenFile) };
}
