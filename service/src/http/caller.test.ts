/** Who calls: what is not a judgement on the token, and who need not ask for a consent. */
import { connect } from "@carnet/sdk";
import type { Bundle, OperationOutcome } from "@carnet/sdk/fhir";
import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { token } from "../testing/documents.ts";
import { patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

const issuer = "http://127.0.0.1:9";
let carnet: TestCarnet;
beforeAll(async () => {
  // Nothing listens on the discard port.
  carnet = await startCarnet({ OIDC_ISSUER: issuer, OIDC_AUDIENCE: "carnet" });
});
afterAll(() => carnet.close());

test("R203: an outside issuer that does not answer is a 503 to try again, not a refusal of the token", async () => {
  const bearer = await new SignJWT({ azp: "carnet" })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer(issuer)
    .setSubject("somebody")
    .setExpirationTime("2m")
    .sign(new Uint8Array(32));
  const response = await carnet.call(null, `/Patient?identifier=${token(patients.anna)}`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("5");
  expect(((await response.json()) as OperationOutcome).issue[0]?.code).toBe("transient");
  expect((await carnet.call(null, "/Patient", { headers: { authorization: "Bearer a.b.c" } })).status).toBe(401);
});

test("R79, R65, R50: TD0.2 says who never consults, so that software does not ask the patient in vain", async () => {
  const statusOf = async (account: string) => {
    const client = connect({ baseUrl: carnet.base, accessToken: () => carnet.token(account) });
    const { authorisation, neverConsults } = await client.record(patients.anna.ins).status();
    return [authorisation, neverConsults];
  };
  expect(await statusOf("secretariat")).toEqual(["forbidden", "R79"]);
  expect(await statusOf("occupational")).toEqual(["forbidden", "R65"]);
  expect(await statusOf("dental-assistant")).toEqual(["forbidden", "R50"]);
  expect(await statusOf("pharmacist")).toEqual(["none", undefined]);
  expect(await statusOf("blocked")).toEqual(["forbidden", undefined]);
  expect(await statusOf("gp")).toEqual(["valid", undefined]);
});

test("R71: a justification keeps whole characters, and the line of the log is read back as it was hashed", async () => {
  const reason = `${"é".repeat(499)}😀 suite\u0000`;
  const response = await carnet.call(
    "pharmacist",
    `/DocumentReference?patient.identifier=${token(patients.anna)}&status=current`,
    {
      headers: { "x-purpose-of-use": "BTG", "x-reason": encodeURIComponent(reason) },
    },
  );
  expect(response.status).toBe(200);
  const traces: Bundle = await (
    await carnet.call("anna", `/AuditEvent?patient.identifier=${token(patients.anna)}`)
  ).json();
  expect(JSON.stringify(traces)).toContain("é".repeat(499));
});
