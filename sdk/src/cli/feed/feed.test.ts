import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import system from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connect } from "../../client/connect.ts";
import { ins, letter } from "../test-support.ts";
import { type FeedEvent, feed } from "./feed.ts";
import { digestOf, openJournal } from "./journal.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "carnet-feed-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

const kept = () => {
  const response = { status: "201 Created", location: "DocumentReference/d1/_history/1" };
  return Response.json({ resourceType: "Bundle", type: "transaction-response", entry: [{ response }] });
};

/** Feeds once, over a line that does as `line` says, with the pauses of a test. */
async function run(line: typeof fetch, events: FeedEvent[] = [], stop = new AbortController(), isOnce = true) {
  const retry = { wait: async () => {} };
  const client = connect({ baseUrl: "http://record.test/fhir", accessToken: () => "t", fetch: line, retry });
  return feed({
    folder,
    client,
    settleMs: 0,
    intervalMs: 20,
    longestPauseMs: 10,
    isOnce,
    signal: stop.signal,
    explain: ({ code }) => code,
    onEvent: (event) => events.push(event),
  });
}

/** Root reads and moves everything: does it as somebody whom permissions hold. */
async function asSomebody<T>(folders: readonly string[], work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  for (const one of folders) chownSync(one, 65534, 65534);
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe("a folder, over a line that", () => {
  it("never answers, is waited for, also while a former version is looked for", async () => {
    // The same deadlines, a thousand times sooner.
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => timeout(ms / 1000));
    writeFileSync(join(folder, "new.xml"), letter(2, 1));
    const events: FeedEvent[] = [];
    let searches = 0;
    const line: typeof fetch = async (_, init) => {
      if (init?.method === "POST") return kept();
      if (searches++ === 0) {
        await new Promise((_resolve, reject) => {
          init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        });
      }
      const resource = {
        resourceType: "DocumentReference",
        id: "d0",
        status: "current",
        masterIdentifier: { value: "urn:oid:1.2.250.1.999.7.1" },
        subject: { identifier: ins },
        content: [{ attachment: {} }],
      };
      return Response.json({ resourceType: "Bundle", type: "searchset", entry: [{ resource }] });
    };
    expect(await run(line, events)).toEqual({ sent: 1, refused: 0 });
    expect(events).toContainEqual(expect.objectContaining({ event: "waiting", reason: "timeout" }));
  });

  it("is broken when it is told to stop, ends all the same, and leaves the file to the next start", async () => {
    writeFileSync(join(folder, "a.xml"), letter(1));
    const stop = new AbortController();
    const events: FeedEvent[] = [];
    const broken: typeof fetch = async () => {
      stop.abort();
      throw new TypeError("fetch failed");
    };
    expect(await run(broken, events, stop)).toEqual({ sent: 0, refused: 0 });
    expect(events.at(-1)).toEqual({ event: "stopped", sent: 0, refused: 0 });
    expect(existsSync(join(folder, "a.xml"))).toBe(true);
    expect(await run(async () => kept())).toEqual({ sent: 1, refused: 0 });
  });

  it("asks to come back at once, or in a hundred years, gets neither a storm nor silence", async () => {
    writeFileSync(join(folder, "a.xml"), letter(1));
    const stop = new AbortController();
    const pauses: number[] = [];
    const events: FeedEvent[] = [];
    const line: typeof fetch = async () => {
      const asked = events.some(({ event }) => event === "waiting") ? "3153600000" : "0";
      return new Response(undefined, { status: 503, headers: { "retry-after": asked } });
    };
    const push = events.push.bind(events);
    events.push = (event) => {
      if (event.event === "waiting" && pauses.push(event.retryInMs) === 2) stop.abort();
      return push(event);
    };
    await run(line, events, stop);
    expect(pauses[0]).toBeGreaterThan(0);
    expect(pauses[1]).toBe(3_600_000);
  });
});

describe.each([
  ["with all that is in it", () => {}],
  ["and leaves an empty one in its place, as a share does", () => mkdirSync(folder)],
])("a folder that goes away %s", (_how, leave) => {
  it("is waited for, also while the record does not answer, and goes on where it was", async () => {
    writeFileSync(join(folder, "a.xml"), letter(1));
    const away = `${folder}-away`;
    const stop = new AbortController();
    const events: FeedEvent[] = [];
    let posts = 0;
    const line: typeof fetch = async () => {
      if (existsSync(away)) throw new TypeError("fetch failed");
      if (posts++ === 1) {
        renameSync(folder, away);
        leave();
      }
      return kept();
    };
    const push = events.push.bind(events);
    events.push = (event) => {
      if (event.event === "waiting" && event.reason === "ENOENT" && existsSync(away)) {
        expect(existsSync(join(folder, ".carnet", "ledger"))).toBe(false);
        rmSync(folder, { recursive: true, force: true });
        renameSync(away, folder);
        writeFileSync(join(folder, "c.xml"), letter(3));
      }
      if (event.event === "sent" && event.file === "a.xml") writeFileSync(join(folder, "b.xml"), letter(2));
      if (event.event === "sent" && event.file === "c.xml") stop.abort();
      return push(event);
    };
    expect(await run(line, events, stop, false)).toEqual({ sent: 3, refused: 0 });
    expect(events.filter(({ event }) => event === "started")).toHaveLength(1);
    expect(events).toContainEqual({ event: "resumed" });
    expect(readdirSync(folder).sort()).toEqual([".carnet", "refused", "sent"]);
    expect(readdirSync(join(folder, "sent")).filter((name) => name.endsWith(".xml"))).toHaveLength(3);
    expect(readdirSync(join(folder, ".carnet", "jobs"))).toEqual([]);
    expect(existsSync(join(folder, ".carnet", "lock"))).toBe(false);
  });

  it("is not waited for by who wants it done once, nor longer than until told to stop", async () => {
    const gone: typeof fetch = async () => {
      rmSync(folder, { recursive: true });
      leave();
      return kept();
    };
    writeFileSync(join(folder, "a.xml"), letter(1));
    await expect(run(gone)).rejects.toMatchObject({ code: "ENOENT" });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "a.xml"), letter(1));
    const [stop, events]: [AbortController, FeedEvent[]] = [new AbortController(), []];
    const push = events.push.bind(events);
    events.push = (event) => {
      if (event.event === "waiting") stop.abort();
      return push(event);
    };
    expect(await run(gone, events, stop, false)).toEqual({ sent: 0, refused: 0 });
    expect(events.at(-1)).toEqual({ event: "stopped", sent: 0, refused: 0 });
  });
});

describe("a version that a former process left, and whose former one still lies in the folder, waits for it", () => {
  const nothing = () => Response.json({ resourceType: "Bundle", type: "searchset", entry: [] });
  /** A process is ended with the version in hand. */
  const leave = async () => {
    writeFileSync(join(folder, "a.xml"), letter(2, 1));
    const stop = new AbortController();
    await run(
      async () => {
        stop.abort();
        throw new TypeError("fetch failed");
      },
      [],
      stop,
    );
    writeFileSync(join(folder, "b.xml"), letter(1));
  };

  it("though the record answers before the folder was looked at", async () => {
    await leave();
    // Looking takes its time.
    for (let count = 0; count < 1500; count++) writeFileSync(join(folder, `${count}.txt`), "");
    const line: typeof fetch = async (_, init) => (init?.method === "POST" ? kept() : nothing());
    expect(await run(line)).toEqual({ sent: 2, refused: 0 });
  });

  it("though it is filed while the record is asked for it", async () => {
    await leave();
    const events: FeedEvent[] = [];
    const isFiled = () => events.some((event) => event.event === "sent" && event.file === "b.xml");
    const line: typeof fetch = async (_, init) => {
      if (init?.method === "POST") return kept();
      await vi.waitUntil(isFiled, { interval: 1, timeout: 20_000 });
      return nothing();
    };
    expect(await run(line, events)).toEqual({ sent: 2, refused: 0 });
  });
});

describe("a folder with a file that", () => {
  it("is larger than anything that can be sent, has it refused, and sends the others", async () => {
    writeFileSync(join(folder, "a-huge.xml"), "<ClinicalDocument>");
    truncateSync(join(folder, "a-huge.xml"), 3 * 1024 ** 3);
    writeFileSync(join(folder, "b.xml"), letter(1));
    const events: FeedEvent[] = [];
    expect(await run(async () => kept(), events)).toEqual({ sent: 1, refused: 1 });
    expect(readFileSync(join(folder, "refused", "a-huge.xml.reason.txt"), "utf8")).toBe("file-too-large");
  });

  it("is too large for the record, says so in its reason", async () => {
    writeFileSync(join(folder, "a.xml"), letter(1));
    expect(await run(async () => new Response(undefined, { status: 413 }))).toEqual({ sent: 0, refused: 1 });
    expect(readFileSync(join(folder, "refused", "a.xml.reason.txt"), "utf8")).toBe("file-too-large");
  });

  it("shares its side file with another, has both refused: neither leaves without what the file says of one", async () => {
    writeFileSync(join(folder, "letter.json"), JSON.stringify({ visibility: { hiddenFromProfessionals: true } }));
    writeFileSync(join(folder, "letter.pdf"), "%PDF-1.4\n%%EOF\n");
    writeFileSync(join(folder, "letter.xml"), letter(1));
    expect(await run(async () => kept())).toEqual({ sent: 0, refused: 2 });
    for (const name of ["letter.pdf", "letter.xml"]) {
      expect(readFileSync(join(folder, "refused", `${name}.reason.txt`), "utf8")).toBe("side-file-shared");
    }
    expect(existsSync(join(folder, "letter.json"))).toBe(true);
  });

  it("has a name as long as a disk takes, files it under a shorter one, sent or refused, and goes on", async () => {
    writeFileSync(join(folder, `${"é".repeat(125)}.xml`), letter(1));
    writeFileSync(join(folder, `${"a".repeat(251)}.pdf`), "%PDF-1.4\n%%EOF\n");
    writeFileSync(join(folder, "z.xml"), letter(2));
    expect(await run(async () => kept())).toEqual({ sent: 2, refused: 1 });
    const names = (place: string) => readdirSync(join(folder, place)).sort();
    expect(names("sent")).toEqual([
      expect.stringMatching(/^[0-9a-f]{8}\.é+\.xml$/),
      expect.stringMatching(/^[0-9a-f]{8}\.é+\.xml\.receipt\.json$/),
      "z.xml",
      "z.xml.receipt.json",
    ]);
    expect(names("refused")).toEqual([
      expect.stringMatching(/^[0-9a-f]{8}\.a+\.pdf$/),
      expect.stringMatching(/^[0-9a-f]{8}\.a+\.pdf\.reason\.txt$/),
    ]);
  });

  it("has a name in the alphabet of an older program, sends it under the name that was meant", async () => {
    const named = (text: string) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(text, "latin1")]);
    writeFileSync(named("opération.xml"), letter(1));
    writeFileSync(named("été.xml"), letter(2));
    writeFileSync(join(folder, "été.xml"), letter(3));
    // The one whose name is taken has its turn when it is free: nothing is written over.
    expect(await run(async () => kept())).toEqual({ sent: 3, refused: 0 });
    const names = readdirSync(join(folder, "sent")).filter((name) => name.endsWith(".xml"));
    expect(names.filter((name) => name.endsWith("été.xml"))).toHaveLength(2);
    expect(names).toContain("opération.xml");
  });
});

/** A drive that answers `code` whenever a file of this name is to be read or taken away. */
function driveSays(name: string, code: string) {
  for (const call of ["stat", "readFile", "rename"] as const) {
    const works = system[call].bind(system) as (path: string, ...rest: unknown[]) => Promise<unknown>;
    const fails = async (path: string, ...rest: unknown[]) => {
      if (path === join(folder, name)) throw Object.assign(new Error(code), { code, syscall: call, path });
      return works(path, ...rest);
    };
    vi.spyOn(system, call).mockImplementation(fails as never);
  }
  syncBuiltinESMExports();
}

describe.each(["EIO", "ESTALE"])("a folder with a file of which the drive says %s", (code) => {
  it("has it refused, sends the others, and takes it once the drive gives it", async () => {
    for (const [number, name] of ["a.xml", "b.xml", "c.xml"].entries())
      writeFileSync(join(folder, name), letter(number));
    const events: FeedEvent[] = [];
    driveSays("b.xml", code);
    expect(await run(async () => kept(), events)).toEqual({ sent: 2, refused: 1 });
    expect(events).toContainEqual({ event: "refused", file: "b.xml", code: "file-unreadable", error: code });
    expect(existsSync(join(folder, "b.xml"))).toBe(true);
    vi.restoreAllMocks();
    syncBuiltinESMExports();
    expect(await run(async () => kept())).toEqual({ sent: 1, refused: 0 });
    expect(readFileSync(join(folder, "sent", "b.xml"), "utf8")).toBe(letter(1));
  });
});

describe("a folder in which files are dropped again under a name that is being filed", () => {
  const [first, second, third] = [letter(1), letter(2), letter(3)];
  const known = { id: "d1", uniqueId: "u1", location: "l", submissionSetId: "s", receivedAt: "r" };
  const inFolder = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".xml"))
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .sort();

  it.each([
    ["taken away in its place before a kill", [] as string[]],
    ["taken away in its place before a kill, and yet another since", [third]],
  ])("loses none of them: one %s", async (_what, dropped) => {
    const sourceDigest = digestOf(Buffer.from(first));
    const journal = await openJournal(folder);
    const prepared = { content: Buffer.from(first), uniqueId: "u1", ins };
    const job = await journal.begin("a.xml", undefined, sourceDigest, prepared);
    writeFileSync(join(folder, "sent", "a.xml"), second);
    for (const one of dropped) writeFileSync(join(folder, "a.xml"), one);
    const again = await openJournal(folder);
    for (let turn = 0; turn < 2; turn++) {
      await again.fileAsSent(job, { ...known, sourceDigest }, JSON.stringify({ ...known, sourceDigest, job: job.key }));
      await again.begin("a.xml", undefined, sourceDigest, prepared);
      expect(readFileSync(join(folder, "sent", "a.xml"), "utf8")).toBe(first);
      expect(inFolder()).toEqual([second, ...dropped].sort());
    }
  });
});

describe.skipIf(process.platform === "win32")("a folder with a file that cannot be taken out of it", () => {
  it("R116 has the record's receipt for it, moves it as soon as it can, and never sends it again", async () => {
    writeFileSync(join(folder, "a.xml"), letter(1), { mode: 0o644 });
    let posts = 0;
    const line: typeof fetch = async () => {
      if (posts++ === 0) chmodSync(folder, 0o555);
      return kept();
    };
    const events: FeedEvent[] = [];
    await asSomebody([folder], async () => {
      expect(await run(line, events)).toEqual({ sent: 1, refused: 0 });
      expect(readdirSync(join(folder, "sent"))).toEqual(["a.xml.receipt.json"]);
      const stop = new AbortController();
      const push = events.push.bind(events);
      events.push = (event) => {
        if (event.event === "sent" && event.file === "a.xml") {
          chmodSync(folder, 0o755);
          writeFileSync(join(folder, "b.xml"), letter(2), { mode: 0o644 });
        } else if (event.event === "sent") stop.abort();
        return push(event);
      };
      await run(line, events, stop, false);
    });
    expect(posts).toBe(2);
    expect(readdirSync(folder).sort()).toEqual([".carnet", "refused", "sent"]);
    expect(readFileSync(join(folder, "sent", "a.xml"))).toEqual(Buffer.from(letter(1)));
    expect(readdirSync(join(folder, ".carnet", "jobs"))).toEqual([]);
  });
});

describe("a folder whose sent/ and refused/ are on another drive", () => {
  // A file system of its own on Linux; elsewhere there is none at hand.
  const drive = existsSync("/dev/shm") && statSync("/dev/shm").dev !== statSync(tmpdir()).dev ? "/dev/shm" : undefined;
  let away: string;
  beforeEach(() => {
    away = mkdtempSync(join(drive ?? tmpdir(), "carnet-feed-"));
    for (const place of ["sent", "refused"]) {
      mkdirSync(join(away, place));
      symlinkSync(join(away, place), join(folder, place));
    }
  });
  afterEach(() => rmSync(away, { recursive: true, force: true }));
  const side = JSON.stringify({ visibility: { hiddenFromProfessionals: true } });

  it.skipIf(!drive)("R116 has each file filed there once, with what comes with it, and keeps none", async () => {
    const filed = new Date("2026-03-01T08:00:00Z");
    writeFileSync(join(folder, "a.xml"), letter(1));
    utimesSync(join(folder, "a.xml"), filed, filed);
    writeFileSync(join(folder, "a.xml.json"), side);
    writeFileSync(join(folder, "b.xml"), "<ClinicalDocument>");
    writeFileSync(join(folder, "b.xml.json"), side);
    let posts = 0;
    const line: typeof fetch = async (_, init) => {
      posts += init?.method === "POST" ? 1 : 0;
      return kept();
    };
    expect(await run(line)).toEqual({ sent: 1, refused: 1 });
    expect(await run(line)).toEqual({ sent: 0, refused: 0 });
    expect(posts).toBe(1);
    expect(readdirSync(folder).sort()).toEqual([".carnet", "refused", "sent"]);
    const names = (place: string) => readdirSync(join(away, place)).filter((name) => !name.startsWith("."));
    expect(names("sent").sort()).toEqual(["a.xml", "a.xml.json", "a.xml.receipt.json"]);
    expect(names("refused").sort()).toEqual(["b.xml", "b.xml.json", "b.xml.reason.txt"]);
    expect(readFileSync(join(away, "sent", "a.xml"))).toEqual(Buffer.from(letter(1)));
    expect(statSync(join(away, "sent", "a.xml")).mtime).toEqual(filed);
    expect(readdirSync(join(folder, ".carnet", "jobs"))).toEqual([]);
  });

  it.skipIf(!drive)("leaves a new file there that took the name of one while it was sent", async () => {
    writeFileSync(join(folder, "a.xml"), letter(1));
    const stop = new AbortController();
    const line: typeof fetch = async () => {
      writeFileSync(join(folder, "a.xml"), letter(2));
      stop.abort();
      return kept();
    };
    expect(await run(line, [], stop)).toEqual({ sent: 1, refused: 0 });
    expect(readFileSync(join(folder, "a.xml"))).toEqual(Buffer.from(letter(2)));
    expect(readFileSync(join(away, "sent", "a.xml"))).toEqual(Buffer.from(letter(1)));
  });

  it.skipIf(!drive)(
    "refuses a file there that cannot be read, leaves it, sends the others, and takes it once it can",
    async () => {
      writeFileSync(join(folder, "a.xml"), letter(1), { mode: 0 });
      writeFileSync(join(folder, "b.xml"), letter(2), { mode: 0o644 });
      const events: FeedEvent[] = [];
      const stop = new AbortController();
      await asSomebody([folder, join(away, "sent"), join(away, "refused"), away], async () => {
        expect(await run(async () => kept(), events)).toEqual({ sent: 1, refused: 1 });
      });
      expect(events).toContainEqual({ event: "refused", file: "a.xml", code: "file-unreadable", error: "EACCES" });
      expect(readdirSync(join(away, "refused")).filter((name) => !name.startsWith("."))).toEqual(["a.xml.reason.txt"]);
      expect(existsSync(join(folder, "a.xml"))).toBe(true);
      chmodSync(join(folder, "a.xml"), 0o644);
      expect(await run(async () => kept(), events, stop)).toEqual({ sent: 1, refused: 0 });
    },
  );
});
