/** Documents and a page for the tests of the worker. People and documents are fictitious. */
import { createServer } from "node:http";
import { join } from "node:path";
import { build, type Rolldown } from "vite";
import { longRecord } from "../summary/test-support.ts";
import type { ComposeOptions, SourceContent } from "./composer.ts";

/** A record of `count` documents, one of them a file and one that nobody can read. */
export function contents(count: number): SourceContent[] {
  const encoder = new TextEncoder();
  const read = longRecord(count).map(
    (bundle, index): SourceContent => ({
      uniqueId: `urn:oid:1.2.3.${index}`,
      contentType: "application/fhir+json",
      bytes: encoder.encode(JSON.stringify(bundle)),
    }),
  );
  const broken = { uniqueId: "urn:oid:1.2.4", contentType: "text/xml", bytes: encoder.encode("<ClinicalDocument") };
  return [...read, broken];
}

export const options: ComposeOptions = {
  now: "2026-11-28T08:00:00Z",
  valuesPerAnalyte: 24,
  pastTreatments: 60,
  documents: [],
};

/** The modules of a page that composes a record, bundled as a vendor's bundler would. */
async function bundled(): Promise<ReadonlyMap<string, string>> {
  const result = await build({
    root: import.meta.dirname,
    base: "./",
    logLevel: "silent",
    configFile: false,
    resolve: { conditions: ["carnet-source", "browser", "module", "import", "default"] },
    worker: { format: "es" },
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: {
        input: { page: join(import.meta.dirname, "test-page.ts") },
        output: { entryFileNames: "page.js" },
        preserveEntrySignatures: "strict",
      },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]) as Rolldown.RolldownOutput[];
  const files = outputs.flatMap(({ output }) => output);
  return new Map(files.map((file) => [`/${file.fileName}`, file.type === "chunk" ? file.code : String(file.source)]));
}

/** Serves the page under one Content-Security-Policy per path: `/?policy=…`. */
export async function servePage(): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const files = await bundled();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const code = files.get(url.pathname);
    if (code !== undefined) {
      response.setHeader("content-type", "text/javascript");
      response.setHeader("access-control-allow-origin", "*");
      return response.end(code);
    }
    const policy = url.searchParams.get("policy");
    if (policy) response.setHeader("content-security-policy", policy);
    response.setHeader("content-type", "text/html");
    return response.end('<!doctype html><html lang="fr"><meta charset="utf-8"><title>essai</title></html>');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
