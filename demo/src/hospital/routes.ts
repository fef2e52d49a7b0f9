/** Mounts the hospital tool. Its papers stand behind a session cookie, as they do in real tools. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Calendar } from "../seed/calendar.ts";
import { contentOf } from "../seed/content.ts";
import { printLetter } from "../seed/letter/print-letter.ts";
import { pageHeaders, policy } from "../serve/security.ts";
import {
  missingPage,
  nursingReport,
  type Page,
  patientListPage,
  patientPage,
  sessionPage,
  viewerPage,
} from "./pages.ts";
import type { Paper } from "./paper.ts";
import { papers } from "./papers.ts";
import { stays } from "./stays.ts";

const cookieName = "hospital_session";

export interface HospitalOptions {
  readonly calendar: Calendar;
  /** Built shell of the pages, with its outlet. */
  readonly shell: string;
  /** Path of the electrocardiogram picture. */
  readonly picture: string;
}

export function registerHospital(app: FastifyInstance, { calendar, shell, picture }: HospitalOptions): void {
  const sessions = new Set<string>();
  const all = papers(calendar);
  const bytes = new Map<string, Promise<Content>>();

  const show = (reply: FastifyReply, page: Page, status = 200) =>
    reply
      .code(status)
      .headers(pageHeaders(policy({ "img-src": "'self'" })))
      .type("text/html; charset=utf-8")
      .send(fill(shell, page));

  const hasSession = (request: FastifyRequest) => sessions.has(sessionOf(request) ?? "");

  /** Opens a session for whoever comes to a page: the demo has no hospital accounts. */
  const open = (request: FastifyRequest, reply: FastifyReply) => {
    if (hasSession(request)) return;
    const id = randomBytes(18).toString("base64url");
    sessions.add(id);
    reply.header("set-cookie", `${cookieName}=${id}; Path=/hospital; HttpOnly; SameSite=Lax`);
  };

  app.get("/hospital", (_request, reply) => reply.redirect("/hospital/"));
  app.get("/hospital/", (request, reply) => {
    open(request, reply);
    return show(reply, patientListPage(stays));
  });
  app.get<{ Params: { number: string } }>("/hospital/patients/:number", (request, reply) => {
    open(request, reply);
    const stay = stays.find(({ number }) => number === request.params.number);
    if (!stay) return show(reply, missingPage(), 404);
    return show(
      reply,
      patientPage(
        stay,
        all.filter((one) => one.stay === stay.number),
      ),
    );
  });
  app.get<{ Params: { id: string } }>("/hospital/viewer/:id", (request, reply) => {
    open(request, reply);
    const found = find(all, request.params.id);
    return found ? show(reply, viewerPage(found.stay, found.paper)) : show(reply, missingPage(), 404);
  });
  app.get<{ Params: { file: string } }>("/hospital/documents/:file", async (request, reply) => {
    if (!hasSession(request)) return show(reply, sessionPage(), 401);
    const found = find(all, request.params.file.replace(/\.[a-z]+$/, ""));
    if (!found) return show(reply, missingPage(), 404);
    const { paper, stay } = found;
    if (paper.presentation === "html") return show(reply, nursingReport(stay, paper));
    const content = bytes.get(paper.id) ?? write(paper, picture);
    bytes.set(paper.id, content);
    const { contentType, body } = await content;
    const frame = paper.presentation === "frame" ? "'self'" : "'none'";
    return reply
      .headers({
        ...pageHeaders(policy({ "frame-ancestors": frame, "style-src": "'unsafe-inline'" })),
        "cache-control": "private, no-store",
      })
      .header("content-disposition", `inline; filename="${request.params.file}"`)
      .type(contentType)
      .send(Buffer.from(body));
  });
}

interface Content {
  readonly contentType: string;
  readonly body: Uint8Array;
}

async function write(paper: Paper, picture: string): Promise<Content> {
  const { document } = paper;
  if (!document) return { contentType: "image/jpeg", body: await readFile(picture) };
  if (document.kind === "letter")
    return {
      contentType: "application/pdf",
      body: await printLetter({ ...document, ...(paper.identity && { identity: paper.identity }) }),
    };
  const content = await contentOf(document);
  return { contentType: "application/xml", body: content.bytes };
}

function find(all: readonly Paper[], id: string) {
  const paper = all.find((one) => one.id === id);
  const stay = stays.find(({ number }) => number === paper?.stay);
  return paper && stay ? { paper, stay } : undefined;
}

function sessionOf(request: FastifyRequest): string | undefined {
  const pair = request.headers.cookie?.split(/;\s*/).find((one) => one.startsWith(`${cookieName}=`));
  return pair?.slice(cookieName.length + 1);
}

function fill(shell: string, page: Page): string {
  return shell
    .replace("{{title}}", () => `${page.title} – CHU de Valmont`)
    .replace("<!--outlet-->", () => page.content.value);
}
