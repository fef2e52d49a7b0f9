/**
 * Codes and numbers of a search that name their system (`system|code`), looked up in the resources themselves: the columns
 * beside them hold the codes alone, and a code of another system is another code.
 */
import { type RawBuilder, sql } from "kysely";

/** A value of a token parameter: `code`, `system|code`, `|code` or `system|`. */
export interface Token {
  /** Empty: that which has no system (FHIR). Undefined: of whatever system. */
  readonly system: string | undefined;
  readonly code: string;
}

/** Takes a token apart at its first bar. */
export function readToken(value: string): Token {
  const bar = value.indexOf("|");
  return { system: bar < 0 ? undefined : value.slice(0, bar), code: value.slice(bar + 1) };
}

/**
 * The resource of the row holds this token where `around` puts it; lists match by any of their members.
 * @param name of the property that stands beside `system`: `code` of a Coding, `value` of an Identifier
 */
export function holdsToken(
  { system, code }: Token,
  around: (element: object) => object,
  name: "code" | "value" = "code",
): RawBuilder<unknown> {
  if (system === "") {
    const path = `${pathTo(around({}))} ? (@.${name} == $code && !exists(@.system))`;
    return sql`jsonb_path_exists(resource::jsonb, ${path}::jsonpath, ${JSON.stringify({ code })}::jsonb)`;
  }
  const element = { ...(system === undefined ? {} : { system }), ...(code === "" ? {} : { [name]: code }) };
  return sql`resource::jsonb @> ${JSON.stringify(around(element))}::jsonb`;
}

/** The path to the innermost element; lists on the way are walked through by themselves. */
function pathTo(shape: unknown): string {
  const [one] = [shape].flat(1);
  const [name, inner] = Object.entries(one ?? {})[0] ?? [];
  return name === undefined ? "$" : pathTo(inner).replace("$", `$.${name}`);
}

/** Numbers of documents, lots and folders are of the one system of uris. */
export function isOfUris({ system }: Token): boolean {
  return system === undefined || system === "urn:ietf:rfc:3986";
}
