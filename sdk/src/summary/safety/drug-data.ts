import * as v from "valibot";

/** Levels of the French thesaurus of interactions, the gravest first. */
export const interactionLevels = ["CI", "AD", "PE", "PC"] as const;
export type InteractionLevel = (typeof interactionLevels)[number];

export type SafetyDataErrorCode = "drug-data-shape" | "drug-data-file" | "drug-data-missing-part" | "drug-data-no-date";

/** Why reference data was refused. The message names the file or the field, and what to do. */
export class SafetyDataError extends Error {
  override readonly name = "SafetyDataError";
  readonly code: SafetyDataErrorCode;
  constructor(code: SafetyDataErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.string();

/** Where a part of the data comes from. `date`: YYYY, YYYY-MM or YYYY-MM-DD, of the edition, not of the loading. */
const source = v.object({
  part: v.picklist(["interactions", "drugs"]),
  title: v.pipe(text, v.minLength(1)),
  date: v.pipe(text, v.regex(/^\d{4}(-\d{2}){0,2}$/)),
  licence: text,
  /** What the file says about its own use, for example "for tests only". */
  warning: v.optional(text),
});

const schema = v.object({
  format: v.literal("carnet-drug-data/1"),
  sources: v.pipe(v.array(source), v.minLength(2)),
  /** [kind: s substance, c class, o other; label] */
  entities: v.array(v.tuple([v.picklist(["s", "c", "o"]), text])),
  /** [entity, entity, [[level, advice or condition]], mechanism]; symmetric, each pair once. */
  interactions: v.array(v.tuple([index, index, v.array(v.tuple([v.picklist(interactionLevels), text])), text])),
  /** [BDPM code of the active moiety or "", name, entities of its own and of its classes] */
  substances: v.array(v.tuple([text, text, v.array(index)])),
  /** Other names: [name of a salt or name in the thesaurus, substance] */
  aliases: v.array(v.tuple([text, index])),
  /** CIS: [substances, ATC or "", entities given by the route] */
  drugs: v.record(text, v.tuple([v.array(index), text, v.array(index)])),
  /** CIP13: CIS */
  boxes: v.record(text, text),
  /** ATC: substances */
  atc: v.record(text, v.array(index)),
});

/** Reference data as one file (`drug-data.json`), made by `npm run load-drug-data`. Format: docs/safety.md. */
export type DrugData = v.InferOutput<typeof schema>;
export type DrugDataSource = v.InferOutput<typeof source>;

/**
 * Parses a `drug-data.json`.
 *
 * @throws SafetyDataError `drug-data-shape`: the place of the first fault is in the message
 */
export function parseDrugData(json: unknown): DrugData {
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (!result.success) {
    const path = result.issues[0]?.path?.map((item) => String(item.key)).join(".") ?? "";
    throw new SafetyDataError(
      "drug-data-shape",
      `The drug data cannot be read at "${path}": load it again with npm run load-drug-data.`,
    );
  }
  const data = result.output;
  const { entities, interactions, substances, aliases, drugs, atc } = data;
  const isBeyond = (list: readonly number[], size: number) => list.some((one) => one >= size);
  const isBroken =
    interactions.some(([a, b]) => isBeyond([a, b], entities.length)) ||
    substances.some(([, , own]) => isBeyond(own, entities.length)) ||
    aliases.some(([, one]) => one >= substances.length) ||
    Object.values(drugs).some(
      ([own, , byRoute]) => isBeyond(own, substances.length) || isBeyond(byRoute, entities.length),
    ) ||
    Object.values(atc).some((own) => isBeyond(own, substances.length));
  if (isBroken) {
    throw new SafetyDataError(
      "drug-data-shape",
      "The drug data points at rows that it does not have: load it again with npm run load-drug-data.",
    );
  }
  return data;
}
