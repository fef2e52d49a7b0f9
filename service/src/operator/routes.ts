/**
 * What the operator's own software asks, as JSON under `/operator`: announce insured persons, suspend, record a death,
 * name those whom a court or the law appoints, read and close what people reported. Only a machine client of the operator's structure (`OPERATOR_STRUCTURE`)
 * gets in: no person, and no other establishment. R2, R13, R18, R22, R37, R186.
 */

import { InsError } from "@carnet/sdk/identity";
import type { FastifyInstance, FastifyRequest } from "fastify";
import * as v from "valibot";
import { type Caller, readCaller, type TokenVerifier } from "../http/caller.ts";
import { WireError } from "../http/outcome.ts";
import type { Services } from "../http/services.ts";
import { announce, insuredPerson, ParentMissing } from "../life-cycle/announce.ts";
import { day, InsNotAccepted, text } from "../life-cycle/open.ts";
import { createRecords } from "../records.ts";
import { dayOf, endOfDay } from "../rules/index.ts";
import { birthDateOf } from "../store/life-cycle.ts";
import { closeReport, openReports } from "./reports.ts";

const ins = v.object({ system: text, value: text });

const acts = v.variant("act", [
  v.object({
    act: v.literal("suspend"),
    ins,
    reason: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(1000), v.regex(/^[^\0]+$/)),
  }),
  v.object({ act: v.literal("lift"), ins }),
  v.object({ act: v.literal("death"), ins, diedOn: day }),
  v.object({ act: v.literal("withdraw-death"), ins }),
  v.object({
    act: v.literal("represent"),
    ins,
    representative: v.object({
      ins,
      name: text,
      kind: v.picklist(["parent", "tutor", "curator", "mandatary", "heir"]),
      until: v.optional(day),
    }),
  }),
  v.object({
    act: v.literal("identity-status"),
    ins,
    status: v.picklist(["provisional", "retrieved", "validated", "qualified"]),
  }),
]);

const closing = v.object({ act: v.literal("close"), id: text });

/** Without `OPERATOR_STRUCTURE` the addresses do not exist. */
export async function registerOperator(app: FastifyInstance, services: Services, verify: TokenVerifier): Promise<void> {
  const { operatorStructure } = services.config;
  if (!operatorStructure) return;
  const records = createRecords(services);
  const callers = new WeakMap<FastifyRequest, Caller>();
  const callerOf = (request: FastifyRequest): Caller => {
    const caller = callers.get(request);
    if (!caller) throw new NotTheOperator();
    return caller;
  };
  await app.register(
    async (scope) => {
      scope.addHook("onRequest", async (request) => {
        const caller = await readCaller(request, verify);
        const { actor } = caller;
        const isOperator = actor.kind === "establishment" && actor.structure.id === operatorStructure;
        const isMachine = actor.kind === "establishment" && actor.authentication === "indirect";
        if (!isOperator || !isMachine) throw new NotTheOperator();
        callers.set(request, caller);
      });
      scope.addHook("onSend", async (_request, reply) => {
        reply.header("cache-control", "no-store");
      });
      scope.setErrorHandler((error, request, reply) => {
        const { status, code, place } = told(error);
        if (status >= 500) request.log.error({ err: error }, "an operator's request failed");
        return reply.code(status).send({ code, ...(place ? { place } : {}) });
      });

      scope.post("/insured-persons", async (request, reply) => {
        const parsed = v.safeParse(insuredPerson, request.body);
        if (!parsed.success) throw new Misunderstood(v.getDotPath(parsed.issues[0]) ?? "body");
        if (parsed.output.traits.birthDate > dayOf(services.now())) throw new Misunderstood("traits.birthDate");
        const announcement = await announce(services, parsed.output);
        return reply.code(announcement.state === "announced" ? 201 : 200).send(announcement);
      });

      scope.post("/records", async (request, reply) => {
        const parsed = v.safeParse(acts, request.body);
        if (!parsed.success) throw new Misunderstood(v.getDotPath(parsed.issues[0]) ?? "act");
        const act = parsed.output;
        const recordId = await records.idOf(act.ins);
        if (!recordId) return reply.code(404).send({ code: "no-record" });
        const wrong = act.act === "death" ? await wrongDeath(recordId, act.diedOn) : wrongRepresentative(act);
        if (wrong) throw new Misunderstood(wrong);
        if (!(await carryOut(act))) return reply.code(404).send({ code: "no-death" });
        return reply.code(204).send();
      });

      scope.get("/reports", async (request) => ({ reports: await openReports(services, callerOf(request)) }));

      scope.post("/reports", async (request, reply) => {
        const parsed = v.safeParse(closing, request.body);
        if (!parsed.success) throw new Misunderstood(v.getDotPath(parsed.issues[0]) ?? "act");
        const isClosed = await closeReport(services, callerOf(request), parsed.output.id);
        return isClosed ? reply.code(204).send() : reply.code(404).send({ code: "no-report" });
      });
    },
    { prefix: "/operator" },
  );

  /** A death shuts everybody out: a day ahead, or before the birth, is a slip of the pen. R22. */
  async function wrongDeath(recordId: string, diedOn: string): Promise<string | undefined> {
    const isPossible =
      diedOn <= dayOf(services.now()) && diedOn >= (await birthDateOf(services.store.database, recordId));
    return isPossible ? undefined : "diedOn";
  }

  /** Who would never be in office was not named. */
  function wrongRepresentative(act: v.InferOutput<typeof acts>): string | undefined {
    if (act.act !== "represent") return undefined;
    const { ins: whom, until } = act.representative;
    if (whom.system === act.ins.system && whom.value === act.ins.value) return "representative.ins";
    return until && endOfDay(until) <= services.now() ? "representative.until" : undefined;
  }

  /** @returns false when there was nothing to take back; any other act asked again changes nothing and is well */
  async function carryOut(act: v.InferOutput<typeof acts>): Promise<boolean> {
    switch (act.act) {
      case "suspend":
        await records.suspend(act.ins, act.reason);
        return true;
      case "lift":
        await records.lift(act.ins);
        return true;
      case "death":
        await records.recordDeath(act.ins, act.diedOn);
        return true;
      case "withdraw-death":
        return records.withdrawDeath(act.ins);
      case "identity-status":
        await records.setIdentityStatus(act.ins, act.status);
        return true;
      case "represent": {
        const { until, ...representative } = act.representative;
        const end = until ? { until: endOfDay(until) } : {};
        await records.addRepresentative(act.ins, { ...representative, ...end });
        return true;
      }
    }
  }
}

class NotTheOperator extends Error {}

class Misunderstood extends Error {
  readonly place: string;
  constructor(place: string) {
    super("misunderstood");
    this.place = place;
  }
}

/** No text of the request comes back, only the place. */
function told(error: unknown): { readonly status: number; readonly code: string; readonly place?: string } {
  if (error instanceof NotTheOperator) return { status: 403, code: "not-the-operator" };
  if (error instanceof Misunderstood) return { status: 400, code: "misunderstood", place: error.place };
  if (error instanceof WireError)
    return { status: error.status, code: error.status === 401 ? "unauthorised" : "refused" };
  if (error instanceof InsError || error instanceof InsNotAccepted || error instanceof ParentMissing) {
    return { status: 400, code: error.code, place: "ins" };
  }
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  return status >= 400 && status < 500 ? { status, code: "misunderstood" } : { status: 500, code: "failed" };
}
