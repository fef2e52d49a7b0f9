import type { Observation, Specimen } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { completed, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import type { Row } from "../narrative.ts";
import { writePerformer } from "./people.ts";
import { template, writeTime } from "./shared.ts";

const { fr } = template;

/** The samples of some results: how each is numbered in their entries, and the acts of taking them. */
export interface WrittenCollections {
  readonly numbers: ReadonlyMap<Specimen, string>;
  readonly entries: readonly XmlPiece[];
  readonly rows: readonly Row[];
}

/** FR-Prelevement of each sample whose taking is told: when, by whom, from where, how; and when it was received. */
export function writeCollections(observations: readonly Observation[], context: EntryContext): WrittenCollections {
  const numbers = new Map<Specimen, string>();
  const entries: XmlPiece[] = [];
  const rows: Row[] = [];
  for (const observation of observations) {
    const specimen = context.resolve(observation.specimen, observation);
    if (specimen?.resourceType !== "Specimen" || numbers.has(specimen)) continue;
    if (!takenAt(specimen) && !specimen.receivedTime) continue;
    const number = context.nextUuid();
    numbers.set(specimen, number);
    const written = writeCollection(specimen, number, context);
    entries.push(written.entry);
    rows.push(...written.rows);
  }
  return { numbers, entries, rows };
}

/** When a sample was taken. */
export function takenAt(specimen: Specimen | undefined): string | undefined {
  return specimen?.collection?.collectedDateTime ?? specimen?.collection?.collectedPeriod?.start;
}

/** Numbers of a sample that CDA can hold: its own, else the one made for the document. */
export function sampleIds(specimen: Specimen | undefined, made: string | undefined): readonly XmlPiece[] {
  const own = (specimen?.identifier ?? []).flatMap(({ system, value }) =>
    system?.startsWith("urn:oid:") && value
      ? [element("id", { root: system.slice("urn:oid:".length), extension: value })]
      : [],
  );
  return own.length > 0 || made === undefined ? own : [element("id", { root: made })];
}

function writeCollection(specimen: Specimen, number: string, context: EntryContext): WrittenEntry {
  const { collection, receivedTime, type } = specimen;
  const id = context.nextId("prelevement");
  const [methodId, siteId] = [`${id}-mode`, `${id}-site`];
  const taken = takenAt(specimen);
  const method = wordsOf(collection?.method);
  const site = wordsOf(collection?.bodySite);
  const entry = element(
    "procedure",
    { classCode: "PROC", moodCode: "EVN" },
    templates("1.3.6.1.4.1.19376.1.3.1.2", `${fr}.77`),
    method ? writeConcept("code", collection?.method, { reference: methodId }) : element("code", { nullFlavor: "NA" }),
    writeTime("effectiveTime", taken),
    site ? writeConcept("targetSiteCode", collection?.bodySite, { reference: siteId }) : undefined,
    collection?.collector && writePerformer(collection.collector, undefined, context),
    element(
      "participant",
      { typeCode: "PRD" },
      element(
        "participantRole",
        { classCode: "SPEC" },
        sampleIds(specimen, number),
        element(
          "playingEntity",
          {},
          type ? writeConcept("code", type, { reference: id }) : element("code", { nullFlavor: "UNK" }),
        ),
      ),
    ),
    receivedTime && writeReception(receivedTime),
  );
  return {
    entry,
    rows: [
      [
        { column: "Prélèvement", text: wordsOf(type), id },
        { column: "Prélevé le", text: taken ? toFrenchDate(taken) : "" },
        { column: "Mode de prélèvement", text: method, id: methodId },
        { column: "Site de prélèvement", text: site, id: siteId },
        { column: "Reçu le", text: receivedTime ? toFrenchDate(receivedTime) : "" },
      ],
    ],
  };
}

/** FR-Echantillon-date-reception. */
function writeReception(time: string): XmlPiece {
  return element(
    "entryRelationship",
    { typeCode: "COMP" },
    element(
      "act",
      { classCode: "ACT", moodCode: "EVN" },
      templates("1.3.6.1.4.1.19376.1.3.1.3", `${fr}.107`),
      element("code", {
        code: "SPRECEIVE",
        displayName: "Échantillon reçu",
        // "1.3.5": as the official reports write it; the arc of IHE is 1.3.6.
        codeSystem: "1.3.5.1.4.1.19376.1.5.3.2",
        codeSystemName: "IHEActCode",
      }),
      completed,
      writeTime("effectiveTime", time),
    ),
  );
}
