/**
 * What is asked of a record itself: close it (TD1.4), re-activate it (TD1.2), have it deleted, object to its suspension.
 * `Patient/[id]/$close`, `$reactivate`, `$request-deletion`, `$object`; TD1.1 is refused. R7, R15 to R21.
 */
import type { FastifyInstance } from "fastify";
import type { Agent } from "../life-cycle/act.ts";
import * as states from "../life-cycle/states.ts";
import type { ManagementAct } from "../rules/index.ts";
import { loadRecord } from "../store/records.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { callerOf } from "./caller.ts";
import { isUuid } from "./ids.ts";
import { malformedParameters, type OperationParameter, readOptionalParameters } from "./operation-parameters.ts";
import { notFound, refusalError, WireError } from "./outcome.ts";
import { viewOf } from "./patient.ts";
import { patientResource } from "./patient-resource.ts";
import { sendFhir } from "./respond.ts";
import type { Services } from "./services.ts";

interface Operation {
  readonly name: string;
  readonly act: ManagementAct;
  readonly transaction: string;
  /** Does it; asked again of what is done already, it changes nothing. */
  run(record: OpenRecord, by: Agent, parameters: readonly OperationParameter[]): Promise<unknown>;
}

const MOTIVE = /^[A-Z][A-Z_]{2,59}$/;

export function registerRecordStates(fhir: FastifyInstance, services: Services): void {
  const operations: readonly Operation[] = [
    {
      name: "close",
      act: "close",
      transaction: "TD1.4",
      run: (record, by, parameters) => states.close(services, record.id, by, closureOf(record, parameters)),
    },
    {
      name: "reactivate",
      act: "reactivate",
      transaction: "TD1.2",
      run: async (record, by) => {
        const isDone = await states.reactivate(services, record.id, by);
        // Its key is destroyed already: nothing is left to come back (R20).
        if (!isDone) throw refusalError({ permit: false, rule: "R21", refusal: "forbidden" });
      },
    },
    {
      name: "request-deletion",
      act: "request-deletion",
      transaction: "DELETION",
      run: (record, by) => states.requestDeletion(services, record.id, by),
    },
    {
      name: "object",
      act: "object",
      transaction: "SUSPENSION",
      run: (record, by) => states.object(services, record.id, by),
    },
  ];
  for (const { name, act, transaction, run } of operations) {
    fhir.post<{ Params: { id: string } }>(`/Patient/:id/$${name}`, async (request, reply) => {
      const { id } = request.params;
      if (!isUuid(id)) throw notFound();
      const caller = callerOf(request);
      const trace = { transaction, action: "U", objectType: "Patient", objectId: id } as const;
      const record = await openRecord(services, caller, { id }, act, trace);
      await run(record, caller, readOptionalParameters(request.body));
      const now = services.now();
      const after = await loadRecord(services.store.database, { id }, caller.actor, now);
      if (!after) throw notFound();
      return sendFhir(reply, 200, patientResource(after, viewOf(services, caller, now)));
    });
  }

  // TD1.1: since July 2021 no software creates a record. R7.
  fhir.post("/Patient", async (request) => {
    callerOf(request);
    throw refusalError({ permit: false, rule: "R7", refusal: "forbidden" }, "Patient");
  });
}

/** `motive`: a code; `reason`: free text, which a professional must give (R16). @throws WireError 422 */
function closureOf({ caller }: OpenRecord, parameters: readonly OperationParameter[]): states.ClosureWords {
  const motive = parameters.find(({ name }) => name === "motive")?.valueCode ?? states.closureMotives.atRequest;
  if (!MOTIVE.test(motive) || states.ownMotives.has(motive)) throw malformedParameters("parameter.motive");
  const reason = parameters.find(({ name }) => name === "reason")?.valueString;
  if (caller.actor.kind !== "patient" && !reason) {
    throw new WireError(422, [
      {
        code: "required",
        fr: "La raison de la fermeture est exigée (paramètre reason).",
        en: "The reason of the closure is required (parameter reason).",
        rule: "R16",
        expression: "Parameters.parameter.reason",
      },
    ]);
  }
  return { motive, ...(reason ? { reason } : {}) };
}
