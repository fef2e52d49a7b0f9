/** How the values of the environment are read. What cannot be understood is refused by the name of its variable. */
import { isIP, isIPv4 } from "node:net";
import { documentTypes } from "@carnet/sdk/terminology";
import { SettingInvalid } from "./start-refused.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A term beyond these leads to dates that neither the database nor FHIR can write. */
export const MOST_DAYS = 36_525;
export const MOST_YEARS = 1000;

/** A whole number, in digits. */
export function integer(
  environment: Environment,
  name: string,
  byDefault: number,
  least: number,
  most = 1_000_000_000,
): number {
  const written = environment[name];
  if (!written) return byDefault;
  const value = /^-?\d+$/.test(written) ? Number(written) : Number.NaN;
  if (!(value >= least)) throw new SettingInvalid(`${name} must be a whole number of at least ${least}`);
  if (value > most) throw new SettingInvalid(`${name} must be a whole number of at most ${most}`);
  return value;
}

/** `1` or `0`. Another word is refused: `false` must not be taken for yes, nor `true` for no. */
export function flag(environment: Environment, name: string, byDefault: boolean): boolean {
  const written = environment[name];
  if (!written) return byDefault;
  if (written !== "0" && written !== "1") throw new SettingInvalid(`${name} must be 0 or 1`);
  return written === "1";
}

/** One of the words; the first is the default. */
export function oneOf<const Word extends string>(
  environment: Environment,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const written = environment[name];
  const found = written ? words.find((word) => word === written) : words[0];
  if (!found) throw new SettingInvalid(`${name} must be one of ${words.join(", ")}`);
  return found;
}

/** An address of one of these schemes, as it was written. The message repeats nothing: it may hold a password. */
export function address(environment: Environment, name: string, schemes: readonly string[]): string | undefined {
  const written = environment[name];
  if (!written) return undefined;
  const scheme = URL.canParse(written) ? new URL(written).protocol.slice(0, -1) : "";
  if (!schemes.includes(scheme))
    throw new SettingInvalid(`${name} must be an address: ${schemes.map((one) => `${one}://…`).join(" or ")}`);
  return written;
}

/**
 * An address of the web, of a host of its own, without a final slash: tokens, cookies and pages are named from it, and the
 * sign-in pages stand at `/oidc` of the host, whatever is before it.
 */
export function publicAddress(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search || url.hash || url.username)
    throw new SettingInvalid("PUBLIC_URL must be an http or https address of a host, without path, query or password");
  return written.replace(/\/$/, "");
}

/** `name@host`, with or without a name before it. */
export function mailbox(environment: Environment, name: string): string | undefined {
  const written = environment[name];
  if (!written) return undefined;
  if (!/^([^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(written))
    throw new SettingInvalid(`${name} must be a mail address: name@host, or Name <name@host>`);
  return written;
}

const RANGES: ReadonlySet<string> = new Set(["loopback", "linklocal", "uniquelocal"]);

/** Addresses and networks, comma separated. */
export function networks(environment: Environment, name: string): string | undefined {
  const written = environment[name];
  if (!written) return undefined;
  const isUnderstood = (one: string) => {
    const [host = "", range, ...more] = one.split("/");
    const bits = isIPv4(host) ? 32 : 128;
    const isRange = range === undefined || (/^\d+$/.test(range) ? Number(range) <= bits : isIPv4(range));
    return more.length === 0 && (RANGES.has(one) || (isIP(host) !== 0 && isRange));
  };
  if (!written.split(",").every((one) => isUnderstood(one.trim())))
    throw new SettingInvalid(`${name} must be addresses or networks, comma separated: 10.0.0.4, 192.168.0.0/16`);
  return written;
}

/** `11502-2=3, 60567-5=5`: type code and days. */
export function daysByType(environment: Environment, name: string): Readonly<Record<string, number>> {
  const pairs = (environment[name] ?? "").split(",").filter((pair) => pair.trim() !== "");
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, type, days] = /^\s*([\w.-]+)\s*=\s*(\d{1,4})\s*$/.exec(pair) ?? [];
      if (type === undefined) throw new SettingInvalid(`${name} must be written type=days, type=days`);
      if (!documentTypes.some(({ code }) => code === type))
        throw new SettingInvalid(`${name} names ${type}, which is no type of document`);
      return [type, Number(days)];
    }),
  );
}

/** Codes of TRE_G15, `10` or `G15_10`. */
export function professions(environment: Environment, name: string): readonly string[] | undefined {
  const codes = environment[name]?.split(/[\s,]+/).filter(Boolean);
  if (codes?.some((code) => !/^(G15_)?\d{2}$/.test(code)))
    throw new SettingInvalid(`${name} must be codes of TRE_G15, comma separated: 10,40,50`);
  return codes?.map((code) => code.replace(/^G15_/, ""));
}
