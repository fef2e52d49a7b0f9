/** Replacing a document: which one, and by whom. R117. */
import type { AdmittedDocument, StatusPatch } from "../admission/index.ts";
import { decideReplacement } from "../rules/index.ts";
import { type DocumentRow, factsToReplace, findDocument, findDocumentByIdentifier } from "../store/documents.ts";
import type { OpenRecord } from "./access.ts";
import { parseWireId } from "./ids.ts";
import { refusalError, unprocessable } from "./outcome.ts";
import { checkIfMatch } from "./preconditions.ts";
import type { Services } from "./services.ts";

export async function findReplaced(
  services: Services,
  record: OpenRecord,
  admitted: AdmittedDocument,
): Promise<DocumentRow | undefined> {
  const { replaces } = admitted;
  if (!replaces) return undefined;
  const expression = replaces.expression;
  const previous = await findNamed(services, record.id, replaces.id, replaces.identifier?.value);
  const unknown = () =>
    unprocessable("R117", expression, {
      fr: "Le document à remplacer est inconnu dans ce dossier.",
      en: "The document to replace is unknown in this record.",
    });
  if (!previous) throw unknown();
  const facts = await factsToReplace(services.store.database, previous);
  const verdict = decideReplacement(record.question, facts);
  if (!verdict.permit) {
    // Who may not read it must not learn from a refusal that it is there.
    if (verdict.refusal === "concealed" || !record.decideOn("read", facts).permit) throw unknown();
    throw refusalError(verdict, expression);
  }
  return previous;
}

async function findNamed(
  services: Services,
  recordId: string,
  id: string | undefined,
  identifier: string | undefined,
): Promise<DocumentRow | undefined> {
  if (id !== undefined) {
    const member = parseWireId(id);
    return member?.recordId === recordId ? findDocument(services.store.database, recordId, member.memberId) : undefined;
  }
  return identifier ? findDocumentByIdentifier(services.store.database, recordId, identifier) : undefined;
}

/**
 * A patch of a status comes with the replacement of that very document, and with nothing else. R117.
 * @param replacing the rows that this deposit will supersede: `ifMatch` is held against the version that was read there
 * @param replaced ids of what was superseded when the same deposit came in the first time: their version moved by itself
 * @throws WireError 422; 412 when `ifMatch` names another version
 */
export async function checkPatches(
  services: Services,
  record: OpenRecord,
  patches: readonly StatusPatch[],
  replacing: readonly DocumentRow[],
  replaced: readonly (string | null)[],
): Promise<void> {
  for (const patch of patches) {
    const target = await findNamed(services, record.id, patch.id, patch.identifier?.value);
    const row = replacing.find(({ document_id }) => document_id === target?.document_id);
    if (row) checkIfMatch(patch.ifMatch, row.version);
    else if (!target || !replaced.includes(target.document_id)) throw unprocessable("R117", patch.expression);
  }
}
