/** What a patient's user name and password must be. R206. Pure. */

export const LOGIN_MIN = 8;
export const PASSWORD_MIN = 9;
/** Longer names and passwords are not read whole anywhere. */
export const LOGIN_MAX = 80;
export const PASSWORD_MAX = 200;

/** What is missing, each with a sentence of its own in the pages. */
export type LoginFault = "login-short" | "login-long" | "login-characters";
export type PasswordFault =
  | "password-short"
  | "password-long"
  | "password-lower"
  | "password-upper"
  | "password-digit"
  | "password-special"
  | "password-is-login";

/** As it is kept and compared. */
export function normalLogin(login: string): string {
  return login.trim().toLowerCase();
}

/** @returns the faults of a user name; none when it may be used */
export function loginFaults(login: string): readonly LoginFault[] {
  const name = normalLogin(login);
  const faults: LoginFault[] = [];
  if ([...name].length < LOGIN_MIN) faults.push("login-short");
  if (name.length > LOGIN_MAX) faults.push("login-long");
  if (!/^[\p{L}\p{N}._@+-]*$/u.test(name)) faults.push("login-characters");
  return faults;
}

/** @returns the faults of a password; none when it may be used */
export function passwordFaults(password: string, login: string): readonly PasswordFault[] {
  const faults: PasswordFault[] = [];
  if ([...password].length < PASSWORD_MIN) faults.push("password-short");
  if (password.length > PASSWORD_MAX) faults.push("password-long");
  if (!/\p{Ll}/u.test(password)) faults.push("password-lower");
  if (!/\p{Lu}/u.test(password)) faults.push("password-upper");
  if (!/\p{Nd}/u.test(password)) faults.push("password-digit");
  if (!/[^\p{L}\p{N}\s]/u.test(password)) faults.push("password-special");
  const name = normalLogin(login);
  if (name.length >= LOGIN_MIN && password.toLowerCase().includes(name)) faults.push("password-is-login");
  return faults;
}

/** A user name or a password does not follow R206. The message names what is missing, never the value. */
export class CredentialRefused extends Error {
  readonly code = "credential-refused";
  readonly faults: readonly (LoginFault | PasswordFault)[];
  constructor(faults: readonly (LoginFault | PasswordFault)[]) {
    super(`R206: choose another user name or password (${faults.join(", ")})`);
    this.name = "CredentialRefused";
    this.faults = faults;
  }
}
