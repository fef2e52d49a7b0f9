import type { Earlier } from "../outbox/earlier.ts";
import type { SignedIn } from "../platform/session.ts";
import { newOid } from "../shared/bytes.ts";
import { Problem } from "../shared/problem.ts";
import { earlierOf, traceOf } from "./ask-record.ts";
import { type Draft, replacedBy, wrapInputOf } from "./draft.ts";
import type { PanelPorts, ReaderPort } from "./panel-ports.ts";

/** The row of the queue, or the same document that left since the person was shown this one: they are asked first. */
export type Filing = { readonly rowId: string } | { readonly earlier: Earlier };

type FilingPorts = Pick<PanelPorts, "enqueue" | "now" | "earlier" | "inTurn">;

/**
 * Fix everything of a document that may be sent, and put it in the sealed queue, one document of this workstation at a
 * time: the same one may be sent from another window in the same instant, or be another of the same lot.
 */
export async function fileDraft(
  draft: Draft,
  signedIn: SignedIn,
  reader: Pick<ReaderPort, "wrap"> | undefined,
  ports: FilingPorts,
  signal: AbortSignal,
): Promise<Filing> {
  return ports.inTurn(async () => {
    const earlier = await sentMeanwhile(draft, signedIn, ports);
    signal.throwIfAborted();
    if (earlier !== undefined) return { earlier };
    return { rowId: await queue(draft, signedIn, reader, ports, signal) };
  });
}

/** A CDA says itself which document it is, and the record knows it. */
async function sentMeanwhile(draft: Draft, signedIn: SignedIn, ports: FilingPorts): Promise<Earlier | undefined> {
  if (draft.cda !== undefined) return undefined;
  const earlier = await earlierOf(draft, signedIn, ports);
  return earlier?.uniqueId === draft.earlier?.uniqueId ? undefined : earlier;
}

async function queue(
  draft: Draft,
  signedIn: SignedIn,
  reader: Pick<ReaderPort, "wrap"> | undefined,
  ports: FilingPorts,
  signal: AbortSignal,
): Promise<string> {
  if (draft.identity.name !== "judged") throw new Problem("unknown");
  const { ins, record } = draft.identity;
  const { uniqueId, xml } = await write(draft, signedIn, reader, ports);
  const former = replacedBy(draft);
  const trace = {
    ...(await traceOf(draft, ins)),
    setId: former?.setId ?? uniqueId,
    version: former === undefined ? 1 : former.version + 1,
  };
  signal.throwIfAborted();
  return ports.enqueue({
    owner: signedIn.owner,
    serviceUrl: signedIn.serviceUrl,
    uniqueId,
    parcel: {
      ins: { system: ins.system, value: ins.value },
      xml,
      visibility: {
        hiddenFromProfessionals: draft.visibility === "hidden",
        invisibleToPatient: draft.visibility === "announcement",
      },
      submissionSetId: `urn:oid:${newOid()}`,
      ...(former?.documentId === undefined ? {} : { replaces: former.documentId }),
    },
    trace,
    ...(draft.repairs === undefined ? {} : { instead: draft.repairs }),
    label: {
      title: draft.cda?.header.title ?? draft.title.trim(),
      typeDisplay: draft.type?.display ?? draft.cda?.header.type.display ?? "",
      patientName: nameOf(record),
      isOwn: draft.cda === undefined,
    },
  });
}

/** The person as the record names them, short. */
export function nameOf(record: {
  readonly firstGivenName?: string;
  readonly birthGivenNames?: readonly string[];
  readonly birthName?: string;
}): string {
  return [record.firstGivenName ?? record.birthGivenNames?.[0], record.birthName].filter(Boolean).join(" ");
}

async function write(
  draft: Draft,
  signedIn: SignedIn,
  reader: Pick<ReaderPort, "wrap"> | undefined,
  ports: Pick<PanelPorts, "now">,
): Promise<{ readonly uniqueId: string; readonly xml: string }> {
  if (draft.cda !== undefined) return { uniqueId: draft.cda.header.uniqueId, xml: draft.cda.xml };
  const { type, identity } = draft;
  const { sender } = signedIn;
  if (type === undefined || identity.name !== "judged" || sender.kind !== "professional" || reader === undefined) {
    throw new Problem("unknown");
  }
  const uniqueId = `urn:oid:${newOid()}`;
  const fixed = { uniqueId, effectiveTime: ports.now().toISOString() };
  return {
    uniqueId,
    xml: await reader.wrap(wrapInputOf({ ...draft, type }, identity.record, identity.ins, sender, fixed)),
  };
}
