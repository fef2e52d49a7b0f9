import type { AccessMode, RecordContext } from "./context.ts";
import { listDocuments } from "./documents.ts";
import { readDocument } from "./read.ts";
import type { RecordHandle } from "./record-handle.ts";

/**
 * Every DMP task as one verb on one person's record. Searching and reading come with the client; fifty other verbs written
 * out here would weigh more than both, so the handle makes them from their names, and fetches each at its first use.
 */
export function createRecordHandle(context: RecordContext): RecordHandle {
  const handle = {
    ins: context.ins,
    documents: listDocuments.bind(undefined, context),
    read: readDocument.bind(undefined, context),
    inMode: (mode: AccessMode) => createRecordHandle({ ...context, ...context.inMode(mode) }),
  };
  return new Proxy(handle as unknown as RecordHandle, {
    get: (own, name) =>
      // Others look for marks of their own (`then`, `toJSON`, `_$litDirective$`) on what they are given: those are no verbs.
      name in own || /^(then|toJSON)$|[^a-z]/i.test(String(name))
        ? Reflect.get(own, name)
        : async (...rest: unknown[]) => (await import("./verbs.ts")).call(context, name as string, rest),
  });
}
