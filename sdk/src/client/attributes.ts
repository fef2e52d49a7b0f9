import type { CodeableConcept, DocumentReference } from "fhir/r4.js";
import { type CallOptions, isConflict } from "../fhir/http/index.ts";
import { codeSystem, extensionUrl, identifierSystem } from "../fhir/systems.ts";
import type { RecordContext } from "./context.ts";
import { toDocumentEntry, type VisibilityFlag, visibilityFlag } from "./document-entry.ts";
import { findDocument } from "./documents.ts";
import type { DocumentEntry, DocumentHandle, Receipt } from "./types.ts";
import { sendRemoval } from "./wire.ts";

interface PatchStep {
  readonly op: "add" | "replace";
  readonly path: string;
  readonly value: unknown;
}

/** How often a change is computed again when somebody else changed the metadata meanwhile. */
const ROUNDS = 3;

/**
 * TD3.3: changes only status, visibility or the archived flag (R124). The change is made on the version that was read
 * (`If-Match`); when another one slipped in, it is computed again on the new one, so that no flag is lost.
 */
async function change(
  context: RecordContext,
  document: DocumentHandle,
  stepsOf: (resource: DocumentReference) => readonly PatchStep[],
  options: CallOptions,
): Promise<DocumentEntry> {
  let entry = await findDocument(context, document, options);
  for (let round = 1; ; round++) {
    const steps = stepsOf(entry.resource);
    if (steps.length === 0) return entry;
    try {
      const { answer, body } = await context.http.json({
        method: "PATCH",
        path: "DocumentReference",
        query: queryOf(context, entry),
        contentType: "application/json-patch+json",
        headers: {
          prefer: "return=representation",
          ...(entry.versionId ? { "if-match": `W/"${entry.versionId}"` } : {}),
        },
        body: JSON.stringify(steps),
        // Safe to repeat: whole values are set, on a named version.
        isIdempotent: true,
        ...options,
      });
      if (isDocumentReference(body)) return toDocumentEntry(body, answer.request);
      return await findDocument(context, entry.id, options);
    } catch (error) {
      if (!isConflict(error) || error.status !== 412 || round === ROUNDS) throw error;
      entry = await findDocument(context, entry.id, options);
    }
  }
}

/** The document by its number, in this record: another one may hold the same number. */
function queryOf({ subject }: RecordContext, { uniqueId }: { readonly uniqueId: string }) {
  return { ...subject.query, identifier: `${identifierSystem.uri}|${uniqueId}` };
}

function isDocumentReference(body: unknown): boolean {
  return (
    typeof body === "object" && body !== null && "resourceType" in body && body.resourceType === "DocumentReference"
  );
}

/** Sets or clears visibility flags; the base confidentiality stays (wire.md, TD3.3b decision). */
function setFlags(flags: Partial<Record<VisibilityFlag, boolean>>) {
  return (resource: DocumentReference): PatchStep[] => {
    const labels = resource.securityLabel ?? [];
    const isFlag = (label: CodeableConcept, flag: string) =>
      label.coding?.some((coding) => coding.code === flag) ?? false;
    const kept = labels.filter((label) => !Object.keys(flags).some((flag) => isFlag(label, flag)));
    const base = kept.some((label) => !Object.values(visibilityFlag).some((flag) => isFlag(label, flag)));
    const wanted = Object.entries(flags).filter(([, isSet]) => isSet);
    const next: CodeableConcept[] = [
      ...(base ? [] : [{ coding: [{ system: codeSystem.confidentiality, code: "N" }] }]),
      ...kept,
      ...wanted.map(([code]) => ({ coding: [{ system: codeSystem.visibility, code }] })),
    ];
    const isSame =
      next.length === labels.length &&
      Object.entries(flags).every(([flag, isSet]) => labels.some((label) => isFlag(label, flag)) === isSet);
    return isSame ? [] : [{ op: labels.length > 0 ? "replace" : "add", path: "/securityLabel", value: next }];
  };
}

/** TD3.3a: hides the document from professionals (masquer, R142). @throws AccessRefused */
export function hide(context: RecordContext, document: DocumentHandle, options: CallOptions = {}) {
  return change(context, document, setFlags({ [visibilityFlag.hidden]: true }), options);
}

/** TD3.3a: shows it to professionals again (démasquer, R143). @throws AccessRefused */
export function show(context: RecordContext, document: DocumentHandle, options: CallOptions = {}) {
  return change(context, document, setFlags({ [visibilityFlag.hidden]: false }), options);
}

/** TD3.3b: visible to the patient or to the legal representatives (R148, R149). Fields left out stay as they are. */
export async function setPatientVisibility(
  context: RecordContext,
  document: DocumentHandle,
  visibility: { readonly patient?: boolean; readonly representatives?: boolean },
  options: CallOptions = {},
) {
  const { patient, representatives } = visibility ?? {};
  const flags: Partial<Record<VisibilityFlag, boolean>> = {
    ...(patient === undefined ? {} : { [visibilityFlag.invisibleToPatient]: !patient }),
    ...(representatives === undefined ? {} : { [visibilityFlag.invisibleToRepresentatives]: !representatives }),
  };
  // Said in other words (without types), it would be left as it is and read as done.
  if (Object.keys(flags).length === 0) throw new TypeError("setPatientVisibility: { patient, representatives }");
  return change(context, document, setFlags(flags), options);
}

/** TD3.3d: out of the default list (archiver, R119). @throws AccessRefused */
export function archive(context: RecordContext, document: DocumentHandle, options: CallOptions = {}) {
  return setArchived(context, document, true, options);
}

/** TD3.3d: back into the default list (R119). @throws AccessRefused */
export function unarchive(context: RecordContext, document: DocumentHandle, options: CallOptions = {}) {
  return setArchived(context, document, false, options);
}

function setArchived(context: RecordContext, document: DocumentHandle, isArchived: boolean, options: CallOptions = {}) {
  return change(
    context,
    document,
    (resource) => {
      const index = resource.extension?.findIndex((one) => one.url === extensionUrl.isArchived) ?? -1;
      const extension = { url: extensionUrl.isArchived, valueBoolean: isArchived };
      if (index >= 0) {
        if (resource.extension?.[index]?.valueBoolean === isArchived) return [];
        return [{ op: "replace", path: `/extension/${index}/valueBoolean`, value: isArchived }];
      }
      if (!isArchived) return [];
      if (resource.extension) return [{ op: "add", path: "/extension/-", value: extension }];
      return [{ op: "add", path: "/extension", value: [extension] }];
    },
    options,
  );
}

function isReceipt(document: DocumentHandle): document is Receipt {
  return typeof document === "object" && document !== null && "uniqueId" in document && !("resource" in document);
}

/**
 * TD3.3c: deletes the document logically (supprimer, R120): kept and traced by the record, gone from lists and reads.
 * @throws AccessRefused when the caller is not the author
 */
export async function remove(
  context: RecordContext,
  document: DocumentHandle,
  options: CallOptions = {},
): Promise<void> {
  // A receipt says the number already: nothing needs to be asked.
  const entry = isReceipt(document) ? document : await findDocument(context, document, options);
  await sendRemoval(context, {
    method: "PATCH",
    path: "DocumentReference",
    query: queryOf(context, entry),
    contentType: "application/json-patch+json",
    body: JSON.stringify([{ op: "replace", path: "/status", value: "entered-in-error" }]),
    ...options,
  });
}
