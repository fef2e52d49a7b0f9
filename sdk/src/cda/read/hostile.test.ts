/** Documents made to exhaust a reader, each in a process of little memory, counted in its own processor time. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type Rolldown } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CdaError, decodeCda } from "./index.ts";
import { documentXml, sectionXml } from "./test-support.ts";

/** What the other process does: makes the document in place, so that only reading is counted. */
const runner = `
import { existsSync, readFileSync } from "node:fs";
import { cdaToFhir, decodeCda, readCdaHeader } from "${new URL("./index.ts", import.meta.url).pathname}";
import { narrativeToHtml, readCdaView } from "${new URL("../narrative/index.ts", import.meta.url).pathname}";
import { documentXml, sectionXml } from "${new URL("./test-support.ts", import.meta.url).pathname}";
const within = (text) => documentXml({ sections: sectionXml("48765-2", "x", text) });
const entities = Array.from({ length: 9 }, (_, n) => \`<!ENTITY e\${n + 1} "\${\`&e\${n};\`.repeat(10)}">\`).join("");
const documents = {
  "an entity bomb": () => \`<!DOCTYPE x [<!ENTITY e0 "ha">\${entities}]>\` + within("&e9;"),
  "an external entity": () => '<!DOCTYPE x SYSTEM "file:///etc/passwd">' + within("x"),
  "200 000 nested elements": () => within("<list><item>".repeat(100000) + "</item></list>".repeat(100000)),
  "50 MB of narrative": () => within("<paragraph>" + "mot ".repeat(12500000) + "</paragraph>"),
  "50 MB of base64": () => documentXml({ body: '<nonXMLBody><text mediaType="application/pdf" representation="B64">' + "JVBERi0x".repeat(6250000) + "</text></nonXMLBody>" }),
  "7 MB of narrative": () => within(("<paragraph>" + "mot ".repeat(100) + "</paragraph>").repeat(16000)),
  "a table of 190 000 cells": () => within("<table><tr>" + "<td/>".repeat(190000) + "</tr></table>"),
  "an element of 800 000 attributes": () => documentXml({ header: "<x" + Array.from({ length: 800000 }, (_, n) => \` a\${n.toString(36)}=""\`).join("") + "/>" }),
  "130 000 names of attributes": () => documentXml({ header: Array.from({ length: 867 }, (_, e) => "<x" + Array.from({ length: 150 }, (_, n) => \` a\${(e * 150 + n).toString(36)}=""\`).join("") + "/>").join("") }),
  "50 MB without an end": () => "<ClinicalDocument xmlns='urn:hl7-org:v3'>" + " ".repeat(50000000),
};
const make = documents[process.argv[2]];
const bytes = new TextEncoder().encode(make());
const before = process.cpuUsage();
let outcome = "read";
try {
  const xml = decodeCda(bytes);
  readCdaHeader(xml);
  cdaToFhir(xml);
  for (const section of readCdaView(xml).sections) narrativeToHtml(section.blocks);
} catch (error) {
  outcome = error.code ?? String(error);
}
const { user } = process.cpuUsage(before);
// The peak of this very process: getrusage would count that of the parent too.
const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
const megabytes = Number(/VmHWM:\\s*(\\d+)/.exec(status)?.[1] ?? 0) / 1024;
console.log(JSON.stringify({ outcome, seconds: user / 1e6, megabytes }));
`;

describe("a hostile document ends in a clear error or in safe text, within 2 s and 300 MB", () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "carnet-hostile-"));
    const entry = join(folder, "entry.js");
    writeFileSync(entry, runner);
    const result = (await build({
      root: folder,
      configFile: false,
      logLevel: "silent",
      build: { write: false, minify: false, ssr: entry, target: "node20" },
      ssr: { noExternal: true },
    })) as Rolldown.RolldownOutput;
    writeFileSync(join(folder, "run.mjs"), result.output[0].code);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ["an entity bomb", "cda-doctype"],
    ["an external entity", "cda-doctype"],
    ["200 000 nested elements", "cda-too-deep"],
    ["50 MB of narrative", "cda-too-large"],
    ["50 MB of base64", "read"],
    ["7 MB of narrative", "read"],
    ["a table of 190 000 cells", "read"],
    ["an element of 800 000 attributes", "cda-too-large"],
    ["130 000 names of attributes", "read"],
    ["50 MB without an end", "cda-too-large"],
  ])("%s: %s", async (name, outcome) => {
    const words = ["--max-old-space-size=300", join(folder, "run.mjs"), name];
    let said: { outcome: string; seconds: number; megabytes: number };
    let runs = 0;
    // What runs beside makes even processor time longer, never shorter: the shortest of three is the document's own.
    do {
      const { stdout } = await promisify(execFile)(process.execPath, words);
      said = JSON.parse(stdout);
    } while (said.seconds >= 2 && ++runs < 3);
    expect(said.outcome).toBe(outcome);
    expect(said.seconds).toBeLessThan(2);
    expect(said.megabytes).toBeLessThan(300);
    if (existsSync("/proc/self/status")) expect(said.megabytes).toBeGreaterThan(20);
  });
});

describe("bytes that are not what they say", () => {
  const xml = (encoding?: string) =>
    `<?xml version="1.0"${encoding ? ` encoding="${encoding}"` : ""}?>${documentXml({ sections: sectionXml("48765-2", "Pénicilline", "é") })}`;
  const codeOf = (bytes: Uint8Array) => {
    try {
      return decodeCda(bytes);
    } catch (error) {
      return (error as CdaError).code;
    }
  };
  const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

  it("ISO-8859-1 under the name of UTF-8, or of nothing, is refused: its accents would be lost without a word", () => {
    expect(codeOf(latin(xml("UTF-8")))).toBe("cda-encoding");
    expect(codeOf(latin(xml()))).toBe("cda-encoding");
    expect(codeOf(Uint8Array.from([...latin(xml("UTF-8")).subarray(0, 60), 0xc3, 0x28]))).toBe("cda-encoding");
    expect(() => decodeCda(latin(xml("UTF-8")))).toThrow(CdaError);
  });

  it("what says its encoding is read in it, with or without byte order mark", () => {
    for (const name of ["ISO-8859-1", "iso-8859-15", "windows-1252"])
      expect(decodeCda(latin(xml(name)))).toContain("Pénicilline");
    const utf8 = new TextEncoder().encode(xml("UTF-8"));
    expect(decodeCda(utf8)).toBe(xml("UTF-8"));
    expect(decodeCda(Uint8Array.from([0xef, 0xbb, 0xbf, ...utf8]))).toBe(xml("UTF-8"));
    const utf16 = Uint8Array.from([0xff, 0xfe, ...new Uint8Array(Uint16Array.from(latin(xml("UTF-16"))).buffer)]);
    expect(decodeCda(utf16)).toContain("Pénicilline");
  });

  it("an encoding that no French producer uses is refused rather than guessed", () => {
    expect(codeOf(latin(xml("UTF-7").replaceAll("é", "e")))).toBe("cda-encoding");
    expect(codeOf(latin(xml("ebcdic-cp-fr").replaceAll("é", "e")))).toBe("cda-encoding");
  });
});
