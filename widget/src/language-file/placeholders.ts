import type { Message } from "../shared/locale.ts";
import type { FileTables } from "./tables.ts";

/**
 * Names of the arguments of every message, as a language file writes them (`{count}`). One that begins with `#` is a number
 * that the words agree with; `#` alone agrees without being written, since its number stands there as text.
 */
type NamesOf<T> = T extends (...values: infer Values) => string
  ? { readonly [Position in keyof Values]: string }
  : PlaceholdersOf<T>;
export type PlaceholdersOf<T> = {
  readonly [Key in keyof T as T[Key] extends string
    ? never
    : T[Key] extends Readonly<Record<string, string>>
      ? never
      : Key]: NamesOf<T[Key]>;
};

export interface Placeholders {
  readonly [key: string]: readonly string[] | Placeholders;
}

const counted = ["count", "#"] as const;
const spaced = ["number", "#"] as const;
const unit = ["#"] as const;

export const placeholders = {
  shared: {
    openSource: ["what"],
    sources: ["#count"],
    sourceNumber: ["#position"],
    by: ["who"],
    refusedByRule: ["rule"],
    documents: ["#count"],
  },
  summary: {
    identity: { years: ["#age"], months: ["#age"], days: ["#age"], deceasedOn: ["date"] },
    facts: ["#count"],
    fromDocuments: ["#count"],
    shown: ["shown", "#total"],
    showAll: ["#count"],
    showMore: ["#count"],
    failed: ["section"],
    refused: ["section"],
    andMore: ["#count"],
    closedBy: ["what"],
    since: ["date"],
    sinceDay: ["date"],
    until: ["date"],
    familyOf: ["relation"],
    begun: ["date"],
    perStrength: ["amount", "per"],
    asWritten: ["text"],
    reason: ["text"],
    lot: ["lot"],
    dose: ["dose"],
    against: ["targets"],
    range: ["range"],
    rangeBetween: ["low", "high"],
    rangeUpTo: ["high"],
    rangeFrom: ["low"],
    convertedFrom: ["value"],
    denied: ["value"],
    not: ["text"],
    about: ["who"],
    bounded: ["shown", "#total"],
    sparkline: ["name", "last", "date", "trend", "#count"],
    explain: { closedOn: ["date"], closedWhy: ["reason"], offlineSince: ["date"], stale: ["date"] },
    compositionBy: ["author", "date"],
    compositionOn: ["date"],
    detail: ["name", "words"],
  },
  documents: { textFound: ["#count"], found: ["shown", "#total"], progress: ["#count"], partial: ["#count"] },
  viewer: {
    megabytes: ["size"],
    ofAll: ["done", "total"],
    unknownFormat: ["format"],
    file: ["title"],
    pageOf: ["page", "#pages"],
    allPages: ["#pages"],
    partOfPage: ["page"],
    cutPages: ["shown", "#pages"],
    openAttachment: ["name"],
    image: ["title"],
  },
  comparison: {
    version: ["date", "author"],
    passagesAdded: ["#count"],
    passagesRemoved: ["#count"],
    passagesChanged: ["#count"],
    sameLines: ["#count"],
  },
  deposit: {
    file: ["name", "size"],
    kilobytes: ["size"],
    megabytes: ["size"],
    required: ["label"],
    sensitive: ["subjects"],
  },
  acting: {},
  messages: { unfit: ["name"], read: ["date"], fresh: ["#count"] },
  session: { soon: ["time"], over: ["time"] },
  entries: {
    reason: ["text"],
    site: ["text"],
    route: ["text"],
    quantity: ["text"],
    reaction: ["text"],
    precisely: ["text"],
    target: ["text"],
    suspect: ["text"],
    seriousness: ["text"],
    atLeast: ["text"],
    atMost: ["text"],
    from: ["date"],
    until: ["date"],
    byRule: ["rule"],
    rank: ["#rank"],
  },
  facts: {
    interpretation: ["text"],
    method: ["text"],
    start: ["text"],
    end: ["text"],
    age: ["text"],
    stage: ["text"],
    reason: ["text"],
    purpose: ["text"],
    complication: ["text"],
    followUp: ["text"],
    outcome: ["text"],
    died: ["text"],
    reactionTo: ["text"],
    described: ["text"],
    exposure: ["text"],
    lastReaction: ["text"],
    gesture: ["text"],
    atLeast: ["text"],
    atMost: ["text"],
    atAge: ["age"],
    range: ["low", "high"],
    count: ["#count"],
    onDates: ["dates"],
    eachLasts: ["length"],
    during: ["length"],
    perDose: ["dose"],
    perLife: ["dose"],
    otherDose: ["dose"],
  },
  disagreements: { quoted: ["words"] },
  further: {
    valuesBounded: ["shown", "#total"],
    leftOut: ["shown", "#total"],
    valuesTable: ["#count"],
    tableOf: ["name"],
    statusReason: ["text"],
    stopReason: ["text"],
    site: ["text"],
    outcome: ["text"],
    instruction: ["text"],
    maximum: ["dose", "period"],
    before: ["length"],
    after: ["length"],
    rate: ["text"],
    toHandOver: ["amount"],
    handedOver: ["amount"],
    lasting: ["length"],
    prescription: ["text"],
    renewable: ["#count"],
    renewableFrom: ["date"],
    renewableUntil: ["date"],
    renewableDuring: ["length"],
    age: ["range"],
    time: ["moment"],
    length: ["text"],
    bounds: ["text"],
  },
  dosage: {
    range: ["low", "high"],
    times: counted,
    timesPer: { min: counted, h: counted, d: counted, wk: counted, mo: counted, a: counted },
    every: { s: spaced, min: spaced, h: spaced, d: spaced, wk: spaced, mo: spaced, a: spaced },
    perPeriod: ["count", "period", "#"],
    during: ["text"],
    asNeededFor: ["text"],
    at: ["times"],
    until: ["date"],
    and: ["others", "last"],
  },
  writing: {
    moment: ["date", "time"],
    units: {
      ug: unit,
      iu: unit,
      u: unit,
      ng: unit,
      miu: unit,
      drop: unit,
      tablet: unit,
      capsule: unit,
      puff: unit,
      pack: unit,
      drink: unit,
      sachet: unit,
      patch: unit,
      s: unit,
      min: unit,
      h: unit,
      d: unit,
      wk: unit,
      mo: unit,
      a: unit,
    },
    per: ["unit", "by"],
  },
} as const satisfies PlaceholdersOf<FileTables>;

/** The names of a message's arguments; none for words that take none. */
export function namesOf(message: Message, names: readonly string[] | Placeholders | undefined): readonly string[] {
  return typeof message === "function" && Array.isArray(names) ? names : [];
}
