/**
 * `POST /demo/records`: a vendor trying the SDK opens a record for a fictitious person of their own. Demo only; the
 * people of the seed cannot be touched.
 */
import { InsError } from "@carnet/sdk/identity";
import type { CarnetService } from "@carnet/service";
import * as v from "valibot";
import { accounts } from "../seed/accounts.ts";

const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120));

const Identity = v.object({
  ins: v.object({ system: text, value: text }),
  birthName: text,
  birthGivenNames: v.pipe(v.array(text), v.minLength(1), v.maxLength(20)),
  firstGivenName: v.optional(text),
  usedName: v.optional(text),
  usedGivenName: v.optional(text),
  sex: v.picklist(["male", "female", "unknown"]),
  birthDate: v.pipe(v.string(), v.isoDate()),
  birthPlaceCode: v.optional(v.pipe(v.string(), v.regex(/^\d[\dAB]\d{3}$/))),
});

export function registerSandbox({ app, records }: CarnetService): void {
  app.post("/demo/records", async (request, reply) => {
    const parsed = v.safeParse(Identity, request.body);
    if (!parsed.success) {
      const places = parsed.issues.map((issue) => v.getDotPath(issue) ?? "body");
      return reply.code(400).send({ code: "identity", places });
    }
    const { ins, ...traits } = parsed.output;
    if (accounts.some((account) => account.ins?.value === ins.value)) {
      return reply.code(409).send({ code: "person-of-the-demo" });
    }
    try {
      const { id, isNew } = await records.open({ ins, traits });
      if (!isNew) await records.requalify(ins, traits);
      return reply.code(isNew ? 201 : 200).send({ id });
    } catch (error) {
      if (error instanceof InsError) return reply.code(400).send({ code: error.code, places: ["ins"] });
      throw error;
    }
  });
}
