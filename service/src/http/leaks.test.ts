/**
 * An attack on what is hidden: for each way in which a document could tell of itself, and each kind of hiding that
 * hidden-equals-absent.test.ts does not walk through, the answer is what it was before the document came in, or what it is
 * for one that never was. R142, R145, R152; Regulation 2025/327, article 8.
 */
import type { Bundle, Communication } from "@carnet/sdk/fhir";
import { codeSystem, extensionUrl, profileUrl } from "@carnet/sdk/fhir";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { comparable } from "../testing/comparable.ts";
import { deposit, newUniqueId, pdf, provideBundle, token } from "../testing/documents.ts";
import { patients, type TestPatient } from "../testing/people.ts";
import { breakGlass, declare, labels, recordIdOf, withhold } from "../testing/requests.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

const TYPE = "11490-0";
const EVENT = "Z99.8";
const DAY = "2019-05-05";

interface Target {
  readonly id: string;
  readonly uniqueId: string;
  readonly earlierId: string;
}
interface Reader {
  readonly name: string;
  /** A word of the hidden document alone: in its title and its folder. */
  readonly word: string;
  readonly account: string;
  readonly of: TestPatient;
  readonly headers?: Readonly<Record<string, string>>;
  readonly author: string;
  /** Who may see it, so that there is something to hide: its author, unless somebody else is named. */
  readonly seenBy?: string;
  readonly flag?: "MASQUE_PS" | "INVISIBLE_REPRESENTANTS_LEGAUX";
  /** From whom the patient withholds it: nobody named is every emergency. */
  readonly withheld?: { readonly by: string; readonly from?: string };
}
const readers: readonly Reader[] = [
  {
    name: "masked, to a nurse",
    word: "zygomorphe",
    account: "nurse",
    of: patients.anna,
    author: "gp",
    flag: "MASQUE_PS",
  },
  {
    name: "withheld from the referring doctor",
    word: "diplodocus",
    account: "gp",
    of: patients.anna,
    author: "cardiologist",
    withheld: { by: "anna", from: "gp" },
  },
  {
    name: "never in emergency, to who breaks the glass",
    word: "ornithorynque",
    account: "cardiologist",
    of: patients.anna,
    headers: breakGlass,
    author: "gp",
    seenBy: "anna",
    withheld: { by: "anna" },
  },
  {
    name: "secret to the parents, to the mother",
    word: "xylophage",
    account: "anna",
    of: patients.leo,
    author: "nurse",
    seenBy: "gp",
    flag: "INVISIBLE_REPRESENTANTS_LEGAUX",
  },
];

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
const documents = (query: string) => (record: string) => ({ path: `/DocumentReference?${record}&${query}` });
const lists = (query: string) => (record: string) => ({ path: `/List?${record}&status=current&${query}` });
const patched = (path: string, body: unknown): Asked => ({
  path,
  method: "PATCH",
  body,
  headers: { "content-type": "application/json-patch+json" },
});
const posted = (path: string, body: unknown): Asked => ({ path, method: "POST", body });

/** Ways that name no document: the answer stays what it was. */
const around: Readonly<Record<string, (record: string, recordId: string, word: string) => Asked>> = {
  "the list and its total": documents("status=current&_count=200"),
  "a count alone": documents("status=current&_summary=count"),
  "the total that is asked for": documents("status=current&_total=accurate&_count=1"),
  "the order of arrival": documents("status=current&_sort=_lastUpdated&_count=200"),
  "earlier versions": documents("status=superseded&_count=200"),
  "deleted ones": documents("status=entered-in-error"),
  "archived ones": documents("status=current&isArchived=true"),
  "what came in lately": documents(`status=current&_lastUpdated=ge${new Date().toISOString().slice(0, 10)}&_count=200`),
  "what changed lately": documents(`status=current&changed=ge${new Date().toISOString().slice(0, 10)}&_count=200`),
  "its type": documents(`status=current&type=${TYPE}`),
  "its day": documents(`status=current&date=${DAY}`),
  "the time of its act": documents(`status=current&period-start=${DAY}`),
  "its act's code": documents(`status=current&event=${EVENT}`),
  "its confidentiality": documents("status=current&security-label=MASQUE_PS,INVISIBLE_REPRESENTANTS_LEGAUX,R"),
  "its words": (record, _id, word) => documents(`status=current&_content=${word}`)(record),
  "the beginning of its words": (record, _id, word) =>
    documents(`status=current&_content=${word.slice(0, -1)}*`)(record),
  "the versions that come along": documents("status=current&_include=DocumentReference:relatesto&_count=200"),
  "the lots and folders that come along": documents("status=current&_revinclude=List:item&_count=200"),
  lots: lists("code=submissionset&_count=200"),
  "the number of lots": lists("code=submissionset&_count=1"),
  folders: lists("code=folder&_count=200"),
  "the documents of lots and folders": lists("code=submissionset,folder&_include=List:item&_count=200"),
  "the lots of its day": lists(`code=submissionset&date=${DAY}`),
  "the summary and its ETag": (_record, recordId) => ({ path: `/Patient/${recordId}/$summary` }),
  "the record and its version": (_record, recordId) => ({ path: `/Patient/${recordId}` }),
  "what happened, as notices": (record) => ({ path: `/Communication?${record}&category=notice` }),
  messages: (record) => ({ path: `/Communication?${record}&category=message` }),
  "the choices of the patient": (record) => ({ path: `/Consent?${record}` }),
  "refusals among them": (record) => ({ path: `/Consent?${record}&provision-type=deny` }),
  "the appointments": (record) => ({ path: `/Appointment?${record}` }),
};

/** Ways that name it: the answer is that of a document that never was. */
const about: Readonly<Record<string, (target: Target, reader: Reader, recordId: string) => Asked>> = {
  reading: ({ id }) => ({ path: `/DocumentReference/${id}` }),
  "the version before": ({ earlierId }) => ({ path: `/DocumentReference/${earlierId}` }),
  "the content": ({ id }) => ({ path: `/Binary/${id}` }),
  "a part of the content": ({ id }) => ({ path: `/Binary/${id}`, headers: { range: "bytes=0-0" } }),
  "the content's ETag": ({ id }) => ({ path: `/Binary/${id}`, headers: { "if-none-match": "*" } }),
  "the content without its bytes": ({ id }) => ({ path: `/Binary/${id}`, method: "HEAD" }),
  "the document as FHIR": ({ id }) => ({ path: `/Bundle/${id}` }),
  "what may be done with it": ({ id }) => ({ path: `/DocumentReference/${id}/$rights` }),
  "a search by its id": ({ id }, { of }) => documents(`status=current&_id=${id}`)(`patient.identifier=${token(of)}`),
  "a search by its identifier": ({ uniqueId }, { of }) =>
    documents(`status=current&identifier=${encodeURIComponent(`urn:ietf:rfc:3986|${uniqueId}`)}`)(
      `patient.identifier=${token(of)}`,
    ),
  "what replaced it": ({ id }, { of }) =>
    documents(`status=current,superseded&relatesto=DocumentReference/${id}`)(`patient.identifier=${token(of)}`),
  unmasking: ({ id }) => patched(`/DocumentReference/${id}`, labels("N")),
  "a wrong change": ({ id }) =>
    patched(`/DocumentReference/${id}`, [{ op: "test", path: "/status", value: "current" }]),
  "a change against a version": ({ id }) => ({
    ...patched(`/DocumentReference/${id}`, labels("N")),
    headers: { "content-type": "application/json-patch+json", "if-match": 'W/"99"' },
  }),
  "a new version": ({ id }, { of, account }) =>
    posted(
      "/",
      provideBundle({ patient: of, author: account, replaces: id, uniqueId: "urn:oid:1.2.3", content: pdf("x") }),
    ),
  "a report": ({ id }, { of }) =>
    posted("/Communication", {
      resourceType: "Communication",
      status: "completed",
      category: [{ coding: [{ code: "report" }] }],
      subject: { identifier: { ...of.ins } },
      about: [{ reference: `DocumentReference/${id}` }],
      payload: [{ contentString: "x" }],
    } satisfies Communication),
  "withholding it": ({ id }, { of }) =>
    posted("/Consent", {
      resourceType: "Consent",
      status: "active",
      patient: { identifier: { ...of.ins } },
      ...withhold(id, "optician"),
    }),
  "a folder over it": ({ id }, { of }) => posted("/List", folderOver(of, "x", [`DocumentReference/${id}`])),
  "a change of many": ({ id }, _reader, recordId) =>
    posted(`/Patient/${recordId}/$change-documents`, {
      resourceType: "Parameters",
      parameter: [
        { name: "change", valueCode: "hide" },
        { name: "document", valueReference: { reference: `DocumentReference/${id}` } },
      ],
    }),
};

function folderOver(of: TestPatient, title: string, references: readonly string[]) {
  return {
    resourceType: "List" as const,
    status: "current" as const,
    mode: "working" as const,
    title,
    code: { coding: [{ system: codeSystem.mhdListType, code: "folder" }] },
    subject: { type: "Patient", identifier: { ...of.ins } },
    entry: references.map((reference) => ({ item: { reference } })),
  };
}

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const call = ({ account, headers }: Reader, asked: Asked) =>
  carnet.call(account, asked.path, {
    method: asked.method ?? "GET",
    headers: { ...headers, ...asked.headers },
    ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
  });

/** Two versions of a hidden document, in a folder, read by somebody who may. */
async function hide({ of, author, flag, withheld, word }: Reader): Promise<Target> {
  const flags = flag ? [flag] : [];
  const given = {
    patient: of,
    author,
    flags,
    typeCode: TYPE,
    date: `${DAY}T08:00:00Z`,
    eventCodes: [EVENT],
    title: `Le ${word}`,
  };
  const uniqueId = newUniqueId();
  const earlier = await deposit(carnet, given);
  const bundle: Bundle = provideBundle({ ...given, uniqueId, replaces: earlier.id });
  const own =
    (bundle.entry ?? []).find(({ resource }) => resource?.resourceType === "DocumentReference")?.fullUrl ?? "";
  const folder = {
    ...folderOver(of, `Dossier ${word}`, [own]),
    meta: { profile: [profileUrl.folder] },
    extension: [
      {
        url: extensionUrl.designationType,
        valueCodeableConcept: { coding: [{ system: codeSystem.documentClass, code: "10" }] },
      },
    ],
    identifier: [{ use: "usual", system: "urn:ietf:rfc:3986", value: newUniqueId() }],
    date: `${DAY}T08:00:00Z`,
  };
  const entry = {
    fullUrl: `urn:uuid:${crypto.randomUUID()}`,
    resource: folder,
    request: { method: "POST", url: "List" },
  };
  const sent = await carnet.call(author, "/", {
    method: "POST",
    body: JSON.stringify({ ...bundle, entry: [...(bundle.entry ?? []), entry] }),
  });
  const receipt: Bundle = await sent.json();
  expect(sent.status, JSON.stringify(receipt)).toBe(200);
  const id = /DocumentReference\/([0-9a-f]{64})/.exec(JSON.stringify(receipt))?.[1] ?? "";
  for (const one of withheld ? [earlier.id, id] : [])
    expect((await declare(carnet, withheld?.by ?? "", withhold(one, withheld?.from), of)).status).toBe(201);
  return { id, uniqueId, earlierId: earlier.id };
}

describe.each(readers)("a document $name", (reader) => {
  const before = new Map<string, unknown>();
  let target: Target;
  let never: Target;
  let recordId: string;
  const record = `patient.identifier=${token(reader.of)}`;
  beforeAll(async () => {
    recordId = await recordIdOf(carnet, reader.of);
    await deposit(carnet, { patient: reader.of, author: "cardiologist", title: "Radiographie" });
    // Its text is read, and the first look tells the patient and opens what an emergency opens.
    await carnet.service.runJobs();
    const first = await call(reader, documents("status=current")(record));
    // Refused whatever it asks, a reader would prove nothing.
    expect(await first.text()).toContain("Radiographie");
    for (const [way, asked] of Object.entries(around))
      before.set(way, await comparable(await call(reader, asked(record, recordId, reader.word))));
    target = await hide(reader);
    await carnet.service.runJobs();
    const zeros = recordId.replaceAll("-", "");
    never = { id: zeros + "0".repeat(32), uniqueId: newUniqueId(), earlierId: zeros + "1".repeat(32) };
  });

  test.each(Object.keys(around))("R145 does not tell of itself by %s", async (way) => {
    const answer = await comparable(
      await call(reader, (around[way] as (typeof around)[string])(record, recordId, reader.word)),
    );
    expect(answer).toEqual(before.get(way));
    // Asked for by its words, the answer repeats them in its own address.
    if (!way.includes("words"))
      expect(JSON.stringify(answer)).not.toMatch(new RegExp(`${reader.word}|${target.id}|${target.earlierId}`, "i"));
  });

  test("R145 is named by no line of the log, no notice and no file of a copy", async () => {
    const lines = await call(reader, { path: `/AuditEvent?${record}&_count=200` });
    const table = await call(reader, { path: `/AuditEvent/$download?${record}&_format=json` });
    const told = [await lines.text(), await table.text()];
    const copy = await call(reader, posted(`/Patient/${recordId}/$export-record`, {}));
    if (copy.status === 200) {
      const files = Object.entries(unzipSync(new Uint8Array(await copy.arrayBuffer())));
      told.push(...files.map(([path, bytes]) => path + Buffer.from(bytes).toString("latin1")));
    }
    const secret = new RegExp(`${reader.word}|${target.id}|${target.earlierId}|withheld|never-in-emergency`, "i");
    for (const text of told) expect(secret.exec(text)?.[0]).toBeUndefined();
  });

  test.each(Object.keys(about))("R145 is answered like one that never was: %s", async (way) => {
    const ask = about[way] as (typeof about)[string];
    const answerTo = async (one: Target) => comparable(await call(reader, ask(one, reader, recordId)), { ...one });
    expect(await answerTo(target)).toEqual(await answerTo(never));
  });

  // Last: an access is told of, and would stand among the notices.
  test("is there, for who may see it", async () => {
    const found = await carnet.call(
      reader.seenBy ?? reader.author,
      documents(`status=current&_content=${reader.word}`)(record).path,
    );
    expect(await found.text()).toContain(target.id);
  });
});
