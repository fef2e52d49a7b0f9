/** Serves what the builds made: patient and practice pages, the widget, the documentation, the accounts. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { accounts } from "../seed/accounts.ts";
import { pageHeaders, policy } from "./security.ts";

/** Folders of the built files. */
export interface BuiltFiles {
  readonly pages: string;
  readonly docs: string;
  readonly widget: string;
}

/** Built files carry a hash in their name: they may be kept for ever. Pages may not. */
const assetHeaders = { "cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff" };

export async function registerStaticPages(app: FastifyInstance, files: BuiltFiles): Promise<void> {
  const page =
    (path: string, headers: Readonly<Record<string, string>>) => (_request: FastifyRequest, reply: FastifyReply) =>
      reply.headers(headers).sendFile(path);

  // Serves nothing by itself: it gives `sendFile`, which puts its own registration's headers over those of a page.
  await app.register(fastifyStatic, { root: files.pages, serve: false, cacheControl: false });
  await app.register(fastifyStatic, {
    root: join(files.pages, "assets"),
    prefix: "/assets/",
    decorateReply: false,
    cacheControl: false,
    setHeaders: (reply) => void reply.headers(assetHeaders),
  });
  // Pages that are not ours (sign-in, mailbox) name no icon, and browsers ask all the same.
  app.get("/favicon.ico", (_request, reply) => reply.code(204).send());
  app.get("/", page("index.html", pageHeaders()));
  app.get("/practice", (_request, reply) => reply.redirect("/practice/"));
  app.get("/practice/", page("practice/index.html", pageHeaders()));
  app.get("/demo/accounts.json", (_request, reply) => reply.header("cache-control", "no-store").send(accounts));

  // Part of the documentation for its reader; made as the other pages are, for it is a program.
  app.get("/docs/playground", page("playground/index.html", pageHeaders()));
  app.get("/docs/playground/", (_request, reply) => reply.redirect("/docs/playground"));

  await registerFolder(app, { root: files.widget, prefix: "/widget/", isModule: true });
  await registerFolder(app, { root: files.docs, prefix: "/docs/", isModule: false });
  app.get("/docs", (_request, reply) => reply.redirect("/docs/"));
}

interface Folder {
  readonly root: string;
  readonly prefix: string;
  readonly isModule: boolean;
}

async function registerFolder(app: FastifyInstance, { root, prefix, isModule }: Folder): Promise<void> {
  if (!existsSync(root)) return app.log.warn({ folder: prefix }, "nothing built for this address");
  const headers: Readonly<Record<string, string>> = isModule
    ? { "access-control-allow-origin": "*", "cache-control": "no-cache", "x-content-type-options": "nosniff" }
    : { ...pageHeaders(policy({ "img-src": "'self' data:" })), "cache-control": "no-cache" };
  await app.register(fastifyStatic, {
    root,
    prefix,
    decorateReply: false,
    cacheControl: false,
    index: ["index.html"],
    setHeaders: (reply) => void reply.headers(headers),
  });
}
