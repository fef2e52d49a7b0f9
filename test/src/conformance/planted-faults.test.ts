import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { OperationOutcome } from "@carnet/sdk/fhir";
import { beforeAll, describe, expect, it } from "vitest";
import { newUniqueId, type RunningCarnet } from "../support/carnet.ts";
import { clientOf, demoToken, insOf } from "../support/demo.ts";
import { hasShared, shared } from "../support/machine.ts";
import { patientOf } from "../support/patients.ts";
import { sharedCarnet } from "../support/shared-carnet.ts";

// biome-ignore lint/suspicious/noExplicitAny: the outside faults damage resources of every shape.
type Damaged = any;
type Fault = readonly [base: string, name: string, where: RegExp, damage: (resource: Damaged) => void];
type Base = "docRef" | "subset" | "provide" | "simplified";

const selftest = join(shared, "tools", "fhir", "selftest");
const load = async (file: string): Promise<Record<string, unknown>> =>
  import(/* @vite-ignore */ pathToFileURL(join(selftest, file)).href);
const faults: readonly Fault[] = hasShared()
  ? ((await load("faults.mjs")).faults as Fault[]).filter(([base]) =>
      ["docRef", "subset", "provide", "simplified"].includes(base),
    )
  : [];

describe.skipIf(faults.length === 0)("planted faults in submissions (needs ../shared)", () => {
  let carnet: RunningCarnet;
  let token: string;
  let bases: Record<Base, () => Damaged>;
  let patientId: string;
  let identity: Record<string, unknown>;

  beforeAll(async () => {
    carnet = await sharedCarnet();
    token = await demoToken(carnet.origin, "dr-martin");
    bases = (await load("bases.mjs")) as unknown as Record<Base, () => Damaged>;
    const patient = await patientOf(carnet.origin, "patient-camille");
    patientId = (await clientOf(carnet.origin, "dr-martin").record(patient.ins).status()).patientId ?? "";
    identity = {
      identifier: [{ use: "official", ...patient.ins }],
      name: [{ use: "official", family: patient.birthName, given: patient.birthGivenNames }],
      gender: patient.sex,
      birthDate: patient.birthDate,
    };
  });

  /** The shared base about a patient of the demo, under identifiers of its own. */
  function aboutCamille(resource: Damaged): Damaged {
    const text = JSON.stringify(resource)
      .replaceAll("Patient/p1", `Patient/${patientId}`)
      .replaceAll(/urn:oid:1\.2\.250\.1\.999\.1\.1\.(8121\.3\.12[12]|1)\b/g, newUniqueId);
    const about = JSON.parse(text) as Damaged;
    const documents = about.resourceType === "Bundle" ? about.entry.map((entry: Damaged) => entry.resource) : [about];
    for (const document of documents) {
      const source = document.contained?.find((inside: Damaged) => inside.resourceType === "Patient");
      if (source) Object.assign(source, identity);
    }
    return about;
  }

  async function send(base: Base, damage: (resource: Damaged) => void): Promise<{ status: number; text: string }> {
    const simplified = base === "simplified";
    const body = aboutCamille(simplified ? bases.simplified() : bases.provide());
    if (base === "docRef") damage(body.entry[1].resource);
    else if (base === "subset") damage(body.entry[0].resource);
    else damage(body);
    const response = await fetch(`${carnet.origin}/fhir${simplified ? "/DocumentReference" : ""}`, {
      method: "POST",
      headers: { "content-type": "application/fhir+json", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  }

  async function documentCount(): Promise<number> {
    const ins = await insOf(carnet.origin, "patient-camille");
    return (await clientOf(carnet.origin, "dr-martin").record(ins).documents().toArray()).length;
  }

  it.each(["provide", "simplified"] as const)("accepts the undamaged %s", async (base) => {
    const { status, text } = await send(base, () => {});
    expect([200, 201], text.slice(0, 800)).toContain(status);
  });

  it.each(faults.map((fault) => [`${fault[0]}: ${fault[1]}`, fault] as const))(
    "refuses %s, naming the place",
    async (_name, fault) => {
      const [base, , where, damage] = fault;
      const before = await documentCount();
      const { status, text } = await send(base as Base, damage);
      expect([400, 422], text.slice(0, 800)).toContain(status);
      const outcome = JSON.parse(text) as OperationOutcome;
      expect(outcome.resourceType).toBe("OperationOutcome");
      const places = outcome.issue.flatMap((issue) => [...(issue.expression ?? []), issue.details?.text ?? ""]);
      expect(
        places.some((place) => where.test(place)),
        places.join("\n"),
      ).toBe(true);
      expect(await documentCount()).toBe(before);
    },
  );
});
