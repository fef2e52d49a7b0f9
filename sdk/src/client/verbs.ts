import { NotSupported } from "../fhir/http/errors.ts";
import type { RecordContext } from "./context.ts";

/** The modules of the verbs, fetched one by one. */
const load = {
  agenda: () => import("./agenda.ts"),
  applications: () => import("./applications.ts"),
  attributes: () => import("./attributes.ts"),
  changes: () => import("./changes.ts"),
  consents: () => import("./consents.ts"),
  deposit: () => import("./deposit/deposit.ts"),
  export: () => import("./export.ts"),
  folders: () => import("./folders.ts"),
  lifeCycle: () => import("./life-cycle.ts"),
  messages: () => import("./messages.ts"),
  preferences: () => import("./preferences.ts"),
  relatives: () => import("./relatives.ts"),
  rights: () => import("./rights.ts"),
  status: () => import("./status.ts"),
  stream: () => import("./stream.ts"),
  summary: () => import("./summary.ts"),
};

/** The modules behind the verbs, for the check that they and `RecordHandle` say the same. */
export type VerbModules = { readonly [M in keyof typeof load]: Awaited<ReturnType<(typeof load)[M]>> };

const names: Readonly<Record<keyof typeof load, string>> = {
  agenda: "appointments recommendedExaminations addAppointment changeAppointment removeAppointment",
  applications: "allowApplication stopApplication",
  attributes: "hide show setPatientVisibility archive unarchive remove",
  changes: "changes",
  consents:
    "consents authorise renounce withdraw endAuthorisation setReferringDoctor setCareRole block unblock withhold accessLog downloadAccessLog",
  deposit: "deposit replace",
  export: "export",
  folders: "folders submissions createFolder changeFolder removeFolder pinned pin",
  lifeCycle: "close reactivate requestDeletion objectToSuspension open oppose",
  messages: "messages sendMessage readAttachment markMessageRead endExchange report",
  preferences: "notices noticePreferences accessPreferences changeDocuments",
  relatives: "relatives addRelative removeRelative",
  rights: "rights",
  status: "status",
  stream: "stream readAll",
  summary: "summary",
};

/** Which module holds a verb. */
export const moduleOf: ReadonlyMap<string, keyof typeof load> = new Map(
  Object.keys(load).flatMap((module) => {
    const key = module as keyof typeof load;
    return names[key].split(" ").map((verb) => [verb, key] as const);
  }),
);

type Task = (context: RecordContext, ...rest: readonly unknown[]) => unknown;

/** Does one verb. @throws NotSupported when there is no such verb */
export async function call(context: RecordContext, verb: string, rest: readonly unknown[]): Promise<unknown> {
  const module = moduleOf.get(verb);
  if (!module) throw new NotSupported(`record.${verb}()`);
  const tasks = (await load[module]()) as unknown as Readonly<Record<string, Task>>;
  // What is `null` was left out.
  return tasks[verb]?.(context, ...rest.map((one) => one ?? undefined));
}
