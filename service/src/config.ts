/** Settings of the record service. Everything comes from the environment; the defaults make a demonstration. */
import { join, resolve } from "node:path";

export interface ServiceConfig {
  readonly port: number;
  readonly host: string;
  /** Address under which callers see the service, without a final slash. */
  readonly publicUrl: string;
  /** Folder of the embedded database, the sealed contents and the keys. */
  readonly dataDirectory: string;
  /** `postgres://…`; the embedded database when absent. */
  readonly databaseUrl?: string;
  readonly databaseConnections: number;
  /** Fictitious patients, mailbox, demo tokens, test INS. Never in production. */
  readonly isDemo: boolean;
  /** Reference data of medicines (`npm run load-drug-data`); absent: nothing is checked, and the summary says so. */
  readonly drugDataFile: string;
  readonly smtpUrl?: string;
  readonly mailFrom: string;
  /** 32 bytes in base64 that wrap the records' keys; a file of the data folder when absent. */
  readonly masterKey?: string;
  /** Largest body accepted, in bytes. */
  readonly maxBodyBytes: number;
  /** Requests per minute and caller. */
  readonly requestsPerMinute: number;
  readonly logLevel: "silent" | "error" | "warn" | "info" | "debug";
  readonly rules: RuleSettings;
  /** The environment itself, for rooms with settings of their own (identity provider, mail). */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Values that rules.md leaves open or marks as parameters. */
export interface RuleSettings {
  /** R56: length of an authorisation, in days. */
  readonly authorisationDays: number;
  /** R148: days after which a result hidden until the announcement becomes visible to the patient. */
  readonly announcementDays: number;
  /** R9: age of majority, in years. */
  readonly majorityAge: number;
  /** R152: whether documents may be invisible to legal representatives. */
  readonly hasMinorManagement: boolean;
  /** R34: accept a wrong INS key under the test identifiers. */
  readonly acceptsWrongTestKeys: boolean;
  /** Professions (TRE_G15) that prescribe medicines: they alone are told of an unusual consumption. */
  readonly prescribingProfessions: readonly string[];
}

export const defaultRules: RuleSettings = {
  authorisationDays: 365,
  announcementDays: 30,
  majorityAge: 18,
  hasMinorManagement: true,
  acceptsWrongTestKeys: false,
  // Doctor, dental surgeon, midwife.
  prescribingProfessions: ["10", "40", "50"],
};

const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;

/** Reads the settings. @throws Error naming the variable that cannot be understood. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): ServiceConfig {
  const port = integer(environment, "PORT", 8787, 0);
  const host = environment.HOST || "127.0.0.1";
  const dataDirectory = resolve(environment.CARNET_DATA || ".carnet");
  const level = LOG_LEVELS.find((name) => name === (environment.LOG_LEVEL || "info"));
  if (!level) throw new Error(`LOG_LEVEL must be one of ${LOG_LEVELS.join(", ")}`);
  return {
    port,
    host,
    publicUrl: (environment.PUBLIC_URL || `http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${port}`).replace(
      /\/$/,
      "",
    ),
    dataDirectory,
    ...(environment.DATABASE_URL ? { databaseUrl: environment.DATABASE_URL } : {}),
    databaseConnections: integer(environment, "DATABASE_CONNECTIONS", 10, 1),
    drugDataFile: resolve(environment.DRUG_DATA || join(dataDirectory, "drug-data.json")),
    isDemo: environment.CARNET_DEMO === "1",
    ...(environment.SMTP_URL ? { smtpUrl: environment.SMTP_URL } : {}),
    mailFrom: environment.MAIL_FROM || "Carnet <ne-pas-repondre@carnet.example>",
    ...(environment.CARNET_MASTER_KEY ? { masterKey: environment.CARNET_MASTER_KEY } : {}),
    maxBodyBytes: integer(environment, "MAX_BODY_BYTES", 50 * 1024 * 1024, 1024),
    requestsPerMinute: integer(environment, "REQUESTS_PER_MINUTE", 100_000, 1),
    logLevel: level,
    rules: {
      authorisationDays: integer(environment, "AUTHORISATION_DAYS", defaultRules.authorisationDays, 1),
      announcementDays: integer(environment, "ANNOUNCEMENT_DAYS", defaultRules.announcementDays, 0),
      majorityAge: integer(environment, "MAJORITY_AGE", defaultRules.majorityAge, 0),
      hasMinorManagement: environment.MINOR_MANAGEMENT !== "0",
      acceptsWrongTestKeys: environment.ACCEPT_WRONG_TEST_KEYS === "1",
      prescribingProfessions:
        environment.PRESCRIBING_PROFESSIONS?.split(/[\s,]+/)
          .filter(Boolean)
          .map((code) => code.replace(/^G15_/, "")) ?? defaultRules.prescribingProfessions,
    },
    environment,
  };
}

function integer(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  byDefault: number,
  least: number,
): number {
  const written = environment[name];
  if (!written) return byDefault;
  const value = Number(written);
  if (!Number.isInteger(value) || value < least) throw new Error(`${name} must be a whole number of at least ${least}`);
  return value;
}
