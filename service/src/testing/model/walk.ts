/** A walk: random people act on two real records over HTTP, and the model says what each may learn. */
import { patients, records } from "../people.ts";
import type { TestCarnet } from "../service.ts";
import { arrange, change, deposit, withhold } from "./acts-on-documents.ts";
import { closeOrReopen, declare, prefer, renounce } from "./acts-on-record.ts";
import { type Move, pick } from "./moves.ts";
import { everybody, type RecordName } from "./people.ts";
import { read } from "./read.ts";
import type { ModelRecord } from "./record-model.ts";
import { DAY_MS, type Seen, WatchedCarnet } from "./watched-carnet.ts";

const MODES = ["TREAT", "TREAT", "TREAT", "TREAT", "BTG", "ETREAT"] as const;

export class Walk {
  readonly #carnet: TestCarnet;
  readonly #watched: WatchedCarnet;
  readonly #records: Record<RecordName, ModelRecord>;
  #travelled = 0;

  private constructor(carnet: TestCarnet, seen: Seen) {
    this.#carnet = carnet;
    // As `people.ts` sets them up.
    const until = carnet.now().getTime() + 365 * DAY_MS;
    this.#records = { anna: emptyRecord(false), leo: emptyRecord(true) };
    this.#records.anna.referring.add("gp");
    for (const id of ["cardiologist", "nurse", "optician"]) this.#records.anna.authorised.set(id, until);
    this.#records.leo.authorised.set("gp", until);
    this.#watched = new WatchedCarnet(carnet, seen, this.#records);
  }

  /** New records for the same people: what former walks left stays behind under no identity. */
  static async begin(carnet: TestCarnet, seen: Seen): Promise<Walk> {
    const { database } = carnet.service.store;
    for (const name of ["anna", "leo"] as const) {
      const { ins } = patients[name];
      const former = await carnet.service.records.idOf(ins);
      if (former) {
        await database.deleteFrom("record_identity").where("record_id", "=", former).execute();
        await database.deleteFrom("representative_of").where("record_id", "=", former).execute();
      }
      const kept = records.find(({ record }) => record.ins.value === ins.value);
      if (!kept) throw new Error(`${name} has no record among the test people`);
      await carnet.service.records.open(kept.record);
      await kept.setUp?.(carnet.service.records);
    }
    return new Walk(carnet, seen);
  }

  /** Undoes the waiting: tokens, records and people of the next walk live now. */
  end(): void {
    if (this.#travelled > 0) this.#carnet.travel(-this.#travelled);
  }

  async make(move: Move): Promise<void> {
    const record = this.#records[move.record];
    const person = pick(everybody(move.record), move.person);
    const mode = person.kind === "professional" ? pick(MODES, move.mode) : "TREAT";
    const at = { name: move.record, record, person, mode };
    switch (move.step.kind) {
      case "deposit":
        return deposit(this.#watched, at, move.step);
      case "read":
        return read(this.#watched, at, move.step);
      case "change":
        return change(this.#watched, at, move.step);
      case "declare":
        return declare(this.#watched, at, move.step);
      case "renounce":
        return renounce(this.#watched, at);
      case "withhold":
        return withhold(this.#watched, at, move.step);
      case "folder":
        return arrange(this.#watched, at, move.step);
      case "work":
        // Notices go out, and the words of new documents are read.
        await this.#carnet.service.runJobs();
        return;
      case "prefer":
        return prefer(this.#watched, at, move.step);
      case "live":
        return closeOrReopen(this.#watched, at, move.step);
      case "wait": {
        const milliseconds = move.step.days * DAY_MS;
        this.#travelled += milliseconds;
        this.#carnet.travel(milliseconds);
        return;
      }
    }
  }
}

const emptyRecord = (isMinors: boolean): ModelRecord => ({
  isMinors,
  isOpen: true,
  allowsBreakGlass: true,
  allowsDispatch: true,
  allowsMaskedInEmergency: false,
  hidesNewDocuments: false,
  choices: new Map(),
  authorised: new Map(),
  blocked: new Set(),
  referring: new Set(),
  documents: [],
});
