/** Puts a summary together out of the facts kept at admission, and checks it. */
import { setImmediate } from "node:timers/promises";
import type { Bundle, Patient } from "@carnet/sdk/fhir";
import { identifierSystem } from "@carnet/sdk/fhir";
import { type DrugData, withChecks } from "@carnet/sdk/safety";
import { type SummariseOptions, summarise, summariseInSteps } from "@carnet/sdk/summary";
import { sql } from "kysely";
import type { CareReader } from "../rules/index.ts";
import type { OpenRecord } from "./access.ts";
import type { Services } from "./services.ts";
import type { SummaryRow } from "./summary-documents.ts";

export interface SummaryView {
  readonly locale: "fr" | "en";
  readonly patient: Patient;
  /** Which missing follow-up the caller may read. */
  readonly reader: CareReader;
  readonly drugData: DrugData | undefined;
}

const READ_AT_ONCE = 50;
/** Twenty years of dialysis hold 450 values of each analyte: a screen shows the newest, and says how many there are. */
const KEPT = { valuesPerAnalyte: 24, pastTreatments: 60 } as const;

/** @param visible documents that the caller may see; the summary speaks of no other */
export async function composeSummary(
  services: Services,
  record: OpenRecord,
  visible: readonly SummaryRow[],
  { locale, patient, reader, drugData }: SummaryView,
): Promise<Buffer> {
  const bundles = await readFacts(services, record, visible);
  const now = record.now.toISOString();
  const summary = await summariseSound(services, bundles, { ...KEPT, locale, patient, now });
  await setImmediate();
  const checked = withChecks(summary, {
    now,
    locale,
    reader,
    ...(drugData ? { drugData } : {}),
    documents: visible.map(({ type_code: code, date, reader_version: reader }) => ({
      type: { code },
      date: date.toISOString(),
      isRead: reader !== null,
    })),
    prescriptions: bundles,
  });
  return Buffer.from(JSON.stringify(checked));
}

async function readFacts(
  services: Services,
  record: OpenRecord,
  visible: readonly SummaryRow[],
): Promise<readonly Bundle[]> {
  const ids = visible.filter((row) => row.reader_version !== null).map((row) => row.document_id);
  const bundles: Bundle[] = [];
  // A record of thousands of documents takes a while to read: others are answered meanwhile.
  for (let at = 0; at < ids.length; at += READ_AT_ONCE) {
    const { rows } = await sql<{ facts: string; unique_id: string }>`
      select f.facts, d.unique_id
      from document_fact f join document d on d.record_id = f.record_id and d.document_id = f.document_id
      where f.record_id = ${record.id} and f.state = 'read'
        and f.document_id = any(${ids.slice(at, at + READ_AT_ONCE)}::uuid[])`.execute(services.store.database);
    for (const { facts, unique_id } of rows) {
      // A fact's source is the document as the record names it, whatever the content calls itself.
      bundles.push({ ...JSON.parse(facts), identifier: { system: identifierSystem.uri, value: unique_id } });
    }
    await setImmediate();
  }
  return bundles;
}

/** A document that cannot be summarised must not take the others' facts away: it alone is left out. */
async function summariseSound(
  services: Services,
  bundles: readonly Bundle[],
  options: SummariseOptions,
): Promise<Bundle> {
  try {
    return await summariseInSteps(bundles, options, setImmediate);
  } catch (error) {
    const sound = bundles.filter((bundle) => {
      try {
        summarise([bundle], options);
        return true;
      } catch {
        return false;
      }
    });
    if (sound.length === bundles.length) throw error;
    services.log.warn({ leftOut: bundles.length - sound.length }, "documents that no summary can hold were left out");
    return summariseInSteps(sound, options, setImmediate);
  }
}
