/**
 * R68: what software tells a professional on the first sign-in, then at an interval, and that they said "I have
 * understood". The record keeps when; the software shows it. `$professional-information`.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "../rules/index.ts";
import { acknowledgedAt, acknowledgeInformation } from "../store/professional-information.ts";
import { callerOf } from "./caller.ts";
import { refusalError } from "./outcome.ts";
import { sendFhir } from "./respond.ts";
import type { Services } from "./services.ts";

/** Facts of the requirement SC.DMP/CONF.11 in our own words. */
const text = {
  fr:
    "Votre logiciel peut chercher dans le dossier en votre nom ; un document ne s'ouvre que par un geste de votre part. " +
    "Chaque accès est enregistré avec votre identifiant national et le patient en est averti. Consulter un dossier sans y " +
    "être autorisé est un délit.",
  en:
    "Your software may search the record in your name; a document opens only when you act. Every access is recorded with " +
    "your national identifier and the patient is told. Consulting a record without authorisation is a criminal offence.",
} as const;

const DAY_MS = 86_400_000;

export function registerProfessionalInformation(fhir: FastifyInstance, services: Services): void {
  const { database } = services.store;
  const answer =
    (isAcknowledging: boolean) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const { actor } = callerOf(request);
      if (actor.kind !== "professional") throw refusalError(refuse("R68"));
      const now = services.now();
      if (isAcknowledging) await acknowledgeInformation(database, actor.rpps, now);
      return sendFhir(reply, 200, state(await acknowledgedAt(database, actor.rpps), now, services));
    };
  fhir.get("/$professional-information", answer(false));
  fhir.post("/$professional-information", answer(true));
}

function state(acknowledged: Date | undefined, now: Date, { config }: Services) {
  const due = acknowledged ? new Date(acknowledged.getTime() + config.rules.informationDays * DAY_MS) : now;
  return {
    resourceType: "Parameters",
    parameter: [
      { name: "isDue", valueBoolean: due <= now },
      { name: "dueAt", valueInstant: due.toISOString() },
      ...(acknowledged ? [{ name: "acknowledgedAt", valueInstant: acknowledged.toISOString() }] : []),
      { name: "textFr", valueString: text.fr },
      { name: "textEn", valueString: text.en },
    ],
  };
}
