import { describe, expect, test } from "vitest";
import { connect, type RecordHandle } from "./index.ts";
import * as tasks from "./tasks.ts";
import { moduleOf, type VerbModules } from "./verbs.ts";

type Modules = VerbModules[keyof VerbModules];
type Together<U> = (U extends unknown ? (module: U) => void : never) extends (module: infer M) => void ? M : never;
type Bound<M> = {
  readonly [K in keyof M]: M[K] extends (context: tasks.RecordContext, ...rest: infer A) => infer R
    ? (...rest: A) => R
    : never;
};
type Lazy = Omit<RecordHandle, "ins" | "inMode" | "documents" | "read">;

const record = connect({ baseUrl: "http://127.0.0.1:9/fhir", accessToken: () => "t" }).record({
  system: "urn:oid:1.2.250.1.213.1.4.10",
  value: "279035121518989",
});

test("each verb of the handle has the types of the function behind it", () => {
  // Compiling is the test: a verb without a function, or with other parameters, is a type error here.
  const verbs = {} as Bound<Together<Modules>>;
  const handle: Lazy = verbs;
  expect(handle).toBe(verbs);
});

test("each function of a record has its verb, and each verb its function", async () => {
  const elsewhere = new Set([...Object.keys(await import("./across.ts")), "createContext", "ofRecord"]);
  const functions = Object.keys(tasks).filter((name) => !elsewhere.has(name));
  expect([...moduleOf.keys(), "documents", "read"].sort()).toEqual(functions.sort());
  await expect((record as unknown as Record<string, () => Promise<void>>).fly?.()).rejects.toMatchObject({
    code: "not-supported",
  });
  // A handle is no promise: `await` gives it back.
  expect((await record).ins).toBe(record.ins);
  // Written down, it is its INS and nothing else: no verb is called for it.
  expect(JSON.parse(JSON.stringify(record))).toEqual({ ins: record.ins });
  // Nor a directive of Lit, which looks for this mark on every value that a template is given.
  expect((record as unknown as Record<string, unknown>)._$litDirective$).toBeUndefined();
});

test("a verb answers with the typed errors of its function", async () => {
  const offline = { retries: 0 };
  const unreachable = connect({ baseUrl: "http://127.0.0.1:9/fhir", accessToken: () => "t", retry: offline });
  await expect(unreachable.record(record.ins).relatives()).rejects.toMatchObject({ code: "offline" });
  await expect(unreachable.myRecords()).rejects.toMatchObject({ code: "offline" });
});

/** Calls as JavaScript lets them be written. */
type Untyped = Readonly<Record<string, (...rest: readonly unknown[]) => unknown>>;

describe("a call without types that leaves an argument out, or gives another thing", () => {
  const loose = record as unknown as Untyped;
  const client = connect({ baseUrl: "http://127.0.0.1:9/fhir", accessToken: () => "t" }) as unknown as Untyped;
  const refused = async (work: () => unknown) => {
    try {
      await work();
    } catch (error) {
      return error instanceof TypeError ? error.message : error;
    }
    return undefined;
  };

  test.each<[verb: string, argument: string, ...calls: (readonly unknown[])[]]>([
    ["sendMessage", "message: {", [], ["bonjour"]],
    ["sendMessage", "attachments: a list", [{ text: "x", attachments: new ArrayBuffer(3) }]],
    ["sendMessage", "attachments: { bytes }", [{ text: "x", attachments: [{ bytes: new ArrayBuffer(3) }] }]],
    ["report", "about: ", [], ["a1"], [{ resourceType: "AuditEvent" }]],
    ["addRelative", "relative: {", [], ["carer"]],
    ["addAppointment", "appointment: {", [], ["2026-12-01"]],
    ["changeAppointment", "appointment: {", ["a1"]],
    ["changeDocuments", "documents: a list", [], ["hide"], ["hide", "d1"]],
    ["changeFolder", "folder: ", ["f1", { title: "Dos" }]],
    ["changeFolder", "change: {", [{ resourceType: "List", id: "f1" }]],
    ["allowApplication", "application: ", [], [undefined, ["read-documents"]]],
    ["allowApplication", "purposes: a list", ["agenda-plus"], ["agenda-plus", "read-documents"]],
    ["stopApplication", "application: ", []],
    ["noticePreferences", "change: {", ["message"]],
    ["accessPreferences", "change: {", ["allowsDispatch"]],
    ["authorise", "options: {", ["899700100014"]],
    ["readAll", "documents: a list", [], [{}], ["d1"]],
    ["documents", "filter: {", [null], ["11502-2"]],
  ])("%s names the argument: %s", async (verb, argument, ...calls) => {
    for (const rest of calls) expect(await refused(() => loose[verb]?.(...rest))).toContain(argument);
  });

  test("R125 a filter that the list does not know narrows nothing: it is named, and nothing is asked", async () => {
    for (const filter of [{ identifier: "urn:oid:1.2.3" }, { type: "11502-2", actForm: "2024-01-01" }]) {
      const list = loose.documents?.(filter) as ReturnType<RecordHandle["documents"]>;
      expect(await refused(() => list.toArray())).toContain(`filter: ${Object.keys(filter).at(-1)}`);
    }
  });

  test("the client's own verbs, and connect itself, do so too", async () => {
    expect(await refused(() => client.findPatients?.())).toContain("traits: {");
    expect(await refused(() => client.documentAlerts?.("11502-2"))).toContain("types: a list");
    for (const nothing of [[], [null], ["https://carnet.example/fhir"]])
      expect(await refused(() => (connect as (...rest: readonly unknown[]) => unknown)(...nothing))).toContain(
        "baseUrl",
      );
  });

  test("R71 never leaves a doctor in the ordinary mode who broke the glass in other words", async () => {
    for (const mode of ["BTG", undefined, null, {}, { purpose: "BTG", reason: "inconscient" }])
      expect(await refused(() => loose.inMode?.(mode))).toContain("mode: { purposeOfUse");
  });

  test("what is null was left out", async () => {
    const offline = connect({ baseUrl: "http://127.0.0.1:9/fhir", accessToken: () => "t", retry: { retries: 0 } });
    const verbs = offline.record(record.ins) as unknown as Untyped;
    for (const verb of ["authorise", "status", "accessLog", "export", "close", "appointments"])
      await expect(verbs[verb]?.(null)).rejects.toMatchObject({ code: "offline" });
    await expect(verbs.read?.("d1", null)).rejects.toMatchObject({ code: "offline" });
    for (const verb of ["myRecords", "applications", "documentAlerts", "professionalInformation", "indicators"])
      await expect((offline as unknown as Untyped)[verb]?.(null), verb).rejects.toMatchObject({ code: "offline" });
  });
});
