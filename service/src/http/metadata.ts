/** What the service can do: CapabilityStatement, SMART configuration, health. */
import { profileUrl } from "@carnet/sdk/fhir";
import type { FastifyInstance } from "fastify";
import { sql } from "kysely";
import { StorageFull } from "../store/blob-store.ts";
import { sendFhir } from "./respond.ts";
import type { Services } from "./services.ts";

const search = (name: string, type: "token" | "date" | "reference" | "string" | "special") => ({ name, type });

/** An operation of our own, described in docs/wire.md. */
const operation = (name: string) => ({
  name,
  definition: `https://carnet.example/fhir/OperationDefinition/${name}`,
});

export function capabilityStatement(publicUrl: string, date: string) {
  return {
    resourceType: "CapabilityStatement",
    status: "active",
    date,
    kind: "instance",
    software: { name: "Carnet", version: "0.1.0" },
    implementation: { description: "Dossier partagé Carnet", url: `${publicUrl}/fhir` },
    fhirVersion: "4.0.1",
    format: ["application/fhir+json"],
    patchFormat: ["application/json-patch+json", "application/fhir+json"],
    rest: [
      {
        mode: "server",
        security: {
          cors: true,
          service: [
            {
              coding: [
                { system: "http://terminology.hl7.org/CodeSystem/restful-security-service", code: "SMART-on-FHIR" },
              ],
            },
          ],
        },
        interaction: [{ code: "transaction" }],
        operation: [operation("professional-information")],
        resource: [
          {
            type: "Patient",
            interaction: [{ code: "read" }, { code: "search-type" }],
            searchInclude: ["Consent:patient"],
            searchParam: [
              search("identifier", "token"),
              // TD0.5, all three together, dispatch centre only (R43).
              search("family", "string"),
              search("given", "string"),
              search("birthdate", "date"),
            ],
            operation: [
              { name: "summary", definition: "http://hl7.org/fhir/uv/ips/OperationDefinition/summary" },
              operation("access-preferences"),
              operation("change-documents"),
              operation("open"),
              operation("oppose"),
              operation("close"),
              operation("reactivate"),
              operation("request-deletion"),
              operation("object"),
              operation("notice-preferences"),
            ],
          },
          {
            type: "Communication",
            interaction: [{ code: "read" }, { code: "search-type" }, { code: "create" }, { code: "patch" }],
            searchParam: [
              search("patient", "reference"),
              search("patient.identifier", "token"),
              search("category", "token"),
            ],
          },
          {
            type: "Appointment",
            interaction: [
              { code: "read" },
              { code: "search-type" },
              { code: "create" },
              { code: "update" },
              { code: "delete" },
            ],
            searchParam: [
              search("patient", "reference"),
              search("patient.identifier", "token"),
              search("date", "date"),
            ],
            operation: [operation("recommended")],
          },
          { type: "HealthcareService", interaction: [{ code: "read" }, { code: "search-type" }] },
          {
            type: "RelatedPerson",
            interaction: [{ code: "search-type" }, { code: "create" }, { code: "delete" }],
            searchParam: [search("patient", "reference"), search("patient.identifier", "token")],
          },
          {
            type: "DocumentReference",
            interaction: [{ code: "read" }, { code: "search-type" }, { code: "create" }, { code: "patch" }],
            versioning: "versioned",
            conditionalCreate: false,
            searchInclude: ["DocumentReference:relatesto"],
            searchRevInclude: ["List:item"],
            searchParam: [
              search("patient", "reference"),
              search("patient.identifier", "token"),
              search("status", "token"),
              search("type", "token"),
              search("category", "token"),
              search("date", "date"),
              search("creation", "date"),
              search("period", "date"),
              search("period-start", "date"),
              search("period-end", "date"),
              search("facility", "token"),
              search("setting", "token"),
              search("format", "token"),
              search("security-label", "token"),
              search("event", "token"),
              search("identifier", "token"),
              search("related", "reference"),
              search("relatesto", "reference"),
              search("author.given", "string"),
              search("author.family", "string"),
              search("isArchived", "token"),
              search("_content", "string"),
              search("_lastUpdated", "date"),
              search("changed", "special"),
              search("_id", "token"),
            ],
          },
          {
            type: "List",
            supportedProfile: [profileUrl.submissionSet, profileUrl.folder],
            interaction: [
              { code: "read" },
              { code: "search-type" },
              { code: "create" },
              { code: "update" },
              { code: "delete" },
            ],
            versioning: "versioned-update",
            searchInclude: ["List:item"],
            searchParam: [
              search("patient", "reference"),
              search("patient.identifier", "token"),
              search("code", "token"),
              search("status", "token"),
              search("date", "date"),
              search("identifier", "token"),
              search("designationType", "token"),
              search("source.given", "string"),
              search("source.family", "string"),
              search("source.identifier", "token"),
              search("_lastUpdated", "date"),
              search("changed", "special"),
              search("_id", "token"),
            ],
          },
          { type: "Binary", interaction: [{ code: "read" }] },
          { type: "Bundle", interaction: [{ code: "read" }] },
          {
            type: "Consent",
            interaction: [
              { code: "read" },
              { code: "search-type" },
              { code: "create" },
              { code: "patch" },
              { code: "delete" },
            ],
            searchParam: [
              search("patient", "reference"),
              search("patient.identifier", "token"),
              search("status", "token"),
            ],
          },
          {
            type: "AuditEvent",
            interaction: [{ code: "search-type" }],
            searchParam: [
              search("patient", "reference"),
              search("patient.identifier", "token"),
              search("date", "date"),
              search("agent", "reference"),
              search("agent.identifier", "token"),
              search("agent-name", "string"),
              search("agent-role", "token"),
              search("action", "token"),
              search("outcome", "token"),
              search("subtype", "token"),
              search("entity", "reference"),
            ],
            operation: [
              { name: "download", definition: "https://carnet.example/fhir/OperationDefinition/audit-download" },
            ],
          },
        ],
      },
    ],
  };
}

export function registerMetadata(fhir: FastifyInstance, services: Services): void {
  const { publicUrl } = services.config;
  const statement = capabilityStatement(publicUrl, services.now().toISOString());
  fhir.get("/metadata", { config: { isPublic: true } }, async (_request, reply) => sendFhir(reply, 200, statement));
  const smart = {
    issuer: `${publicUrl}/oidc`,
    jwks_uri: `${publicUrl}/oidc/jwks`,
    authorization_endpoint: `${publicUrl}/oidc/auth`,
    token_endpoint: `${publicUrl}/oidc/token`,
    grant_types_supported: ["authorization_code", "client_credentials"],
    scopes_supported: ["openid", "profile", "record"],
    response_types_supported: ["code"],
    code_challenge_methods_supported: ["S256"],
    capabilities: ["launch-standalone", "client-public", "sso-openid-connect", "permission-patient", "permission-user"],
  };
  fhir.get("/.well-known/smart-configuration", { config: { isPublic: true } }, async (_request, reply) =>
    reply.send(smart),
  );
}

/** How long a part of the service may take to say that it is there. */
const READY_MS = 3000;

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/**
 * `/healthz`: the process answers. `/readyz`: the database and the storage of contents do too; the antivirus counts when
 * deposits wait for it.
 */
export function registerHealth(app: FastifyInstance, services: Services): void {
  const { store, safety } = services;
  const antivirus = async () => {
    if (!safety.scanner) return "none";
    return (await safety.scanner.ping(AbortSignal.timeout(READY_MS))) ? "ready" : "unavailable";
  };
  app.get("/healthz", async (_request, reply) => reply.send({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const isUp = (work: Promise<unknown>) =>
      work.then(
        () => true,
        () => false,
      );
    const [database, storage, virusScan] = await Promise.all([
      // A database that is cut off neither answers nor refuses.
      isUp(Promise.race([sql`select 1`.execute(store.database), aborted(AbortSignal.timeout(READY_MS))])),
      store.blobs.check(AbortSignal.timeout(READY_MS)).then(
        () => store.blobs.kind,
        (error: unknown) => (error instanceof StorageFull ? "full" : "unavailable"),
      ),
      antivirus(),
    ]);
    const isReady =
      database && storage === store.blobs.kind && (virusScan !== "unavailable" || safety.whenUnavailable === "accept");
    if (!isReady) reply.code(503).header("retry-after", "5");
    return reply.send({
      status: isReady ? "ready" : "unavailable",
      database: database ? store.engine : "unavailable",
      storage,
      virusScan,
    });
  });
}
