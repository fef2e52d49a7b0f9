/**
 * Searching in the words of the documents (`_content`): what is written to a query, words that stay out of addresses, and
 * excerpts. Decided like every search: neither an excerpt nor a remark comes from a document that the caller may not see.
 */
import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import { sql } from "kysely";
import { headlines, MARKS, unreadIds } from "../store/document-texts.ts";
import { factsOfRow, type RuleRow, selectRuleColumns } from "../store/documents.ts";
import { fold, foldInPlace } from "../store/folded.ts";
import type { OpenRecord } from "./access.ts";
import type { SearchEntry } from "./bundle.ts";
import { badRequest, operationOutcome } from "./outcome.ts";
import type { Services } from "./services.ts";

const MAX_LENGTH = 200;
const MAX_WORDS = 20;

/**
 * The text of a `tsquery`: every word, in any order and form; words in quotation marks as written; a word with `*` at its
 * end as a beginning. @throws WireError 400
 */
export function readWords(written: string, parameter: string): string {
  const phrases: string[] = [];
  let count = 0;
  for (const [, quoted, word] of fold(written).matchAll(/["«]([^"»]*)["»]|([^\s"«»]+)/g)) {
    const words = [...(quoted ?? word ?? "").matchAll(/([\p{L}\p{N}]+)(\*?)/gu)].map(
      ([, letters, star]) => `${letters}${star === "*" ? ":*" : ""}`,
    );
    count += words.length;
    if (words.length > 0) phrases.push(`(${words.join(quoted === undefined ? " & " : " <-> ")})`);
  }
  if (written.length > MAX_LENGTH || count === 0 || count > MAX_WORDS) {
    throw badRequest("De 1 à 20 mots sont attendus.", "1 to 20 words are expected.", parameter);
  }
  return phrases.join(" & ");
}

const SEALED = "sealed:";
const IV_BYTES = 12;
const TAG_BYTES = 16;

const keyForWords = (recordKey: Buffer) => createHmac("sha256", recordKey).update("searched words").digest();

/** Words for the address of the next page: addresses are logged on their way. The same words give the same text. */
export function sealWords(recordKey: Buffer, words: string): string {
  const key = keyForWords(recordKey);
  const iv = createHmac("sha256", key).update(`words ${words}`).digest().subarray(0, IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const sealed = Buffer.concat([cipher.update(words, "utf8"), cipher.final()]);
  return SEALED + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** @throws WireError 400 when it was not sealed for this record */
export function openWords(recordKey: Buffer, words: string): string {
  if (!words.startsWith(SEALED)) return words;
  const key = keyForWords(recordKey);
  try {
    const bytes = Buffer.from(words.slice(SEALED.length), "base64url");
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, IV_BYTES));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return opened.toString("utf8");
  } catch {
    throw badRequest("Reprenez la recherche depuis le début.", "Start the search again.", "_content");
  }
}

const MATCH_URL = "https://carnet.example/fhir/StructureDefinition/text-match";

/** An excerpt around matching words. Places count UTF-16 units, the end is not included. */
interface Excerpt {
  readonly text: string;
  readonly matches: readonly { readonly start: number; readonly end: number }[];
}

/** `search.extension` of each visible document: its excerpts, as JSON text. */
export async function excerptsOf(
  services: Services,
  record: OpenRecord,
  documentIds: readonly string[],
  query: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await headlines(services.store.database, record.id, documentIds, query);
  return new Map(
    rows.flatMap(({ document_id, body, headline }) => {
      const excerpts = headline.split(MARKS.gap).flatMap((fragment) => excerptOf(body, fragment) ?? []);
      return excerpts.length > 0 ? [[document_id, JSON.stringify(excerpts.map(extensionOf))] as const] : [];
    }),
  );
}

/** The fragment is folded; its place in the folded text is its place in the text. */
function excerptOf(body: string, fragment: string): Excerpt | undefined {
  const bare = fragment.replaceAll(MARKS.start, "").replaceAll(MARKS.stop, "");
  const at = foldInPlace(body).indexOf(bare);
  if (at < 0 || bare === fragment) return undefined;
  const matches: { start: number; end: number }[] = [];
  let place = 0;
  let start = 0;
  for (const sign of fragment) {
    if (sign === MARKS.start) start = place;
    else if (sign === MARKS.stop) matches.push({ start, end: place });
    else place += sign.length;
  }
  return { text: body.slice(at, at + bare.length), matches };
}

function extensionOf({ text, matches }: Excerpt) {
  return {
    url: MATCH_URL,
    extension: [
      { url: "excerpt", valueString: text },
      ...matches.map(({ start, end }) => ({
        url: "match",
        extension: [
          { url: "start", valueInteger: start },
          { url: "end", valueInteger: end },
        ],
      })),
    ],
  };
}

/** A remark, when a document that the caller may see is not read yet: it says neither how many nor which. */
export async function unreadRemark(services: Services, record: OpenRecord): Promise<readonly SearchEntry[]> {
  const ids = await unreadIds(services.store.database, record.id);
  if (ids.length === 0) return [];
  const { rows } = await sql<RuleRow>`
    select ${selectRuleColumns()} from document
    where record_id = ${record.id} and document_id = any(${[...ids]}::uuid[])`.execute(services.store.database);
  if (!rows.some((row) => record.decideOn("search", factsOfRow(row)).permit)) return [];
  const outcome = operationOutcome([
    {
      severity: "information",
      code: "incomplete",
      fr: "Le texte de documents récents n'est pas encore lu : recherchez à nouveau dans un instant.",
      en: "The text of recent documents is not read yet: search again in a moment.",
    },
  ]);
  return [{ fullUrl: undefined, resource: JSON.stringify(outcome), mode: "outcome" }];
}
