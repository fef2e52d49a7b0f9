/**
 * What is known of each file between the look at it and its place in `sent/` or `refused/`, in `FOLDER/.carnet`.
 *
 * A job is written before anything is sent: the exact bytes and their uniqueId. A repetition after a kill is then the same
 * request, which the record answers as the first time. Steps after the answer: receipt, document, side file, ledger, end of
 * the job; each is durable before the next, and each may be done again.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { isMissing, moveDurably, writeDurably } from "./durable.ts";
import type { Prepared } from "./prepare.ts";

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

export interface Journal {
  /** Jobs that a former process left. */
  unfinished(): Promise<readonly Job[]>;
  begin(name: string, sideName: string | undefined, sourceDigest: string, prepared: Prepared): Promise<Job>;
  /** The bytes to send. */
  content(job: Job): Promise<Uint8Array>;
  /** A document that was sent from this folder before. */
  known(uniqueId: string): Promise<KnownDocument | undefined>;
  /** Was it sent, with only the moves to do? */
  wasSent(job: Job): Promise<KnownDocument | undefined>;
  fileAsSent(job: Job, document: KnownDocument, receipt: string): Promise<void>;
  fileAsRefused(files: Pick<Job, "name" | "sideName">, reason: string, job?: Job): Promise<void>;
}

/** Opens the state of a folder, making what is missing. */
export async function openJournal(folder: string): Promise<Journal> {
  const state = join(folder, ".carnet");
  const jobs = join(state, "jobs");
  const ledger = join(state, "ledger");
  const sent = join(folder, "sent");
  const refused = join(folder, "refused");
  for (const one of [jobs, ledger, sent, refused]) await mkdir(one, { recursive: true, mode: 0o700 });

  const ledgerFile = (uniqueId: string) => {
    const name = digestOf(Buffer.from(uniqueId));
    return { parent: join(ledger, name.slice(0, 2)), path: join(ledger, name.slice(0, 2), `${name.slice(2)}.json`) };
  };
  const jobFolder = (key: string) => join(jobs, key);
  const receiptFile = (job: Job) => join(sent, `${job.target}.receipt.json`);

  /** A name that is free in `place`, also for what comes with it. */
  const freeName = async (place: string, name: string, key: string) => {
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
    const isMoved = await moveDurably(from, to);
    const document = await readOptional(to);
    const side = sideFrom && ((await readOptional(sideTo ?? "")) ?? (await readOptional(sideFrom)));
    if (document && digestOf(document, ...(side ? [side] : [])) === job.sourceDigest) {
      if (sideFrom && sideTo) await moveDurably(sideFrom, sideTo);
      return;
    }
    if (isMoved && !(await exists(from))) await moveDurably(to, from);
    await writeDurably(to, await readFile(join(jobFolder(job.key), "document.xml")));
  };

  return {
    async unfinished() {
      const found: Job[] = [];
      for (const key of await readdir(jobs)) {
        const job = await readJson(join(jobFolder(key), "job.json"), Job);
        // Killed before the job was written: nothing was sent, the file is still in the folder.
        if (!job) await rm(jobFolder(key), { recursive: true, force: true });
        else found.push(job);
      }
      return found;
    },

    async begin(name, sideName, sourceDigest, prepared) {
      const key = digestOf(Buffer.from(`${name}\0${sourceDigest}`)).slice(0, 32);
      const { content, ...rest } = prepared;
      const target = await freeName(sent, name, key);
      const job: Job = v.parse(Job, { key, name, sideName, target, sourceDigest, ...rest });
      await mkdir(jobFolder(key), { recursive: true, mode: 0o700 });
      await writeDurably(join(jobFolder(key), "document.xml"), content);
      await writeDurably(join(jobFolder(key), "job.json"), JSON.stringify(job));
      return job;
    },

    content: (job) => readFile(join(jobFolder(job.key), "document.xml")),

    known: (uniqueId) => readJson(ledgerFile(uniqueId).path, KnownDocument),

    async wasSent(job) {
      const receipt = await readJson(receiptFile(job), v.object({ ...KnownDocument.entries, job: v.string() }));
      return receipt?.job === job.key ? receipt : undefined;
    },

    async fileAsSent(job, document, receipt) {
      await writeDurably(receiptFile(job), receipt);
      await moveSent(job);
      const { parent, path } = ledgerFile(document.uniqueId);
      await mkdir(parent, { recursive: true, mode: 0o700 });
      await writeDurably(path, JSON.stringify(v.parse(KnownDocument, document)));
      await rm(jobFolder(job.key), { recursive: true, force: true });
    },

    async fileAsRefused(files, reason, job) {
      const key = job?.key ?? digestOf(Buffer.from(`${files.name}\0${reason}`));
      const isBegun =
        !(await exists(join(refused, files.name))) &&
        (await readOptional(join(refused, `${files.name}.reason.txt`)))?.toString() === reason;
      const target = isBegun ? files.name : await freeName(refused, files.name, key);
      await writeDurably(join(refused, `${target}.reason.txt`), reason);
      await moveDurably(join(folder, files.name), join(refused, target));
      if (files.sideName) await moveDurably(join(folder, files.sideName), join(refused, `${target}.json`));
      if (job) await rm(jobFolder(job.key), { recursive: true, force: true });
    },
  };
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

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
