/**
 * What the patient decides for the whole record: the three switches of emergency access (R73, R74) and hiding all that is
 * there and all that will come (R146). `Patient/[id]/$access-preferences`.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { appendAccess } from "../log/access-log.ts";
import { isMinor, mayCombine } from "../rules/index.ts";
import { openRecord } from "./access.ts";
import { callerOf } from "./caller.ts";
import { hideAllDocuments } from "./hide-all.ts";
import { isUuid } from "./ids.ts";
import { malformedParameters, readOperationParameters } from "./operation-parameters.ts";
import { notFound, refusalError } from "./outcome.ts";
import { sendFhir } from "./respond.ts";
import type { Services } from "./services.ts";

type Column = "allows_dispatch" | "allows_break_glass" | "allows_masked_in_emergency" | "hides_new_documents";
type Preferences = Readonly<Record<Column, boolean>>;

/** Name on the wire → column. */
const columnOf: ReadonlyMap<string, Column> = new Map([
  ["allowsDispatch", "allows_dispatch"],
  ["allowsBreakGlass", "allows_break_glass"],
  ["allowsHiddenInEmergency", "allows_masked_in_emergency"],
  ["hidesDocuments", "hides_new_documents"],
]);

export function registerAccessPreferences(fhir: FastifyInstance, services: Services): void {
  const address = "/Patient/:id/$access-preferences";
  const open = async (request: FastifyRequest<{ Params: { id: string } }>, action: "R" | "U") => {
    const { id } = request.params;
    if (!isUuid(id)) throw notFound();
    const trace = { transaction: "PREFERENCES", action, objectType: "Patient", objectId: id } as const;
    const record = await openRecord(services, callerOf(request), { id }, "preferences", trace);
    return { record, access: { ...trace, recordId: id, caller: record.caller, recorded: record.now } };
  };

  fhir.get<{ Params: { id: string } }>(address, async (request, reply) => {
    const { record, access } = await open(request, "R");
    await appendAccess(services.store.database, { ...access, outcome: "granted", rule: "R73" });
    return sendFhir(reply, 200, parametersOfRow(record.row));
  });

  fhir.post<{ Params: { id: string } }>(address, async (request, reply) => {
    const { record, access } = await open(request, "U");
    const wanted = readWanted(request.body);
    const row = await services.store.transaction(async (transaction) => {
      const changed = await transaction
        .updateTable("record")
        .set((eb) => ({ ...Object.fromEntries(wanted), version: eb("version", "+", 1), updated_at: record.now }))
        .where("record_id", "=", record.id)
        .where("state", "=", "open")
        .returning([...columnOf.values()])
        .executeTakeFirst();
      if (!changed) throw refusalError({ permit: false, rule: "R15", refusal: "closed" });
      if (wanted.get("hides_new_documents")) {
        const { rules } = services.config;
        const holder = { isHolderMinor: isMinor(record.row.birth_date, rules.majorityAge, record.now) };
        await hideAllDocuments(transaction, record.id, record.now, (labels) => mayCombine(labels, holder, rules));
      }
      const detail = [...columnOf].flatMap(([name, column]) => {
        const value = wanted.get(column);
        return value === undefined ? [] : [`${name}=${value}`];
      });
      await appendAccess(transaction, {
        ...access,
        outcome: "granted",
        rule: wanted.has("hides_new_documents") ? "R146" : "R73",
        detail: detail.join(" "),
      });
      return changed;
    });
    return sendFhir(reply, 200, parametersOfRow(row));
  });
}

/** @throws WireError 422 */
function readWanted(body: unknown): ReadonlyMap<Column, boolean> {
  const wanted = new Map<Column, boolean>();
  readOperationParameters(body).forEach(({ name, valueBoolean }, index) => {
    const column = columnOf.get(name);
    if (!column || valueBoolean === undefined) throw malformedParameters(`parameter.${index}`);
    wanted.set(column, valueBoolean);
  });
  return wanted;
}

function parametersOfRow(row: Preferences) {
  return {
    resourceType: "Parameters",
    parameter: [...columnOf].map(([name, column]) => ({ name, valueBoolean: row[column] })),
  };
}
