/** What a wrong value of a setting says: its name, and nothing of the value. */
import { describe, expect, test } from "vitest";
import { loadConfig } from "./config.ts";
import { readContentSafety } from "./content-safety/index.ts";
import { readOutsideSettings } from "./identity-provider/outside-issuer.ts";
import { checkpointFolder, sealEveryMs } from "./log/log-settings.ts";
import { StartRefused } from "./start-refused.ts";
import { readS3Settings } from "./store/s3-store.ts";

const s3 = { BLOB_URL: "s3://bucket", BLOB_ACCESS_KEY_ID: "a", BLOB_SECRET_ACCESS_KEY: "b" };

/** Everything that the service reads from its environment before it opens anything. */
function read(given: Readonly<Record<string, string>>) {
  const environment = { ...(given.BLOB_ENDPOINT ? s3 : {}), OIDC_AUDIENCE: "essai", ...given };
  const config = loadConfig(environment);
  readContentSafety(environment, true);
  readS3Settings(environment);
  readOutsideSettings(environment);
  checkpointFolder(config);
  sealEveryMs(config);
  return config;
}

const flags = [
  "BLOCKED_MAY_BREAK_GLASS",
  "MATRIX_IN_EMERGENCY",
  "MATRIX_LIMITS_AUTHORS",
  "HEIR_ACCESS",
  "ACCEPT_INCOMPLETE_TRAITS",
  "MINOR_MANAGEMENT",
  "ACCEPT_WRONG_TEST_KEYS",
  "CARNET_DEMO",
];
const terms = [
  "AUTHORISATION_DAYS",
  "INFORMATION_DAYS",
  "ANNOUNCEMENT_DAYS",
  "ANNOUNCEMENT_NOTICE_DAYS",
  "TRACE_WINDOW_DAYS",
  "OPPOSITION_DAYS",
  "SUSPENSION_DAYS",
  "DELETION_DAYS",
  "ARCHIVE_YEARS",
  "LOG_YEARS",
  "MAJORITY_AGE",
];

const wrong: readonly (readonly [string, readonly string[]])[] = [
  ...flags.map((name) => [name, ["true", "false", "non", "2"]] as const),
  ...terms.map((name) => [name, ["-1", " ", "1e3", "0x10", "7.5", "99999999"]] as const),
  ["PUBLIC_URL", ["secret", "https://example.org/carnet", "https://u:secret@example.org", "https://example.org/?a=b"]],
  ["PORT", ["70000", "-1", "http", " "]],
  ["DATABASE_CONNECTIONS", ["0", "dix"]],
  ["CHECKPOINT_SECONDS", ["0", "9999999999"]],
  ["CLAMD_TIMEOUT_SECONDS", ["0", "Infinity", "9999999999"]],
  ["MAX_MB_PATIENT", ["0", "Infinity", "cinq"]],
  ["DATABASE_URL", ["secret", "mysql://secret@localhost/carnet"]],
  ["SMTP_URL", ["secret", "mail.example.org:25", "https://secret@mail.example.org"]],
  ["MAIL_FROM", ["secret", "Carnet <secret>", "secret@"]],
  ["OPERATOR_MAIL", ["secret"]],
  ["TRUSTED_PROXIES", ["secret", "10.0.0.1, secret", "10.0.0.0/33", "10.0.0.0/8/8"]],
  ["BLOB_ENDPOINT", ["secret", "ftp://secret"]],
  ["OIDC_ISSUER", ["secret"]],
  ["CHECKPOINT_URL", ["file://secret/share", "s3://secret"]],
  ["PRESCRIBING_PROFESSIONS", ["secret", "10;40"]],
  ["RELEASE_DAYS_BY_TYPE", ["11502-2", "11502-2=-1"]],
];

describe("a setting that cannot be understood keeps the service from starting", () => {
  test.each(wrong)("%s is named, and its value is not repeated", (name, values) => {
    for (const value of values) {
      let told: unknown;
      try {
        read({ [name]: value });
      } catch (error) {
        told = error;
      }
      expect(told, value).toBeInstanceOf(StartRefused);
      expect(String(told), value).toMatch(new RegExp(`: ${name} `));
      expect(String(told), value).not.toContain("secret");
    }
  });

  test("a type of document that does not exist is named: its results would be shown at once", () => {
    expect(() => read({ RELEASE_DAYS_BY_TYPE: "11502-2=3, 11502-3=3" })).toThrow("RELEASE_DAYS_BY_TYPE names 11502-3");
  });
});

test("an IPv6 address to listen on makes an address that can be called", () => {
  expect(read({ HOST: "::1", PORT: "8787" }).publicUrl).toBe("http://[::1]:8787");
  expect(read({ HOST: "::", PORT: "8787" }).publicUrl).toBe("http://[::1]:8787");
});

test("what is written as documented is understood", () => {
  const config = read({
    HEIR_ACCESS: "0",
    CARNET_DEMO: "1",
    TRUSTED_PROXIES: "loopback, 10.0.0.4, 192.168.0.0/16, 10.0.0.0/255.0.0.0, fd00::/8",
    SMTP_URL: "smtps://carnet:secret@mail.example.org:465",
    MAIL_FROM: "Carnet d'essai <carnet@example.org>",
    OPERATOR_MAIL: "exploitant@example.org",
    DATABASE_URL: "postgres:///carnet?host=/run/postgresql",
    PRESCRIBING_PROFESSIONS: "10, G15_40",
    RELEASE_DAYS_BY_TYPE: "11502-2=3, 11528-7=5",
    CLAMD_TIMEOUT_SECONDS: "0.5",
    BLOB_ENDPOINT: "https://s3.example.org",
    OIDC_ISSUER: "https://issuer.example.org",
  });
  expect(config).toMatchObject({ isDemo: true, operatorMail: "exploitant@example.org" });
  expect(config.rules).toMatchObject({ allowsHeirs: false, prescribingProfessions: ["10", "40"] });
});
