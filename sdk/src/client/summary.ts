import type { Bundle } from "fhir/r4.js";
import { type CallOptions, isCarnetError } from "../fhir/http/index.ts";
import { identifierSystem } from "../fhir/identifier-systems.ts";
import { parseBundle } from "../fhir/parse.ts";
import { decodeXml } from "../fhir/xml-encoding.ts";
import { insToken, type RecordContext } from "./context.ts";
import { listDocuments } from "./documents.ts";
import { readDocument } from "./read.ts";
import type { DocumentEntry } from "./types.ts";

/** Contents read at the same time when the summary is composed here. */
const PARALLEL = 4;
/** As the service keeps them: a screen shows the newest, and says how many there are. */
const KEPT = { valuesPerAnalyte: 24, pastTreatments: 60 } as const;
const STRUCTURED = new Set(["text/xml", "application/xml", "application/fhir+json"]);

/**
 * The patient summary: an IPS document Bundle. The service composes it (`$summary`); on a server that has no such
 * operation the client reads the documents and composes it here, in short steps, with long series bounded as the
 * service bounds them.
 *
 * @throws ConsentRequired, AccessRefused, RecordClosed, RecordNotFound
 */
export async function readSummary(context: RecordContext, options: CallOptions = {}): Promise<Bundle> {
  try {
    const { answer, body } = await context.http.json({
      method: "GET",
      path: "Patient/$summary",
      query: { identifier: insToken(context.ins) },
      ...options,
    });
    return parseBundle(body, answer.request);
  } catch (error) {
    if (!(await isSummaryMissing(context, error, options))) throw error;
  }
  return composeHere(context, options);
}

/** A refusal must stay a refusal: only a server that does not have the operation is helped out. */
async function isSummaryMissing(context: RecordContext, error: unknown, options: CallOptions): Promise<boolean> {
  if (isCarnetError(error, "not-supported")) return true;
  const isDoubtful = isCarnetError(error, "record-not-found") || isCarnetError(error, "document-rejected");
  return isDoubtful && !(await context.capabilities(options)).hasSummary;
}

async function composeHere(context: RecordContext, options: CallOptions): Promise<Bundle> {
  const [{ cdaToFhir }, { summariseInSteps }] = await Promise.all([
    import("../cda/read/index.ts"),
    import("../summary/index.ts"),
  ]);
  const documents = (await listDocuments(context, {}, options).toArray()).filter((one) =>
    STRUCTURED.has(one.contentType),
  );
  const bundles: Bundle[] = [];
  const queue = [...documents];
  const work = async () => {
    for (let entry = queue.shift(); entry; entry = queue.shift()) {
      const bundle = await toBundle(context, entry, cdaToFhir, options);
      // A fact's source is the document as the record names it, whatever the content calls itself.
      bundles.push({ ...bundle, identifier: { system: identifierSystem.uri, value: entry.uniqueId } });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return summariseInSteps(bundles, { ...KEPT, locale: context.locale }, () => nextTask(options.signal));
}

/** The page or the server answers others between two steps; an aborted caller stops here. */
async function nextTask(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
}

async function toBundle(
  context: RecordContext,
  entry: DocumentEntry,
  cdaToFhir: (xml: string) => Bundle,
  options: CallOptions,
): Promise<Bundle> {
  const { bytes } = await readDocument(context, entry, options);
  if (entry.contentType !== "application/fhir+json") return cdaToFhir(decodeXml(bytes));
  const body: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return parseBundle(body, "GET Bundle");
}
