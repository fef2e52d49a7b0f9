/** Routes of a sign-in, below `/oidc/interaction/:uid`: each belongs to the browser that began it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bodyOf, isFromElsewhere, languageOf, sendExpired } from "./page-requests.ts";
import { type Interaction, type InteractionParts, type Step, signInSteps } from "./sign-in-steps.ts";
import { stringsOf } from "./strings.ts";

/** The scope must parse forms into `URLSearchParams`. */
export function registerInteraction(scope: FastifyInstance, parts: InteractionParts): void {
  const goesBackTo = new WeakMap<FastifyRequest, readonly string[]>();
  // A sign-in ends on the application's own origin, and Chromium holds the redirections of a form to `form-action` too.
  scope.addHook("onSend", async (request, reply) => {
    const policy = reply.getHeader("content-security-policy");
    const origins = goesBackTo.get(request);
    if (origins && typeof policy === "string") {
      const allowed = `form-action ${["'self'", ...origins].join(" ")}`;
      reply.header("content-security-policy", policy.replace("form-action 'self'", allowed));
    }
  });

  /** The interaction belongs to the browser that holds its cookie; anything else has expired. */
  async function read(request: FastifyRequest, reply: FastifyReply): Promise<Interaction | undefined> {
    const { uid } = request.params as { uid: string };
    if (isFromElsewhere(request)) return undefined;
    try {
      const provider = await parts.provider();
      const details = await provider.interactionDetails(request.raw, reply.raw);
      const client = parts.clients().find((one) => one.id === details.params.client_id);
      if (details.uid !== uid || !client) return undefined;
      goesBackTo.set(request, [...new Set(client.redirectUris.map((uri) => new URL(uri).origin))]);
      return {
        id: uid,
        audience: client.audience,
        strings: stringsOf(languageOf(request)),
        action: `/oidc/interaction/${uid}`,
        query: request.query as Readonly<Record<string, unknown>>,
        body: bodyOf(request),
      };
    } catch (error) {
      if (error instanceof Error && error.name === "SessionNotFound") return undefined;
      throw error;
    }
  }

  const handle = (step: Step) => async (request: FastifyRequest, reply: FastifyReply) => {
    const interaction = await read(request, reply);
    return interaction ? step(interaction, request, reply) : sendExpired(request, reply);
  };

  const { pages, forms } = signInSteps(parts);
  for (const [path, step] of Object.entries(pages)) scope.get(`/oidc/interaction/:uid${path}`, handle(step));
  for (const [name, step] of Object.entries(forms)) scope.post(`/oidc/interaction/:uid/${name}`, handle(step));
}
