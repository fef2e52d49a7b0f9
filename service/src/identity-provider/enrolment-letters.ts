/**
 * Provisional codes (codes provisoires): sent by letter, they prove with the card's number and the birth date that it is
 * the right person. R3, R206. Enrolment uses them here; opposition to the opening of a record may use the same check.
 */
import { randomInt } from "node:crypto";
import type { Ins } from "@carnet/sdk/identity";
import { isSame } from "./one-time-code.ts";
import { type AnyDatabase, identityTables } from "./tables.ts";

/** Letters and digits that nobody takes for one another. */
const ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
const CODE_LENGTH = 10;
const LIFE_DAYS = 180;
/** After so many wrong tries the letter is worth nothing: a new one must be asked for. */
const LETTER_TRIES = 10;

export interface LetterInput {
  readonly ins: Ins;
  /** As the person will be greeted. */
  readonly name: string;
  readonly cardSerialNumber: string;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
}

/** What somebody says to prove that they are the person of the letter. */
export interface LetterClaim {
  /** Social-security number, 15 characters; spaces are ignored. */
  readonly nir: string;
  readonly cardSerialNumber: string;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
  readonly code: string;
}

export interface Invited {
  readonly ins: { readonly system: string; readonly value: string };
  readonly name: string;
  readonly birthDate: string;
}

export interface EnrolmentLetters {
  /** A new letter in place of a former one. @returns the code to print in it, `ABCDE-FGHJK`; it is not kept */
  write(input: LetterInput): Promise<string>;
  /** Counts one try. @returns the person, when everything matches and the letter is still worth something */
  check(claim: LetterClaim): Promise<Invited | undefined>;
  /** The letter has served. */
  use(ins: Invited["ins"]): Promise<void>;
}

const bare = (text: string) => text.replace(/[\s.-]/g, "").toUpperCase();

export function createEnrolmentLetters(
  database: AnyDatabase,
  mac: (text: string) => string,
  now: () => Date,
): EnrolmentLetters {
  const tables = identityTables(database);
  const codeHmac = (value: string, code: string) => mac(`letter:${value}:${bare(code)}`);
  const cardHmac = (value: string, card: string) => mac(`card:${value}:${bare(card)}`);
  return {
    async write({ ins, name, cardSerialNumber, birthDate }) {
      const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
      const row = {
        name,
        card_hmac: cardHmac(ins.value, cardSerialNumber),
        birth_date: birthDate,
        code_hmac: codeHmac(ins.value, code),
        tries: 0,
        created_at: now(),
        expires_at: new Date(now().getTime() + LIFE_DAYS * 86_400_000),
      };
      await tables
        .insertInto("enrolment_letter")
        .values({ ins_system: ins.system, ins_value: ins.value, ...row })
        .onConflict((conflict) => conflict.columns(["ins_system", "ins_value"]).doUpdateSet(row))
        .execute();
      return `${code.slice(0, 5)}-${code.slice(5)}`;
    },
    async check({ nir, cardSerialNumber, birthDate, code }) {
      const value = bare(nir);
      if (!/^[0-9AB]{15}$/.test(value)) return undefined;
      const rows = await tables
        .updateTable("enrolment_letter")
        .set((expression) => ({ tries: expression("tries", "+", 1) }))
        .where("ins_value", "=", value)
        .where("expires_at", ">", now())
        .returningAll()
        .execute();
      const found = rows.find(
        (row) =>
          row.tries <= LETTER_TRIES &&
          row.birth_date === birthDate &&
          isSame(row.card_hmac, cardHmac(value, cardSerialNumber)) &&
          isSame(row.code_hmac, codeHmac(value, code)),
      );
      if (!found) return undefined;
      return {
        ins: { system: found.ins_system, value: found.ins_value },
        name: found.name,
        birthDate: found.birth_date,
      };
    },
    async use({ system, value }) {
      await tables
        .deleteFrom("enrolment_letter")
        .where("ins_system", "=", system)
        .where("ins_value", "=", value)
        .execute();
    },
  };
}
