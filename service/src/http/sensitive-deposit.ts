/**
 * A deposit of a sensitive document is kept once its depositor has acknowledged the warning: the patient is to be asked,
 * and may want it hidden. Beyond the DMP. Said by an answer 428; acknowledged by the header `X-Acknowledge-Sensitive`.
 */
import type { FastifyRequest } from "fastify";
import type { AdmittedDocument } from "../admission/index.ts";
import { type SensitiveSubject, sensitiveSubjects } from "../rules/index.ts";
import { WireError } from "./outcome.ts";

export const ACKNOWLEDGE_HEADER = "x-acknowledge-sensitive";
export const SENSITIVE_SYSTEM = "https://carnet.example/fhir/CodeSystem/sensitive-subject";

/** The subjects whose warning the depositor has read; `all`: software that asks the patient beforehand. */
export type Acknowledged = "all" | ReadonlySet<string>;

/** `genetics, hiv` or `all`. */
export function acknowledgedIn(request: FastifyRequest): Acknowledged {
  const written = request.headers[ACKNOWLEDGE_HEADER];
  const words = (typeof written === "string" ? written : "").split(",").map((word) => word.trim().toLowerCase());
  return words.includes("all") ? "all" : new Set(words);
}

/** What the metadata of a document say of its subject. */
export function subjectsOf({ type, resource }: AdmittedDocument): readonly SensitiveSubject[] {
  const codes = (concepts: readonly { readonly coding?: readonly { readonly code?: string }[] }[] | undefined) =>
    (concepts ?? []).flatMap(({ coding }) => coding?.flatMap(({ code }) => code ?? []) ?? []);
  const authors = (resource.contained ?? []).flatMap((one) => {
    if (one.resourceType === "PractitionerRole") return [...codes(one.code), ...codes(one.specialty)];
    if (one.resourceType === "Practitioner") return codes((one.qualification ?? []).map(({ code }) => code));
    return [];
  });
  const { context } = resource;
  return sensitiveSubjects({
    typeCode: type.code,
    eventCodes: codes(context?.event),
    practiceCodes: [
      ...authors.map((code) => code.replace(/^G15_\d+\//, "")),
      ...codes(context?.practiceSetting ? [context.practiceSetting] : []),
    ],
  });
}

const texts: Readonly<Record<SensitiveSubject, { readonly fr: string; readonly en: string }>> = {
  genetics: { fr: "un examen génétique", en: "a genetic examination" },
  psychiatry: { fr: "des soins psychiatriques ou psychologiques", en: "psychiatric or psychological care" },
  hiv: { fr: "le VIH", en: "HIV" },
  abortion: { fr: "une interruption de grossesse", en: "a termination of pregnancy" },
};

/** @throws WireError 428 naming every document and subject that was not acknowledged */
export function requireAcknowledged(documents: readonly AdmittedDocument[], acknowledged: Acknowledged): void {
  const missing = documents.flatMap((document) =>
    subjectsOf(document)
      .filter((subject) => acknowledged !== "all" && !acknowledged.has(subject))
      .map((subject) => ({ subject, expression: document.expression })),
  );
  if (missing.length === 0) return;
  throw new WireError(
    428,
    missing.map(({ subject, expression }) => ({
      code: "business-rule" as const,
      coding: { system: SENSITIVE_SYSTEM, code: subject },
      fr:
        `Ce document concerne ${texts[subject].fr}. Demandez au patient s'il accepte qu'il soit dans son dossier et s'il ` +
        `souhaite le masquer, puis confirmez le dépôt.`,
      en:
        `This document is about ${texts[subject].en}. Ask the patient whether it may be in the record and whether to hide ` +
        `it, then confirm the deposit.`,
      expression,
    })),
  );
}
