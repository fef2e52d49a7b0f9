import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { connect } from "../client/connect.ts";
import { carnet, serve } from "./test-support.ts";

const home = mkdtempSync(join(tmpdir(), "carnet-out-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const identifier = { system: "urn:oid:1.2.250.1.213.1.4.10", value: "279035121518989" };
const ins = `${identifier.system}|${identifier.value}`;
/** A test number whose key the service refuses (R34). */
const WRONG_KEY = "279035121518900";
const MIB = 1024 * 1024;
let origin = "";
const state = { name: "copy.zip", title: "Lettre", content: Buffer.alloc(0), contentType: "text/plain" };

/** One person, one document, and a copy of sixteen megabytes. */
beforeEach(async () => {
  origin = await serve(({ method, url = "" }, response) => {
    const path = new URL(url, "http://x").pathname.replace("/fhir/", "");
    const [kind = "", id] = path.split("/");
    if (url.includes(WRONG_KEY)) {
      const details = { coding: [{ system: "https://carnet.example/fhir/CodeSystem/rule", code: "R34" }] };
      response.writeHead(400, { "content-type": "application/fhir+json" });
      return response.end(JSON.stringify({ resourceType: "OperationOutcome", issue: [{ code: "value", details }] }));
    }
    if (method === "POST") {
      response.writeHead(200, { "content-disposition": `attachment; filename="${state.name}"` });
      return response.end(Buffer.alloc(16 * MIB));
    }
    if (kind === "Binary") {
      response.writeHead(200, { "content-type": state.contentType });
      return response.end(state.content);
    }
    const attachment = { contentType: state.contentType, url: "Binary/b", title: state.title };
    const document = { status: "current", subject: { identifier }, content: [{ attachment }] };
    const known: Record<string, object> = {
      Patient: { id: "p", active: true, identifier: [identifier] },
      DocumentReference: { id: "d", ...document, meta: { versionId: "1", lastUpdated: "2026-03-02T10:00:00Z" } },
    };
    const resource = known[kind] && { resourceType: kind, ...known[kind] };
    const bundle = { resourceType: "Bundle", type: "searchset", entry: resource ? [{ resource }] : [] };
    response.writeHead(200, { "content-type": "application/fhir+json" });
    response.end(JSON.stringify(id ? resource : bundle));
  });
});

const run = (words: readonly string[], given: Parameters<typeof carnet>[2] = {}) =>
  carnet(words, { CARNET_TOKEN: "t", CARNET_URL: `${origin}/fhir`, LANG: "en" }, given);

/** A terminal, and what was shown on it. */
function terminal(columns = 80) {
  let shown = "";
  const stdout = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        shown += chunk;
        done();
      },
    }),
    { isTTY: true, columns },
  );
  return { stdout, shown: () => shown };
}

describe("a list on a terminal", () => {
  it("shows identifiers whole, whatever its width: what is cut reads no document", async () => {
    const long = {
      status: "current",
      subject: { identifier },
      content: [{ attachment: { contentType: "application/pdf", url: "Binary/b" } }],
      author: [{ display: "Dr Sophie MARTIN" }],
      id: "ae95bb8b".repeat(8),
      type: { coding: [{ code: "57833-6", display: "Prescription de produits de santé" }] },
      description: "Ordonnance de médicaments, renouvelée en octobre pour trois mois",
      meta: { versionId: "1", lastUpdated: "2026-03-02T10:00:00Z" },
    };
    const list = JSON.stringify({
      resourceType: "Bundle",
      type: "searchset",
      entry: [{ resource: { resourceType: "DocumentReference", ...long } }],
    });
    const address = await serve((_, response) => {
      response.writeHead(200, { "content-type": "application/fhir+json" });
      response.end(list);
    });
    for (const [columns, lines] of [
      [40, 5],
      [80, 3],
      [110, 2],
      [160, 1],
    ] as const) {
      const { stdout, shown } = terminal(columns);
      const environment = { CARNET_TOKEN: "t", CARNET_URL: `${address}/fhir`, LANG: "fr" };
      expect((await carnet(["list", ins], environment, { stdout })).code).toBe(0);
      const [heading, row] = [shown().split("\n").slice(0, lines), shown().split("\n").slice(lines, -1)];
      expect([heading.length, row.length], `${columns}`).toEqual([lines, lines]);
      expect(row.join("\n")).toContain(long.id);
      expect(row.join("\n")).toContain("Prescription de produits de san…");
      expect(row.at(-1)).toContain("Ordonnance de méd");
      for (const text of row) if (!text.includes(long.id)) expect(text.length).toBeLessThanOrEqual(columns);
    }
  });
});

describe("a copy of the record", () => {
  it("goes to a program as fast as it reads, and is never held whole", async () => {
    let [most, taken] = [0, 0];
    const stdout = new Writable({
      write(chunk, _encoding, done) {
        taken += chunk.length;
        most = Math.max(most, stdout.writableLength);
        setImmediate(done);
      },
    });
    expect((await run(["export", ins], { stdout })).code).toBe(0);
    expect(taken).toBe(16 * MIB);
    expect(most).toBeLessThan(MIB);
  });

  it("has a name that can neither hide nor leave its folder, whatever the server says", async () => {
    const record = connect({ baseUrl: `${origin}/fhir`, accessToken: () => "t" }).record(ins);
    for (const name of [".bashrc", "..", ".zip", "C:copy.zip", "copy.zip:x", "run.sh", "\u009bcopy.zip"]) {
      state.name = Buffer.from(name).toString("latin1");
      const { fileName, body } = await record.export();
      await body.cancel();
      expect(fileName).toBe("carnet.zip");
    }
    state.name = "mon-carnet-2026-11-28.zip";
    const { fileName, body } = await record.export();
    await body.cancel();
    expect(fileName).toBe("mon-carnet-2026-11-28.zip");
  });
});

describe("a file to write", () => {
  it("that is none, but a device or a pipe, is written into and stays what it is", async () => {
    state.content = Buffer.from("Bonjour");
    const nowhere = join(home, "nowhere");
    symlinkSync("/dev/null", nowhere);
    for (const words of [
      ["read", ins, "d"],
      ["export", ins],
    ]) {
      const { code, stdout } = await run([...words, "-o", nowhere]);
      expect({ words, code, stdout }).toEqual({ words, code: 0, stdout: "" });
    }
    expect(readlinkSync(nowhere)).toBe("/dev/null");
  });

  it("that is a link stays one: the file that it names is written", async () => {
    state.content = Buffer.from("Bonjour");
    const [file, link] = [join(home, "letter.txt"), join(home, "link.txt")];
    writeFileSync(file, "former");
    symlinkSync(file, link);
    expect((await run(["read", ins, "d", "-o", link])).code).toBe(0);
    expect(readlinkSync(link)).toBe(file);
    expect(readFileSync(file, "utf8")).toBe("Bonjour");
  });

  it("that cannot be written leaves nothing of the document beside it", async () => {
    const folder = join(home, "folder");
    mkdirSync(join(folder, "taken"), { recursive: true });
    expect((await run(["read", ins, "d", "-o", join(folder, "taken")])).code).toBe(2);
    expect(readdirSync(folder)).toEqual(["taken"]);
  });

  it.skipIf(!existsSync("/dev/full"))("on a disk that is full is told by its name, with 2", async () => {
    state.content = Buffer.from("Bonjour");
    const full = join(home, "full");
    symlinkSync("/dev/full", full);
    const { code, stderr } = await run(["read", ins, "d", "-o", full]);
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "ENOSPC" } });
  });
});

describe("what changed", () => {
  it("is not asked for with a cursor file that holds no cursor of this record: the file is named and kept", async () => {
    const cursor = join(home, "not-a-cursor");
    writeFileSync(cursor, "shopping list\n");
    const { code, stderr } = await run(["changes", ins, "--cursor-file", cursor]);
    expect(code).toBe(2);
    expect(stderr).toContain(cursor);
    expect(readFileSync(cursor, "utf8")).toBe("shopping list\n");
  });

  it("is told again when whoever reads it has gone: the cursor stays where it was", async () => {
    const cursor = join(home, "cursor");
    const gone = Object.assign(new Error("gone"), { code: "EPIPE" });
    const stdout = new Writable({ write: (_chunk, _encoding, done) => done(gone) });
    stdout.on("error", () => {});
    const { code, stderr } = await run(["changes", ins, "--cursor-file", cursor], { stdout });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(existsSync(cursor)).toBe(false);
    expect((await run(["changes", ins, "--cursor-file", cursor])).stdout).toContain('"added"');
    expect(existsSync(cursor)).toBe(true);
  });
});

describe("on a terminal", () => {
  it("a document that is no text is not shown", async () => {
    state.contentType = "application/pdf";
    for (const content of [Buffer.from("%PDF-1.4\n%%EOF"), Buffer.from([0xff, 0xd8, 0xff])]) {
      state.content = content;
      const { stdout, shown } = terminal();
      expect((await run(["read", ins, "d"], { stdout })).code).toBe(2);
      expect(shown()).toBe("");
      expect((await run(["read", ins, "d"])).code).toBe(0);
    }
  });

  it("neither a text nor a line of JSON commands it", async () => {
    state.contentType = "text/plain";
    state.content = Buffer.from("Bonjour\u001b]0;x\u0007,\n\tété\u009b31m\n");
    state.title = "Lettre\u009b31m";
    const { stdout, shown } = terminal();
    await run(["read", ins, "d"], { stdout });
    expect(shown()).toBe("Bonjour ]0;x ,\n\tété 31m\n");
    await run(["list", ins, "--json"], { stdout });
    expect(shown()).not.toContain("\u009b");
    expect(JSON.parse((await run(["list", ins])).stdout)).toMatchObject({ title: state.title });
  });

  it("nor does the name of a file that was dropped", async () => {
    const inbox = join(home, "inbox");
    mkdirSync(inbox);
    writeFileSync(join(inbox, "letter\u009b31m.xml"), "<ClinicalDocument>");
    const { stdout, shown } = terminal();
    expect((await run(["watch", inbox, "--once", "--settle", "0", "--json"], { stdout })).code).toBe(6);
    expect(shown()).toContain('"letter\\u009b31m.xml"');
    expect(shown()).not.toContain("\u009b");
  });
});

describe("a command line that cannot be meant", () => {
  it("ends with 2, and says where", async () => {
    const nowhere = join(home, "nowhere.xml");
    for (const [words, place] of [
      [["deposit", ins, nowhere], nowhere],
      [["deposit", ins, home], ""],
      [["list", `${identifier.system}|${WRONG_KEY}`], "no valid INS number"],
      [["list", ins, "--from", "29/11/2026"], "--from"],
      [["log", ins, "--to", "yesterday"], "--to"],
      [["list", ins, "--url", "127.0.0.1:8787/fhir"], "address of the service"],
      [["list", ins, "--url", "localhost:8787/fhir"], "address of the service"],
      [["list", ins, "--url", "https://user:secret@carnet.example/fhir"], "address of the service"],
      [["watch", join(import.meta.dirname, "main.ts")], "main.ts"],
      [["doctor", "--issuer", "carnet.example"], "identity provider"],
    ] as const) {
      const { code, stderr } = await run(words);
      expect({ words, code }).toEqual({ words, code: 2 });
      expect(stderr).toContain(place);
      expect(stderr).not.toContain("secret");
    }
  });

  it("the examination too takes the INS from its input, where no other user of the machine sees it", async () => {
    const { stdout } = await run(["doctor", "--ins", "-"], { stdin: `${ins}\n` });
    const rights = stdout.split("\n").find((line) => line.includes('"rights"'));
    expect(JSON.parse(rights ?? "{}")).toMatchObject({ found: expect.stringContaining("open") });
  });
});
