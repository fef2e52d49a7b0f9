/** Keys of the embedded provider, made on first use, kept in the database sealed by the service's master key. */
import { createHmac, hkdfSync, randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import type { RecordKeys } from "../store/record-keys.ts";
import { HEADER_BYTES, openRange, seal } from "../store/seal.ts";
import { type AnyDatabase, identityTables } from "./tables.ts";

export const SIGNING_ALGORITHM = "ES256";

export interface ProviderKeys {
  /** Private signing key, with `kid`, `alg` and `use`. */
  readonly signing: JWK & { readonly kid: string };
  /** The same without its private part. */
  readonly publicSigning: JWK & { readonly kid: string };
  /** Signs the provider's cookies. */
  readonly cookie: string;
  /** HMAC of one-time codes and of login names. */
  mac(purpose: string, text: string): string;
}

interface KeyMaterial {
  readonly signing: JWK & { readonly kid: string };
  readonly secret: string;
}

const NAME = "provider";
const CONTEXT = "oidc-key/provider";

async function makeMaterial(): Promise<KeyMaterial> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const kid = randomBytes(12).toString("base64url");
  const signing = { ...(await exportJWK(privateKey)), kid, alg: SIGNING_ALGORITHM, use: "sig" };
  return { signing, secret: randomBytes(32).toString("base64url") };
}

/** Opens the keys, or makes them. Two services that start at once on one database agree on the first one's. */
export async function openProviderKeys(
  database: AnyDatabase,
  masterKeys: RecordKeys,
  now: () => Date = () => new Date(),
): Promise<ProviderKeys> {
  const tables = identityTables(database);
  const select = () => tables.selectFrom("oidc_key").selectAll().where("name", "=", NAME).executeTakeFirst();
  let row = await select();
  if (!row) {
    const wrapped = masterKeys.create();
    const sealed = seal(masterKeys.unwrap(wrapped), CONTEXT, Buffer.from(JSON.stringify(await makeMaterial())));
    await tables
      .insertInto("oidc_key")
      .values({ name: NAME, wrapped_key: wrapped, sealed, created_at: now() })
      .onConflict((conflict) => conflict.column("name").doNothing())
      .execute();
    row = await select();
  }
  if (!row) throw new Error("the provider's keys were removed while the service started");
  const size = row.sealed.length - HEADER_BYTES - 16;
  const header = row.sealed.subarray(0, HEADER_BYTES);
  const range = { size, start: 0, end: size };
  const plain = openRange(
    masterKeys.unwrap(row.wrapped_key),
    CONTEXT,
    header,
    row.sealed.subarray(HEADER_BYTES),
    range,
  );
  const material = JSON.parse(plain.toString("utf8")) as KeyMaterial;
  const { d: _, ...publicSigning } = material.signing;
  const derived = (purpose: string) => Buffer.from(hkdfSync("sha256", material.secret, "carnet-oidc", purpose, 32));
  return {
    signing: material.signing,
    publicSigning,
    cookie: derived("cookie").toString("base64url"),
    mac: (purpose, text) => createHmac("sha256", derived(purpose)).update(text).digest("base64url"),
  };
}
