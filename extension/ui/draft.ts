import type { CdaHeader, WrapInput } from "@carnet/sdk/cda";
import type { IdentityTraits, Ins } from "@carnet/sdk/identity";
import type { DocumentType } from "@carnet/sdk/terminology";
import type { CapturedFile } from "../capture/admit.ts";
import type { ProposedType } from "../describe/propose.ts";
import type { ReadEnclosed } from "../identify/enclosed.ts";
import type { Evidence, InsSource, Judgement } from "../identify/judge.ts";
import type { OpenPdf } from "../identify/pdf.ts";
import type { PlacedPerson } from "../identify/places.ts";
import type { Earlier } from "../outbox/earlier.ts";
import type { Sender } from "../platform/session.ts";
import type { Problem } from "../shared/problem.ts";

/** How far the panel is with the person of the document. */
export type IdentityState =
  | { readonly name: "missing" }
  | { readonly name: "looking"; readonly ins: Ins }
  | { readonly name: "refused"; readonly why: "several-patients" | "document-and-page-differ" }
  | { readonly name: "no-record"; readonly ins: Ins; readonly source: InsSource }
  | { readonly name: "closed"; readonly ins: Ins; readonly source: InsSource }
  | { readonly name: "incomplete"; readonly ins: Ins; readonly source: InsSource }
  | { readonly name: "failed"; readonly ins: Ins; readonly source: InsSource; readonly problem: Problem }
  | {
      readonly name: "judged";
      readonly ins: Ins;
      readonly source: InsSource;
      readonly judgement: Judgement;
      readonly record: IdentityTraits;
    };

export type VisibilityChoice = "normal" | "announcement" | "hidden";

/** The document in front of the person, before anything is sent. */
export interface Draft {
  readonly file: CapturedFile;
  readonly pdf: OpenPdf | undefined;
  /** CDA that passes through untouched. */
  readonly cda: { readonly header: CdaHeader; readonly xml: string } | undefined;
  readonly text: string;
  /** Where the document names its patients, when it names several. */
  readonly places: readonly PlacedPerson[];
  /** Where it speaks of a child, a twin or a relative of whom it names. */
  readonly placesOfOthers: readonly PlacedPerson[];
  /** Files within the document, which leave with it. */
  readonly enclosed: readonly ReadEnclosed[];
  readonly evidence: Evidence;
  readonly identity: IdentityState;
  /** The deliberate gesture for a doubtful identity; undone whenever the identity changes. */
  readonly isConfirmed: boolean;
  readonly proposals: readonly ProposedType[];
  readonly type: DocumentType | undefined;
  readonly title: string;
  readonly actDate: string;
  readonly visibility: VisibilityChoice;
  /** A document of this patient, sent from here, that this one seems to be or to come after. */
  readonly earlier: Earlier | undefined;
  /** What the person says of it; undefined until they do: it is never decided for them. */
  readonly earlierChoice: EarlierChoice | undefined;
  /** Row of the refused document that this one takes the place of. */
  readonly repairs?: string;
}

export type EarlierChoice = "replaces" | "another";

/** Why the document cannot be sent yet, the first reason first; nothing when it can. */
export type Obstacle =
  | "identity"
  | "wrong-patient"
  | "confirmation"
  | "earlier"
  | "type"
  | "title"
  | "act-date"
  | "before-birth"
  | "sender";

export function obstacleOf(draft: Draft, sender: Sender | undefined, today: string): Obstacle | undefined {
  const { identity } = draft;
  if (identity.name === "refused") return "wrong-patient";
  if (identity.name !== "judged") return "identity";
  if (identity.judgement.verdict === "wrong") return "wrong-patient";
  if (identity.judgement.verdict === "doubtful" && !draft.isConfirmed) return "confirmation";
  if (asksAboutEarlier(draft) && draft.earlierChoice === undefined) return "earlier";
  if (draft.cda !== undefined) return sender === undefined || sender.kind === "patient" ? "sender" : undefined;
  if (draft.type === undefined) return "type";
  if (draft.title.trim() === "") return "title";
  if (!/^\d{4}-\d{2}-\d{2}$/.test(draft.actDate) || draft.actDate > today) return "act-date";
  if (draft.actDate < (identity.record.birthDate ?? "")) return "before-birth";
  return sender?.kind === "professional" && sender.structure !== undefined ? undefined : "sender";
}

/** A CDA says itself what it is and replaces: it is told, not asked. */
export function asksAboutEarlier(draft: Draft): boolean {
  return draft.earlier !== undefined && draft.cda === undefined;
}

/** The version in the record that this document takes the place of. */
export function replacedBy(draft: Draft): Earlier | undefined {
  const { earlier, cda } = draft;
  if (earlier?.documentId === undefined) return undefined;
  const isSaid = cda === undefined ? draft.earlierChoice === "replaces" : cda.header.replaces === earlier.uniqueId;
  return isSaid ? earlier : undefined;
}

/** Traits the CDA header cannot do without (R36): a record that lacks one cannot be fed by a wrapped document. */
export function isCompleteForHeader(traits: IdentityTraits): boolean {
  return (
    traits.birthName !== undefined &&
    firstGivenNameOf(traits) !== undefined &&
    traits.sex !== undefined &&
    traits.birthDate !== undefined
  );
}

const firstGivenNameOf = (traits: IdentityTraits) => traits.firstGivenName ?? traits.birthGivenNames?.[0];

/** The CDA that will carry the document: identity from the record (R40), author from the session, never from the page. */
export function wrapInputOf(
  draft: Draft & { readonly type: DocumentType },
  record: IdentityTraits,
  ins: Ins,
  sender: Extract<Sender, { kind: "professional" }>,
  fixed: { readonly uniqueId: string; readonly effectiveTime: string },
): WrapInput {
  const first = firstGivenNameOf(record) ?? "";
  const { family, given, prefix, suffix } = splitName(sender.name);
  const { structure } = sender;
  const former = replacedBy(draft);
  return {
    content: draft.file.bytes,
    contentType: draft.file.contentType,
    title: draft.title.trim(),
    uniqueId: fixed.uniqueId,
    ...(former === undefined ? {} : { replaces: former.uniqueId, setId: former.setId, version: former.version + 1 }),
    effectiveTime: fixed.effectiveTime,
    language: "fr-FR",
    confidentiality: "N",
    type: { code: draft.type.code, system: draft.type.system, display: draft.type.display },
    act: { start: draft.actDate },
    patient: {
      ins: { system: ins.system, value: ins.value },
      birthName: record.birthName ?? "",
      firstGivenName: first,
      birthGivenNames: [...(record.birthGivenNames ?? [first])],
      ...(record.usedName === undefined ? {} : { usedName: record.usedName }),
      ...(record.usedGivenName === undefined ? {} : { usedGivenName: record.usedGivenName }),
      sex: record.sex ?? "unknown",
      birthDate: record.birthDate ?? "",
      // The number itself carries the commune of birth (R32), when the record does not repeat it.
      birthPlaceCode: record.birthPlaceCode ?? ins.value.slice(5, 10),
    },
    author: {
      rpps: sender.rpps,
      family,
      given,
      ...(prefix === "" ? {} : { prefix }),
      ...(suffix === "" ? {} : { suffix }),
      profession: sender.profession.startsWith("G15_") ? sender.profession : `G15_${sender.profession}`,
      ...(sender.specialty === undefined ? {} : { specialty: sender.specialty }),
      organization: {
        id: structure?.id ?? "",
        name: structure?.name ?? "",
        facilityType: structure?.facilityType ?? "SA07",
        practiceSetting: structure?.practiceSetting ?? "AMBULATOIRE",
      },
    },
  };
}

const civilities: Readonly<Record<string, { prefix?: string; suffix?: string }>> = {
  dr: { suffix: "DR" },
  docteur: { suffix: "DR" },
  pr: { suffix: "PR" },
  professeur: { suffix: "PR" },
  m: { prefix: "M" },
  mme: { prefix: "MME" },
};

/** "Dr Anne MARTIN" or "Dr Anne Martin" into its parts: words in capitals are the family name, else the last word. */
export function splitName(name: string): { prefix: string; suffix: string; given: string; family: string } {
  const words = name.trim().split(/\s+/);
  const civility = civilities[(words[0] ?? "").toLowerCase().replace(".", "")];
  if (civility !== undefined) words.shift();
  const titles = { prefix: civility?.prefix ?? "", suffix: civility?.suffix ?? "" };
  const isCapital = (word: string) => word.length > 1 && word === word.toUpperCase();
  const capitals = words.filter(isCapital);
  if (capitals.length > 0 && capitals.length < words.length) {
    return { ...titles, family: capitals.join(" "), given: words.filter((word) => !isCapital(word)).join(" ") };
  }
  return { ...titles, family: words.at(-1) ?? "", given: words.slice(0, -1).join(" ") };
}
