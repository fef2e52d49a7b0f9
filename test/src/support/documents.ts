/** Small documents that tests deposit: made here, about fictitious people of the demo. */
import { randomBytes } from "node:crypto";
import type { WrapInput } from "@carnet/sdk/cda";
import { newUniqueId } from "./carnet.ts";

/** A PDF of about `size` bytes with one line of text; random filling so that no store can compress it away. */
export function pdfOf(text: string, size = 2_000): Uint8Array {
  const escaped = text.replace(/[\\()]/g, (sign) => `\\${sign}`);
  const stream = `BT /F1 12 Tf 72 720 Td (${escaped}) Tj ET`;
  const filling = randomBytes(Math.max(0, Math.floor((size - 600) / 2))).toString("hex");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    `<< /Filling (${filling}) >>`,
  ];
  let body = "%PDF-1.4\n";
  const offsets: number[] = [];
  for (const [at, object] of objects.entries()) {
    offsets.push(body.length);
    body += `${at + 1} 0 obj\n${object}\nendobj\n`;
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const end = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\n`;
  return Buffer.from(`${body}${end}startxref\n${body.length}\n%%EOF\n`, "latin1");
}

/** The identity that a document states. Must be the record's own (R40). */
export type PatientOfDocument = WrapInput["patient"];

/** A consultation report in PDF by Dr Martin about `patient`, ready for `deposit({ kind: "wrap", input })`. */
export function consultationReport(patient: PatientOfDocument, change: Partial<WrapInput> = {}): WrapInput {
  return {
    content: pdfOf("Compte rendu de consultation"),
    contentType: "application/pdf",
    title: "Compte rendu de consultation",
    uniqueId: newUniqueId(),
    effectiveTime: new Date().toISOString(),
    type: { code: "11488-4", system: "http://loinc.org", display: "CR ou fiche de consultation ou de visite" },
    act: { start: new Date().toISOString() },
    patient,
    author: {
      rpps: "810002909371",
      family: "MARTIN",
      given: "Claire",
      profession: "G15_10",
      specialty: "SM26",
      organization: {
        id: "1750300915",
        name: "Cabinet du docteur Martin",
        facilityType: "SA07",
        practiceSetting: "AMBULATOIRE",
      },
    },
    ...change,
  };
}
