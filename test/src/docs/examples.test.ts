/** The examples of the guides, run as they stand: only the address of the demo and the token are put in. */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { transformWithOxc } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningCarnet, startCarnet } from "../support/carnet.ts";
import { launchChromium } from "../support/chromium.ts";
import { clientOf, demoToken, insOf } from "../support/demo.ts";
import { pdfOf } from "../support/documents.ts";
import { checkout, hasChromium } from "../support/machine.ts";

const run = promisify(execFile);

/** What an example of a page leaves to its reader, by what it begins with; most leave nothing. */
const given: Readonly<Record<string, string>> = {
  "docs/cda.md": `
    import { readFileSync } from "node:fs";
    import { Window } from "happy-dom";
    const { document } = new Window();
    process.on("exit", () => {
      if (typeof show === "undefined") return;
      const panel = document.createElement("div");
      show(readFileSync("letter.xml"), panel);
      console.log(panel.childElementCount, "sections");
    });`,
  "docs/safety.md": `
    import { readFileSync } from "node:fs";
    globalThis.summary = JSON.parse(readFileSync("summary.json", "utf8"));
    globalThis.json = undefined;`,
};

const examplesOf = (path: string, language: string) =>
  [
    ...readFileSync(join(checkout, path), "utf8").matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g")),
  ].map((match) => match[1] ?? "");

describe("the examples of the guides, run against the demo", () => {
  let carnet: RunningCarnet;
  let folder: string;
  let token: string;

  beforeAll(async () => {
    carnet = await startCarnet();
    token = await demoToken(carnet.origin, "dr-martin");
    // Inside the workspace, where `@carnet/sdk` is found as it is by whoever installed it.
    folder = mkdtempSync(join(checkout, "test", "dist", "examples-"));
    const record = clientOf(carnet.origin, "dr-martin").record(await insOf(carnet.origin, "patient-camille"));
    writeFileSync(join(folder, "letter.pdf"), pdfOf("Compte rendu de consultation"));
    writeFileSync(join(folder, "summary.json"), JSON.stringify(await record.summary()));
    const entries = await record.documents().toArray();
    const cda = entries.find(({ contentType }) => /xml/.test(contentType));
    if (!cda) throw new Error("the demo has no CDA");
    writeFileSync(join(folder, "letter.xml"), (await record.read(cda)).bytes);
  });
  afterAll(async () => {
    await carnet?.dispose();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const here = (code: string) =>
    code
      .replaceAll(/http:\/\/127\.0\.0\.1:8787|https:\/\/carnet\.example/g, carnet.origin)
      .replaceAll('"…"', JSON.stringify(token));

  async function runExample(path: string, code: string): Promise<string> {
    const file = join(folder, "example.mjs");
    const { code: javascript } = await transformWithOxc(`${given[path] ?? ""}\n${here(code)}`, "example.ts");
    writeFileSync(file, javascript);
    const { stdout, stderr } = await run(process.execPath, [file], { cwd: folder });
    expect(stderr).toBe("");
    return stdout;
  }

  for (const path of ["docs/sdk.md", "sdk/README.md", "docs/cda.md", "docs/safety.md"]) {
    for (const [at, code] of examplesOf(path, "ts").entries()) {
      it(`runs example ${at + 1} of ${path}`, async () => {
        const stdout = await runExample(path, code);
        expect(stdout.trim()).not.toBe("");
        if (!code.includes("record.deposit(")) return;
        // What the guide promises of a repetition.
        expect(stdout).toMatch(/ false$/m);
        expect(await runExample(path, code)).toMatch(new RegExp(`^${stdout.split(" ")[0]} .* true$`, "m"));
      });
    }
  }

  it("runs the commands of docs/cli.md", async () => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(
      join(bin, "carnet"),
      `#!/bin/sh\nexec "${process.execPath}" "${join(checkout, "sdk/dist/cli/main.js")}" "$@"\n`,
    );
    chmodSync(join(bin, "carnet"), 0o755);
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, token, { mode: 0o600 });
    const ins = await insOf(carnet.origin, "patient-camille");
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, INS: `${ins.system}|${ins.value}` };
    const [commands = ""] = examplesOf("docs/cli.md", "sh");
    const script = `set -e\n${here(commands).replace("/run/carnet/token", tokenFile)}`;
    const { stdout, stderr } = await run("/bin/sh", ["-c", script], { cwd: folder, env });
    expect(stderr).toBe("");
    const lines = stdout.trim().split("\n");
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(JSON.parse(line)).toBeTypeOf("object");
    expect(readFileSync(join(folder, "camille.cursor"), "utf8")).not.toBe("");

    // The side file of the page, beside a letter dropped into a folder.
    const inbox = join(folder, "inbox");
    mkdirSync(inbox);
    writeFileSync(join(inbox, "letter.pdf.json"), examplesOf("docs/cli.md", "json")[0] ?? "");
    writeFileSync(join(inbox, "letter.pdf"), pdfOf("Compte rendu"));
    const settings = { ...env, CARNET_URL: `${carnet.origin}/fhir`, CARNET_TOKEN_FILE: tokenFile };
    await run(join(bin, "carnet"), ["watch", inbox, "--once", "--settle", "0.1"], { env: settings });
    expect(existsSync(join(inbox, "sent", "letter.pdf.receipt.json"))).toBe(true);
  });

  it("opens a record for the person of docs/demo.md, which is read once its patient agreed", async () => {
    const [, body = ""] =
      examplesOf("docs/demo.md", "sh")
        .join("\n")
        .match(/\/demo\/records .*-d '([^']+)'/s) ?? [];
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${carnet.origin}/demo/records`, { method: "POST", headers, body });
    expect(answer.status).toBe(201);
    const record = clientOf(carnet.origin, "dr-martin").record(JSON.parse(body).ins);
    await record.authorise();
    expect(await record.status()).toMatchObject({ state: "open", authorisation: "valid" });
    expect(await record.documents().toArray()).toEqual([]);
  });

  it.skipIf(!hasChromium())(
    "shows a patient with the page of docs/widget.md, found by the search of /docs/ (needs Chromium)",
    async () => {
      const browser = await launchChromium();
      try {
        const page = await browser.newPage();
        await page.goto(`${carnet.origin}/docs/`);
        await page.keyboard.press("/");
        await page.keyboard.type("carnet-summary");
        await page.locator("#found a").first().waitFor();
        await page.keyboard.press("Enter");
        await page.waitForURL(/widget\.html/);
        expect(await page.locator("main").textContent()).toContain("One script tag");

        const [example = ""] = examplesOf("docs/widget.md", "html");
        const ins = await insOf(carnet.origin, "patient-camille");
        const session = `<!doctype html><title>Page</title><script>window.session = { accessToken: ${JSON.stringify(token)} };</script>`;
        const body = session + here(example).replace(/ins="[^"]*"/, `ins="${ins.system}|${ins.value}"`);
        await page.route("**/example.html", (route) =>
          route.fulfill({ contentType: "text/html; charset=utf-8", body }),
        );
        await page.goto(`${carnet.origin}/example.html`);
        await page.locator("carnet-summary[data-state=ready]").waitFor();
        await page.locator("carnet-summary").getByText("MOREAU").first().waitFor();
      } finally {
        await browser.close();
      }
    },
  );
});
