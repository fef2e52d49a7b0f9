/** Answers in FHIR JSON. */
import type { FastifyReply } from "fastify";

export const FHIR_JSON = "application/fhir+json; charset=utf-8";

export function sendFhir(reply: FastifyReply, status: number, resource: object): FastifyReply {
  return sendFhirText(reply, status, JSON.stringify(resource));
}

/** JSON text that is sent as it is stored. */
export function sendFhirText(reply: FastifyReply, status: number, text: string | Buffer): FastifyReply {
  return reply.code(status).header("content-type", FHIR_JSON).header("cache-control", "no-store").send(text);
}
