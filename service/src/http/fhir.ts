/** Everything under `/fhir`, one file per transaction. */
import type { FastifyInstance } from "fastify";
import { registerAccessPreferences } from "./access-preferences.ts";
import { registerAgenda } from "./agenda.ts";
import { prepareFhirScope } from "./app.ts";
import { throughApplication } from "./application-caller.ts";
import { registerCatalogue } from "./application-consent.ts";
import { registerArrange } from "./arrange.ts";
import { registerAudit } from "./audit.ts";
import { registerAuditDownload } from "./audit-download.ts";
import type { TokenVerifier } from "./caller.ts";
import { registerChangeDocuments } from "./change-documents.ts";
import { registerCommunication } from "./communication.ts";
import { registerConsent } from "./consent.ts";
import { registerDocumentRights } from "./document-rights.ts";
import { registerExportRecord } from "./export-record.ts";
import { registerFindDocuments } from "./find-documents.ts";
import { registerFindLists } from "./find-lists.ts";
import { registerMetadata } from "./metadata.ts";
import { registerNoticePreferences } from "./notice-preferences.ts";
import { registerOpenings } from "./openings.ts";
import { registerPatch } from "./patch.ts";
import { registerPatient } from "./patient.ts";
import { registerProfessionalInformation } from "./professional-information.ts";
import { registerProvide } from "./provide.ts";
import { registerRecordStates } from "./record-states.ts";
import { registerRelatedPersons } from "./related-persons.ts";
import { registerRetrieve } from "./retrieve.ts";
import type { Services } from "./services.ts";
import { registerSummary } from "./summary.ts";

export async function registerFhir(app: FastifyInstance, services: Services, verify: TokenVerifier): Promise<void> {
  await app.register(
    async (fhir) => {
      fhir.decorateRequest("caller", null);
      await prepareFhirScope(fhir, services.config, verify, (actor, clientId) =>
        throughApplication(services.store, actor, clientId),
      );
      registerMetadata(fhir, services);
      registerSummary(fhir, services);
      registerPatient(fhir, services);
      registerExportRecord(fhir, services);
      registerOpenings(fhir, services);
      registerRecordStates(fhir, services);
      registerRelatedPersons(fhir, services);
      registerConsent(fhir, services);
      registerAccessPreferences(fhir, services);
      registerChangeDocuments(fhir, services);
      registerProfessionalInformation(fhir, services);
      registerProvide(fhir, services);
      registerFindDocuments(fhir, services);
      registerFindLists(fhir, services);
      registerArrange(fhir, services);
      registerRetrieve(fhir, services);
      registerPatch(fhir, services);
      registerDocumentRights(fhir, services);
      registerAudit(fhir, services);
      registerAuditDownload(fhir, services);
      registerCatalogue(fhir, services);
      registerAgenda(fhir, services);
      registerCommunication(fhir, services);
      registerNoticePreferences(fhir, services);
    },
    { prefix: "/fhir" },
  );
}
