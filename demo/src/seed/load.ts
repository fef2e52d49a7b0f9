/**
 * Puts the fictitious people into a service: accounts at each start, records and documents once. Every document goes
 * through the SDK and the service's own admission, as it would over HTTP; only notices and log lines are left out.
 */
import { connect } from "@carnet/sdk";
import type { Bundle } from "@carnet/sdk/fhir";
import type { Actor, CarnetService } from "@carnet/service";
import { accounts, type DemoAccount } from "./accounts.ts";
import type { Calendar } from "./calendar.ts";
import { contentOf, headerOf } from "./content.ts";
import { type History, type SeedDocument, uniqueIdOf } from "./document.ts";
import { histories } from "./histories.ts";
import { type Person, people } from "./people.ts";
import { professionalName, type SeedProfessional } from "./professionals.ts";

/** PIN of every demo card and password of every demo patient: the sign-in page prints them. */
export const secrets = { pin: "1234", password: "Carnet-2026!" } as const;

/** What a start says while it works. */
export type Progress = (done: number, total: number) => void;

/** Creates the accounts, or brings them up to date. */
export async function loadAccounts(service: CarnetService): Promise<void> {
  for (const account of accounts) {
    const isMinor = account.representativeId !== undefined;
    await service.accounts.upsert({
      id: account.id,
      login: account.kind === "patient" ? account.id : (account.rpps ?? account.id),
      // A minor has no login of their own (R9): no secret, no address for a code, nothing offered on the sign-in page.
      ...(!isMinor && { secret: account.kind === "patient" ? secrets.password : secrets.pin }),
      ...(account.email && !isMinor && { email: account.email }),
      claims: claimsOf(account),
      isDemo: !isMinor,
    });
  }
}

/**
 * Opens the records and deposits every document, once. A start that was cut short is taken up where it stopped: documents
 * that are there are left alone, and the opposition, written last and once all else is on disk, says that nothing is
 * missing.
 */
export async function loadHistories(service: CarnetService, calendar: Calendar, progress: Progress): Promise<void> {
  if (await isComplete(service)) return;
  await service.store.confirmTogether(() => keepAll(service, histories(calendar), progress));
  // Told that a record would open, Sasha opposed; it still opens the day Sasha asks (R3, R7).
  const { ins, traits } = identityOf(people.sasha);
  await service.records.announce({ ins, traits, cardSerialNumber: "80250000999000000017" });
  await service.records.oppose(ins);
}

async function keepAll(service: CarnetService, all: readonly History[], progress: Progress): Promise<void> {
  for (const history of all) await openRecord(service, history);
  const total = all.reduce((sum, { documents }) => sum + documents.length, 0);
  let done = 0;
  for (const history of all) {
    const kept = await documentIds(service, history.person);
    const keep = async (document: SeedDocument) => {
      const uniqueId = uniqueIdOf(document);
      if (!kept.has(uniqueId)) kept.set(uniqueId, await depositDocument(service, document, kept));
      done += 1;
      if (done % 200 === 0) progress(done, total);
    };
    // A new version names the one that it replaces: that one must be there.
    await inParallel(
      history.documents.filter(({ replaces }) => !replaces),
      keep,
    );
    for (const document of history.documents.filter(({ replaces }) => replaces)) await keep(document);
    if (history.closedOn)
      await service.records.close(history.person.ins, {
        motive: "FERMETURE_DEMANDE_PATIENT",
        reason: "Demande de la personne",
        closedAt: new Date(history.closedOn),
      });
  }
  await archiveOld(service, all);
}

/** Documents under way at once: while the disk confirms one, the next is written. */
const underWay = 10;

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: underWay }, worker));
}

async function isComplete(service: CarnetService): Promise<boolean> {
  const { system, value } = people.sasha.ins;
  const opposition = await service.store.database
    .selectFrom("opposition")
    .select("opposed_at")
    .where("ins_system", "=", system)
    .where("ins_value", "=", value)
    .executeTakeFirst();
  return opposition !== undefined;
}

/** Ids on the wire of the documents that the record has, by uniqueId. */
async function documentIds(service: CarnetService, person: Person): Promise<Map<string, string>> {
  const recordId = await service.records.idOf(person.ins);
  const rows = await service.store.database
    .selectFrom("document")
    .select(["unique_id", "document_id"])
    .where("record_id", "=", recordId ?? "")
    .execute();
  return new Map(rows.map((row) => [row.unique_id, `${recordId}${row.document_id}`.replaceAll("-", "")]));
}

/** Archives what the histories mark so (R119). The seed speaks for the authors, whose cards it does not hold. */
async function archiveOld(service: CarnetService, all: readonly History[]): Promise<void> {
  for (const document of all.flatMap(({ documents }) => documents).filter(({ isArchived }) => isArchived))
    await service.store.database
      .updateTable("document")
      .set({ is_archived: true })
      .where("record_id", "=", (await service.records.idOf(document.person.ins)) ?? "")
      .where("unique_id", "=", uniqueIdOf(document))
      .execute();
}

function identityOf(person: Person) {
  const { ins, birthName, birthGivenNames, firstGivenName, usedName, sex, birthDate, birthPlaceCode } = person;
  const names = { birthName, birthGivenNames, firstGivenName, ...(usedName && { usedName }) };
  return { ins, traits: { ...names, sex, birthDate, birthPlaceCode } };
}

async function openRecord(service: CarnetService, history: History): Promise<void> {
  const { person } = history;
  const { ins } = person;
  await service.records.open({
    ...identityOf(person),
    openedAt: new Date("2022-01-31T09:00:00Z"),
  });
  const representative = Object.values<Person>(people).find(({ id }) => id === person.representativeId);
  if (representative)
    await service.records.addRepresentative(ins, {
      ins: representative.ins,
      name: accountOf(representative.id).name,
      kind: "parent",
      since: new Date("2022-01-31T09:00:00Z"),
    });
  const declare = (account: string, since: string, kind: "access" | "referring" | "block") => {
    const { rpps = "", name } = accountOf(account);
    return service.records.declareAuthorisation(ins, {
      subjectId: rpps,
      subjectName: name,
      kind,
      grantedAt: new Date(since),
    });
  };
  for (const { account, since } of history.authorised ?? []) {
    await declare(account, since, "access");
    if (account === history.referringDoctor) await declare(account, since, "referring");
  }
  for (const { account, since } of history.blocked ?? []) await declare(account, since, "block");
}

/** Deposits one document as its author, at the date it bears; gives its id. */
async function depositDocument(
  service: CarnetService,
  document: SeedDocument,
  kept: ReadonlyMap<string, string>,
): Promise<string> {
  const content = await contentOf(document);
  const record = inProcess(service, document).record(document.person.ins);
  const visibility = document.visibility ?? {};
  const input =
    content.kind === "cda"
      ? ({ kind: "cda", xml: content.xml, visibility } as const)
      : ({ kind: "fhir", bundle: content.bundle, visibility, metadata: metadataOf(document) } as const);
  const previous = document.replaces && kept.get(uniqueIdOf({ person: document.person, key: document.replaces }));
  const receipt = previous ? await record.replace(previous, input) : await record.deposit(input);
  return receipt.id;
}

function metadataOf(document: SeedDocument) {
  const { uniqueId, title, type, effectiveTime: date, act, patient, author } = headerOf(document);
  const { organization, ...person } = author;
  return {
    uniqueId,
    title,
    type,
    date,
    act: { start: act.start, ...(act.end && { end: act.end }) },
    patient,
    authors: [{ ...person, organization: { id: organization.id, name: organization.name } }],
    custodian: { id: organization.id, name: organization.name },
    facilityType: { code: organization.facilityType },
    practiceSetting: { code: organization.practiceSetting },
  };
}

/** An SDK client whose requests never leave the process. */
function inProcess(service: CarnetService, document: SeedDocument) {
  const actor = actorOf(document.author, document.structure);
  const receivedAt = new Date(document.date);
  const fetch: typeof globalThis.fetch = async (_address, init) => {
    const bundle = JSON.parse(String(init?.body)) as Bundle;
    const receipt = await service.deposit(actor, bundle, { silent: true, receivedAt });
    return Response.json({
      resourceType: "Bundle",
      type: "transaction-response",
      entry: receipt.documents.map(({ id }) => ({ response: { status: "201", location: `DocumentReference/${id}` } })),
    });
  };
  return connect({ baseUrl: `${service.config.publicUrl}/fhir`, accessToken: () => "in-process", fetch });
}

function actorOf(author: SeedProfessional, structure = author.structure): Actor {
  const { id, name, facilityType, practiceSetting } = structure;
  return {
    kind: "professional",
    id: author.rpps,
    name: professionalName(author),
    rpps: author.rpps,
    profession: author.profession.replace("G15_", ""),
    ...(author.specialty && { specialty: author.specialty }),
    structure: { id, name, facilityType, practiceSetting },
  };
}

function accountOf(id: string): DemoAccount {
  const found = accounts.find((account) => account.id === id);
  if (!found) throw new Error(`the seed names an account that does not exist: ${id}`);
  return found;
}

type Claims = Parameters<CarnetService["accounts"]["upsert"]>[0]["claims"];

function claimsOf(account: DemoAccount): Claims {
  const { kind, name, ins, rpps, profession, specialty, structure, dispatchCentre } = account;
  if (kind === "patient" && ins) return { kind, name, ins };
  if (kind === "establishment" && structure) return { kind, name, structure };
  if (kind === "professional" && rpps && profession)
    return {
      kind,
      name,
      rpps,
      profession,
      ...(specialty && { specialty }),
      ...(structure && { structure }),
      ...(dispatchCentre && { dispatchCentre }),
    };
  throw new Error(`account ${account.id} lacks what its kind needs`);
}
