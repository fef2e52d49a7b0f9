/**
 * PGlite that really writes to disk before it acknowledges.
 *
 * As shipped, PGlite starts PostgreSQL with fsync off and its Node file system has no fsync at all: acknowledged rows
 * are lost on a power cut (electric-sql/pglite#1107). This file gives the file system a true fsync and switches
 * PostgreSQL's on. It touches an internal object, hence the exact version in package.json and the test that counts.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

/** What the emscripten file system hands to its `fsync`: files carry a descriptor, directories only a node. */
interface OpenStream {
  readonly nfd?: number;
  readonly node: unknown;
}
interface EmscriptenModule {
  readonly NODEFS: {
    readonly stream_ops: { fsync?: (stream: OpenStream) => number };
    realPath(node: unknown): string;
  };
}

/** EIO: PostgreSQL must stop rather than acknowledge what is not on disk. */
const INPUT_OUTPUT_ERROR = 29;

/** fsync calls made on behalf of PostgreSQL since the process started. Read by tests. */
export const durability = { fsyncs: 0 };

function fsyncPath(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

class DurableNodeFS extends NodeFS {
  override async init(...args: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const prepared = await super.init(...args);
    const install = (module: unknown) => {
      const { NODEFS } = module as EmscriptenModule;
      NODEFS.stream_ops.fsync = (stream) => {
        try {
          if (stream.nfd !== undefined) fsyncSync(stream.nfd);
          else fsyncPath(NODEFS.realPath(stream.node));
          durability.fsyncs += 1;
          return 0;
        } catch {
          return INPUT_OUTPUT_ERROR;
        }
      };
    };
    const { emscriptenOpts } = prepared;
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...preRunsOf(emscriptenOpts.preRun), install] } };
  }
}

type PreRun = NonNullable<Awaited<ReturnType<NodeFS["init"]>>["emscriptenOpts"]["preRun"]>;

function preRunsOf(preRun: PreRun | undefined) {
  if (preRun === undefined) return [];
  return Array.isArray(preRun) ? preRun : [preRun];
}

/** fsync of every file and directory below `directory`, of itself and of its parent. */
function fsyncTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) fsyncTree(path);
    else if (entry.isFile()) fsyncPath(path);
  }
  fsyncPath(directory);
}

/** Opens (or creates) the embedded database of `directory`. The caller holds the directory's lock. */
export async function openDurablePglite(directory: string): Promise<PGlite> {
  const isNew = !existsSync(join(directory, "PG_VERSION"));
  mkdirSync(directory, { recursive: true });
  const pglite = new PGlite({
    fs: new DurableNodeFS(directory),
    startParams: [
      ...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"),
      "-c",
      "fsync=on",
      // fdatasync stays an empty stub in PGlite: only `fsync` reaches the disk.
      "-c",
      "wal_sync_method=fsync",
      // Of a recovery that fails, this clock would go on ticking: a start that was refused would never end.
      "-c",
      "log_startup_progress_interval=0",
    ],
  });
  await pglite.waitReady;
  if (isNew) {
    await pglite.exec("CHECKPOINT");
    fsyncTree(directory);
    fsyncPath(dirname(directory));
  }
  return pglite;
}
