import type { Attachment, DocumentReference } from "../../../../fhir/index.ts";
import { CdaInputError } from "../../errors.ts";
import { element, verbatim } from "../../xml.ts";
import { completed, fixedCode, loincOid, templates, wordsOf } from "../codes.ts";
import type { EntryContext, WrittenFact } from "../context.ts";
import { toldOf } from "../told/told.ts";
import { template } from "./shared.ts";

/** A file attached to the document (FR-Document-attache): shown where the section stands, its bytes in base64. */
export function writeAttachment(document: DocumentReference, context: EntryContext, path: string): WrittenFact {
  const attachment = document.content[0]?.attachment;
  const binary = attachment?.url ? context.resolve({ reference: attachment.url }, document) : undefined;
  const id = context.nextId("document");
  // A reader names a file by its ID in the document: no description of it.
  const description = /\s/.test(document.description ?? "") ? [`Description : ${document.description}`] : [];
  const told = [...description, ...toldOf(document, context, path)].join("\n");
  const remarks = { column: "Commentaire", text: told };
  const title = attachment?.title ?? (wordsOf(document.type) || "Document joint");
  if (attachment?.data === undefined && binary === undefined)
    // Its bytes are elsewhere (readers leave them in their document): what is known of it is told, nothing is attached.
    return { rows: [[{ column: "Document cité", text: [title, ...describe(attachment)].join(", "), id }, remarks]] };
  const data = (attachment?.data ?? (binary?.resourceType === "Binary" ? binary.data : undefined))?.replace(/\s/g, "");
  // Anything but base64 would be markup in the middle of the document.
  if (!data || !/^[A-Za-z0-9+/]*={0,2}$/.test(data))
    throw new CdaInputError("cda-input-content", `${path}.content[0].attachment.data`);
  return {
    entry: element(
      "organizer",
      { classCode: "CLUSTER", moodCode: "EVN" },
      templates(`${template.fr}.18`),
      element("id", { root: context.nextUuid() }),
      fixedCode("code", "55107-7", "Document attaché", loincOid),
      completed,
      element(
        "component",
        {},
        element(
          "observationMedia",
          { classCode: "OBS", moodCode: "EVN", ID: id },
          element(
            "value",
            { mediaType: attachment?.contentType?.split(";")[0]?.trim() ?? "application/pdf", representation: "B64" },
            verbatim(data),
          ),
        ),
      ),
    ),
    rows: [[{ column: "Document joint", text: title, mediaId: id }, remarks]],
  };
}

function describe(attachment: Attachment | undefined): readonly string[] {
  const kind = attachment?.contentType?.split(";")[0]?.trim();
  const size = attachment?.size;
  return [...(kind ? [kind] : []), ...(size === undefined ? [] : [`${Math.ceil(size / 1000)} ko`])];
}
