/** TD0.5: finding a record without INS, by the traits of a person. For the dispatch centre only. R43. */
import { appendAccess, outcomeOf } from "../log/access-log.ts";
import { decide, mayFindByTraits } from "../rules/index.ts";
import * as people from "../store/people.ts";
import { type LoadedRecord, loadRecord } from "../store/records.ts";
import { frameOf } from "./access.ts";
import type { Caller } from "./caller.ts";
import { badRequest, refusalError, WireError } from "./outcome.ts";
import { queryText, requireKnown } from "./parameters.ts";
import type { Services } from "./services.ts";

const TRAITS = ["family", "given", "birthdate"] as const;
const MAX_FOUND = 10;

export function isTraitSearch(parameters: URLSearchParams): boolean {
  return TRAITS.some((name) => parameters.has(name));
}

/**
 * Records of the people with this name, given name and birth date. Those who objected to dispatch access are not there
 * (R73).
 * @throws WireError 403 to anybody else, 400 when a trait is missing, 422 when too many people answer
 */
export async function findByTraits(
  services: Services,
  caller: Caller,
  parameters: URLSearchParams,
  now: Date,
): Promise<readonly LoadedRecord[]> {
  const may = mayFindByTraits(caller.actor, caller.purposeOfUse);
  if (!may.permit) throw refusalError(may);
  requireKnown(parameters, TRAITS);
  const [family, given, birthDate] = TRAITS.map((name) => parameters.get(name)?.trim() ?? "");
  if (!family || !given || !birthDate || !/^\d{4}-\d{2}-\d{2}$/.test(birthDate)) {
    throw badRequest(
      "La recherche par traits demande family, given et birthdate (AAAA-MM-JJ).",
      "A search by traits needs family, given and birthdate (YYYY-MM-DD).",
      "birthdate",
    );
  }
  const { database } = services.store;
  const ids = await people.findByTraits(database, { family, given, birthDate }, MAX_FOUND + 1);
  if (ids.length > MAX_FOUND) {
    throw new WireError(422, [
      {
        code: "too-costly",
        fr: "Trop de personnes répondent à ces traits : cherchez par INS.",
        en: "Too many people answer to these traits: search by INS.",
        rule: "R43",
      },
    ]);
  }
  const found: LoadedRecord[] = [];
  for (const id of ids) {
    const record = await loadRecord(database, { id }, caller.actor, now);
    if (!record) continue;
    const verdict = decide({ ...frameOf(services, caller, record, now), act: "find-by-traits" });
    await appendAccess(database, {
      recordId: id,
      caller,
      transaction: "TD0.5",
      action: "E",
      objectType: "Patient",
      query: queryText(parameters),
      recorded: now,
      ...outcomeOf(verdict),
    });
    if (verdict.permit) found.push(record);
  }
  return found;
}
