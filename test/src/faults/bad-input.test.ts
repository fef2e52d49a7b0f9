import type { Binary, Bundle, DocumentReference, OperationOutcome } from "@carnet/sdk/fhir";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { validProvideBundle } from "../support/captured-bundle.ts";
import type { RunningCarnet } from "../support/carnet.ts";
import { clientOf, demoToken, insOf } from "../support/demo.ts";
import type { PatientOfDocument } from "../support/documents.ts";
import { patientOf } from "../support/patients.ts";
import { sharedCarnet } from "../support/shared-carnet.ts";

describe("bad input to the record service", () => {
  let carnet: RunningCarnet;
  let patient: PatientOfDocument;
  let token: string;
  let before: number;

  beforeAll(async () => {
    carnet = await sharedCarnet();
    patient = await patientOf(carnet.origin, "patient-camille");
    token = await demoToken(carnet.origin, "dr-martin");
    before = await documentCount();
  });

  async function documentCount(): Promise<number> {
    const ins = await insOf(carnet.origin, "patient-camille");
    return (await clientOf(carnet.origin, "dr-martin").record(ins).documents().toArray()).length;
  }

  /** Sends a body to ITI-65 and gives status and OperationOutcome. */
  async function post(body: string | Uint8Array, headers: Record<string, string> = {}) {
    const response = await fetch(`${carnet.origin}/fhir`, {
      method: "POST",
      headers: { "content-type": "application/fhir+json", authorization: `Bearer ${token}`, ...headers },
      body: body as BodyInit,
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    return { status: response.status, outcome: JSON.parse(text) as OperationOutcome, text };
  }

  /** A valid Bundle, damaged. Each call has its own uniqueId. */
  async function damaged(
    damage: (parts: { bundle: Bundle; document: DocumentReference; binary: Binary }) => void,
  ): Promise<string> {
    const bundle = await validProvideBundle(patient);
    const document = bundle.entry?.find((entry) => entry.resource?.resourceType === "DocumentReference")
      ?.resource as DocumentReference;
    const binary = bundle.entry?.find((entry) => entry.resource?.resourceType === "Binary")?.resource as Binary;
    damage({ bundle, document, binary });
    return JSON.stringify(bundle);
  }

  async function expectRefused(
    body: string | Uint8Array,
    statuses: readonly number[],
    headers?: Record<string, string>,
  ) {
    const answer = await post(body, headers);
    expect(statuses, answer.text.slice(0, 600)).toContain(answer.status);
    expect(answer.outcome.resourceType).toBe("OperationOutcome");
    expect(answer.outcome.issue[0]?.code).toBeTruthy();
    expect(answer.outcome.issue[0]?.details?.text).toBeTruthy();
    expect(answer.text).not.toMatch(/node_modules|\.ts:\d|\.js:\d/);
    expect(await documentCount(), "nothing is stored").toBe(before);
    return answer;
  }

  const withXml = (xml: string) => async () =>
    damaged(({ document, binary }) => {
      const bytes = Buffer.from(xml);
      binary.data = bytes.toString("base64");
      const attachment = document.content[0]?.attachment;
      if (attachment) {
        attachment.size = bytes.length;
        delete attachment.hash;
      }
    });

  it("accepts the same Bundle undamaged (or the tests below would prove nothing)", async () => {
    const answer = await post(await damaged(() => {}));
    expect(answer.status, answer.text.slice(0, 600)).toBe(200);
    before = await documentCount();
  });

  it("refuses a body that is not JSON", () => expectRefused('{"resourceType": "Bundle",', [400]));
  it("refuses a Bundle of another type", async () =>
    expectRefused(await damaged(({ bundle }) => Object.assign(bundle, { type: "collection" })), [400, 422]));
  it("refuses a hash that is not the content's", async () => {
    const body = await damaged(({ document }) => {
      const attachment = document.content[0]?.attachment;
      if (attachment) attachment.hash = Buffer.alloc(20, 7).toString("base64");
    });
    const { outcome } = await expectRefused(body, [400, 422]);
    expect(JSON.stringify(outcome.issue)).toContain("hash");
  });
  it("R33: refuses an INS whose key is wrong", async () => {
    const wrong =
      patient.ins.value.slice(0, 13) + String((Number(patient.ins.value.slice(13)) % 97) + 1).padStart(2, "0");
    const body = (await damaged(() => {})).replaceAll(patient.ins.value, wrong);
    await expectRefused(body, [400, 404, 422]);
  });
  it("R84: refuses an unknown document type", async () =>
    expectRefused(
      await damaged(({ document }) => {
        const coding = document.type?.coding?.[0];
        if (coding) coding.code = "00000-0";
      }),
      [400, 422],
    ));
  it("refuses base64 cut in the middle", async () =>
    expectRefused(
      await damaged(({ binary }) => {
        binary.data = binary.data?.slice(0, Math.floor((binary.data?.length ?? 0) / 2) | 1);
      }),
      [400, 422],
    ));
  it("refuses XML with a DTD", async () =>
    expectRefused(await withXml('<?xml version="1.0"?><!DOCTYPE x [<!ELEMENT x ANY>]><x/>')(), [400, 422]));
  it("refuses XML with entities that would grow", async () =>
    expectRefused(
      await withXml(
        '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;">]><ClinicalDocument xmlns="urn:hl7-org:v3">&c;</ClinicalDocument>',
      )(),
      [400, 422],
    ));
  it("answers 413 to a body of 60 MB", async () => {
    const answer = await expectRefused(Buffer.alloc(60 * 1024 * 1024, 0x20), [413]);
    expect(answer.status).toBe(413);
  });
  it("answers 415 to a body of another kind", async () =>
    expectRefused("<Bundle/>", [415], { "content-type": "text/csv" }));

  it("answers 401 without a token, with a broken one, and with one signed by somebody else", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256");
    const jwk = await exportJWK(publicKey);
    const [, payload] = token.split(".");
    const claims = JSON.parse(Buffer.from(payload ?? "", "base64url").toString()) as Record<string, unknown>;
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: "ES256", typ: "at+jwt", jwk }).sign(privateKey);
    const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
    for (const bad of ["", "abc", `${token}x`, forged, unsigned]) {
      const answer = await expectRefused("{}", [401], { authorization: bad ? `Bearer ${bad}` : "" });
      expect(answer.status).toBe(401);
    }
  });

  it("lives after all this", async () => {
    const response = await fetch(`${carnet.origin}/healthz`);
    expect(response.status).toBe(200);
    expect(await documentCount()).toBe(before);
  });
});
