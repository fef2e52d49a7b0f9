/**
 * What is known of each file between the look at it and its place in `sent/` or `refused/`, in `FOLDER/.carnet`.
 *
 * A job is written before anything is sent: the exact bytes and their uniqueId. A repetition after a kill is then the same
 * request, which the record answers as the first time. Steps after the answer: receipt, document, side file, ledger, end of
 * the job; each is durable before the next, and each may be done again.
 */
import { createHash } from "node:crypto";
import { link, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import * as v from "valibot";
import { heldCode, isCode, isMissing, landing, moveDurably, syncFolder, writeDurably } from "./durable.ts";
import type { Prepared } from "./prepare.ts";
import { RefusalFacts } from "./refusal.ts";

const Job = v.object({
  key: v.string(),
  /** File in the folder, and the one beside it. */
  name: v.string(),
  sideName: v.optional(v.string()),
  /** Name that both get in `sent/` or `refused/`: the file's own, or with the key when that is taken. */
  target: v.string(),
  /** Digest of the bytes of both, so that a file that was changed meanwhile is another job. */
  sourceDigest: v.string(),
  uniqueId: v.string(),
  ins: v.object({ system: v.string(), value: v.string() }),
  replaces: v.optional(v.string()),
  visibility: v.optional(
    v.object({
      hiddenFromProfessionals: v.optional(v.boolean()),
      invisibleToPatient: v.optional(v.boolean()),
      invisibleToRepresentatives: v.optional(v.boolean()),
    }),
  ),
  acknowledgeSensitive: v.optional(v.array(v.string())),
});
export type Job = v.InferOutput<typeof Job>;

const KnownDocument = v.object({
  id: v.string(),
  uniqueId: v.string(),
  location: v.string(),
  submissionSetId: v.string(),
  receivedAt: v.string(),
  sourceDigest: v.string(),
});
/** What the ledger keeps of a document that was sent from here: no patient, no content. */
export type KnownDocument = v.InferOutput<typeof KnownDocument>;

/** A refusal as it is written before the first of its moves. */
const RefusalRecord = v.object({
  name: v.string(),
  sideName: v.optional(v.string()),
  target: v.string(),
  facts: RefusalFacts,
});

/** Why, for programs and in words. */
export interface RefusalReason {
  readonly facts: RefusalFacts;
  readonly text: string;
}

/** What a former process left. */
export interface Unfinished {
  /** To send, or to file. */
  readonly jobs: readonly Job[];
  /** Files that were on their way to `refused/`, and are there now. */
  readonly refusals: readonly { readonly name: string; readonly facts: RefusalFacts }[];
}

export interface Journal {
  unfinished(): Promise<Unfinished>;
  begin(name: string, sideName: string | undefined, sourceDigest: string, prepared: Prepared): Promise<Job>;
  /** The bytes to send. */
  content(job: Job): Promise<Uint8Array>;
  /** A document that was sent from this folder before. */
  known(uniqueId: string): Promise<KnownDocument | undefined>;
  /** Was it sent, with only the moves to do? */
  wasSent(job: Job): Promise<KnownDocument | undefined>;
  /** False when a file is held in the folder: all is written down, and the same again, later, moves it. */
  fileAsSent(job: Job, document: KnownDocument, receipt: string): Promise<boolean>;
  /** False when a file is held in the folder: the reason is in `refused/` without it. */
  fileAsRefused(files: Pick<Job, "name" | "sideName">, refusal: RefusalReason, job?: Job): Promise<boolean>;
}

/** Where the ids of what was sent from `folder` are kept. There once the folder was opened, and made by nothing else. */
export const ledgerFolder = (folder: string) => join(folder, ".carnet", "ledger");

/** Opens the state of a folder, making what is missing. */
export async function openJournal(folder: string): Promise<Journal> {
  const state = join(folder, ".carnet");
  const jobs = join(state, "jobs");
  const ledger = ledgerFolder(folder);
  const sent = join(folder, "sent");
  const refused = join(folder, "refused");
  const scratch = join(state, "scratch");
  // What a kill left half written.
  for (const one of [scratch, ...[folder, sent, refused].map((place) => join(place, landing))])
    await rm(one, { recursive: true, force: true });
  const write = (path: string, data: string | Uint8Array) => writeDurably(path, data, scratch);
  for (const one of [scratch, jobs, ledger, sent, refused]) await mkdir(one, { recursive: true, mode: 0o700 });

  const ledgerFile = (uniqueId: string) => {
    const name = digestOf(Buffer.from(uniqueId));
    return { parent: join(ledger, name.slice(0, 2)), path: join(ledger, name.slice(0, 2), `${name.slice(2)}.json`) };
  };
  const jobFolder = (key: string) => join(jobs, key);
  const refusalFile = (key: string) => join(jobFolder(key), "refusal.json");
  const moveRefusedSide = async ({ sideName, target }: { sideName?: string | undefined; target: string }) => {
    if (sideName) await moveDurably(join(folder, sideName), join(refused, `${target}.json`));
  };
  const receiptFile = (job: Job) => join(sent, `${job.target}.receipt.json`);
  const wasSent = async (job: Job) => {
    const receipt = await readJson(receiptFile(job), v.object({ ...KnownDocument.entries, job: v.string() }));
    return receipt?.job === job.key ? receipt : undefined;
  };

  /** A name that is free in `place`, also for what comes with it. */
  const freeName = async (place: string, given: string, key: string) => {
    const name = fitting(given, key);
    const taken = await Promise.all(
      ["", ".json", ".receipt.json", ".reason.txt"].map((end) => exists(join(place, `${name}${end}`))),
    );
    return taken.includes(true) ? `${key.slice(0, 8)}.${name}` : name;
  };
  /**
   * Moves what was sent, and only that: files that somebody put under the same names meanwhile stay for the next look. The
   * bytes that the record has stand in `sent/` in any case.
   */
  const moveSent = async (job: Job) => {
    const [from, to] = [join(folder, job.name), join(sent, job.target)];
    const [sideFrom, sideTo] = job.sideName
      ? [join(folder, job.sideName), join(sent, `${job.target}.json`)]
      : [undefined, undefined];
    const content = await readFile(join(jobFolder(job.key), "document.xml"));
    /** Whether `sent/` has the file, or the bytes that were sent in its place. Another's goes back where it was dropped. */
    const isFiled = async () => {
      const document = await readOptional(to);
      if (document === undefined) return false;
      const side = sideFrom && ((await readOptional(sideTo ?? "")) ?? (await readOptional(sideFrom)));
      if (digestOf(document, ...(side ? [side] : [])) === job.sourceDigest) {
        if (sideFrom && sideTo) await moveDurably(sideFrom, sideTo);
        return true;
      }
      if (document.equals(content)) return true;
      await giveBack(to, document, job.name);
      return false;
    };
    // First what a kill left there: moving anything over it would lose it.
    if (await isFiled()) return;
    await moveDurably(from, to);
    if (await isFiled()) return;
    await write(to, content);
  };
  /** Puts `document` back into the folder under its name, or beside the file that took the name meanwhile: it is written over nothing. */
  const giveBack = async (path: string, document: Buffer, name: string) => {
    for (const free of [name, fitting(`${digestOf(document).slice(0, 8)}.${name}`, digestOf(document))]) {
      const back = join(folder, free);
      if ((await readOptional(back))?.equals(document)) return;
      try {
        await link(path, back);
        return await syncFolder(folder);
      } catch (error) {
        if (isCode(error, "EEXIST")) continue;
        // Another drive, or one that knows no links.
        if (await exists(back)) continue;
        return await write(back, document);
      }
    }
  };

  return {
    async unfinished() {
      const found: Job[] = [];
      const refusals: { name: string; facts: RefusalFacts }[] = [];
      for (const key of await readdir(jobs)) {
        const refusal = await readJson(refusalFile(key), RefusalRecord);
        const job = await readJson(join(jobFolder(key), "job.json"), Job);
        if (refusal && (await exists(join(refused, refusal.target)))) {
          // Files dropped again under the names since then are not those that were refused.
          const isDroppedAgain = await exists(join(folder, refusal.name));
          if (!isDroppedAgain) await unlessHeld(() => moveRefusedSide(refusal));
          refusals.push(refusal);
        } else if (job) {
          found.push({ ...job, target: fitting(job.target, key) });
          continue;
        }
        // Killed before the job was written, or before the first move: nothing was sent, the file is still in the folder.
        await rm(jobFolder(key), { recursive: true, force: true });
      }
      return { jobs: found, refusals };
    },

    async begin(name, sideName, sourceDigest, prepared) {
      const key = digestOf(Buffer.from(`${name}\0${sourceDigest}`)).slice(0, 32);
      const { content, ...rest } = prepared;
      const target = await freeName(sent, name, key);
      const job: Job = v.parse(Job, { key, name, sideName, target, sourceDigest, ...rest });
      await mkdir(jobFolder(key), { recursive: true, mode: 0o700 });
      await write(join(jobFolder(key), "document.xml"), content);
      await write(join(jobFolder(key), "job.json"), JSON.stringify(job));
      return job;
    },

    content: (job) => readFile(join(jobFolder(job.key), "document.xml")),

    known: (uniqueId) => readJson(ledgerFile(uniqueId).path, KnownDocument),

    wasSent,

    async fileAsSent(job, document, receipt) {
      if (!(await wasSent(job))) await write(receiptFile(job), receipt);
      const isMoved = await unlessHeld(() => moveSent(job));
      const { parent, path } = ledgerFile(document.uniqueId);
      await mkdir(parent, { mode: 0o700 }).catch((error: unknown) => {
        if (!isCode(error, "EEXIST")) throw error;
      });
      if (!(await exists(path))) await write(path, JSON.stringify(v.parse(KnownDocument, document)));
      if (isMoved) await rm(jobFolder(job.key), { recursive: true, force: true });
      return isMoved;
    },

    async fileAsRefused({ name, sideName }, { facts, text }, job) {
      const key = job?.key ?? digestOf(Buffer.from(`${name}\0${text}`)).slice(0, 32);
      const own = fitting(name, key);
      const isBegun =
        !(await exists(join(refused, own))) &&
        (await readOptional(join(refused, `${own}.reason.txt`)))?.toString() === text;
      const target = isBegun ? own : await freeName(refused, name, key);
      const refusal = { name, target, facts, ...(sideName ? { sideName } : {}) };
      await mkdir(jobFolder(key), { recursive: true, mode: 0o700 });
      await write(refusalFile(key), JSON.stringify(refusal));
      await write(join(refused, `${target}.reason.txt`), text);
      const isMoved = await unlessHeld(async () => {
        await moveDurably(join(folder, name), join(refused, target));
        await moveRefusedSide(refusal);
      });
      await rm(jobFolder(key), { recursive: true, force: true });
      return isMoved;
    },
  };
}

/** A name takes 255 bytes on most disks; what comes with it (`.receipt.json`, the ending of a draft) takes some of them. */
const LONGEST_NAME_BYTES = 200;

/** `name`, or a shorter one that tells it apart by the key and ends alike. */
function fitting(name: string, key: string): string {
  if (Buffer.byteLength(name) <= LONGEST_NAME_BYTES) return name;
  const ending = extname(name);
  const room = LONGEST_NAME_BYTES - 9 - Buffer.byteLength(ending);
  let stem = "";
  for (const sign of basename(name, ending)) {
    if (Buffer.byteLength(stem + sign) > room) break;
    stem += sign;
  }
  return `${key.slice(0, 8)}.${stem}${ending}`;
}

/** SHA-256 in hexadecimal digits. */
export function digestOf(...parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  // Lengths first: two files must not be another two that begin and end elsewhere.
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex");
}

async function readJson<T>(path: string, schema: v.GenericSchema<unknown, T>): Promise<T | undefined> {
  const bytes = await readOptional(path);
  return bytes && v.parse(schema, JSON.parse(bytes.toString("utf8")));
}

async function readOptional(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** One file that cannot be taken away must not end the work on the others. */
async function unlessHeld(move: () => Promise<void>): Promise<boolean> {
  try {
    await move();
    return true;
  } catch (error) {
    if (heldCode(error)) return false;
    throw error;
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
