/** The rows that a deposit writes: the lot, the new document, the old version that it replaces. */
import { randomUUID } from "node:crypto";
import type { DocumentReference } from "@carnet/sdk/fhir";
import type { AdmittedDocument } from "../admission/index.ts";
import type { DocumentRow } from "../store/documents.ts";
import type { KeptDeposit } from "../store/keep-deposit.ts";
import { resourceText } from "../store/resource-text.ts";
import type { DocumentFactTable } from "../store/tables.ts";
import type { OpenRecord } from "./access.ts";
import { actorKey } from "./caller.ts";
import type { Restrictions } from "./deposit-visibility.ts";
import { authorsOf } from "./document-authors.ts";
import { READER_VERSION, type ReadFacts } from "./document-facts.ts";
import { withAttributes } from "./document-resource.ts";
import type { Submission } from "./submission.ts";

/** The old version once it is replaced. */
export function supersededRow(previous: DocumentRow, now: Date) {
  const version = previous.version + 1;
  const resource: DocumentReference = JSON.parse(previous.resource);
  const next = withAttributes(resource, { ...previous, status: "superseded", version }, now);
  return { ...previous, version, updated_at: now, resource: resourceText(next) };
}

/** The row of the lot, as sent. */
export function lotRow(record: OpenRecord, submission: Submission, now: Date): KeptDeposit["lot"] {
  const { lot } = submission;
  const source = lot.resource.contained?.find((one) => `#${one.id}` === lot.resource.source?.reference);
  const practitioner = lot.resource.contained?.find((one) => one.resourceType === "Practitioner");
  const person = source?.resourceType === "Patient" ? source.name?.[0] : practitioner?.name?.[0];
  return {
    record_id: record.id,
    submission_set_id: randomUUID(),
    unique_id: lot.uniqueId,
    received_at: now,
    date: new Date(lot.date),
    designation_type:
      lot.resource.extension?.find((one) => one.url.endsWith("ihe-designationType"))?.valueCodeableConcept?.coding?.[0]
        ?.code ?? null,
    source_family: person?.family ?? null,
    source_given: person?.given?.[0] ?? null,
    source_id: actorKey(record.caller.actor),
    resource: JSON.stringify(lot.resource),
  };
}

/** The row of what was read in a document. */
export function factRow(row: DocumentRow, facts: ReadFacts): DocumentFactTable {
  return { record_id: row.record_id, document_id: row.document_id, reader_version: READER_VERSION, ...facts };
}

/** What the record sets. */
export interface RowIds {
  readonly documentId: string;
  readonly now: Date;
  readonly replaces: string | null;
  readonly restrictions: Restrictions;
  readonly setId: string | null;
  readonly setVersion: number | null;
}

/** The row of a new document. `submission_set_id` is filled in when the lot is kept. */
export function rowOf(
  record: OpenRecord,
  admitted: AdmittedDocument,
  kept: DocumentReference,
  ids: RowIds,
): DocumentRow {
  const { actor } = record.caller;
  const authors = authorsOf(kept);
  const period = kept.context?.period;
  const date = new Date(kept.date ?? ids.now);
  return {
    record_id: record.id,
    document_id: ids.documentId,
    submission_set_id: ids.documentId,
    version: 1,
    received_at: ids.now,
    updated_at: ids.now,
    unique_id: admitted.uniqueId,
    // Without a version there is no "same set, same version" to refuse (R116).
    set_id: ids.setVersion === null ? null : ids.setId,
    set_version: ids.setId === null ? null : ids.setVersion,
    status: "current",
    type_code: admitted.type.code,
    type_system: admitted.type.system,
    class_code: admitted.category.code,
    class_system: admitted.category.system,
    format_code: kept.content[0]?.format?.code ?? null,
    format_system: kept.content[0]?.format?.system ?? null,
    // Of several codings the one of our nomenclatures, wherever it stands: it is what is counted and searched.
    facility_code: admitted.facilityType?.code ?? kept.context?.facilityType?.coding?.[0]?.code ?? null,
    practice_code: admitted.practiceSetting?.code ?? kept.context?.practiceSetting?.coding?.[0]?.code ?? null,
    event_codes: (kept.context?.event ?? []).flatMap((event) => event.coding?.flatMap(({ code }) => code ?? []) ?? []),
    related_ids: (kept.context?.related ?? []).flatMap((one) => one.identifier?.value ?? one.reference ?? []),
    date,
    creation: kept.content[0]?.attachment.creation ? new Date(kept.content[0].attachment.creation) : null,
    act_start: period?.start ? new Date(period.start) : date,
    act_end: period?.end ? new Date(period.end) : null,
    confidentiality: admitted.visibility.confidentiality,
    is_hidden: admitted.visibility.hiddenFromProfessionals,
    is_invisible_to_patient: admitted.visibility.invisibleToPatient,
    is_invisible_to_representatives: admitted.visibility.invisibleToRepresentatives,
    is_archived: kept.extension?.some((one) => one.url.endsWith("pdsm-ext-is-archived") && one.valueBoolean) ?? false,
    author_kind: authors.kind,
    author_ids: [...authors.ids],
    author_structure_ids: [...authors.structureIds],
    author_families: [...authors.families],
    author_givens: [...authors.givens],
    depositor_kind: actor.kind,
    depositor_id: actorKey(actor),
    depositor_structure_id: actor.kind === "patient" ? null : (actor.structure?.id ?? null),
    ...ids.restrictions,
    replaces: ids.replaces,
    content_type: admitted.content.contentType,
    size: admitted.content.bytes.length,
    sha1: admitted.content.sha1,
    blob_id: randomUUID(),
    resource: resourceText(kept),
  };
}
