/** Settings of the record service. Everything comes from the environment; the defaults make a demonstration. */
import { join, resolve } from "node:path";
import { defaultParameters, type RuleParameters, type TermParameters } from "./rules/index.ts";
import {
  address,
  daysByType,
  type Environment,
  flag,
  integer,
  MOST_DAYS,
  MOST_YEARS,
  mailbox,
  networks,
  oneOf,
  professions,
  publicAddress,
} from "./setting-values.ts";
import { SettingInvalid } from "./start-refused.ts";

export interface ServiceConfig {
  readonly port: number;
  readonly host: string;
  /** Address under which callers see the service, without a final slash. */
  readonly publicUrl: string;
  /** Addresses of the proxies whose `X-Forwarded-For` is believed, comma separated; none when absent. */
  readonly trustedProxies?: string | undefined;
  /** Folder of the embedded database, the sealed contents and the keys. */
  readonly dataDirectory: string;
  /** `postgres://…`; the embedded database when absent. */
  readonly databaseUrl?: string | undefined;
  readonly databaseConnections: number;
  /** Fictitious patients, mailbox, demo tokens, test INS. Never in production. */
  readonly isDemo: boolean;
  /** Reference data of medicines (`npm run load-drug-data`); absent: nothing is checked, and the summary says so. */
  readonly drugDataFile: string;
  readonly smtpUrl?: string | undefined;
  readonly mailFrom: string;
  /** R186: who is told that something was reported. Nobody when absent. */
  readonly operatorMail?: string | undefined;
  /** 32 bytes in base64 that wrap the records' keys; a file of the data folder when absent. */
  readonly masterKey?: string;
  /** National id of the operator's own structure: its machine clients may call `/operator`. Nobody when absent. */
  readonly operatorStructure?: string;
  /** Largest body accepted, in bytes. */
  readonly maxBodyBytes: number;
  /** Requests per minute and caller. */
  readonly requestsPerMinute: number;
  readonly logLevel: "silent" | "error" | "warn" | "info" | "debug";
  readonly rules: RuleSettings;
  /** The environment itself, for rooms with settings of their own (identity provider, mail). */
  readonly environment: Environment;
}

/** Values that rules.md leaves open or marks as parameters. */
export interface RuleSettings extends RuleParameters, TermParameters {
  /** R56: length of an authorisation, in days; the patient sets none beyond it. */
  readonly authorisationDays: number;
  /** R62 to R64: who makes a doctor the DMP referring doctor: the patient alone (FAQ rule), or the doctor's declaration too. */
  readonly referringDoctorBy: "patient" | "declaration";
  /** R68: days after which professionals are to read again how access works. */
  readonly informationDays: number;
  /** R148: days after which the patient is told, without content, that something was added. */
  readonly announcementNoticeDays: number;
  /**
   * Beyond R148: days for which results of a type are kept from the patient by themselves, so that a professional may
   * speak first; type code → days. Never longer than {@link RuleParameters.announcementDays}.
   */
  readonly releaseDaysByType: Readonly<Record<string, number>>;
  /** Whether the depositor must acknowledge the warning about a sensitive document before it is kept. */
  readonly sensitiveDeposits: "acknowledge" | "accept";
  /** R182: how far back professionals read the traces, in days; 0: no limit. */
  readonly traceWindowDays: number;
  /** R182: how many traces professionals read; 0: no limit. */
  readonly traceWindowLines: number;
  /** R167: reminders of one person in a day, at most. */
  readonly remindersPerDay: number;
  /** R34: accept a wrong INS key under the test identifiers. */
  readonly acceptsWrongTestKeys: boolean;
  /** R214: counts under this are not published. */
  readonly smallCountThreshold: number;
  /** Professions (TRE_G15) that prescribe medicines: they alone are told of an unusual consumption. */
  readonly prescribingProfessions: readonly string[];
  /** R31: fictitious identities (test and demonstration INS). In a demonstration only. */
  readonly acceptsTestIdentities: boolean;
  /** R36, R40: refuse a CDA whose header lacks one of the traits of a qualified identity. */
  readonly requiresCompleteTraits: boolean;
  /** R2: days between the announcement and the opening. */
  readonly oppositionDays: number;
  /** R18: days without objection after which a suspended record closes. */
  readonly suspensionDays: number;
  /** Years for which the access log of a destroyed record is kept; at least 3 (Regulation 2025/327, article 9). */
  readonly logYears: number;
  /** R14. */
  readonly carersPerHolder: number;
  readonly peoplePerCarer: number;
}

export const defaultRules: RuleSettings = {
  ...defaultParameters,
  authorisationDays: 365,
  referringDoctorBy: "patient",
  informationDays: 180,
  announcementNoticeDays: 14,
  releaseDaysByType: {},
  sensitiveDeposits: "acknowledge",
  traceWindowDays: 365,
  traceWindowLines: 100,
  remindersPerDay: 10,
  acceptsWrongTestKeys: false,
  smallCountThreshold: 11,
  // Doctor, dental surgeon, midwife.
  prescribingProfessions: ["10", "40", "50"],
  acceptsTestIdentities: false,
  requiresCompleteTraits: true,
  oppositionDays: 42,
  suspensionDays: 42,
  archiveYears: 10,
  deletionDays: 30,
  logYears: 3,
  carersPerHolder: 3,
  peoplePerCarer: 5,
};

const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;

/** Reads the settings. @throws SettingInvalid naming the variable that cannot be understood. */
export function loadConfig(environment: Environment): ServiceConfig {
  const port = integer(environment, "PORT", 8787, 0, 65_535);
  const isDemo = flag(environment, "CARNET_DEMO", false);
  const host = environment.HOST || "127.0.0.1";
  const dataDirectory = resolve(environment.CARNET_DATA || ".carnet");
  const level = LOG_LEVELS.find((name) => name === (environment.LOG_LEVEL || "info"));
  if (!level) throw new SettingInvalid(`LOG_LEVEL must be one of ${LOG_LEVELS.join(", ")}`);
  return {
    port,
    host,
    publicUrl: publicAddress(environment.PUBLIC_URL || `http://${reachable(host)}:${port}`),
    trustedProxies: networks(environment, "TRUSTED_PROXIES"),
    dataDirectory,
    databaseUrl: address(environment, "DATABASE_URL", ["postgres", "postgresql"]),
    databaseConnections: integer(environment, "DATABASE_CONNECTIONS", 10, 1, 10_000),
    drugDataFile: resolve(environment.DRUG_DATA || join(dataDirectory, "drug-data.json")),
    isDemo,
    smtpUrl: address(environment, "SMTP_URL", ["smtp", "smtps"]),
    mailFrom: mailbox(environment, "MAIL_FROM") ?? "Carnet <ne-pas-repondre@carnet.example>",
    operatorMail: mailbox(environment, "OPERATOR_MAIL"),
    ...(environment.CARNET_MASTER_KEY ? { masterKey: environment.CARNET_MASTER_KEY } : {}),
    ...(environment.OPERATOR_STRUCTURE ? { operatorStructure: environment.OPERATOR_STRUCTURE } : {}),
    maxBodyBytes: integer(environment, "MAX_BODY_BYTES", 50 * 1024 * 1024, 1024),
    requestsPerMinute: integer(environment, "REQUESTS_PER_MINUTE", 100_000, 1),
    logLevel: level,
    rules: {
      authorisationDays: integer(environment, "AUTHORISATION_DAYS", defaultRules.authorisationDays, 1, MOST_DAYS),
      announcementDays: integer(environment, "ANNOUNCEMENT_DAYS", defaultRules.announcementDays, 0, MOST_DAYS),
      majorityAge: integer(environment, "MAJORITY_AGE", defaultRules.majorityAge, 0, MOST_YEARS),
      allowsHeirs: flag(environment, "HEIR_ACCESS", true),
      hasMinorManagement: flag(environment, "MINOR_MANAGEMENT", true),
      blockedMayBreakGlass: flag(environment, "BLOCKED_MAY_BREAK_GLASS", false),
      matrixLimitsAuthors: flag(environment, "MATRIX_LIMITS_AUTHORS", false),
      matrixHoldsInEmergency: flag(environment, "MATRIX_IN_EMERGENCY", true),
      cumulation: oneOf(environment, "MASK_CUMULATION", ["bounded", "always", "never"]),
      referringDoctorBy: oneOf(environment, "REFERRING_DOCTOR_BY", ["patient", "declaration"]),
      informationDays: integer(environment, "INFORMATION_DAYS", defaultRules.informationDays, 1, MOST_DAYS),
      announcementNoticeDays: integer(
        environment,
        "ANNOUNCEMENT_NOTICE_DAYS",
        defaultRules.announcementNoticeDays,
        0,
        MOST_DAYS,
      ),
      releaseDaysByType: daysByType(environment, "RELEASE_DAYS_BY_TYPE"),
      sensitiveDeposits: oneOf(environment, "SENSITIVE_DEPOSITS", ["acknowledge", "accept"]),
      traceWindowDays: integer(environment, "TRACE_WINDOW_DAYS", defaultRules.traceWindowDays, 0, MOST_DAYS),
      traceWindowLines: integer(environment, "TRACE_WINDOW_LINES", defaultRules.traceWindowLines, 0),
      remindersPerDay: integer(environment, "REMINDERS_PER_DAY", defaultRules.remindersPerDay, 1),
      acceptsWrongTestKeys: flag(environment, "ACCEPT_WRONG_TEST_KEYS", false),
      smallCountThreshold: integer(environment, "SMALL_COUNT_THRESHOLD", defaultRules.smallCountThreshold, 1),
      prescribingProfessions:
        professions(environment, "PRESCRIBING_PROFESSIONS") ?? defaultRules.prescribingProfessions,
      acceptsTestIdentities: isDemo,
      requiresCompleteTraits: !flag(environment, "ACCEPT_INCOMPLETE_TRAITS", false),
      oppositionDays: integer(environment, "OPPOSITION_DAYS", defaultRules.oppositionDays, 1, MOST_DAYS),
      suspensionDays: integer(environment, "SUSPENSION_DAYS", defaultRules.suspensionDays, 1, MOST_DAYS),
      archiveYears: integer(environment, "ARCHIVE_YEARS", defaultRules.archiveYears, 1, MOST_YEARS),
      deletionDays: integer(environment, "DELETION_DAYS", defaultRules.deletionDays, 0, 90),
      logYears: integer(environment, "LOG_YEARS", defaultRules.logYears, 3, MOST_YEARS),
      carersPerHolder: integer(environment, "CARERS_PER_HOLDER", defaultRules.carersPerHolder, 0),
      peoplePerCarer: integer(environment, "PEOPLE_PER_CARER", defaultRules.peoplePerCarer, 0),
    },
    environment,
  };
}

/** Under which name the machine itself reaches what listens on `host`. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host.includes(":") ? `[${host === "::" ? "::1" : host}]` : host;
}
