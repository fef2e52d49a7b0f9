/** `POST /oidc/sign-out`: the pages of this service sign their person out of the browser, not only out of the page. */
import type { FastifyInstance } from "fastify";
import type Provider from "oidc-provider";
import { bodyOf, isFromElsewhere } from "./page-requests.ts";
import { endSession } from "./provider.ts";

export function registerSignOut(scope: FastifyInstance, provider: () => Promise<Provider>): void {
  /** `sub` is the page's person: whoever signed in since, in another tab, is not its to send away. */
  scope.post("/oidc/sign-out", async (request, reply) => {
    reply.header("cache-control", "no-store");
    if (isFromElsewhere(request)) return reply.code(403).send();
    const opened = await provider();
    const session = await opened.Session.get(opened.createContext(request.raw, reply.raw));
    if (session.accountId !== undefined && session.accountId === bodyOf(request).get("sub")) {
      await endSession(opened, session.authorizations);
      await session.destroy();
    }
    return reply.code(204).send();
  });
}
