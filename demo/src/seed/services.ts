/** What stands beside the documents: applications of the catalogue, and a first message from a professional. R166, R168. */
import type { CarnetService } from "@carnet/service";
import * as v from "valibot";
import { people } from "./people.ts";

const applications: Parameters<CarnetService["applications"]["reference"]>[0][] = [
  {
    id: "rendez-vous-du-val",
    name: "Rendez-vous du Val",
    publisher: "Éditeur fictif du Val",
    description: {
      fr: "Prend vos rendez-vous et les note dans votre agenda.",
      en: "Books your appointments and notes them in your diary.",
    },
    purposes: ["agenda"],
  },
  {
    id: "souffle",
    name: "Souffle",
    publisher: "Association fictive Respirer",
    description: {
      fr: "Un carnet de suivi de l'asthme, qui lit vos ordonnances et ajoute vos mesures.",
      en: "An asthma diary that reads your prescriptions and adds your measures.",
    },
    purposes: ["read-documents", "add-documents", "agenda"],
  },
];

const tokenAnswer = v.object({ access_token: v.string() });

/** Brings the catalogue up to date at each start; the message is written once. */
export async function loadServices(service: CarnetService): Promise<void> {
  for (const application of applications) await service.applications.reference(application);
  const { database } = service.store;
  const written = await database.selectFrom("exchange").select("exchange_id").limit(1).executeTakeFirst();
  if (!written) await writeToCamille(service);
}

async function writeToCamille({ app }: CarnetService): Promise<void> {
  const answer = await app.inject({ method: "POST", url: "/oidc/demo-token", payload: { account: "dr-martin" } });
  const { access_token: token } = v.parse(tokenAnswer, answer.json());
  const sent = await app.inject({
    method: "POST",
    url: "/fhir/Communication",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/fhir+json" },
    payload: JSON.stringify({
      resourceType: "Communication",
      status: "completed",
      category: [{ coding: [{ code: "message" }] }],
      subject: { type: "Patient", identifier: { ...people.camille.ins } },
      topic: { text: "Votre plan d'action" },
      payload: [
        {
          contentString:
            "Bonjour Madame,\nle pneumologue m'a envoyé votre plan d'action pour l'asthme. Gardez-le près de vous, et dites-moi si vous avez utilisé le médicament de secours plus de deux fois cette semaine.",
        },
      ],
    }),
  });
  if (sent.statusCode !== 201) throw new Error(`the first message was not kept: ${sent.statusCode}`);
}
