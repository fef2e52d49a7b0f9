/** `/indicators/`: figures for everybody, as a page, JSON and CSV. No token: nothing here is about a person. R212, R214. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Services } from "../http/services.ts";
import { pageHeaders } from "../identity-provider/pages.ts";
import { localeOf } from "../identity-provider/strings.ts";
import { indicatorsPage } from "./page.ts";
import { csvOf, publish } from "./publish.ts";

const dataHeaders = {
  "cache-control": "public, max-age=300",
  "x-content-type-options": "nosniff",
  "access-control-allow-origin": "*",
} as const;

export function registerIndicators(app: FastifyInstance, { store, config }: Services): void {
  const current = () => publish(store.database, config.rules.smallCountThreshold);
  const languageOf = (request: FastifyRequest) => {
    const { lang } = request.query as { lang?: unknown };
    return localeOf(typeof lang === "string" ? lang : undefined, request.headers["accept-language"]);
  };
  app.get("/indicators", async (_request, reply) => reply.code(308).header("location", "/indicators/").send());
  app.get("/indicators/", async (request, reply) =>
    reply.headers(pageHeaders).send(indicatorsPage(languageOf(request), await current())),
  );
  app.get("/indicators/indicators.json", async (_request, reply) => {
    const publication = await current();
    reply.headers(dataHeaders);
    if (!publication) return reply.code(503).header("retry-after", "60").send({ error: "not_counted_yet" });
    return reply.send({ ...publication, countedAt: publication.countedAt.toISOString() });
  });
  app.get("/indicators/indicators.csv", async (_request, reply) => {
    const publication = await current();
    reply.headers({ ...dataHeaders, "content-type": "text/csv; charset=utf-8" });
    return publication ? reply.send(csvOf(publication)) : reply.code(503).header("retry-after", "60").send("");
  });
}
