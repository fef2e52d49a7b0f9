/** What keeps a service from starting: a setting, a folder, an address, a database. */
export type StartRefusal =
  | "setting-invalid"
  | "mail-not-configured"
  | "address-unavailable"
  | "directory-in-use"
  | "directory-unusable"
  | "master-key-wrong"
  | "key-file-unusable"
  | "database-unusable";

/** Something around the service keeps it from starting. The message names it and says what to do; it holds no secret. */
export class StartRefused extends Error {
  readonly code: StartRefusal;
  constructor(code: StartRefusal, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** A setting that cannot be understood; the message begins with its name. */
export class SettingInvalid extends StartRefused {
  constructor(message: string, cause?: unknown) {
    super("setting-invalid", message, cause);
  }
}

/** The system's short word for a fault (`EACCES`), or the fault's own words. */
export function reasonOf(error: unknown): string {
  const { code, message } = (typeof error === "object" && error !== null ? error : {}) as Record<string, unknown>;
  if (typeof message === "string" && message !== "") return message;
  return typeof code === "string" ? code : String(error);
}
