/** One change of a document's attributes: decided flag by flag, written with its traces, and with the versions before it. */
import type { DocumentReference } from "@carnet/sdk/fhir";
import { sql } from "kysely";
import { type Access, appendAccess, outcomeOf } from "../log/access-log.ts";
import { writeNotice } from "../log/notice.ts";
import { type AttributeChange, decideAttribute, isMinor, mayCombine, refuse, type Verdict } from "../rules/index.ts";
import { type DocumentRow, factsOfRow, findDocument } from "../store/documents.ts";
import { versionOfRecord } from "../store/records.ts";
import { resourceText } from "../store/resource-text.ts";
import type { Database } from "../store/store.ts";
import type { frameOf } from "./access.ts";
import { withAttributes } from "./document-resource.ts";
import { wireId } from "./ids.ts";
import { type Attributes, changesBetween } from "./patch-document.ts";

type Frame = ReturnType<typeof frameOf>;

/** A change that may be made, with the verdict on each of its parts. */
export interface Decided {
  readonly after: Attributes;
  readonly verdicts: readonly { readonly change: AttributeChange; readonly verdict: Verdict }[];
}

export function attributesOf(row: DocumentRow): Attributes {
  return {
    status: row.status,
    confidentiality: row.confidentiality,
    is_hidden: row.is_hidden,
    is_invisible_to_patient: row.is_invisible_to_patient,
    is_invisible_to_representatives: row.is_invisible_to_representatives,
    is_archived: row.is_archived,
  };
}

/** Decides each part of a change, then what they amount to together (R141). The first refusal is the last verdict. */
export function decideChanges(frame: Frame, row: DocumentRow, after: Attributes): Decided {
  const verdicts: { change: AttributeChange; verdict: Verdict }[] = [];
  for (const change of changesBetween(attributesOf(row), after)) {
    const verdict = decideAttribute({ ...frame, document: factsOfRow(row), change });
    verdicts.push({ change, verdict: verdict.permit && !combines(frame, row, after) ? refuse("R141") : verdict });
    if (!verdict.permit) break;
  }
  return { after, verdicts };
}

function combines({ record, now, parameters }: Frame, before: DocumentRow, after: Attributes): boolean {
  const holder = { isHolderMinor: isMinor(record.birthDate, parameters.majorityAge, now) };
  const isAllowed = (flags: Attributes) =>
    mayCombine(
      {
        isHidden: flags.is_hidden,
        isInvisibleToPatient: flags.is_invisible_to_patient,
        isInvisibleToRepresentatives: flags.is_invisible_to_representatives,
      },
      holder,
      parameters,
    );
  // What was so before, under other settings, is not held against a change that makes it no worse.
  return isAllowed(after) || !isAllowed(attributesOf(before));
}

/**
 * Writes the document's new attributes and a line in the log for each part.
 * @returns the resource as it is now; undefined when somebody else changed the document meanwhile
 */
export async function writeChanges(
  database: Database,
  access: Omit<Access, "outcome" | "rule">,
  row: DocumentRow,
  { after, verdicts }: Decided,
): Promise<{ readonly resource: DocumentReference; readonly version: number } | undefined> {
  const { recordId, recorded: now } = access;
  const version = row.version + 1;
  const resource = withAttributes(JSON.parse(row.resource), { ...after, version }, now);
  const { rows } = await sql`
    update document set status = ${after.status}, is_hidden = ${after.is_hidden},
      is_invisible_to_patient = ${after.is_invisible_to_patient},
      is_invisible_to_representatives = ${after.is_invisible_to_representatives},
      confidentiality = ${after.confidentiality}, is_archived = ${after.is_archived}, version = ${version},
      updated_at = ${now}, resource = ${resourceText(resource)}, record_version = ${versionOfRecord(recordId)}
    where record_id = ${recordId} and document_id = ${row.document_id} and version = ${row.version}
    returning document_id`.execute(database);
  if (rows.length === 0) return undefined;
  for (const { change, verdict } of verdicts) {
    await appendAccess(database, { ...access, ...outcomeOf(verdict), detail: change });
    if (change === "hide" || change === "hide-from-representatives") {
      await hideEarlier(database, access, row, change, [{ change, verdict }]);
    }
    // R193: what could not be told when it came in (R151) is told when it shows.
    if (change === "show-to-patient") await tellShown(database, row, now);
  }
  return { resource, version };
}

/** The notice of a document that now shows to the patient: a new document, for them. */
export async function tellShown(
  database: Database,
  row: Pick<DocumentRow, "record_id" | "document_id" | "received_at">,
  now: Date,
): Promise<void> {
  const telling = { recordId: row.record_id, key: `shown:${row.document_id}`, kind: "new-document" as const };
  await writeNotice(database, { ...telling, now, occurredAt: row.received_at });
}

/**
 * R118: an old version is readable to those who may read the current one. So what hides this one hides those before.
 * @param told what the log says of it; nothing when it is empty
 */
export async function hideEarlier(
  database: Database,
  access: Omit<Access, "outcome" | "rule">,
  newest: Pick<DocumentRow, "document_id" | "replaces">,
  change: "hide" | "hide-from-representatives",
  told: Decided["verdicts"],
): Promise<void> {
  const flag = change === "hide" ? "is_hidden" : "is_invisible_to_representatives";
  const seen = new Set([newest.document_id]);
  for (let id = newest.replaces; id !== null && !seen.has(id); ) {
    seen.add(id);
    const row = await findDocument(database, access.recordId, id);
    if (!row) return;
    id = row.replaces;
    const after = { ...attributesOf(row), [flag]: true };
    if (changesBetween(attributesOf(row), after).length === 0) continue;
    const line = { ...access, objectId: wireId(access.recordId, row.document_id) };
    await writeChanges(database, line, { ...row, replaces: null }, { after, verdicts: told });
  }
}
