/** What is read of the `Parameters` that an operation is called with. */
import * as v from "valibot";
import { WireError } from "./outcome.ts";

const named = v.looseObject({
  name: v.pipe(v.string(), v.maxLength(64)),
  valueBoolean: v.optional(v.boolean()),
  valueCode: v.optional(v.pipe(v.string(), v.maxLength(64))),
  valueString: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(1000))),
  valueIdentifier: v.optional(
    v.looseObject({ system: v.pipe(v.string(), v.maxLength(100)), value: v.pipe(v.string(), v.maxLength(64)) }),
  ),
  valueReference: v.optional(v.looseObject({ reference: v.optional(v.pipe(v.string(), v.maxLength(200))) })),
});
const parameters = v.looseObject({
  resourceType: v.literal("Parameters"),
  parameter: v.pipe(v.array(named), v.minLength(1), v.maxLength(300)),
});

export type OperationParameter = v.InferOutput<typeof named>;

/** @throws WireError 422 naming the place */
export function readOperationParameters(body: unknown): readonly OperationParameter[] {
  const parsed = v.safeParse(parameters, body);
  if (!parsed.success) throw malformedParameters(v.getDotPath(parsed.issues[0]) ?? undefined);
  return parsed.output.parameter;
}

/** The same of a body that may be left out. */
export function readOptionalParameters(body: unknown): readonly OperationParameter[] {
  return body === undefined || body === null ? [] : readOperationParameters(body);
}

export function malformedParameters(place?: string): WireError {
  return new WireError(422, [
    {
      code: "value",
      fr: "Paramètres non compris : voir la description de l'opération.",
      en: "Parameters not understood: see the description of the operation.",
      expression: place ? `Parameters.${place}` : "Parameters",
    },
  ]);
}
