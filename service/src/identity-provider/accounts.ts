/** The people who may sign in with the embedded provider. */
import type { Selectable } from "kysely";
import type { ActorClaims } from "../rules/actor.ts";
import { parseActorClaims } from "./claims.ts";
import { CredentialRefused, loginFaults, normalLogin, passwordFaults } from "./credential-policy.ts";
import { defaultCost, hashSecret, isSecretRight, type SecretCost } from "./secrets.ts";
import { type AccountTable, type AnyDatabase, identityTables } from "./tables.ts";

export interface AccountInput {
  /** Fixed id, the `sub` of tokens: `dr-martin`. */
  readonly id: string;
  /** User name (patient) or number of the demonstration card (professional, establishment). Case is ignored. */
  readonly login: string;
  /** Password (patient) or PIN (professional, establishment). Kept as a hash only. Absent: nobody signs in as them (R9). */
  readonly secret?: string;
  /** Where one-time codes and notices go. A patient without one cannot sign in. */
  readonly email?: string;
  /** Language of mails; French by default. */
  readonly locale?: "fr" | "en";
  /** Who the person is: becomes the claim `carnet` of access tokens. */
  readonly claims: ActorClaims;
  /** Further exercises of a professional, who chooses one when signing in. Same profession's number, other structures. */
  readonly otherExercises?: readonly ActorClaims[];
  /** YYYY-MM-DD. Asked for when a patient's password is forgotten; without it the mailed code alone is. */
  readonly birthDate?: string;
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
  /** In whose name the person may act: the first is {@link Account.claims}. Most people have one. */
  readonly exercises: readonly ActorClaims[];
  readonly birthDate: string | undefined;
  readonly secretHash: string;
  readonly demoSecret: string | undefined;
}

/** Somebody whom an outside issuer vouches for: there is no secret here. */
export interface OutsideAccountInput {
  readonly id: string;
  readonly issuer: string;
  readonly exercises: readonly [ActorClaims, ...ActorClaims[]];
}

/** Somebody who enrolled with a letter. */
export interface EnrolledAccountInput
  extends Required<Pick<AccountInput, "id" | "login" | "email" | "locale" | "birthDate">> {
  readonly secretHash: string;
  readonly claims: ActorClaims & { readonly kind: "patient" };
}

export interface Accounts {
  /**
   * Creates the account, or brings it to this state. A secret that did not change is not hashed again.
   * @throws CredentialRefused when a patient's user name or password does not follow R206
   */
  upsert(input: AccountInput): Promise<void>;
  /** An account whose password is hashed already. @returns false when the user name was taken meanwhile */
  insertEnrolled(input: EnrolledAccountInput): Promise<boolean>;
  /** Keeps what an outside issuer said of a person at this sign-in. */
  upsertOutside(input: OutsideAccountInput): Promise<void>;
  /** @throws CredentialRefused when the password does not follow R206 */
  setPassword(account: Pick<Account, "id" | "login">, password: string): Promise<void>;
  findByIns(ins: { readonly system: string; readonly value: string }): Promise<Account | undefined>;
  find(id: string): Promise<Account | undefined>;
  findByLogin(login: string): Promise<Account | undefined>;
  /** Fictitious accounts that the sign-in page offers. */
  listDemo(): Promise<readonly Account[]>;
}

/** No secret has this hash. */
const NO_SECRET = "";

/** A row as the database gives it. */
type AccountRow = Selectable<AccountTable>;

function exercisesOf(row: AccountRow): readonly ActorClaims[] {
  const others: readonly unknown[] = JSON.parse(row.other_exercises);
  return [JSON.parse(row.claims), ...others].map(parseActorClaims);
}

function read(row: AccountRow): Account {
  return {
    id: row.account_id,
    kind: row.kind,
    login: row.login,
    name: row.name,
    email: row.email ?? undefined,
    locale: row.locale,
    claims: parseActorClaims(JSON.parse(row.claims)),
    exercises: exercisesOf(row),
    birthDate: row.birth_date ?? undefined,
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
  /** The known hash of a secret that did not change: hashing takes a third of a second. */
  const hashOf = async (secret: string, known: AccountRow | undefined): Promise<string> => {
    // A fictitious secret is kept in clear beside its hash.
    const isSame = known && (known.demo_secret === secret || (await isSecretRight(secret, known.secret)));
    return isSame ? known.secret : hashSecret(secret, cost);
  };
  return {
    async upsert(input) {
      const claims = parseActorClaims(input.claims);
      const otherExercises = (input.otherExercises ?? []).map(parseActorClaims);
      if (claims.kind === "patient") {
        const ofPassword = input.secret === undefined ? [] : passwordFaults(input.secret, input.login);
        const faults = [...loginFaults(input.login), ...ofPassword];
        // Fictitious people have user names and passwords that are easy to show, and follow the rule all the same.
        if (faults.length > 0) throw new CredentialRefused(faults);
      }
      const known = await select().where("account_id", "=", input.id).executeTakeFirst();
      const row = {
        kind: claims.kind,
        login: normalLogin(input.login),
        name: claims.name,
        secret: input.secret === undefined ? NO_SECRET : await hashOf(input.secret, known),
        email: input.email ?? null,
        locale: input.locale ?? ("fr" as const),
        claims: JSON.stringify(claims),
        other_exercises: JSON.stringify(otherExercises),
        birth_date: input.birthDate ?? null,
        outside_issuer: null,
        rpps: claims.kind === "professional" ? claims.rpps : null,
        ins_system: claims.kind === "patient" ? claims.ins.system : null,
        ins_value: claims.kind === "patient" ? claims.ins.value : null,
        demo_secret: input.isDemo ? (input.secret ?? null) : null,
        updated_at: now(),
      };
      await tables
        .insertInto("account")
        .values({ account_id: input.id, created_at: now(), ...row })
        .onConflict((conflict) => conflict.column("account_id").doUpdateSet(row))
        .execute();
    },
    async insertEnrolled({ id, login, secretHash, email, locale, birthDate, claims }) {
      const made = await tables
        .insertInto("account")
        .values({
          account_id: id,
          kind: claims.kind,
          login: normalLogin(login),
          name: claims.name,
          secret: secretHash,
          email,
          locale,
          claims: JSON.stringify(claims),
          birth_date: birthDate,
          ins_system: claims.ins.system,
          ins_value: claims.ins.value,
          created_at: now(),
          updated_at: now(),
        })
        .onConflict((conflict) => conflict.column("login").doNothing())
        .executeTakeFirst();
      return (made.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    async upsertOutside({ id, issuer, exercises: [claims, ...others] }) {
      const row = {
        kind: claims.kind,
        login: `${issuer} ${id}`,
        name: claims.name,
        secret: NO_SECRET,
        locale: "fr" as const,
        claims: JSON.stringify(claims),
        other_exercises: JSON.stringify(others),
        outside_issuer: issuer,
        rpps: claims.kind === "professional" ? claims.rpps : null,
        updated_at: now(),
      };
      await tables
        .insertInto("account")
        .values({ account_id: id, created_at: now(), ...row })
        .onConflict((conflict) => conflict.column("account_id").doUpdateSet(row))
        .execute();
    },
    async setPassword({ id, login }, password) {
      const faults = passwordFaults(password, login);
      if (faults.length > 0) throw new CredentialRefused(faults);
      await tables
        .updateTable("account")
        .set({ secret: await hashSecret(password, cost), demo_secret: null, updated_at: now() })
        .where("account_id", "=", id)
        .execute();
    },
    async findByIns({ system, value }) {
      const row = await select().where("ins_system", "=", system).where("ins_value", "=", value).executeTakeFirst();
      return row && read(row);
    },
    async find(id) {
      if (id.includes("\0")) return undefined;
      const row = await select().where("account_id", "=", id).executeTakeFirst();
      return row && read(row);
    },
    async findByLogin(login) {
      // The database knows no NUL: nobody has such a name.
      if (login.includes("\0")) return undefined;
      const row = await select().where("login", "=", normalLogin(login)).executeTakeFirst();
      return row && read(row);
    },
    async listDemo() {
      const rows = await select().where("demo_secret", "is not", null).orderBy("kind").orderBy("name").execute();
      return rows.map(read);
    },
  };
}
