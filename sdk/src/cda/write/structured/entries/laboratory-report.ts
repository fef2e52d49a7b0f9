import type { DiagnosticReport, FhirResource, Observation } from "../../../../fhir/index.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext } from "../context.ts";
import type { Row } from "../narrative.ts";
import { writeCollections } from "./collection.ts";
import { writeObservations } from "./observation.ts";
import { writePerformers, writeValidator } from "./people.ts";
import { template, writeComment, writeInterval, writeTime } from "./shared.ts";

/** What a chapter of a laboratory report holds. */
export interface LaboratoryChapter {
  readonly reported: ReadonlyMap<DiagnosticReport, readonly Observation[]>;
  /** All its results, those of no report too. */
  readonly observations: readonly Observation[];
  /** Its code. */
  readonly chapter: XmlPiece;
  placeOf(fact: FhirResource): string;
  /** Whether the section says these words already. */
  isTold(words: string): boolean;
}

interface WrittenReports {
  readonly entries: readonly XmlPiece[];
  readonly rows: readonly Row[];
}

/** Results of one chapter of a laboratory report (CR-BIO): an act for each report, with who made and who validated it. */
export function writeReports(chapter: LaboratoryChapter, context: EntryContext): WrittenReports {
  const collections = writeCollections(chapter.observations, context);
  const within = { ...context, sampleNumbers: collections.numbers };
  const ofReports = new Set([...chapter.reported.values()].flat());
  const alone = chapter.observations.filter((one) => !ofReports.has(one));
  const groups: [DiagnosticReport | undefined, readonly Observation[]][] = [...chapter.reported];
  if (alone.length > 0) groups.push([undefined, alone]);
  const written = groups.map(([report, observations], index) => {
    const results = observations.map((one) => writeObservations(one, "laboratory", within, chapter.placeOf(one)));
    const acts = [...(index === 0 ? collections.entries : []), ...results.flatMap(({ entries }) => entries)];
    const conclusion = writeConclusion(report, chapter, context);
    return {
      entry: writeAct(report, chapter.chapter, acts, conclusion.entry, context),
      rows: [...results.flatMap(({ rows }) => rows), ...conclusion.rows],
    };
  });
  return {
    entries: written.map(({ entry }) => entry),
    rows: [...collections.rows, ...written.flatMap(({ rows }) => rows)],
  };
}

function writeAct(
  report: DiagnosticReport | undefined,
  chapter: XmlPiece,
  acts: readonly XmlPiece[],
  conclusion: XmlPiece | undefined,
  context: EntryContext,
): XmlPiece {
  const { effectiveDateTime, effectivePeriod, code } = report ?? {};
  return element(
    "entry",
    { typeCode: "DRIV" },
    templates("1.3.6.1.4.1.19376.1.3.1", `${template.fr}.21`),
    element(
      "act",
      { classCode: "ACT", moodCode: "EVN" },
      code && wordsOf(code) ? writeConcept("code", code) : chapter,
      element("statusCode", { code: statusOf(report) }),
      effectivePeriod
        ? writeInterval("effectiveTime", effectivePeriod.start, effectivePeriod.end)
        : effectiveDateTime && writeTime("effectiveTime", effectiveDateTime),
      writePerformers(report?.performer ?? [], context),
      (report?.resultsInterpreter ?? []).map((one) => writeValidator(one, context)),
      acts.map((act) => element("entryRelationship", { typeCode: "COMP" }, act)),
      conclusion,
    ),
  );
}

/** What its author concludes: beside the words of the section when these say it already. */
function writeConclusion(
  report: DiagnosticReport | undefined,
  chapter: LaboratoryChapter,
  context: EntryContext,
): { entry: XmlPiece | undefined; rows: readonly Row[] } {
  const { conclusion } = report ?? {};
  if (!conclusion) return { entry: undefined, rows: [] };
  if (chapter.isTold(conclusion)) return { entry: writeComment(undefined, { words: conclusion }), rows: [] };
  const id = context.nextId("conclusion");
  return { entry: writeComment(id), rows: [[{ column: "Conclusion", text: conclusion, id }]] };
}

function statusOf(report: DiagnosticReport | undefined): string {
  if (report?.status === "cancelled") return "aborted";
  return /^(registered|partial|preliminary)$/.test(report?.status ?? "") ? "active" : "completed";
}
