import { rows, systems } from "./generated/formats.ts";
import { type Concept, findIn, readConcept, wordsOf } from "./table.ts";

/** A document format (formatCode; JDV_J60). Source: R103. */
export interface Format extends Concept {
  /** `false` for a body that is a file (PDF, image, text), `undefined` where the nomenclature does not say. */
  readonly isStructured?: boolean;
  /** Media type of the deposited file: `text/xml` for every CDA, a PDF inside it included. */
  readonly mimeType?: string;
  /** Media type of the file inside an unstructured CDA. */
  readonly bodyMediaType?: string;
  /** CDA templateIds that name this format. */
  readonly templateIds: readonly string[];
}

/** The 82 formats (formats de document). */
export const formats: readonly Format[] = /* @__PURE__ */ rows.map((row): Format => {
  const [, , , structure, mimeType, bodyMediaType, templateIds] = row;
  return {
    ...readConcept(row, systems),
    ...(structure ? { isStructured: structure === "structured" } : {}),
    ...(mimeType ? { mimeType } : {}),
    ...(bodyMediaType ? { bodyMediaType } : {}),
    templateIds: wordsOf(templateIds),
  };
});

/** Finds a format by its code. */
export function findFormat(code: string, system?: string): Format | undefined {
  return findIn(formats, code, system);
}

/** Format of a structured CDA, from the templateIds of its header. */
export function findFormatByTemplate(templateIds: readonly string[]): Format | undefined {
  return formats.find((format) => format.templateIds.some((templateId) => templateIds.includes(templateId)));
}

/** Format of a CDA level 1 whose body has this media type: `application/pdf`, `text/plain`, `text/rtf`, `image/jpeg`, `image/tiff`. */
export function findFormatByBody(mediaType: string): Format | undefined {
  return formats.find((format) => format.bodyMediaType === mediaType);
}
