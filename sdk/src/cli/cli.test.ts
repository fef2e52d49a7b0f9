import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Writable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { lockFolder } from "./feed/lock.ts";
import { createLook } from "./feed/look.ts";
import { run } from "./program.ts";

const home = mkdtempSync(join(tmpdir(), "carnet-cli-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function carnet(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const written = { stdout: "", stderr: "" };
  const to = (name: keyof typeof written) =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += String(chunk);
        done();
      },
    });
  const streams = { stdin: (async function* () {})(), stdout: to("stdout"), stderr: to("stderr") };
  const code = await run(words, { environment, ...streams, signal: new AbortController().signal });
  return { code, ...written };
}

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
    expect((await look()).settled).toEqual([{ name: "a.xml", ageMs: 1999 }]);
  });
});
