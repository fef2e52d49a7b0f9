/** Keys of the embedded provider, made on first use, kept in the database sealed by the service's master key. */
import { createHmac, hkdfSync, randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import type { Selectable } from "kysely";
import type { RecordKeys } from "../store/record-keys.ts";
import { HEADER_BYTES, openRange, seal } from "../store/seal.ts";
import { type AnyDatabase, identityTables, type OidcKeyTable } from "./tables.ts";

export const SIGNING_ALGORITHM = "ES256";

type SigningKey = JWK & { readonly kid: string };

/** A key whose signatures are believed: for good, or until what it signed has expired. */
export interface AcceptedKey {
  readonly publicKey: SigningKey;
  readonly until: Date | undefined;
}

export interface ProviderKeys {
  /** Private signing key, with `kid`, `alg` and `use`. */
  readonly signing: SigningKey;
  /** Those before it, newest first, published as long as what they signed may be shown. */
  readonly former: readonly SigningKey[];
  readonly accepted: readonly AcceptedKey[];
  /** Signs the provider's cookies. */
  readonly cookie: string;
  /** HMAC of one-time codes and of login names. */
  mac(purpose: string, text: string): string;
}

interface KeyMaterial {
  readonly signing: SigningKey;
  /** Beside the signing key, which changes: letters with a code that were printed months ago hang on it. */
  readonly secret: string;
  readonly former?: FormerKey;
  /** Those before the former one, newest first: it was replaced while processes signed with one of these. */
  readonly older?: readonly FormerKey[];
}

interface FormerKey {
  readonly signing: SigningKey;
  readonly until: string;
}

const NAME = "provider";
const CONTEXT = "oidc-key/provider";

/** Longer than any token lives. */
const FORMER_MS = 24 * 3_600_000;

async function makeSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const kid = randomBytes(12).toString("base64url");
  return { ...(await exportJWK(privateKey)), kid, alg: SIGNING_ALGORITHM, use: "sig" };
}

function publicPart({ d: _, ...publicKey }: SigningKey): SigningKey {
  return publicKey;
}

/** Opens the keys, or makes them. Two services that start at once on one database agree on the first one's. */
export async function openProviderKeys(
  database: AnyDatabase,
  masterKeys: RecordKeys,
  now: () => Date = () => new Date(),
): Promise<ProviderKeys> {
  let row = await findRow(database);
  if (!row) {
    const wrapped = masterKeys.create();
    const material = { signing: await makeSigningKey(), secret: randomBytes(32).toString("base64url") };
    await identityTables(database)
      .insertInto("oidc_key")
      .values({
        name: NAME,
        wrapped_key: wrapped,
        sealed: sealMaterial(masterKeys, wrapped, material),
        created_at: now(),
      })
      .onConflict((conflict) => conflict.column("name").doNothing())
      .execute();
    row = await findRow(database);
  }
  if (!row) throw new Error("the provider's keys were removed while the service started");
  const material = openMaterial(masterKeys, row);
  const { signing, secret } = material;
  const former = formerKeys(material, now());
  const derived = (purpose: string) => Buffer.from(hkdfSync("sha256", secret, "carnet-oidc", purpose, 32));
  return {
    signing,
    former: former.map((one) => one.signing),
    accepted: [
      { publicKey: publicPart(signing), until: undefined },
      ...former.map((one) => ({ publicKey: publicPart(one.signing), until: new Date(one.until) })),
    ],
    cookie: derived("cookie").toString("base64url"),
    mac: (purpose, text) => createHmac("sha256", derived(purpose)).update(text).digest("base64url"),
  };
}

/**
 * Puts a new signing key in place of the present one; everything else that the provider keeps stays as it is.
 * @param isFormerAccepted whether tokens under the present key still count until they expire
 * @returns false when there is no key yet: the first start makes one
 */
export async function replaceSigningKey(
  database: AnyDatabase,
  masterKeys: RecordKeys,
  isFormerAccepted: boolean,
  now: Date,
): Promise<boolean> {
  const row = await findRow(database);
  if (!row) return false;
  const replaced = openMaterial(masterKeys, row);
  const { signing, secret } = replaced;
  const former = { signing, until: new Date(now.getTime() + FORMER_MS).toISOString() };
  const kept = isFormerAccepted ? { former, older: formerKeys(replaced, now) } : {};
  const material = { signing: await makeSigningKey(), secret, ...kept };
  const wrapped = Buffer.from(row.wrapped_key);
  const { numUpdatedRows } = await identityTables(database)
    .updateTable("oidc_key")
    .set({ sealed: sealMaterial(masterKeys, wrapped, material), created_at: now })
    .where("name", "=", NAME)
    .where("sealed", "=", row.sealed)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new Error("the keys were changed by somebody else at the same time: try again");
  return true;
}

/** The keys before the present one that still count. */
function formerKeys({ former, older = [] }: KeyMaterial, now: Date): readonly FormerKey[] {
  return [...(former ? [former] : []), ...older].filter(({ until }) => new Date(until) > now);
}

async function findRow(database: AnyDatabase): Promise<Selectable<OidcKeyTable> | undefined> {
  return identityTables(database).selectFrom("oidc_key").selectAll().where("name", "=", NAME).executeTakeFirst();
}

function sealMaterial(masterKeys: RecordKeys, wrapped: Buffer, material: KeyMaterial): Buffer {
  return seal(masterKeys.unwrap(wrapped), CONTEXT, Buffer.from(JSON.stringify(material)));
}

function openMaterial(
  masterKeys: RecordKeys,
  { wrapped_key, sealed }: Pick<Selectable<OidcKeyTable>, "wrapped_key" | "sealed">,
): KeyMaterial {
  const size = sealed.length - HEADER_BYTES - 16;
  const range = { size, start: 0, end: size };
  const key = masterKeys.unwrap(wrapped_key);
  const plain = openRange(key, CONTEXT, sealed.subarray(0, HEADER_BYTES), sealed.subarray(HEADER_BYTES), range);
  return JSON.parse(plain.toString("utf8")) as KeyMaterial;
}
