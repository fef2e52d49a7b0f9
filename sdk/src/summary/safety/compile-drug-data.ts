import { type DrugData, type DrugDataSource, SafetyDataError } from "./drug-data.ts";
import { normalise } from "./names.ts";
import { type OperatorFiles, readOperatorFiles } from "./operator-files.ts";

export interface CompiledDrugData {
  readonly data: DrugData;
  /** Names of files that are of no known kind. */
  readonly ignored: readonly string[];
  /** Substances whose link to the thesaurus was refused, because the thesaurus names another salt. */
  readonly refusedLinks: readonly string[];
}

/** Entities of the thesaurus that are a route: a drug has them by how it is given, not by its substances. */
const ROUTES: readonly { readonly entity: string; readonly route: RegExp; readonly needs?: string }[] = [
  { entity: "medicaments administres par voie orale", route: /^orale$/ },
  { entity: "medicaments utilises par voie vaginale", route: /^vaginale$/ },
  { entity: "sels de fer par voie injectable", route: /^(intraveineuse|intramusculaire)$/, needs: "fer" },
];

/**
 * Turns the operator's files into one compact table: drug → active moieties → entities of the thesaurus.
 *
 * @param inputs parsed files with their names, in the format of docs/safety.md
 * @throws SafetyDataError `drug-data-file`, `drug-data-missing-part`, `drug-data-no-date`
 */
export function compileDrugData(
  inputs: readonly { readonly name: string; readonly json: unknown }[],
): CompiledDrugData {
  const { files, ignored } = readOperatorFiles(inputs);
  const { interactions, thesaurusSubstances, drugSubstances, drugs, boxes, atc } = files;
  const refusedLinks: string[] = [];

  const entitiesOf = (at: number): number[] => {
    const row = thesaurusSubstances.substances[at];
    if (!row) return [];
    const own = row[3] >= 0 ? [row[3]] : [];
    const classes = row[2].flatMap((one) => thesaurusSubstances.classes[one]?.[1] ?? []);
    return [...new Set([...own, ...classes])].sort((a, b) => a - b);
  };

  // One row per active moiety: salts and hydrates of one substance must be one substance.
  const substances: DrugData["substances"] = [];
  const byCode = new Map<string, number>();
  const linked = new Map<number, Set<number>>();
  const aliases: DrugData["aliases"] = [];
  const salts = new Set<string>();
  const rowByCode = new Map(drugSubstances.substances.map((row) => [row[0], row]));
  const moietyOf = (at: number): number[] => {
    const row = drugSubstances.substances[at];
    if (!row) return [];
    const moiety = rowByCode.get(row[2]) ?? row;
    let found = byCode.get(moiety[0]);
    if (found === undefined) {
      found = substances.length;
      byCode.set(moiety[0], found);
      substances.push([moiety[0], moiety[1].toLowerCase(), []]);
    }
    if (row !== moiety && !salts.has(row[0])) {
      salts.add(row[0]);
      aliases.push([row[1].toLowerCase(), found]);
    }
    for (const [, name, , link] of [moiety, row]) {
      const label = thesaurusSubstances.substances[link]?.[1];
      if (label === undefined) continue;
      if (!isSameSalt(label, name)) {
        refusedLinks.push(name);
        continue;
      }
      linked.set(link, (linked.get(link) ?? new Set<number>()).add(found));
      const target = substances[found];
      if (target) target[2] = [...new Set([...target[2], ...entitiesOf(link)])].sort((a, b) => a - b);
    }
    return [found];
  };

  const unique = (list: readonly number[]) => [...new Set(list)].sort((a, b) => a - b);
  const routeEntities = ROUTES.flatMap(({ entity, route, needs }) => {
    const at = interactions.entities.findIndex(([, label]) => normalise(label) === entity);
    return at < 0 ? [] : [{ at, route, needs }];
  });
  const table: DrugData["drugs"] = {};
  for (const [cis, , , routes, , contents, code] of drugs.specialities) {
    const own = unique(contents.flatMap(([at]) => moietyOf(at)));
    const names = routes.map((one) => normalise(drugs.routes[one] ?? ""));
    const byRoute = routeEntities
      .filter(({ route, needs }) => {
        const isNeeded = !needs || own.some((one) => hasEntity(interactions.entities, substances[one]?.[2], needs));
        return isNeeded && names.some((name) => route.test(name));
      })
      .map(({ at }) => at);
    table[cis] = [own, code, byRoute];
  }
  const boxTable: Record<string, string> = {};
  for (const [cis, codes] of Object.entries(boxes.cip13)) for (const code of codes) boxTable[code] = cis;
  const atcTable: Record<string, number[]> = {};
  for (const [code, list] of Object.entries(atc.atc)) atcTable[code] = unique(list.flatMap(moietyOf));
  // A substance that no registered drug holds, or that several salts share, may still be named by a document.
  thesaurusSubstances.substances.forEach(([, label], at) => {
    const [only, ...others] = linked.get(at) ?? [];
    if (only === undefined || others.length > 0) substances.push(["", label, entitiesOf(at)]);
    else aliases.push([label, only]);
  });

  const data: DrugData = {
    format: "carnet-drug-data/1",
    sources: [toSource("interactions", interactions.meta), toSource("drugs", drugSubstances.meta)],
    entities: interactions.entities,
    interactions: interactions.interactions.map(([a, b, levels, mechanism]) => [a, b, levels, mechanism ?? ""]),
    substances,
    aliases,
    drugs: table,
    boxes: boxTable,
    atc: atcTable,
  };
  return { data, ignored, refusedLinks: [...new Set(refusedLinks)].sort() };
}

function hasEntity(entities: DrugData["entities"], own: readonly number[] | undefined, label: string): boolean {
  return (own ?? []).some((one) => normalise(entities[one]?.[1] ?? "") === label);
}

/** "sodium (bicarbonate de)" is not every sodium: a word in brackets must be in the name of the substance. */
function isSameSalt(label: string, name: string): boolean {
  const salt = /\(([^)]*)\)/.exec(label)?.[1];
  if (salt === undefined) return true;
  const words = normalise(salt)
    .split(" ")
    .filter((word) => word.length > 3);
  return words.length === 0 || words.some((word) => normalise(name).includes(word));
}

const MONTHS = [
  "janvier",
  "fevrier",
  "mars",
  "avril",
  "mai",
  "juin",
  "juillet",
  "aout",
  "septembre",
  "octobre",
  "novembre",
  "decembre",
];

function toSource(part: DrugDataSource["part"], meta: OperatorFiles["interactions"]["meta"]): DrugDataSource {
  const date = meta.date ?? /\b\d{4}-\d{2}(?:-\d{2})?\b/.exec(meta.source)?.[0] ?? frenchMonth(meta.source);
  if (date === undefined) {
    throw new SafetyDataError(
      "drug-data-no-date",
      `The file of ${part} has no date: give meta.date (YYYY-MM or YYYY-MM-DD).`,
    );
  }
  return {
    part,
    title: meta.source,
    date,
    licence: meta.licence ?? meta.derived_from ?? "non précisée",
    ...(meta.warning ? { warning: meta.warning } : {}),
  };
}

function frenchMonth(text: string): string | undefined {
  const found = new RegExp(`\\b(${MONTHS.join("|")}) (\\d{4})\\b`).exec(normalise(text));
  if (!found?.[1] || !found[2]) return undefined;
  return `${found[2]}-${String(MONTHS.indexOf(found[1]) + 1).padStart(2, "0")}`;
}
