/** Fictitious people made on the spot, each with an account, for tests about beginnings and ends. */
import type { Bundle, Extension, Patient } from "@carnet/sdk/fhir";
import { identifierSystem } from "@carnet/sdk/fhir";
import { computeInsKey, type Ins } from "@carnet/sdk/identity";
import { sql } from "kysely";
import { createAccounts } from "../identity-provider/accounts.ts";
import type { NewRecord } from "../records.ts";
import type { TestPatient } from "./people.ts";
import type { TestCarnet } from "./service.ts";

export const DAY_MS = 86_400_000;
export const YEAR_MS = 366 * DAY_MS;

export interface Newcomer {
  readonly ins: Ins;
  readonly account: string;
  readonly traits: NewRecord["traits"];
  /** The same person, as documents are made of. */
  readonly patient: TestPatient;
}

let made = 0;

/** A person of whom the record knows nothing yet. @param birthDate YYYY-MM-DD */
export async function newcomer(carnet: TestCarnet, birthDate = "1980-03-02"): Promise<Newcomer> {
  made += 1;
  const [year = "", month = ""] = birthDate.split("-");
  const number = `2${year.slice(2)}${month}75${100 + made}${200 + made}`;
  const ins = { system: identifierSystem.insTest, value: number + computeInsKey(number) };
  const account = `newcomer-${made}`;
  const birthName = `ESSAI ${String.fromCharCode(65 + (made % 26))}${String.fromCharCode(65 + Math.floor(made / 26))}`;
  // Passwords are not what these tests are about: a light hash spares a second each.
  await createAccounts(carnet.service.store.database, carnet.now, { N: 2 ** 8, r: 8, p: 1 }).upsert({
    id: account,
    login: account,
    secret: "Essai-2026!",
    email: `${account}@mail.example`,
    claims: { kind: "patient", name: `Nadia ${birthName}`, ins },
  });
  const traits = { birthName, birthGivenNames: ["NADIA"], sex: "female", birthDate, birthPlaceCode: "75056" } as const;
  return { ins, account, traits, patient: { ins, birthName, given: "NADIA", sex: "female", birthDate } };
}

/** The same, with an open record. */
export async function newcomerWithRecord(
  carnet: TestCarnet,
  given: Partial<NewRecord> = {},
  birthDate?: string,
): Promise<Newcomer & { readonly id: string }> {
  const person = await newcomer(carnet, birthDate);
  const { id } = await carnet.service.records.open({ ins: person.ins, traits: person.traits, ...given });
  return { ...person, id };
}

/** `POST path`, with `Parameters` when some are given. */
export async function operate(
  carnet: TestCarnet,
  account: string | null,
  path: string,
  parameter?: readonly object[],
): Promise<Response> {
  const body = parameter ? { body: JSON.stringify({ resourceType: "Parameters", parameter }) } : {};
  return carnet.call(account, path, { method: "POST", ...body });
}

/** TD0.2. */
export async function statusOf(
  carnet: TestCarnet,
  account: string,
  { ins }: { readonly ins: Ins },
): Promise<Patient | undefined> {
  const identifier = encodeURIComponent(`${ins.system}|${ins.value}`);
  const response = await carnet.call(account, `/Patient?identifier=${identifier}`);
  const bundle: Bundle = await response.json();
  const found = bundle.entry?.find(({ resource }) => resource?.resourceType === "Patient")?.resource;
  return found?.resourceType === "Patient" ? found : undefined;
}

export function extensionOf(patient: Patient | undefined, url: string): Extension | undefined {
  return patient?.extension?.find((one) => one.url === url);
}

/** Codes of the first issue: the rule that refused, and what else it is known by. */
export async function codesOf(response: Response): Promise<readonly string[]> {
  const outcome: { issue?: { details?: { coding?: { code: string }[] } }[] } = await response.json();
  return (outcome.issue?.[0]?.details?.coding ?? []).map(({ code }) => code);
}

export async function ruleOf(response: Response): Promise<string | undefined> {
  return (await codesOf(response))[0];
}

/** Kinds of the mails that an account of a newcomer got. */
export async function mailsTo(carnet: TestCarnet, account: string): Promise<readonly string[]> {
  await carnet.service.sendNotices();
  const { rows } = await sql<{ kind: string }>`
    select kind from mail where recipient = ${`${account}@mail.example`} order by created_at`.execute(
    carnet.service.store.database,
  );
  return rows.map(({ kind }) => kind);
}

export interface Line {
  readonly transaction: string;
  readonly rule: string;
  readonly actor_kind: string;
  readonly outcome: string;
}

/** Lines of the access log of a record, oldest first. */
export async function logOf(carnet: TestCarnet, recordId: string): Promise<readonly Line[]> {
  const { rows } = await sql<Line>`
    select transaction, rule, actor_kind, outcome from access_log where record_id = ${recordId} order by sequence`.execute(
    carnet.service.store.database,
  );
  return rows;
}
