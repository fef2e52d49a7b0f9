/** A document that the person adds: what is taken, and how it is described. R102, R123. */
import type { DepositInput } from "@carnet/sdk";
import type { IdentityTraits } from "@carnet/sdk/identity";
import { newUniqueId } from "../../parts/unique-id.ts";

/** R123: five megabytes, of these kinds. */
export const ownLimits = {
  bytes: 5 * 1024 * 1024,
  kinds: {
    "application/pdf": [".pdf"],
    "image/jpeg": [".jpg", ".jpeg"],
    "image/png": [".png"],
    "image/tiff": [".tif", ".tiff"],
    "text/plain": [".txt"],
    "text/rtf": [".rtf"],
  },
} as const;

/** What a file chooser takes. */
export const accepted = Object.values(ownLimits.kinds).flat().join(",");

/** Types that the person may file, by what they are called on the page (R102). */
export const ownTypes = {
  care: "DOCPAT02",
  biology: "DOCPAT05",
  imaging: "DOCPAT04",
  report: "DOCPAT03",
  prevention: "DOCPAT06",
  certificate: "DOCPAT07",
  administrative: "DOCPAT09",
  other: "EXPPAT_2",
} as const;

export type OwnType = keyof typeof ownTypes;

export type Unfit = "kind" | "size" | "empty";

/** Media type by the name: browsers know less of them than the record does. */
export function kindOf(name: string): keyof typeof ownLimits.kinds | undefined {
  const end = /\.[a-z]+$/i.exec(name)?.[0].toLowerCase();
  const kinds = Object.entries(ownLimits.kinds) as [keyof typeof ownLimits.kinds, readonly string[]][];
  return kinds.find(([, ends]) => ends.some((one) => one === end))?.[0];
}

/** Why a file cannot be added; `undefined` when it can. */
export function unfitness({ name, size }: { readonly name: string; readonly size: number }): Unfit | undefined {
  if (!kindOf(name)) return "kind";
  if (size === 0) return "empty";
  return size > ownLimits.bytes ? "size" : undefined;
}

/** Type and class of a text that the person writes on the page itself: wishes, directives. */
export interface OwnContent {
  readonly typeCode: string;
  readonly title: string;
  /** ISO date of what it is about. */
  readonly date: string;
  readonly content: Uint8Array;
  readonly contentType: string;
  readonly patient: IdentityTraits;
}

const national = "https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaire/FHIR/TRE-A05-TypeDocComplementaire";

const ownExpression = {
  code: "EXP_PATIENT",
  system: "https://mos.esante.gouv.fr/NOS/TRE_A00-ProducteurDocNonPS/FHIR/TRE-A00-ProducteurDocNonPS",
} as const;

/**
 * The deposits of one form. What is sent again unchanged, because no answer came, is the same document: the record may have
 * it already, and must not hold it twice.
 */
export function ownDeposits(): (own: OwnContent) => DepositInput {
  let former: { readonly own: OwnContent; readonly input: DepositInput } | undefined;
  return (own) => {
    if (!former || !isSame(former.own, own)) former = { own, input: ownDeposit(own) };
    return former.input;
  };
}

const isSame = (a: OwnContent, b: OwnContent) =>
  a.typeCode === b.typeCode &&
  a.title === b.title &&
  a.date === b.date &&
  a.contentType === b.contentType &&
  a.content.length === b.content.length &&
  a.content.every((byte, at) => byte === b.content[at]);

/** The person is the author; place and setting are those of their own expression. */
export function ownDeposit(own: OwnContent, now = new Date()): DepositInput {
  return {
    kind: "raw",
    content: own.content,
    contentType: own.contentType,
    metadata: {
      uniqueId: newUniqueId(),
      title: own.title,
      type: { system: national, code: own.typeCode },
      date: now.toISOString(),
      act: { start: own.date },
      patient: own.patient,
      authors: [{ isPatient: true }],
      facilityType: ownExpression,
      practiceSetting: ownExpression,
    },
  };
}
