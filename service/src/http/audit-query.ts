/** What a search of traces asks: parameters of ITI-81 and of BALP, to conditions on lines of the log. */
import { type RawBuilder, sql } from "kysely";
import { type ActorKind, actorKindCondition, isActorKind } from "../log/actor-kind.ts";
import type { Ins } from "../store/records.ts";
import { parseDate } from "./dates.ts";
import { readCount } from "./document-query.ts";
import { isUuid } from "./ids.ts";
import { badRequest } from "./outcome.ts";
import { unknownParameter } from "./parameters.ts";

/** A page of traces, asked for. */
export interface AuditQuery {
  readonly count: number;
  /** Event after which the page begins. */
  readonly cursor?: string | undefined;
  /** Id of the object that the lines are about. */
  readonly entity?: string | undefined;
  /** @param holder of the record: whether somebody acted in their own or another's depends on it */
  conditions(holder: Ins): readonly RawBuilder<unknown>[];
}

const PATIENT = ["patient", "patient.identifier", "patient:identifier"];
const PAGING = ["_count", "_cursor", "_sort", "_format"];
const AGENT = ["agent", "agent.identifier", "agent:identifier"];
const KNOWN: ReadonlySet<string> = new Set([
  ...PATIENT,
  ...PAGING,
  ...AGENT,
  "date",
  "agent-name",
  "agent-role",
  "action",
  "outcome",
  "subtype",
  "entity",
]);

/** @throws WireError 400 naming the parameter */
export function readAuditQuery(parameters: URLSearchParams): AuditQuery {
  for (const name of parameters.keys()) if (!KNOWN.has(name)) throw unknownParameter(name);
  const sort = parameters.get("_sort");
  if (sort !== null && sort !== "-date")
    throw badRequest("Les traces se trient par -date.", "Traces sort by -date.", "_sort");
  const criteria: RawBuilder<unknown>[] = [...datesOf(parameters), ...agentOf(parameters), ...whatOf(parameters)];
  const kinds = codesOf(parameters, "agent-role").map((code) => kindOf(code));
  return {
    count: readCount(parameters),
    cursor: readCursor(parameters.get("_cursor")),
    entity: readEntity(parameters.get("entity")),
    conditions: (holder) => [
      ...criteria,
      ...(kinds.length === 0
        ? []
        : [
            sql`(${sql.join(
              kinds.map((kind) => actorKindCondition(kind, holder)),
              sql` or `,
            )})`,
          ]),
    ],
  };
}

function readCursor(text: string | null): string | undefined {
  if (text === null) return undefined;
  if (!isUuid(text)) throw badRequest("Reprenez la recherche depuis le début.", "Start the search again.", "_cursor");
  return text;
}

/** Codes of a token parameter, each with or without its system. */
function codesOf(parameters: URLSearchParams, name: string): readonly string[] {
  return (parameters.get(name) ?? "")
    .split(",")
    .map((token) => token.slice(token.lastIndexOf("|") + 1))
    .filter((code) => code !== "");
}

function kindOf(code: string): ActorKind {
  if (isActorKind(code)) return code;
  throw badRequest("Ceci n'est pas un genre d'acteur.", "This is no kind of actor.", "agent-role");
}

function datesOf(parameters: URLSearchParams): RawBuilder<unknown>[] {
  return parameters.getAll("date").map((text) => {
    const { prefix, from, until } = parseDate(text, "date");
    switch (prefix) {
      case "ge":
        return sql`recorded >= ${from}`;
      case "gt":
      case "sa":
        return sql`recorded >= ${until}`;
      case "le":
        return sql`recorded < ${until}`;
      case "lt":
      case "eb":
        return sql`recorded < ${from}`;
      case "ne":
        return sql`not (recorded >= ${from} and recorded < ${until})`;
      default:
        return sql`(recorded >= ${from} and recorded < ${until})`;
    }
  });
}

/** Who acted: by national id of the person or the structure, or by the beginning of a name. */
function agentOf(parameters: URLSearchParams): RawBuilder<unknown>[] {
  const ids = AGENT.flatMap((name) => codesOf(parameters, name));
  const name = parameters.get("agent-name")?.trim();
  const pattern = name ? `%${name.replace(/[\\%_]/g, "\\$&")}%` : undefined;
  return [
    ...(ids.length === 0 ? [] : [sql`(actor_id = any(${ids}) or structure_id = any(${ids}))`]),
    ...(pattern === undefined ? [] : [sql`(actor_name ilike ${pattern} or structure_name ilike ${pattern})`]),
  ];
}

function readEntity(written: string | null): string | undefined {
  if (written === null) return undefined;
  const id = /^(?:.*\/)?([A-Za-z0-9.-]{1,64})$/.exec(written)?.[1];
  if (id === undefined)
    throw badRequest("entity est une référence, Type/id.", "entity is a reference, Type/id.", "entity");
  return id;
}

/** What was done, and how it ended. */
function whatOf(parameters: URLSearchParams): RawBuilder<unknown>[] {
  const actions = codesOf(parameters, "action");
  const outcomes = codesOf(parameters, "outcome");
  const transactions = codesOf(parameters, "subtype");
  if (outcomes.some((code) => !/^(0|4|8|12)$/.test(code)))
    throw badRequest("outcome vaut 0, 4, 8 ou 12.", "outcome is 0, 4, 8 or 12.", "outcome");
  return [
    ...(actions.length === 0 ? [] : [sql`action = any(${actions})`]),
    ...(outcomes.length === 0 ? [] : [sql`(outcome = 'granted') = any(${outcomes.map((code) => code === "0")})`]),
    ...(transactions.length === 0 ? [] : [sql`transaction = any(${transactions})`]),
  ];
}
