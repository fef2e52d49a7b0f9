import type { AuditEvent, Bundle, Consent, DocumentReference } from "@carnet/sdk/fhir";
import { profileUrl } from "@carnet/sdk/fhir";
import { beforeAll, describe, expect, it } from "vitest";
import { validProvideBundle } from "../support/captured-bundle.ts";
import type { RunningCarnet } from "../support/carnet.ts";
import { clientOf, demoToken, insOf } from "../support/demo.ts";
import { hasValidator, loadValidator, type Validate } from "../support/fhir-validator.ts";
import { patientOf } from "../support/patients.ts";
import { sharedCarnet } from "../support/shared-carnet.ts";

const mhd = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/";

describe.skipIf(!hasValidator())(
  "what is on the wire, seen by the outside FHIR validator (needs ../shared and its tools)",
  () => {
    let carnet: RunningCarnet;
    let validate: Validate;
    let identifier: string;
    const tokens = new Map<string, string>();

    beforeAll(async () => {
      [carnet, validate] = await Promise.all([sharedCarnet(), loadValidator()]);
      const ins = await insOf(carnet.origin, "patient-camille");
      identifier = encodeURIComponent(`${ins.system}|${ins.value}`);
      for (const account of ["dr-martin", "patient-camille", "ide-petit"])
        tokens.set(account, await demoToken(carnet.origin, account));
    });

    async function call<Answer>(
      path: string,
      account: string,
      init: RequestInit = {},
    ): Promise<{ status: number; json: Answer }> {
      const response = await fetch(`${carnet.origin}/fhir${path}`, {
        ...init,
        headers: {
          authorization: `Bearer ${tokens.get(account) ?? ""}`,
          accept: "application/fhir+json",
          ...init.headers,
        },
      });
      return { status: response.status, json: (await response.json()) as Answer };
    }

    const expectValid = (resource: unknown, profiles: readonly string[] = []) =>
      expect(validate(resource, profiles).map((issue) => `${issue.path}: ${issue.message}`)).toEqual([]);

    it("metadata", async () => expectValid((await call("/metadata", "dr-martin")).json));

    it("TD0.2: the state of a record, with the caller's Consent", async () => {
      const { json } = await call<Bundle>(`/Patient?identifier=${identifier}`, "dr-martin");
      expect(json.entry?.length).toBeGreaterThan(0);
      expectValid(json);
    });

    it("TD2: the Bundle the SDK sends, and the service's receipt", async () => {
      const bundle = await validProvideBundle(await patientOf(carnet.origin, "patient-camille"));
      expectValid(bundle, [profileUrl.provideBundle]);
      for (const entry of bundle.entry ?? []) {
        if (entry.resource?.resourceType === "DocumentReference")
          expectValid(entry.resource, [profileUrl.comprehensiveDocumentReference]);
        if (entry.resource?.resourceType === "List") expectValid(entry.resource, [profileUrl.submissionSet]);
      }
      const { status, json } = await call<Bundle>("", "dr-martin", {
        method: "POST",
        headers: { "content-type": "application/fhir+json" },
        body: JSON.stringify(bundle),
      });
      expect(status).toBe(200);
      expectValid(json, [`${mhd}IHE.MHD.ProvideDocumentBundleResponse`]);
    });

    it("TD3.1: a page of documents, and each of them", async () => {
      const path = `/DocumentReference?patient.identifier=${identifier}&status=current`;
      const { json } = await call<Bundle<DocumentReference>>(path, "dr-martin");
      expect(json.entry?.length).toBeGreaterThan(0);
      expectValid(json, [profileUrl.findDocumentReferencesResponse]);
      for (const entry of json.entry ?? []) expectValid(entry.resource, [profileUrl.comprehensiveDocumentReference]);
    });

    it("ITI-66: the lots", async () => {
      const { json } = await call<Bundle>(
        `/List?patient.identifier=${identifier}&code=submissionset&status=current`,
        "dr-martin",
      );
      expect(json.entry?.length).toBeGreaterThan(0);
      expectValid(json, [`${mhd}IHE.MHD.FindDocumentListsResponseMessage`]);
      for (const entry of json.entry ?? []) expectValid(entry.resource, [profileUrl.submissionSet]);
    });

    it("TD3.2: a document as Binary", async () => {
      const { json } = await call<Bundle<DocumentReference>>(
        `/DocumentReference?patient.identifier=${identifier}&status=current&_count=1`,
        "dr-martin",
      );
      const url = json.entry?.[0]?.resource?.content[0]?.attachment.url;
      expect(url).toBeTruthy();
      const response = await fetch(new URL(url ?? "", `${carnet.origin}/fhir/`), {
        headers: { authorization: `Bearer ${tokens.get("dr-martin")}`, accept: "application/fhir+json" },
      });
      expectValid(await response.json());
    });

    it("$summary: an IPS document", async () => {
      const { json } = await call<Bundle>(`/Patient/$summary?identifier=${identifier}`, "dr-martin");
      expectValid(json, [profileUrl.ipsBundle]);
    });

    it("Consent and AuditEvent: who may, who did", async () => {
      const consents = await call<Bundle<Consent>>(`/Consent?patient.identifier=${identifier}`, "patient-camille");
      expect(consents.json.entry?.length).toBeGreaterThan(0);
      expectValid(consents.json);
      const log = await call<Bundle<AuditEvent>>(`/AuditEvent?patient.identifier=${identifier}`, "patient-camille");
      expect(log.json.entry?.length).toBeGreaterThan(0);
      expectValid(log.json);
    });

    it("folders, messages, notices, appointments, relatives and applications", async () => {
      const ins = await insOf(carnet.origin, "patient-camille");
      const camille = clientOf(carnet.origin, "patient-camille").record(ins);
      const [first] = await camille.documents({}, {}).toArray({ limit: 1 });
      await camille.createFolder("Mon asthme", first ? [first] : []);
      const start = new Date(Date.now() + 86_400_000).toISOString();
      await camille.addAppointment({ description: "Prise de sang", start, remindAt: start });
      const file = { title: "lettre.txt", contentType: "text/plain", bytes: new TextEncoder().encode("texte") };
      const doctor = clientOf(carnet.origin, "dr-martin").record(ins);
      await doctor.sendMessage({ text: "Comment allez-vous ?", topic: "Suivi", attachments: [file] });
      const noe = await insOf(carnet.origin, "patient-noe");
      const ofNoe = encodeURIComponent(`${noe.system}|${noe.value}`);
      for (const path of [
        `/List?patient.identifier=${identifier}&code=folder&status=current`,
        `/Communication?patient.identifier=${identifier}&category=message`,
        `/Communication?patient.identifier=${identifier}&category=notice`,
        `/Appointment?patient.identifier=${identifier}`,
        `/RelatedPerson?patient.identifier=${ofNoe}`,
        "/HealthcareService",
      ]) {
        const { status, json } = await call<Bundle>(path, "patient-camille");
        expect(status, path).toBe(200);
        expect(json.entry?.length, path).toBeGreaterThan(0);
        expectValid(json);
        for (const { resource } of json.entry ?? []) expectValid(resource);
      }
    });

    it("refusals: OperationOutcome, whatever was asked", async () => {
      for (const [path, account] of [
        [`/DocumentReference?patient.identifier=${identifier}`, "dr-martin"],
        ["/DocumentReference/00000000-0000-4000-8000-000000000000", "dr-martin"],
        ["/Nothing", "dr-martin"],
        [`/DocumentReference?patient.identifier=${identifier}&status=current`, "nobody"],
      ] as const) {
        const { status, json } = await call<{ resourceType: string }>(path, account);
        expect(status).toBeGreaterThanOrEqual(400);
        expect(json.resourceType).toBe("OperationOutcome");
        expectValid(json);
      }
    });
  },
);
