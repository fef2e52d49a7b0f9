import type { DepositInput, Visibility } from "@carnet/sdk";
import type { IdentityTraits } from "@carnet/sdk/identity";
import { decodeText, sniffContent } from "../viewer/content-kind.ts";
import type { DepositObstacle } from "./strings.ts";

/** Who deposits, for files that have no header of their own: the host tells, the widget never guesses. */
export interface DepositAuthor {
  /** The 11 digits of the RPPS, or the national identifier (`8` + RPPS). */
  readonly rpps: string;
  readonly family: string;
  readonly given: string;
  readonly prefix?: string;
  readonly suffix?: string;
  /** `G15_10`. */
  readonly profession: string;
  /** `SM26`. */
  readonly specialty?: string;
  readonly organization: {
    /** National structure identifier with its prefix. */
    readonly id: string;
    readonly name: string;
    readonly facilityType: string;
    readonly practiceSetting: string;
  };
}

/** What a chosen file is, and what it says of itself. */
export type ReadFile =
  | { readonly obstacle: DepositObstacle }
  | {
      readonly kind: "cda";
      readonly xml: string;
      readonly title: string;
      readonly type: string;
      readonly date: string;
      readonly traits: IdentityTraits;
    }
  | { readonly kind: "file"; readonly bytes: Uint8Array; readonly contentType: string; readonly title: string };

/** Beyond this the record answers 413; told before the bytes travel. */
export const maximumBytes = 40 * 1024 * 1024;

/** Formats that may stand inside a CDA of level 1 (R103). */
function wrappedType(bytes: Uint8Array, declared: string, name: string): string | undefined {
  const { kind, contentType } = sniffContent(bytes, declared);
  if (["application/pdf", "image/jpeg", "image/tiff", "text/rtf"].includes(contentType)) return contentType;
  return kind === "text" || (kind === "other" && declared === "" && /\.txt$/i.test(name)) ? "text/plain" : undefined;
}

/** Reads a chosen file: its kind is told from its bytes, and a CDA must be whole before anything is sent. */
export async function readFile(file: Blob & { readonly name?: string }): Promise<ReadFile> {
  if (file.size > maximumBytes) return { obstacle: "tooLarge" };
  if (file.size === 0) return { obstacle: "empty" };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const name = file.name ?? "";
  if (sniffContent(bytes, file.type).kind === "cda") {
    try {
      const { readCdaHeader } = await import("@carnet/sdk/cda");
      const xml = decodeText(bytes);
      const header = readCdaHeader(xml);
      return {
        kind: "cda",
        xml,
        title: header.title,
        type: header.type.display ?? header.type.code ?? "",
        date: header.act?.start ?? header.effectiveTime,
        traits: header.patient,
      };
    } catch {
      // Refused by the strict reader: the sentence of the obstacle says what it means for the user.
      return { obstacle: "badCda" };
    }
  }
  const contentType = wrappedType(bytes, file.type, name);
  if (contentType === undefined) return { obstacle: "unsupported" };
  return {
    kind: "file",
    bytes,
    contentType,
    title: name
      .replace(/\.[a-z0-9]{1,5}$/i, "")
      .replace(/[_-]+/g, " ")
      .trim(),
  };
}

export interface FormValues {
  readonly title: string;
  /** Code of a type of `@carnet/sdk/terminology`. */
  readonly type: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly visibility: Visibility;
}

/**
 * What is sent. `uniqueId` and `effectiveTime` are fixed when the file is chosen, so that trying again sends the same
 * document and the record answers as the first time.
 */
export async function toDeposit(
  file: Extract<ReadFile, { readonly kind: string }>,
  values: FormValues,
  fixed: { readonly uniqueId: string; readonly effectiveTime: string },
  patient: IdentityTraits | undefined,
  author: DepositAuthor | undefined,
): Promise<DepositInput | { readonly obstacle: DepositObstacle }> {
  if (file.kind === "cda") return { kind: "cda", xml: file.xml, visibility: values.visibility };
  if (author === undefined) return { obstacle: "noAuthor" };
  const { ins, birthName, birthDate, birthPlaceCode, sex } = patient ?? {};
  const birthGivenNames =
    patient?.birthGivenNames ?? (patient?.firstGivenName === undefined ? [] : [patient.firstGivenName]);
  const firstGivenName = patient?.firstGivenName ?? birthGivenNames[0];
  if (
    ins === undefined ||
    birthName === undefined ||
    birthDate === undefined ||
    birthPlaceCode === undefined ||
    sex === undefined ||
    firstGivenName === undefined
  )
    return { obstacle: "noIdentity" };
  const { findDocumentType } = await import("@carnet/sdk/terminology");
  const type = findDocumentType(values.type);
  if (type === undefined) return { obstacle: "unsupported" };
  return {
    kind: "wrap",
    visibility: values.visibility,
    input: {
      content: file.bytes,
      contentType: file.contentType,
      title: values.title,
      ...fixed,
      type: { code: type.code, system: type.system, display: type.display },
      act: { start: values.date },
      patient: {
        ins,
        birthName,
        firstGivenName,
        birthGivenNames,
        birthDate,
        birthPlaceCode,
        sex,
        ...(patient?.usedName === undefined ? {} : { usedName: patient.usedName }),
        ...(patient?.usedGivenName === undefined ? {} : { usedGivenName: patient.usedGivenName }),
      },
      author,
    },
  };
}
