/** The forms of docs/widget.md for React, Vue, Angular and Svelte, as they stand there, in applications that are built and run. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright";
import { build, type Rolldown } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningCarnet } from "../support/carnet.ts";
import { launchChromium } from "../support/chromium.ts";
import { demoToken, insOf } from "../support/demo.ts";
import { checkout, hasChromium, programsForTests } from "../support/machine.ts";
import { sharedCarnet } from "../support/shared-carnet.ts";

const run = promisify(execFile);
const guide = readFileSync(join(checkout, "docs", "widget.md"), "utf8");

/** The first example after the framework's name. */
function exampleOf(framework: string): string {
  const from = guide.indexOf(`\n${framework}`);
  const found = /```\w+\n([\s\S]*?)```/.exec(from < 0 ? "" : guide.slice(from))?.[1];
  if (!found) throw new Error(`docs/widget.md has no example for ${framework}`);
  return found;
}

interface Framework {
  readonly name: string;
  /** Modules that its application needs, in {@link programsForTests}. */
  readonly needs: readonly string[];
  /** The application around the example: `show(ins)` shows that patient, `token` and `onState` are of the page. */
  files(example: string): Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
}

const frameworks: readonly Framework[] = [
  {
    name: "React 19",
    needs: ["react", "react-dom", "@types/react"],
    files: (example) => ({
      "chart.jsx": example.replace("console.log(detail.state)", "onState({ detail })"),
      "main.jsx": `
        import { createRoot } from "react-dom/client";
        import { Chart } from "./chart.jsx";
        const root = createRoot(document.querySelector("#app"));
        window.show = (ins) => root.render(<Chart ins={ins} token={token} />);`,
    }),
  },
  {
    name: "Vue 3",
    needs: ["vue"],
    files: (template) => ({
      "main.jsx": `
        import { createApp, ref } from "vue/dist/vue.esm-bundler.js";
        const ins = ref();
        const app = createApp({ setup: () => ({ ins, token, onState }), template: ${JSON.stringify(`<div v-if="ins">${template}</div>`)} });
        app.config.compilerOptions.isCustomElement = (tag) => tag.startsWith("carnet-");
        app.mount("#app");
        window.show = (value) => { ins.value = value; };`,
    }),
  },
  {
    name: "Angular",
    needs: ["@angular/core", "@angular/common", "@angular/compiler", "@angular/platform-browser", "rxjs"],
    files: (template) => ({
      "main.jsx": `
        import "@angular/compiler";
        import { Component, CUSTOM_ELEMENTS_SCHEMA, provideZonelessChangeDetection, signal } from "@angular/core";
        import { bootstrapApplication } from "@angular/platform-browser";
        const ins = signal(undefined);
        class App {
          get ins() { return ins(); }
          token = token;
          onState = onState;
        }
        const decorate = Component({
          selector: "#app",
          schemas: [CUSTOM_ELEMENTS_SCHEMA],
          template: ${JSON.stringify(`@if (ins) { ${template} }`)},
        });
        await bootstrapApplication(decorate(App) ?? App, { providers: [provideZonelessChangeDetection()] });
        window.show = (value) => ins.set(value);`,
    }),
  },
  {
    name: "Svelte 5",
    needs: ["svelte"],
    files: async (template) => {
      const entry = createRequire(join(programsForTests(), "package.json")).resolve("svelte/compiler");
      const { compile }: { compile(source: string, options: object): { js: { code: string } } } = await import(entry);
      const source = `<script>
        const { token, onState } = window;
        let ins = $state();
        window.show = (value) => { ins = value; };
      </script>{#if ins}${template}{/if}`;
      return {
        "app.js": compile(source, { generate: "client", name: "App" }).js.code,
        "main.jsx": `import { mount } from "svelte"; import App from "./app.js"; mount(App, { target: document.querySelector("#app") });`,
      };
    },
  },
];

const has = (module: string) => existsSync(join(programsForTests(), "node_modules", module, "package.json"));

describe.skipIf(!hasChromium())("the forms of the guide for frameworks (need Chromium)", () => {
  let carnet: RunningCarnet;
  let browser: Browser;
  /** Inside the folder of the frameworks, so that they are found as in somebody's project. */
  const folders: string[] = [];

  beforeAll(async () => {
    carnet = await sharedCarnet();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  function project(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(programsForTests(), "app-"));
    folders.push(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  }

  async function built(folder: string): Promise<string> {
    const result = await build({
      root: folder,
      configFile: false,
      logLevel: "silent",
      oxc: { jsx: { runtime: "automatic", development: false } },
      define: { "process.env.NODE_ENV": '"production"', __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false" },
      build: { write: false, rolldownOptions: { input: join(folder, "main.jsx") }, target: "es2022" },
    });
    const outputs = (Array.isArray(result) ? result : [result]) as Rolldown.RolldownOutput[];
    const chunks = outputs.flatMap(({ output }) => output).filter((one) => one.type === "chunk");
    if (chunks.length !== 1) throw new Error(`${chunks.length} files were built where one was expected`);
    return chunks[0]?.code ?? "";
  }

  for (const { name, needs, files } of frameworks) {
    test.skipIf(!needs.every(has))(`${name} shows a patient, hears the panel and changes the patient`, async () => {
      const code = await built(project(await files(exampleOf(name))));
      const page = await browser.newPage();
      try {
        const token = await demoToken(carnet.origin, "dr-martin");
        const html = `<!doctype html><meta charset="utf-8"><title>App</title><div id="app"></div>
          <script>
            window.states = [];
            window.token = () => ${JSON.stringify(token)};
            window.onState = ({ detail }) => window.states.push(detail.state);
          </script>
          <script type="module" src="/widget/carnet.js"></script><script type="module" src="/app.js"></script>`;
        await page.route("**/app.html", (route) => route.fulfill({ contentType: "text/html", body: html }));
        await page.route("**/app.js", (route) => route.fulfill({ contentType: "text/javascript", body: code }));
        await page.goto(`${carnet.origin}/app.html`);
        await page.waitForFunction("typeof show === 'function'");
        for (const [account, family] of [
          ["patient-camille", "MOREAU"],
          ["patient-jean", "LEFEBVRE"],
        ] as const) {
          const { system, value } = await insOf(carnet.origin, account);
          await page.evaluate(`show(${JSON.stringify(`${system}|${value}`)})`);
          await page.locator("carnet-summary").getByText(family, { exact: true }).first().waitFor();
          await page.locator("carnet-summary[data-state=ready]").waitFor();
        }
        expect(await page.locator("carnet-summary").count()).toBe(1);
        expect(await page.locator("carnet-summary").textContent()).not.toContain("MOREAU");
        expect(await page.evaluate("states")).toEqual(expect.arrayContaining(["loading", "ready"]));
      } finally {
        await page.close();
      }
    });
  }

  test.skipIf(!has("@types/react"))("React's JSX knows the elements, their attributes and their events", async () => {
    const folder = project({
      "chart.tsx": `
        import type { CarnetElements } from "@carnet/widget";
        declare module "react" { namespace JSX { interface IntrinsicElements extends CarnetElements {} } }
        type Given = { readonly ins: string; readonly token: () => string };
        ${exampleOf("React 19").replace("({ ins, token })", "({ ins, token }: Given)")}
        // @ts-expect-error: a number is no address
        export const wrong = <carnet-summary base-url={1} />;
        // @ts-expect-error: the state is text
        export const misheard = <carnet-summary oncarnet-state={({ detail }) => detail.state.toFixed()} />;`,
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          jsx: "react-jsx",
          module: "esnext",
          moduleResolution: "bundler",
          target: "es2022",
          lib: ["es2023", "dom", "dom.iterable"],
          strict: true,
          noEmit: true,
          skipLibCheck: true,
          types: [],
        },
        files: ["chart.tsx"],
      }),
    });
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(checkout, "node_modules", "@carnet"), join(folder, "node_modules", "@carnet"));
    const tsc = join(checkout, "node_modules", "typescript", "bin", "tsc");
    const { stdout } = await run(process.execPath, [tsc, "-p", folder]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe("");
  });
});
