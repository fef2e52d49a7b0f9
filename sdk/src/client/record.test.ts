import { expect, test } from "vitest";
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
