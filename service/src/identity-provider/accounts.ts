/** The people who may sign in with the embedded provider. */
import type { ActorClaims } from "../rules/actor.ts";
import { parseActorClaims } from "./claims.ts";
import { defaultCost, hashSecret, isSecretRight, type SecretCost } from "./secrets.ts";
import { type AccountTable, type AnyDatabase, identityTables } from "./tables.ts";

export interface AccountInput {
  /** Fixed id, the `sub` of tokens: `dr-martin`. */
  readonly id: string;
  /** User name (patient) or number of the demonstration card (professional, establishment). Case is ignored. */
  readonly login: string;
  /** Password (patient) or PIN (professional, establishment). Kept as a hash only. */
  readonly secret: string;
  /** Where one-time codes and notices go. A patient without one cannot sign in. */
  readonly email?: string;
  /** Language of mails; French by default. */
  readonly locale?: "fr" | "en";
  /** Who the person is: becomes the claim `carnet` of access tokens. */
  readonly claims: ActorClaims;
  /** Fictitious: the sign-in page offers to fill the form with this account, secret included. */
  readonly isDemo?: boolean;
}

export interface Account {
  readonly id: string;
  readonly kind: AccountTable["kind"];
  readonly login: string;
  readonly name: string;
  readonly email: string | undefined;
  readonly locale: "fr" | "en";
  readonly claims: ActorClaims;
  readonly secretHash: string;
  readonly demoSecret: string | undefined;
}

export interface Accounts {
  /** Creates the account, or brings it to this state. A secret that did not change is not hashed again. */
  upsert(input: AccountInput): Promise<void>;
  find(id: string): Promise<Account | undefined>;
  findByLogin(login: string): Promise<Account | undefined>;
  /** Fictitious accounts that the sign-in page offers. */
  listDemo(): Promise<readonly Account[]>;
}

function read(row: AccountTable): Account {
  return {
    id: row.account_id,
    kind: row.kind,
    login: row.login,
    name: row.name,
    email: row.email ?? undefined,
    locale: row.locale,
    claims: parseActorClaims(JSON.parse(row.claims)),
    secretHash: row.secret,
    demoSecret: row.demo_secret ?? undefined,
  };
}

/** Accounts over any database handle of the service. */
export function createAccounts(
  database: AnyDatabase,
  now: () => Date = () => new Date(),
  cost: SecretCost = defaultCost,
): Accounts {
  const tables = identityTables(database);
  const select = () => tables.selectFrom("account").selectAll();
  return {
    async upsert(input) {
      const claims = parseActorClaims(input.claims);
      const known = await select().where("account_id", "=", input.id).executeTakeFirst();
      // A fictitious secret is kept in clear beside its hash: comparing it spares a second per start.
      const isSameDemo = known !== undefined && known.demo_secret === input.secret;
      const isSame = isSameDemo || (known !== undefined && (await isSecretRight(input.secret, known.secret)));
      const row = {
        kind: claims.kind,
        login: input.login.trim().toLowerCase(),
        name: claims.name,
        secret: isSame && known ? known.secret : await hashSecret(input.secret, cost),
        email: input.email ?? null,
        locale: input.locale ?? ("fr" as const),
        claims: JSON.stringify(claims),
        rpps: claims.kind === "professional" ? claims.rpps : null,
        ins_system: claims.kind === "patient" ? claims.ins.system : null,
        ins_value: claims.kind === "patient" ? claims.ins.value : null,
        demo_secret: input.isDemo ? input.secret : null,
        updated_at: now(),
      };
      await tables
        .insertInto("account")
        .values({ account_id: input.id, created_at: now(), ...row })
        .onConflict((conflict) => conflict.column("account_id").doUpdateSet(row))
        .execute();
    },
    async find(id) {
      if (id.includes("\0")) return undefined;
      const row = await select().where("account_id", "=", id).executeTakeFirst();
      return row && read(row);
    },
    async findByLogin(login) {
      // The database knows no NUL: nobody has such a name.
      if (login.includes("\0")) return undefined;
      const row = await select().where("login", "=", login.trim().toLowerCase()).executeTakeFirst();
      return row && read(row);
    },
    async listDemo() {
      const rows = await select().where("demo_secret", "is not", null).orderBy("kind").orderBy("name").execute();
      return rows.map(read);
    },
  };
}
