import type { CarnetErrorCode } from "../fhir/http/index.ts";
import type { RefusalCode } from "./feed/refusal.ts";
import { english } from "./strings-en.ts";
import { french } from "./strings-fr.ts";

/** Everything that a person reads. Keys of programs (events, codes, fields) are never translated. */
export interface Strings {
  readonly about: string;
  readonly usage: string;
  readonly options: string;
  readonly commands: string;
  readonly arguments: string;
  readonly help: string;
  readonly versionOption: string;
  readonly footer: string;
  readonly command: Readonly<Record<CommandName, string>>;
  readonly argument: Readonly<Record<"ins" | "document" | "former" | "file" | "folder", string>>;
  readonly option: Readonly<
    Record<
      | "config"
      | "url"
      | "issuer"
      | "clientId"
      | "keyFile"
      | "tokenFile"
      | "signIn"
      | "signInPort"
      | "purpose"
      | "reason"
      | "json"
      | "lang"
      | "type"
      | "category"
      | "from"
      | "to"
      | "all"
      | "limit"
      | "output"
      | "side"
      | "show"
      | "patient"
      | "representatives"
      | "cursorFile"
      | "once"
      | "parallel"
      | "settle"
      | "interval"
      | "patience"
      | "ins",
      string
    >
  >;
  readonly noUrl: string;
  readonly badUrl: string;
  readonly badIssuer: string;
  readonly badPurpose: string;
  readonly noReason: string;
  readonly badPort: string;
  readonly badConfig: (path: string, place: string) => string;
  readonly noIssuer: string;
  readonly noAccess: string;
  readonly badKey: (path: string) => string;
  readonly badToken: (path: string) => string;
  readonly badDay: (option: string) => string;
  readonly badPlace: string;
  readonly badCursor: (path: string) => string;
  readonly noText: string;
  readonly badNumber: (option: string) => string;
  readonly badWords: (what: string, word: string) => string;
  readonly wrong: Readonly<Record<"option" | "command" | "argument" | "excess" | "value" | "other", string>>;
  readonly badIns: string;
  readonly signedIn: string;
  readonly openBrowser: string;
  readonly portTaken: (port: number) => string;
  readonly folderInUse: (pid: number, host: string) => string;
  readonly noSignIn: string;
  readonly unexpected: string;
  readonly errors: Readonly<Record<CarnetErrorCode, string>>;
  readonly refusals: Readonly<Record<RefusalCode, string>>;
  readonly reasonTitle: string;
  readonly reasonFields: Readonly<Record<"code" | "place" | "rule" | "error" | "requestId", string>>;
  readonly reasonNext: string;
  readonly columns: Readonly<
    Record<"date" | "type" | "title" | "author" | "id" | "state" | "who" | "what" | "outcome", string>
  >;
  readonly state: Readonly<Record<"none" | "open" | "closed", string>>;
  readonly authorisation: Readonly<Record<"valid" | "none" | "expired" | "forbidden", string>>;
  readonly facts: Readonly<
    Record<
      | "record"
      | "access"
      | "rule"
      | "referringDoctor"
      | "closure"
      | "document"
      | "receivedAt"
      | "already"
      | "saved"
      | "cursor",
      string
    >
  >;
  readonly yes: string;
  readonly no: string;
  readonly nothing: string;
  readonly changed: Readonly<Record<"added" | "replaced" | "changed" | "gone", string>>;
  readonly feed: {
    readonly started: (folder: string, unfinished: number) => string;
    readonly sent: (file: string, already: boolean) => string;
    readonly refused: (file: string, reason: string, place: string) => string;
    readonly waiting: (reason: string, seconds: number) => string;
    readonly resumed: string;
    readonly stopped: (sent: number, refused: number) => string;
    readonly progress: string;
  };
  readonly doctor: Readonly<Record<DoctorLine, { readonly name: string; readonly advice: string }>>;
  readonly doctorOk: string;
  readonly doctorBad: string;
  readonly doctorSkipped: string;
}

export type CommandName =
  | "status"
  | "list"
  | "read"
  | "deposit"
  | "replace"
  | "hide"
  | "summary"
  | "changes"
  | "export"
  | "log"
  | "watch"
  | "doctor";

/** What `doctor` looks at, in this order. */
export type DoctorLine =
  | "node"
  | "connection"
  | "server"
  | "clock"
  | "certificate"
  | "issuer"
  | "issuer-certificate"
  | "key"
  | "sign-in"
  | "token"
  | "rights"
  | "deposits"
  | "lots"
  | "consents"
  | "summaries";

/** French, unless the person asked for English: `--lang`, then `LC_ALL`, `LC_MESSAGES`, `LANG`. */
export function stringsFor(
  lang: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Strings {
  return localeOf(lang, environment) === "en" ? english : french;
}

export function localeOf(
  lang: string | undefined,
  { LC_ALL, LC_MESSAGES, LANG }: Readonly<Record<string, string | undefined>>,
): "fr" | "en" {
  const wanted = lang || LC_ALL || LC_MESSAGES || LANG || "";
  return /^en\b|^en_/i.test(wanted) ? "en" : "fr";
}
