import { DocumentRejected } from "../../fhir/http/index.ts";
import type { DepositInput, DocumentMetadata } from "../types.ts";
import { assertInput } from "./input-checks.ts";

/**
 * The bytes that a deposit is made of, and its metadata; fetched with the first deposit.
 * @throws DocumentRejected its place is the field of the input that is missing or wrong
 */
export async function contentOf(
  input: DepositInput,
): Promise<{ metadata: DocumentMetadata; bytes: Uint8Array; contentType: string }> {
  assertInput(input);
  switch (input.kind) {
    case "cda": {
      const [{ metadataOfCda }, { encodeXml }] = await Promise.all([
        import("./from-cda.ts"),
        import("../../fhir/xml-encoding.ts"),
      ]);
      const bytes = input.content ?? encodeXml(input.xml);
      // Guessing an encoding would break accents or a signature: the caller has the file.
      if (!bytes) throw new DocumentRejected("deposit", { place: "?xml encoding: give the file's bytes as content" });
      return { metadata: metadataOfCda(input.xml), bytes, contentType: "text/xml" };
    }
    case "wrap": {
      const { wrapped } = await import("./wrap.ts");
      return contentOf({ kind: "cda", xml: wrapped(input.input) });
    }
    case "fhir":
      return {
        metadata: input.metadata,
        bytes: new TextEncoder().encode(JSON.stringify(input.bundle)),
        contentType: "application/fhir+json",
      };
    case "raw":
      return { metadata: input.metadata, bytes: input.content, contentType: input.contentType };
  }
}
