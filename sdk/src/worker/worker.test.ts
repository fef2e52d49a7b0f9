import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createComposer, openSummaryWorker } from "./index.ts";
import { contents, options, servePage } from "./test-support.ts";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const documents = contents(12);
const asked = {
  options,
  documents: documents.map(({ bytes, ...one }) => ({ ...one, text: new TextDecoder().decode(bytes) })),
};

async function composedInNode(): Promise<string> {
  const composer = createComposer(() => Promise.resolve());
  const read: boolean[] = [];
  for (const document of documents) read.push(await composer.add(document));
  return JSON.stringify({ summary: await composer.compose(options), read });
}

test("where there is no worker, as in Node.js, none is offered", async () => {
  expect(await openSummaryWorker()).toBeUndefined();
});

test("a document that nobody can read adds nothing and stops nothing", async () => {
  const composer = createComposer(() => Promise.resolve());
  expect(await composer.add(documents.at(-1) ?? documents[0] ?? expect.fail())).toBe(false);
  expect((await composer.compose(options)).type).toBe("document");
});

describe.skipIf(!existsSync(executablePath))("in Chromium", () => {
  let browser: Browser;
  let served: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    [browser, served] = await Promise.all([
      chromium.launch({ executablePath, args: ["--no-sandbox", "--no-first-run"] }),
      servePage(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await served.close();
  });

  async function inPage<T>(
    verb: "composeInPage" | "closeWhileComposing" | "refusals",
    policy = "",
    origin = served.origin,
  ): Promise<T> {
    const page = await browser.newPage();
    try {
      await page.goto(`${origin}/?policy=${encodeURIComponent(policy)}`);
      // As text: what the test runner makes of an `import` is nothing that a page knows.
      return await page.evaluate(
        `import("${served.origin}/page.js").then((page) => page.${verb}(${JSON.stringify(asked)}))`,
      );
    } finally {
      await page.close();
    }
  }
  interface Composed {
    readonly where: string;
    readonly summary: string;
  }

  test("a worker composes the very summary that Node.js composes, and leaves the page its bytes", async () => {
    const { where, summary } = await inPage<Composed>("composeInPage");
    expect(where).toBe("worker");
    expect(summary).toBe(await composedInNode());
  });

  test.each([
    ["forbids workers", "worker-src 'none'"],
    ["asks for trusted types", "require-trusted-types-for 'script'"],
  ])("under a policy that %s, the page composes the same in steps", async (_, policy) => {
    const { where, summary } = await inPage<Composed>("composeInPage", policy);
    expect(where).toBe("page");
    expect(summary).toBe(await composedInNode());
  });

  test("in a page of another origin, which may start none, the same", async () => {
    const { where, summary } = await inPage<Composed>(
      "composeInPage",
      "",
      served.origin.replace("127.0.0.1", "localhost"),
    );
    expect(where).toBe("page");
    expect(summary).toBe(await composedInNode());
  });

  test("what is refused is told by a worker as by the page: the class and the code of the error, and never at the call", async () => {
    expect(await inPage("refusals")).toEqual(["several-patients", "several-patients", true]);
  });

  test("a worker that is closed answers with an error, never with a summary", async () => {
    expect(await inPage<string>("closeWhileComposing")).toBe("The summary worker was closed.");
  });
});
