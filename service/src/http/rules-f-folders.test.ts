/** Folders (classeurs), pinned documents and lots: ITI-65, ITI-66, and the patient's own lists. R114, R145, R169. */
import { randomUUID } from "node:crypto";
import type { Bundle, List } from "@carnet/sdk/fhir";
import { codeSystem, extensionUrl, identifierSystem, profileUrl } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deposit, newUniqueId, provideBundle, receiptOf, type TestDocument, token } from "../testing/documents.ts";
import { patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const folderCode = { coding: [{ system: codeSystem.mhdListType, code: "folder" }] };

/** A folder as a sender gives it, over what `references` name. */
function folder(title: string, references: readonly string[], uniqueId = newUniqueId()): List {
  return {
    resourceType: "List",
    meta: { profile: [profileUrl.folder] },
    extension: [
      {
        url: extensionUrl.designationType,
        valueCodeableConcept: { coding: [{ system: codeSystem.documentClass, code: "10" }] },
      },
    ],
    identifier: [{ use: "usual", system: identifierSystem.uri, value: uniqueId }],
    status: "current",
    mode: "working",
    title,
    code: folderCode,
    subject: { type: "Patient", identifier: { ...patients.anna.ins } },
    date: "2026-03-02T09:31:00Z",
    entry: references.map((reference) => ({ item: { reference } })),
  };
}

/** ITI-65 with a folder over the documents of the deposit and those of `others`. */
function withFolder(
  title: string,
  documents: readonly TestDocument[],
  { others = [], uniqueId }: { others?: readonly string[]; uniqueId?: string } = {},
): Bundle {
  const bundle = provideBundle(...documents);
  const own = (bundle.entry ?? []).flatMap(({ fullUrl, resource }) =>
    resource?.resourceType === "DocumentReference" && fullUrl ? [fullUrl] : [],
  );
  const list = folder(title, [...own, ...others.map((id) => `DocumentReference/${id}`)], uniqueId);
  const entry = {
    fullUrl: `urn:uuid:${randomUUID()}`,
    resource: list,
    request: { method: "POST", url: "List" },
  } as const;
  return { ...bundle, entry: [...(bundle.entry ?? []), entry] };
}

const post = (account: string, body: unknown, path = "/") =>
  carnet.call(account, path, { method: "POST", body: JSON.stringify(body) });

async function send(account: string, bundle: Bundle): Promise<{ folderId: string; documentIds: readonly string[] }> {
  const response = await post(account, bundle);
  const answer: Bundle = await response.json();
  expect(response.status, JSON.stringify(answer)).toBe(200);
  const ids = (kind: string) =>
    (answer.entry ?? []).flatMap(({ response: one }) =>
      one?.location?.startsWith(`${kind}/`) ? [one.location.split("/")[1] ?? ""] : [],
    );
  return { folderId: ids("List").at(-1) ?? "", documentIds: [...new Set(ids("DocumentReference"))] };
}

async function lists(account: string, query: string): Promise<readonly List[]> {
  const response = await carnet.call(
    account,
    `/List?patient.identifier=${token(patients.anna)}&status=current&${query}`,
  );
  expect(response.status).toBe(200);
  const bundle: Bundle = await response.json();
  return (bundle.entry ?? []).flatMap(({ resource }) => (resource?.resourceType === "List" ? [resource] : []));
}

const members = (list: List | undefined) =>
  (list?.entry ?? []).map(({ item }) => item.reference?.replace("DocumentReference/", ""));

test("R114: a folder of a deposit holds its documents, and is found by its code, its identifier and its date", async () => {
  const { id: earlier } = await deposit(carnet, { title: "Avant" });
  const uniqueId = newUniqueId();
  const sent = await send("gp", withFolder("Suivi du genou", [{}, {}], { others: [earlier], uniqueId }));
  for (const query of [
    "code=folder",
    `code=${codeSystem.mhdListType}|folder`,
    `code=folder&identifier=${uniqueId}`,
    "code=folder&date=2026-03-02&designationType=10",
    `code=folder&_id=${sent.folderId}`,
    "code=submissionset,folder",
  ]) {
    const found = (await lists("nurse", `${query}&_count=200`)).find(({ id }) => id === sent.folderId);
    expect(found?.title, query).toBe("Suivi du genou");
    expect(members(found)).toEqual([...sent.documentIds, earlier]);
  }
  expect(await lists("nurse", "code=folder&designationType=42")).toEqual([]);
  const read: List = await (await carnet.call("nurse", `/List/${sent.folderId}`)).json();
  expect(members(read)).toHaveLength(3);
  // Sent again with one more document, it holds that one too; from somebody else it is refused.
  const again = await send("gp", withFolder("Suivi du genou", [{}], { uniqueId }));
  expect(again.folderId).toBe(sent.folderId);
  expect(members((await lists("nurse", `code=folder&identifier=${uniqueId}`))[0])).toHaveLength(4);
  expect((await post("cardiologist", withFolder("Le mien", [{ author: "cardiologist" }], { uniqueId }))).status).toBe(
    409,
  );
});

test("R114: a folder that lacks what the profile wants, or names an unknown document, is refused with its place", async () => {
  const bundle = withFolder("Incomplet", [{}]);
  const entry = (bundle.entry ?? []).map((one) => {
    if (one.resource?.resourceType !== "List" || one.resource.title !== "Incomplet") return one;
    const { title: _title, ...untitled } = one.resource;
    return { ...one, resource: untitled };
  });
  const broken = { ...bundle, entry };
  const refused = await post("gp", broken);
  expect(refused.status).toBe(422);
  expect(JSON.stringify(await refused.json())).toContain("Bundle.entry[3].resource.title");
  const { id: hidden } = await deposit(carnet, { author: "cardiologist", flags: ["MASQUE_PS"] });
  const unknown = await post("nurse", withFolder("Curieux", [{ author: "nurse" }], { others: ["f".repeat(64)] }));
  const curious = await post("nurse", withFolder("Curieux", [{ author: "nurse" }], { others: [hidden] }));
  expect([unknown.status, curious.status]).toEqual([422, 422]);
  expect(await curious.text()).toBe(await unknown.text());
});

test("R145: a folder that was named over a hidden document is not there; one that joins hidden changes nothing", async () => {
  const named = await send(
    "cardiologist",
    withFolder("Sérologies", [{ author: "cardiologist" }, { author: "cardiologist", flags: ["MASQUE_PS"] }]),
  );
  const titles = async (account: string) => (await lists(account, "code=folder")).map(({ title }) => title);
  expect(await titles("nurse")).not.toContain("Sérologies");
  expect(await titles("cardiologist")).toContain("Sérologies");
  expect(await titles("anna")).toContain("Sérologies");
  const absent = await (await carnet.call("nurse", `/List/${"f".repeat(64)}`)).text();
  expect(await (await carnet.call("nurse", `/List/${named.folderId}`)).text()).toBe(absent);

  const uniqueId = newUniqueId();
  const open = await send("cardiologist", withFolder("Cœur", [{ author: "cardiologist" }], { uniqueId }));
  const before = await (await carnet.call("nurse", `/List/${open.folderId}`)).text();
  carnet.travel(60_000);
  await send("cardiologist", withFolder("Cœur", [{ author: "cardiologist", flags: ["MASQUE_PS"] }], { uniqueId }));
  expect(await (await carnet.call("nurse", `/List/${open.folderId}`)).text()).toBe(before);
  expect(members((await lists("anna", `code=folder&identifier=${uniqueId}`))[0])).toHaveLength(2);
});

test("R132: the documents of lots and folders come with them when asked for, and never a hidden one", async () => {
  const seen = receiptOf(
    await (
      await post(
        "cardiologist",
        provideBundle({ author: "cardiologist" }, { author: "cardiologist", flags: ["MASQUE_PS"] }),
      )
    ).json(),
  );
  const query = `/List?patient.identifier=${token(patients.anna)}&code=submissionset,folder&status=current&_include=List:item&_count=200`;
  const bundle: Bundle = await (await carnet.call("nurse", query)).json();
  const included = (bundle.entry ?? [])
    .filter(({ search }) => search?.mode === "include")
    .map(({ resource }) => resource);
  expect(included.map((one) => one?.id)).toContain(seen.id);
  expect(JSON.stringify(included)).not.toContain("MASQUE_PS");
  expect((await carnet.call("nurse", query.replace("List:item", "List:source"))).status).toBe(400);
  const back: Bundle = await (
    await carnet.call(
      "nurse",
      `/DocumentReference?patient.identifier=${token(patients.anna)}&status=current&_id=${seen.id}&_revinclude=List:item`,
    )
  ).json();
  const lot = back.entry?.find(({ resource }) => resource?.resourceType === "List")?.resource;
  expect(lot?.resourceType === "List" && members(lot)).toEqual([seen.id]);
});

test("R132: lots are sorted and paged as asked, folders among them, each once", async () => {
  const all = await lists("anna", "code=submissionset,folder&_sort=_lastUpdated&_count=200");
  const instants = all.map(({ meta }) => meta?.lastUpdated ?? "");
  expect(instants).toEqual([...instants].sort());
  const paged: string[] = [];
  let next: string | undefined =
    `${carnet.base}/List?patient.identifier=${token(patients.anna)}&status=current&code=submissionset,folder&_sort=_lastUpdated&_count=3`;
  while (next) {
    const response: Response = await fetch(next, {
      headers: { authorization: `Bearer ${await carnet.token("anna")}` },
    });
    const bundle: Bundle = await response.json();
    expect(bundle.total).toBe(all.length);
    paged.push(...(bundle.entry ?? []).flatMap(({ resource }) => resource?.id ?? []));
    next = bundle.link?.find(({ relation }) => relation === "next")?.url;
  }
  expect(paged).toEqual(all.map(({ id }) => id));
  expect(
    (await carnet.call("anna", `/List?patient.identifier=${token(patients.anna)}&code=folder&_sort=title`)).status,
  ).toBe(400);
});

test("R169: the patient makes, changes and removes folders and pins; professionals see none of them", async () => {
  const { id: letter } = await deposit(carnet, { title: "Lettre" });
  const { id: result } = await deposit(carnet, { title: "Résultat" });
  const mine: List = {
    resourceType: "List",
    status: "current",
    mode: "working",
    title: "Mon genou",
    code: folderCode,
    subject: { identifier: { ...patients.anna.ins } },
    entry: [{ item: { reference: `DocumentReference/${letter}` } }],
  };
  const made = await post("anna", mine, "/List");
  expect(made.status).toBe(201);
  const kept: List = await made.json();
  const put = (account: string, body: unknown, headers: Record<string, string> = {}) =>
    carnet.call(account, `/List/${kept.id}`, { method: "PUT", body: JSON.stringify(body), headers });
  const entry = [result, letter].map((id) => ({ item: { reference: `DocumentReference/${id}` } }));
  expect((await put("anna", { ...mine, title: "Genou", entry }, { "if-match": 'W/"1"' })).status).toBe(200);
  expect((await put("anna", { ...mine, title: "Trop tard" }, { "if-match": 'W/"1"' })).status).toBe(412);
  const now = (await lists("anna", "code=folder")).find(({ id }) => id === kept.id);
  expect([now?.title, members(now)]).toEqual(["Genou", [result, letter]]);

  const pinned = {
    ...mine,
    title: "Épinglés",
    code: { coding: [{ system: "https://carnet.example/fhir/CodeSystem/list-type", code: "pinned" }] },
  };
  expect((await post("anna", pinned, "/List")).status).toBe(201);
  expect((await post("anna", { ...pinned, entry }, "/List")).status).toBe(200);
  expect((await lists("anna", "code=pinned")).map(members)).toEqual([[result, letter]]);

  for (const account of ["gp", "nurse"]) {
    const seen = [...(await lists(account, "code=folder")), ...(await lists(account, "code=pinned"))];
    expect(seen.map(({ id }) => id)).not.toContain(kept.id);
    expect((await put(account, mine)).status).toBe(403);
    expect((await post(account, mine, "/List")).status).toBe(403);
  }
  expect((await put("bruno", mine)).status).toBe(404);
  expect((await post("bruno", mine, "/List")).status).toBe(404);
  const foreign = await deposit(carnet, { patient: patients.bruno });
  const mixed = { ...mine, entry: [{ item: { reference: `DocumentReference/${foreign.id}` } }] };
  expect((await put("anna", mixed)).status).toBe(422);
  expect((await carnet.call("anna", `/List/${kept.id}`, { method: "DELETE" })).status).toBe(204);
  expect((await carnet.call("anna", `/List/${kept.id}`)).status).toBe(404);
});

test("R169, R152: a parent neither sees nor loses what a folder of the child's file holds in secret", async () => {
  const patient = patients.leo;
  const { id: open } = await deposit(carnet, { patient });
  const { id: secret } = await deposit(carnet, { patient, flags: ["INVISIBLE_REPRESENTANTS_LEGAUX"] });
  const entry = [{ item: { reference: `DocumentReference/${secret}` } }];
  const mine = {
    resourceType: "List",
    status: "current",
    mode: "working",
    title: "À nous",
    code: folderCode,
    subject: { identifier: { ...patient.ins } },
  };
  const refused = await post("anna", { ...mine, entry }, "/List");
  expect(refused.status).toBe(422);
  expect(await refused.text()).toBe(
    await (
      await post("anna", { ...mine, entry: [{ item: { reference: `DocumentReference/${"f".repeat(64)}` } }] }, "/List")
    ).text(),
  );
  expect(
    (await post("anna", { ...mine, entry: [{ item: { reference: `DocumentReference/${open}` } }] }, "/List")).status,
  ).toBe(201);
});
