import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerStaticPages } from "./static-pages.ts";

const built = mkdtempSync(join(tmpdir(), "carnet-pages-"));
const app = Fastify();

beforeAll(async () => {
  for (const file of ["index.html", "practice/index.html", "playground/index.html", "assets/main-1a2b3c.js"]) {
    mkdirSync(join(built, "pages", file, ".."), { recursive: true });
    writeFileSync(join(built, "pages", file), file);
  }
  const of = (name: string) => join(built, name);
  await registerStaticPages(app, { pages: of("pages"), docs: of("docs"), widget: of("widget") });
});
afterAll(async () => {
  await app.close();
  rmSync(built, { recursive: true });
});

describe("the built pages", () => {
  it.each(["/", "/practice/", "/docs/playground"])("are asked for anew each time: %s", async (url) => {
    const { statusCode, headers, body } = await app.inject({ url });
    expect([statusCode, body]).toEqual([200, expect.stringContaining("index.html")]);
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
  });

  it("name their programs after what is in them: those are kept for ever", async () => {
    const { headers, body } = await app.inject({ url: "/assets/main-1a2b3c.js" });
    expect(body).toBe("assets/main-1a2b3c.js");
    expect(headers["cache-control"]).toContain("immutable");
  });
});
