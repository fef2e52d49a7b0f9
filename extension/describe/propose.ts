import { type DocumentType, findDocumentType } from "@carnet/sdk/terminology";
import { readDates } from "./dates.ts";
import { fold } from "./fold.ts";
import { headingLength, headingOf, isCleanTitle } from "./heading.ts";
import { typeRules } from "./type-rules.ts";

export interface ProposedType {
  readonly type: DocumentType;
  readonly score: number;
  /** The words that decided, as written in the rules: shown to the person. */
  readonly because: string;
}

export interface Proposal {
  /** Best first, at most five; empty when nothing decides: nothing is then chosen in the person's place. */
  readonly types: readonly ProposedType[];
  readonly title: string;
  /** `YYYY-MM-DD` of the act; undefined when the document gives none. */
  readonly actDate: string | undefined;
}

const compiled = typeRules.map((rule) => ({ ...rule, pattern: new RegExp(rule.words, "s") }));

/**
 * Propose type, title and act date from what the document and its surroundings say. Everything stays editable.
 * @param input.birthDates of the people whom the document names
 */
export function propose(input: {
  text: string;
  fileName: string;
  linkText: string;
  today: string;
  birthDates?: readonly string[];
}): Proposal {
  const name = fold(`${input.fileName.replace(/\.[a-z0-9]{2,4}$/i, "").replace(/[_-]+/g, " ")} ${input.linkText}`);
  const heading = fold(input.text.slice(0, headingLength));
  const body = fold(input.text.slice(headingLength, 20_000));

  const best = new Map<string, ProposedType>();
  for (const rule of compiled) {
    const type = findDocumentType(rule.code);
    if (type === undefined) continue;
    const inHeading = rule.pattern.exec(heading);
    const inName = rule.pattern.exec(name);
    const inBody = rule.pattern.exec(body);
    // Earlier in the heading is more surely the title of the document.
    const place = inHeading === null ? 0 : 1 - inHeading.index / (2 * headingLength);
    const score = rule.weight * (3 * place + (inName === null ? 0 : 2) + (inBody === null ? 0 : 0.5));
    const because = (inHeading ?? inName ?? inBody)?.[0];
    if (because === undefined || score <= (best.get(rule.code)?.score ?? 0)) continue;
    best.set(rule.code, { type, score, because: because.trim() });
  }
  const types = [...best.values()].sort((one, other) => other.score - one.score).slice(0, 5);
  return {
    types,
    title: titleOf(input, types[0]?.type),
    actDate: actDateOf(input),
  };
}

/**
 * The document's own heading, else what the page calls it, else the type's label. Titles stand in lists that others read:
 * nothing that may be a name, a number or a diagnosis is proposed. The person may change it.
 */
function titleOf(input: { text: string; linkText: string }, type: DocumentType | undefined): string {
  const heading = headingOf(input.text);
  if (heading !== undefined) return heading;
  const link = input.linkText
    // Marks of direction would turn round whatever stands beside the title, in every list that shows it.
    .replace(/\p{Cf}/gu, "")
    .trim()
    .replace(/\s+/g, " ")
    .replace(/^(ouvrir|voir|afficher|télécharger|visionneuse|consulter)\s*:?\s*/i, "");
  return isCleanTitle(link) ? link : (type?.display ?? "");
}

const actWords =
  /(consultation|hospitalis\w+|sejour|examen|prelevement|preleve\w*|realise\w*|intervention|opere\w*|admission|entree|passage|acte|visite|seance|vu(?:e)?)\b[^\n]{0,40}$/;

/**
 * A date that follows words of an act; else the first date that is neither a birth date nor in the future. In columns the
 * label of a birth stands far from its date: the people who were read tell it.
 */
function actDateOf({ text, today, birthDates = [] }: Parameters<typeof propose>[0]): string | undefined {
  const [birth = ""] = birthDates;
  const dates = readDates(text.slice(0, 20_000)).filter(
    ({ date }) => date <= today && date >= "1950-01-01" && date > birth && !birthDates.includes(date),
  );
  const isBirth = (before: string) => /(ne\(?e?\)?|nee?|naissance|ddn)\b[^\n]{0,30}$/.test(before);
  const acts = dates
    .map((found) => ({ ...found, before: fold(text.slice(Math.max(0, found.start - 60), found.start)) }))
    .filter(({ before }) => !isBirth(before));
  return (acts.find(({ before }) => actWords.test(before)) ?? acts[0])?.date;
}
