/**
 * Software of establishments that deposits by itself: registered by the operator with its public keys, it proves who it is
 * with `private_key_jwt` (RFC 7523) and gets tokens in the name of its structure (authentification indirecte, R200).
 */
import type { AdapterPayload } from "oidc-provider";
import * as v from "valibot";
import type { Structure } from "../rules/actor.ts";
import { structureClaims } from "./claims.ts";
import { SIGNING_ALGORITHM } from "./keys.ts";
import { type AnyDatabase, identityTables } from "./tables.ts";

export interface MachineClientInput {
  /** Letters, digits, `.`, `_`, `-`; 3 to 60. */
  readonly clientId: string;
  readonly structure: Structure;
  /** JSON Web Key Set of public keys: P-256, or RSA of 2048 bits and more. */
  readonly jwks: unknown;
}

export interface MachineClients {
  /** Registers a client, or gives it other keys. @throws MachineClientRefused */
  register(input: MachineClientInput): Promise<void>;
  /** Its tokens end within minutes, and it gets no other. @returns whether there was one */
  revoke(clientId: string): Promise<boolean>;
  list(): Promise<readonly { readonly clientId: string; readonly structure: Structure; readonly isRevoked: boolean }[]>;
  /** What oidc-provider must know of it. */
  find(clientId: string): Promise<AdapterPayload | undefined>;
  structureOf(clientId: string | undefined): Promise<Structure | undefined>;
}

/** The registration cannot be taken; the message says what to change. */
export class MachineClientRefused extends Error {
  readonly code = "machine-client-refused";
  constructor(what: string) {
    super(`the machine client cannot be registered: ${what}`);
    this.name = "MachineClientRefused";
  }
}

const clientIdShape = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{3,60}$/));
const publicKey = v.variant("kty", [
  v.strictObject({
    kty: v.literal("EC"),
    crv: v.literal("P-256"),
    x: v.string(),
    y: v.string(),
    kid: v.string(),
    alg: v.exactOptional(v.literal("ES256")),
    use: v.exactOptional(v.literal("sig")),
  }),
  v.strictObject({
    kty: v.literal("RSA"),
    // 2048 bits are 342 characters of base64url.
    n: v.pipe(v.string(), v.minLength(342)),
    e: v.string(),
    kid: v.string(),
    alg: v.exactOptional(v.picklist(["RS256", "PS256"])),
    use: v.exactOptional(v.literal("sig")),
  }),
]);
const keySet = v.strictObject({ keys: v.pipe(v.array(publicKey), v.minLength(1), v.maxLength(5)) });

/** Client of our own pages: their names are not to be taken. */
const RESERVED = /^carnet-/;

export function createMachineClients(database: AnyDatabase, now: () => Date): MachineClients {
  const tables = identityTables(database);
  const active = (clientId: string) =>
    tables
      .selectFrom("machine_client")
      .selectAll()
      .where("client_id", "=", clientId)
      .where("revoked_at", "is", null)
      .executeTakeFirst();
  return {
    async register({ clientId, structure, jwks }) {
      if (!v.is(clientIdShape, clientId)) throw new MachineClientRefused("its id has 3 to 60 letters, digits, . _ -");
      if (RESERVED.test(clientId)) throw new MachineClientRefused("ids that begin with carnet- are ours");
      const keys = v.safeParse(keySet, jwks);
      if (!keys.success) {
        const place = v.getDotPath(keys.issues[0]) ?? "keys";
        throw new MachineClientRefused(`the key set holds public P-256 or RSA keys with a kid; check ${place}`);
      }
      const known = v.safeParse(structureClaims, structure);
      if (!known.success) throw new MachineClientRefused("a structure has an id and a name");
      const row = { structure: JSON.stringify(known.output), jwks: JSON.stringify(keys.output), revoked_at: null };
      await tables
        .insertInto("machine_client")
        .values({ client_id: clientId, registered_at: now(), ...row })
        .onConflict((conflict) => conflict.column("client_id").doUpdateSet(row))
        .execute();
    },
    async revoke(clientId) {
      const revoked = await tables
        .updateTable("machine_client")
        .set({ revoked_at: now() })
        .where("client_id", "=", clientId)
        .where("revoked_at", "is", null)
        .executeTakeFirst();
      return revoked.numUpdatedRows > 0n;
    },
    async list() {
      const rows = await tables.selectFrom("machine_client").selectAll().orderBy("client_id").execute();
      return rows.map((row) => ({
        clientId: row.client_id,
        structure: v.parse(structureClaims, JSON.parse(row.structure)),
        isRevoked: row.revoked_at !== null,
      }));
    },
    async find(clientId) {
      const row = await active(clientId);
      if (!row) return undefined;
      return {
        client_id: row.client_id,
        token_endpoint_auth_method: "private_key_jwt",
        grant_types: ["client_credentials"],
        response_types: [],
        redirect_uris: [],
        id_token_signed_response_alg: SIGNING_ALGORITHM,
        jwks: JSON.parse(row.jwks),
      };
    },
    async structureOf(clientId) {
      const row = clientId === undefined ? undefined : await active(clientId);
      return row && v.parse(structureClaims, JSON.parse(row.structure));
    },
  };
}
