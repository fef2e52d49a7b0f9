import type { Bundle } from "fhir/r4.js";
import { sha1Base64, toBase64 } from "../../fhir/base64.ts";
import { CarnetError, DocumentRejected, IdentityMismatch, InvalidAnswer, NotSupported } from "../../fhir/http/index.ts";
import { parseBundle } from "../../fhir/parse.ts";
import { codeSystem, identifierSystem } from "../../fhir/systems.ts";
import type { RecordContext } from "../context.ts";
import { CONTENT_TIMEOUT_MS } from "../read.ts";
import type { Code, DepositInput, DepositOptions, DocumentHandle, DocumentMetadata, Receipt } from "../types.ts";
import { idOf } from "../wire.ts";
import { type Submission, toDocumentReference, toProvideBundle } from "./submission.ts";
import { supersede } from "./supersede.ts";

/**
 * TD2: deposits one document (ITI-65), all or nothing. Sent again with the same uniqueId it gives the same receipt,
 * so a cut connection is retried with the very same bytes. A receipt means stored.
 *
 * @throws IdentityMismatch before anything is sent when the document is somebody else's (R40); DocumentRejected (place),
 *   AcknowledgementRequired (sensitive document), Conflict (same uniqueId, other content), RecordClosed, RecordNotFound,
 *   AccessRefused
 */
export async function deposit(
  context: RecordContext,
  input: DepositInput,
  options: DepositOptions = {},
): Promise<Receipt> {
  return deliver(context, input, options);
}

async function deliver(
  context: RecordContext,
  input: DepositInput,
  options: DepositOptions,
  version: Pick<Submission, "replaces" | "further"> = {},
): Promise<Receipt> {
  const { acknowledgeSensitive, onProgress, signal, timeoutMs = CONTENT_TIMEOUT_MS } = options;
  const acknowledged = acknowledgeSensitive === true ? "all" : acknowledgeSensitive?.join(", ");
  const submission = { ...(await prepare(context, input)), ...version };
  // The body is made once: a retry must be the same request to be recognised.
  const body = JSON.stringify(toProvideBundle(submission));
  const progress = onProgress && (await import("../../fhir/http/progress.ts"));
  const send = context.http.json({
    method: "POST",
    path: "",
    body,
    isIdempotent: true,
    ...(acknowledged ? { headers: { "x-acknowledge-sensitive": acknowledged } } : {}),
    through: progress && onProgress && ((own) => progress.fetchTelling(onProgress, own)),
    signal,
    timeoutMs,
  });
  try {
    const { answer, body: response } = await send;
    return toReceipt(submission, parseBundle(response, answer.request), answer.headers, answer.request);
  } catch (error) {
    // A refusal stays a refusal: only a server that has no transactions is helped out.
    if (!(error instanceof CarnetError) || error.rule !== undefined) throw error;
    return (await import("./plain-deposit.ts")).depositPlain(
      context,
      submission,
      toDocumentReference(submission),
      { signal, timeoutMs },
      error,
    );
  }
}

/** TD2.1: deposits a new version; the former one stays readable as superseded (R117, R118). */
export async function replace(
  context: RecordContext,
  previous: DocumentHandle,
  input: DepositInput,
  options: DepositOptions = {},
): Promise<Receipt> {
  const id = idOf(previous, "previous");
  return deliver(context, input, options, { replaces: id, further: [supersede(id)] });
}

/** Reads the metadata, checks whose document it is, and computes size and hash. */
export async function prepare(context: RecordContext, input: DepositInput): Promise<Submission> {
  const { metadata, bytes, contentType } = await (await import("./content.ts")).contentOf(input);
  assertSamePerson(context, metadata);
  const { type, category, professionSystem } = await coded(metadata);
  const hash = await sha1Base64(bytes);
  if (hash === undefined) {
    throw new NotSupported("deposit without WebCrypto (a page that is neither https nor local)");
  }
  return {
    ins: context.ins,
    metadata: { ...metadata, type },
    professionSystem,
    category,
    format: metadata.format ?? (await formatOf(contentType)),
    contentType,
    base64: toBase64(bytes),
    size: bytes.length,
    hash,
    visibility: input.visibility ?? {},
    // Of a document deposited alone: the same deposit is the same lot, even after a restart.
    submissionSetId: input.submissionSetId ? toLotOid(input.submissionSetId) : await oidOf(`lot ${metadata.uniqueId}`),
    sourceId: context.sourceId ?? (await sourceIdOf(metadata)),
    submittedAt: new Date().toISOString(),
  };
}

/**
 * Type, class and professions with their systems. Metadata that say all of it need no table: nothing more is fetched.
 * @throws DocumentRejected for an unknown type
 */
async function coded({
  type,
  category,
  authors,
}: DocumentMetadata): Promise<Pick<Submission, "category" | "professionSystem"> & { readonly type: Code }> {
  const isUsual = authors.every(({ profession }) => profession === undefined || /^G15_/.test(profession));
  if (type.system && category?.system && isUsual)
    return { type, category, professionSystem: () => codeSystem.profession };
  const [{ findDocumentType }, { findDocumentClass }, { findProfession }] = await Promise.all([
    import("../../terminology/document-types.ts"),
    import("../../terminology/document-classes.ts"),
    import("../../terminology/professions.ts"),
  ]);
  const known = findDocumentType(type.code);
  if (!known) throw new DocumentRejected("deposit", { place: "DocumentReference.type" });
  const display = findDocumentClass(known.classCode)?.display;
  return {
    type: { ...type, system: known.system, display: known.display },
    category: { code: known.classCode, ...(display ? { display } : {}) },
    professionSystem: (code) => findProfession(code)?.system,
  };
}

/** R40: the INS in the document must be the record's. The other traits are compared by the record, which holds the qualified ones. */
function assertSamePerson(context: RecordContext, metadata: DocumentMetadata): void {
  const found = metadata.patient.ins;
  if (!found || found.value !== context.ins.value || found.system !== context.ins.system) {
    throw new IdentityMismatch("deposit", { rule: "R40", place: "ClinicalDocument/recordTarget" });
  }
}

async function formatOf(contentType: string): Promise<Code> {
  const { findFormatByBody } = await import("../../terminology/formats.ts");
  const found = findFormatByBody(contentType);
  if (found) return { code: found.code, system: found.system };
  return {
    code: contentType === "application/fhir+json" ? "urn:ihe:iti:xds-sd:text:2008" : "urn:ihe:iti:xds-sd:pdf:2008",
  };
}

/** Without a software of its own, the source is the structure of the author: same structure, same source. */
async function sourceIdOf({ authors, custodian, patient }: DocumentMetadata): Promise<string> {
  const structure = authors.find((one) => one.organization?.id)?.organization?.id ?? custodian?.id;
  if (structure && /^[1-9]\d*$/.test(structure)) return `${identifierSystem.structure}.${structure}`;
  return oidOf(`source ${structure ?? patient.ins?.value}`);
}

/** Always the same number for the same text. MHD wants an OID, hence the form that writes a uuid as one (`2.25.`). */
async function oidOf(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return toOid([...digest.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
}

/** `urn:uuid:` numbers are rewritten as the OID that means the same. */
function toLotOid(id: string): string {
  return id.startsWith("urn:uuid:") ? toOid(id.slice("urn:uuid:".length).replaceAll("-", "")) : id;
}

function toOid(hex: string): string {
  return `urn:oid:2.25.${BigInt(`0x${hex}`)}`;
}

function toReceipt(submission: Submission, answered: Bundle, headers: Headers, request: string): Receipt {
  const entry = answered.entry?.find((one) => /(^|\/)DocumentReference\//.test(one.response?.location ?? ""));
  const response = entry?.response;
  const location = response?.location;
  const id = location ? /DocumentReference\/([^/]+)/.exec(location)?.[1] : undefined;
  if (answered.type !== "transaction-response" || !location || !id) {
    throw new InvalidAnswer(request, "the record did not say where; deposit again to know");
  }
  const date = headers.get("date");
  return {
    id,
    uniqueId: submission.metadata.uniqueId,
    location,
    submissionSetId: submission.submissionSetId,
    receivedAt: response?.lastModified ?? (date ? new Date(date).toISOString() : submission.submittedAt),
    alreadyInRecord: response?.status.startsWith("200") ?? false,
  };
}
