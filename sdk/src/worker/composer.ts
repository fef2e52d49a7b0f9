import type { Bundle } from "fhir/r4.js";
import { CdaError } from "../cda/read/errors.ts";
import { cdaToFhir } from "../cda/read/index.ts";
import * as identifierSystem from "../fhir/identifier-systems.ts";
import { decodeXml } from "../fhir/xml-encoding.ts";
import { type CheckOptions, withChecks } from "../summary/checks/index.ts";
import { hasFacts, type SummariseOptions, summariseInSteps } from "../summary/index.ts";

/** A document as the record gives it. */
export interface SourceContent {
  /** uniqueId: the source of its facts, whatever the content calls itself. */
  readonly uniqueId: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface ComposeOptions extends SummariseOptions {
  /** The documents of the record that the reader may see, for the checks. */
  readonly documents?: CheckOptions["documents"];
}

/** Reads documents one by one, then composes the checked summary of all of them. One patient, one composer. */
export interface SummaryComposer {
  /** @returns whether it gives facts: a file, or what cannot be read, adds none, as in the service, and is no failure */
  add(document: SourceContent): Promise<boolean>;
  /** @throws SummaryError `several-patients` */
  compose(options: ComposeOptions): Promise<Bundle>;
}

/** @param pause awaited between two steps of some 20 ms, so that others get their turn */
export function createComposer(pause: () => PromiseLike<unknown>): SummaryComposer {
  const bundles: Bundle[] = [];
  return {
    async add(content) {
      await pause();
      const bundle = toBundle(content);
      if (!bundle) return false;
      bundles.push({ ...bundle, identifier: { system: identifierSystem.uri, value: content.uniqueId } });
      return hasFacts(bundle);
    },
    async compose({ documents, ...options }) {
      const summary = await summariseInSteps(bundles, options, pause);
      await pause();
      return withChecks(summary, {
        ...(options.now ? { now: options.now } : {}),
        ...(options.locale ? { locale: options.locale } : {}),
        ...(documents ? { documents } : {}),
      });
    },
  };
}

function toBundle({ contentType, bytes }: SourceContent): Bundle | undefined {
  try {
    if (contentType !== "application/fhir+json") return cdaToFhir(decodeXml(bytes));
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isBundle(body) ? body : undefined;
  } catch (error) {
    if (error instanceof CdaError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isBundle(body: unknown): body is Bundle {
  return typeof body === "object" && body !== null && "resourceType" in body && body.resourceType === "Bundle";
}
