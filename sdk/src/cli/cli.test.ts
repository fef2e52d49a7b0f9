import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Writable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { openAccess } from "./access.ts";
import { lockFolder } from "./feed/lock.ts";
import { createLook } from "./feed/look.ts";
import { UsageError } from "./io.ts";
import { stringsFor } from "./strings.ts";
import { carnet, serve } from "./test-support.ts";

const home = mkdtempSync(join(tmpdir(), "carnet-cli-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const guide = readFileSync(resolve(import.meta.dirname, "../../../docs/cli.md"), "utf8");

describe("the command line's words", () => {
  it("are French first, English by LANG or --lang, and never mixed", async () => {
    const { stdout: french } = await carnet(["--help"], { LANG: "fr_FR.UTF-8" });
    expect((await carnet(["--help"])).stdout).toBe(french);
    const { stdout: english } = await carnet(["--help"], { LANG: "en_GB.UTF-8" });
    expect((await carnet(["--help", "--lang", "en"], { LANG: "fr_FR.UTF-8" })).stdout).toBe(english);
    expect(french).not.toMatch(/Usage|Options:|Commands|\bfor\b/);
    expect(english).not.toMatch(/[éèà]/);
  });

  it("stand in the guide as they are printed", async () => {
    for (const words of [["--help"], ["watch", "--help"]]) {
      const { stdout, code } = await carnet(words, { LANG: "en" });
      expect(code).toBe(0);
      expect(guide).toContain(stdout.trim());
    }
  });

  it("are the same by the word that other commands know, and who says nothing is told of them", async () => {
    for (const [words, asked] of [
      [["help"], ["--help"]],
      [
        ["help", "watch"],
        ["watch", "--help"],
      ],
      [
        ["help", "--lang", "en"],
        ["--help", "--lang", "en"],
      ],
    ] as const)
      expect(await carnet(words, { LANG: "fr" })).toEqual(await carnet(asked, { LANG: "fr" }));
    expect(await carnet([], { LANG: "en" })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("carnet --help"),
    });
  });

  it("name the word that is wrong, and the guide knows each exit code", async () => {
    const { code, stderr } = await carnet(["list", "--colour", "x"], { LANG: "en" });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: '{"error":{"code":"usage","message":"Unknown option: --colour."}}\n',
    });
    const { exitCode } = await import("./exit-codes.ts");
    for (const value of Object.values(exitCode)) expect(guide).toMatch(new RegExp(`^\\| ${value} \\|`, "m"));
  });

  it("never show a key or a token, also when they are wrong", async () => {
    const key = join(home, "key.json");
    writeFileSync(key, '{"kty":"EC","secret":"TOPSECRET"');
    const issuer = ["--issuer", "http://127.0.0.1:1/oidc", "--client-id", "x", "--url", "http://127.0.0.1:1/fhir"];
    const wrongKey = await carnet(["status", "279035121518989", ...issuer, "--key-file", key]);
    expect(wrongKey.code).toBe(2);
    expect(wrongKey.stderr).not.toContain("TOPSECRET");
    const away = await carnet(["status", "urn:oid:1.2.250.1.213.1.4.10|279035121518989", ...issuer], {
      CARNET_TOKEN: "TOPSECRET",
    });
    expect(away.code).toBe(7);
    expect(away.stderr).not.toMatch(/TOPSECRET|2790351/);
  });

  it("reads settings from a file beside which its paths begin, and names the field that is wrong", async () => {
    const config = join(home, "carnet.json");
    writeFileSync(config, JSON.stringify({ url: "http://127.0.0.1:1/fhir", tokenFile: "no-token" }));
    const { code, stderr } = await carnet(["status", "279035121518989", "--config", config], { LANG: "en" });
    expect(code).toBe(2);
    expect(stderr).toContain(join(home, "no-token"));
    writeFileSync(config, JSON.stringify({ url: "http://127.0.0.1:1/fhir", clientSecret: "TOPSECRET" }));
    const unknown = await carnet(["status", "279035121518989", "--config", config], { LANG: "en" });
    expect(unknown.stderr).toContain("see clientSecret");
    expect(unknown.stderr).not.toContain("TOPSECRET");
  });
});

describe("who asks", () => {
  it("a token file that is written anew is waited for once it was good, and a wrong setting before", async () => {
    const tokenFile = join(home, "token");
    const streams = { stdin: (async function* () {})(), stdout: new Writable(), stderr: new Writable() };
    const io = { environment: {}, ...streams, signal: new AbortController().signal };
    const settings = { url: "http://127.0.0.1:1/fhir", isPerson: false, signInPort: 8910, tokenFile };
    const token = await openAccess(settings, io, stringsFor("en", {}));
    await expect(token()).rejects.toBeInstanceOf(UsageError);
    writeFileSync(tokenFile, "first\n");
    expect(await token()).toBe("first");
    writeFileSync(tokenFile, "");
    await expect(token()).rejects.toMatchObject({ code: "sign-in-expired" });
    writeFileSync(tokenFile, "second\n");
    expect(await token()).toBe("second");
  });

  it("another page's call is no answer to the sign-in, and an interrupted one ends as interrupted", async () => {
    const issuer = await serve((_, response) => {
      const body = { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    const port = new URL(await serve(() => {})).port.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
    const stop = new AbortController();
    let status = 0;
    const who = ["--sign-in", "--issuer", issuer, "--client-id", "x", "--sign-in-port", port];
    const { code } = await carnet(["status", "279035121518989", "--url", `${issuer}/fhir`, ...who], undefined, {
      signal: stop.signal,
      heard: async (text) => {
        if (!text.includes("code_challenge") || status !== 0) return;
        status = -1;
        ({ status } = await fetch(`http://127.0.0.1:${port}/?state=of-another&code=x`));
        stop.abort();
      },
    });
    expect({ code, status }).toEqual({ code: 130, status: 404 });
  });

  it("a copy that finds no room on the disk lets go of the line", async () => {
    let letGo = () => {};
    const isLetGo = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const origin = await serve((request, response) => {
      if (request.method === "POST") {
        response.writeHead(200, { "content-type": "application/zip" }).write("PK");
        response.on("close", letGo);
        return;
      }
      const resource = {
        resourceType: "Patient",
        id: "p",
        identifier: [{ system: "urn:oid:1.2.250.1.213.1.4.10", value: "279035121518989" }],
      };
      response.writeHead(200, { "content-type": "application/fhir+json" });
      response.end(JSON.stringify({ resourceType: "Bundle", type: "searchset", entry: [{ resource }] }));
    });
    const ins = "urn:oid:1.2.250.1.213.1.4.10|279035121518989";
    const away = join(home, "no-such-folder", "copy.zip");
    const { code } = await carnet(["export", ins, "--url", `${origin}/fhir`, "-o", away], { CARNET_TOKEN: "t" });
    expect(code).toBe(2);
    await isLetGo;
  });
});

describe("a folder that is fed from", () => {
  it("has one holder, whoever asks, until it is released", async () => {
    const first = await lockFolder(home);
    await expect(lockFolder(home)).rejects.toThrow("in use");
    await first.assertHeld();
    await first.release();
    const second = await lockFolder(home);
    await second.release();
  });

  it("changes hands when the holder is dead, and the one who slept sees it before sending anything", async () => {
    const first = await lockFolder(home);
    // A number that no process has.
    writeFileSync(
      join(home, "lock"),
      JSON.stringify({ nonce: "dead", pid: 2 ** 22 + 1, host: (await import("node:os")).hostname() }),
    );
    const second = await lockFolder(home);
    await second.assertHeld();
    await expect(first.assertHeld()).rejects.toThrow("in use");
    await first.release();
    await second.assertHeld();
    await second.release();
  });

  it("takes a file only when it has not changed for a while, by a clock of its own", async () => {
    const folder = mkdtempSync(join(home, "look-"));
    let now = 0;
    const look = createLook(folder, 1000, () => now);
    writeFileSync(join(folder, "a.xml"), "<a");
    writeFileSync(join(folder, "b.pdf.part"), "x");
    expect(await look()).toEqual({ settled: [], unsettled: 1 });
    now = 999;
    writeFileSync(join(folder, "a.xml"), "<a/>");
    expect((await look()).settled).toEqual([]);
    now = 1998;
    expect((await look()).settled).toEqual([]);
    now = 1999;
    expect((await look()).settled).toEqual([{ name: "a.xml", ageMs: 1999, print: expect.any(String) }]);
  });
});
