import { fromBase64 } from "../../../fhir/from-base64.ts";
import type { CodeableConcept, DocumentReference, Period, Reference } from "../../../fhir/index.ts";
import type { Conversion, Place } from "../conversion.ts";
import { filled } from "../filled.ts";
import { sniffContentType } from "../sniff.ts";
import { attribute, child, rawText, type XmlElement } from "../xml.ts";

/**
 * A file inside the document, as DocumentReference: its true type and size. Its bytes stay in the CDA, where
 * `readCdaView` finds them under the same id.
 */
export function attachment(
  conversion: Conversion,
  media: XmlElement,
  place: Place,
  label?: { type?: CodeableConcept | undefined; title?: string | undefined; period?: Period | undefined },
): Reference[] {
  const value = child(media, "value") ?? (media.name === "text" ? media : undefined);
  if (!value) return [];
  const isBase64 = attribute(value, "representation") === "B64";
  const raw = rawText(value);
  const head = isBase64 ? beginningOf(raw) : undefined;
  const contentType = (head && sniffContentType(head)) ?? attribute(value, "mediaType")?.toLowerCase() ?? "text/plain";
  const size = isBase64 ? base64Size(raw) : new TextEncoder().encode(raw).length;
  if (size === 0) return [];
  const id = attribute(media, "ID");
  const title = label?.title ?? label?.type?.text ?? (place.sectionTitle || id);
  const resource = filled<DocumentReference>({
    resourceType: "DocumentReference",
    status: "current",
    ...(label?.type ? { type: label.type } : {}),
    subject: conversion.patient,
    content: [{ attachment: filled({ contentType, size, title }) }],
    description: id,
    ...(label?.period ? { context: { period: label.period } } : {}),
  });
  return [conversion.add(resource)];
}

/** Its first bytes; `undefined` when it is no base64. */
function beginningOf(text: string): Uint8Array | undefined {
  try {
    return fromBase64(text.slice(0, 200).replace(/\s/g, "").slice(0, 64));
  } catch {
    return undefined;
  }
}

/** Bytes that a base64 text stands for. */
function base64Size(text: string): number {
  let letters = text.length;
  for (const other of ["=", "\n", "\r", " ", "\t"])
    for (let at = text.indexOf(other); at >= 0; at = text.indexOf(other, at + 1)) letters -= 1;
  return Math.floor((letters * 3) / 4);
}
