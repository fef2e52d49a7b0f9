/**
 * The real service under watch: whatever an answer says of a document whose existence the model denies its reader is a
 * leak: an id, a uniqueId, a title, a fact, a count.
 */
import { unzipSync } from "fflate";
import { patients } from "../people.ts";
import type { TestCarnet } from "../service.ts";
import { everybody, type RecordName } from "./people.ts";
import { type Mode, type ModelDocument, type ModelRecord, mayKnow, mayReadInLog, type Person } from "./record-model.ts";

export const DAY_MS = 86_400_000;

/** What the walks saw in all, so that a test can tell that they saw something. */
export interface Seen {
  readonly granted: Map<string, number>;
  documents: number;
}

/** Who acts in which record, and how. */
export interface Place {
  readonly name: RecordName;
  readonly record: ModelRecord;
  readonly person: Person;
  readonly mode: Mode;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Who asked what, for the message of a failure. */
  readonly about: string;
}

export class WatchedCarnet {
  readonly carnet: TestCarnet;
  readonly seen: Seen;
  readonly #records: Readonly<Record<RecordName, ModelRecord>>;
  /** What each person named, or was rightly told: their own traces may say it again (R181). */
  readonly #learned = new Map<string, Set<string>>();
  /** Ids that each person wrote into a document of their own, as what it replaces. */
  readonly #wrote = new Map<string, Set<string>>();

  constructor(carnet: TestCarnet, seen: Seen, records: Readonly<Record<RecordName, ModelRecord>>) {
    this.carnet = carnet;
    this.seen = seen;
    this.#records = records;
  }

  /** Sends, and looks for what the answer should not say. `named`: what the caller's own words already held. */
  async ask(at: Place, path: string, init: RequestInit = {}, named: readonly string[] = []): Promise<Answer> {
    const headers = new Headers(init.headers);
    headers.set("x-purpose-of-use", at.mode);
    if (at.mode === "BTG") headers.set("x-reason", "essai");
    const response = await this.carnet.call(at.person.id, path, { ...init, headers });
    const body = await textOf(response);
    const said = [body, ...[...response.headers].map(([name, value]) => `${name}: ${value}`)].join("\n");
    const now = this.carnet.now().getTime();
    const about = `${at.person.id} ${at.mode} ${init.method ?? "GET"} ${path} → ${response.status}`;
    const learned = this.#learned.get(at.person.id) ?? new Set(named);
    for (const word of named) learned.add(word);
    this.#learned.set(at.person.id, learned);
    // A copy of everything holds the log.
    const isAboutThemselves = path.startsWith("/AuditEvent") || path.endsWith("/$export-record");
    if (response.status >= 500) throw new Error(`${about}: ${body}`);
    for (const [name, record] of Object.entries(this.#records)) {
      const person = everybody(name as RecordName).find(({ id }) => id === at.person.id) ?? at.person;
      for (const document of record.documents) {
        const isTold = isAboutThemselves && mayReadInLog(record, person, at.mode, document, now);
        if (isTold || mayKnow(record, person, at.mode, document, now)) {
          if (said.includes(document.id)) learned.add(document.id);
          continue;
        }
        const written = this.#wrote.get(at.person.id)?.has(document.id) ?? false;
        for (const word of wordsOf(document)) {
          if (word === document.id && (written || (isAboutThemselves && learned.has(word)))) continue;
          if (!named.includes(word) && said.includes(word)) {
            throw new Error(`leak: ${about} told ${person.id} of ${word}\n${JSON.stringify(document)}\n${said}`);
          }
        }
      }
    }
    return { status: response.status, body, about };
  }

  /** From now on this person's own document says the id of what it replaces. */
  noteWritten(person: string, id: string): void {
    this.#wrote.set(person, (this.#wrote.get(person) ?? new Set()).add(id));
  }

  async recordId(name: RecordName): Promise<string> {
    const id = await this.carnet.service.records.idOf(patients[name].ins);
    if (!id) throw new Error(`${name} has no record`);
    return id;
  }
}

/** What an answer says: of an archive, the names of its files and what is in them. */
async function textOf(response: Response): Promise<string> {
  if (response.headers.get("content-type") !== "application/zip") return response.text();
  const files = Object.entries(unzipSync(new Uint8Array(await response.arrayBuffer())));
  return files.map(([path, bytes]) => `${path}\n${Buffer.from(bytes).toString("utf8")}`).join("\n");
}

export const wordsOf = (document: Pick<ModelDocument, "title" | "substance" | "uniqueId" | "id">) => [
  document.title,
  document.substance,
  document.uniqueId,
  document.id,
];
