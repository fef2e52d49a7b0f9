/** Which notices the patient wants by mail (R193), and of which documents a professional wants to be told (R194). */
import type { Parameters } from "@carnet/sdk/fhir";
import { findDocumentType } from "@carnet/sdk/terminology";
import type { FastifyInstance, FastifyRequest } from "fastify";
import * as v from "valibot";
import { appendAccess } from "../log/access-log.ts";
import { isOptionalNotice, optionalNotices } from "../notices/preferences.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { callerOf } from "./caller.ts";
import { refusalError, WireError } from "./outcome.ts";
import { parametersOf, parseInsToken } from "./parameters.ts";
import { sendFhir } from "./respond.ts";
import type { Services } from "./services.ts";

const MAX_TYPES = 50;

const wishes = v.looseObject({
  resourceType: v.literal("Parameters"),
  parameter: v.pipe(
    v.array(v.looseObject({ name: v.pipe(v.string(), v.check(isOptionalNotice)), valueBoolean: v.boolean() })),
    v.maxLength(optionalNotices.length),
  ),
});
const followed = v.looseObject({
  resourceType: v.literal("Parameters"),
  parameter: v.optional(
    v.pipe(
      v.array(
        v.looseObject({
          name: v.literal("type"),
          valueCode: v.pipe(
            v.string(),
            v.check((code) => findDocumentType(code) !== undefined),
          ),
        }),
      ),
      v.maxLength(MAX_TYPES),
    ),
    [],
  ),
});

export function registerNoticePreferences(fhir: FastifyInstance, services: Services): void {
  const { database } = services.store;
  const open = async (request: FastifyRequest, action: "R" | "U"): Promise<OpenRecord> => {
    const token = parametersOf(request).get("identifier") ?? "";
    const ins = parseInsToken(token, "identifier", services.config.rules.acceptsWrongTestKeys);
    const caller = callerOf(request);
    const trace = { transaction: "NOTICES", action, objectType: "Parameters" } as const;
    const record = await openRecord(services, caller, { ins }, "notices", trace);
    const access = { ...trace, recordId: record.id, caller, recorded: record.now } as const;
    await appendAccess(database, { ...access, outcome: "granted", rule: "R193" });
    return record;
  };
  const current = async (record: OpenRecord): Promise<Parameters> => {
    const rows = await database
      .selectFrom("notice_preference")
      .select(["kind", "is_wanted"])
      .where("record_id", "=", record.id)
      .execute();
    const known = new Map(rows.map((row) => [row.kind, row.is_wanted]));
    return {
      resourceType: "Parameters",
      parameter: optionalNotices.map((name) => ({ name, valueBoolean: known.get(name) ?? true })),
    };
  };

  fhir.get("/Patient/$notice-preferences", async (request, reply) =>
    sendFhir(reply, 200, await current(await open(request, "R"))),
  );
  fhir.post("/Patient/$notice-preferences", async (request, reply) => {
    const parsed = v.safeParse(wishes, request.body);
    if (!parsed.success) throw malformed(v.getDotPath(parsed.issues[0]) ?? "", "R193");
    const record = await open(request, "U");
    await services.store.transaction(async (transaction) => {
      for (const { name, valueBoolean } of parsed.output.parameter) {
        const row = { is_wanted: valueBoolean, updated_at: record.now };
        await transaction
          .insertInto("notice_preference")
          .values({ record_id: record.id, kind: name, ...row })
          .onConflict((conflict) => conflict.columns(["record_id", "kind"]).doUpdateSet(row))
          .execute();
      }
    });
    return sendFhir(reply, 200, await current(record));
  });

  const professionalOf = (request: FastifyRequest): string => {
    const { actor } = callerOf(request);
    if (actor.kind !== "professional") throw refusalError({ permit: false, rule: "R194", refusal: "forbidden" });
    return actor.rpps;
  };
  const typesOf = async (professionalId: string): Promise<Parameters> => {
    const rows = await database
      .selectFrom("professional_alert")
      .select("type_code")
      .where("professional_id", "=", professionalId)
      .orderBy("type_code")
      .execute();
    // FHIR has no empty arrays.
    const parameter = rows.map((row) => ({ name: "type", valueCode: row.type_code }));
    return { resourceType: "Parameters", ...(parameter.length > 0 ? { parameter } : {}) };
  };
  // No record is opened here: the wish is the professional's own, and nothing of a patient is told.
  fhir.get("/$document-alerts", async (request, reply) => sendFhir(reply, 200, await typesOf(professionalOf(request))));
  fhir.post("/$document-alerts", async (request, reply) => {
    const professionalId = professionalOf(request);
    const parsed = v.safeParse(followed, request.body);
    if (!parsed.success) throw malformed(v.getDotPath(parsed.issues[0]) ?? "", "R194");
    const types = [...new Set(parsed.output.parameter.map(({ valueCode }) => valueCode))];
    await services.store.transaction(async (transaction) => {
      const mine = transaction.deleteFrom("professional_alert").where("professional_id", "=", professionalId);
      await (types.length > 0 ? mine.where("type_code", "not in", types) : mine).execute();
      for (const type_code of types) {
        await transaction
          .insertInto("professional_alert")
          .values({ professional_id: professionalId, type_code, since: services.now() })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    });
    return sendFhir(reply, 200, await typesOf(professionalId));
  });
}

function malformed(place: string, rule: "R193" | "R194"): WireError {
  const isPatient = rule === "R193";
  return new WireError(422, [
    {
      code: "value",
      fr: isPatient
        ? `Réglages non compris : ${optionalNotices.join(", ")}, chacun vrai ou faux. Les notifications de sécurité restent.`
        : "Réglages non compris : des parameter type, avec un code de type de document chacun.",
      en: isPatient
        ? `Settings not understood: ${optionalNotices.join(", ")}, each true or false. Security notices stay.`
        : "Settings not understood: parameters named type, each with the code of a document type.",
      expression: place ? `Parameters.${place}` : "Parameters",
      rule,
    },
  ]);
}
