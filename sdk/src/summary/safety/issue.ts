import type { CodeableConcept, DetectedIssue, Extension, FhirResource, Reference } from "fhir/r4.js";
import * as extensionUrl from "../../fhir/extension-urls.ts";
import { stableUuid } from "../stable-id.ts";
import { safetySystem } from "./codes.ts";
import { type DrugDataSource, type InteractionLevel, interactionLevels } from "./drug-data.ts";
import { type SummaryFact, type SummaryFacts, sourcesOf } from "./summary-facts.ts";
import { levelWords, type NotCheckedReason, words } from "./words.ts";

export interface IssueContext {
  readonly facts: SummaryFacts;
  readonly now: string;
  readonly locale: "fr" | "en";
  readonly sources: readonly DrugDataSource[];
}

interface Implicated {
  readonly fact: SummaryFact;
  readonly label: string;
}

export interface IssueInput {
  readonly kind: "allergy" | "interaction" | "duplicate" | "not-checked";
  /** v3-ActCode of the alert; none for what was not checked. */
  readonly act?: { readonly code: string; readonly display: string };
  readonly level?: InteractionLevel;
  readonly reason?: NotCheckedReason;
  readonly severity: NonNullable<DetectedIssue["severity"]>;
  readonly implicated: readonly Implicated[];
  /** uniqueIds of documents that it is about, beside those of the facts. */
  readonly documents?: readonly string[];
  readonly detail: string;
  /** One text per piece of evidence. */
  readonly evidence?: readonly string[];
  readonly uses: readonly DrugDataSource["part"][];
}

/** One result as a DetectedIssue: what, how grave, on which facts, by which reference data. */
export function toIssue(input: IssueInput, { facts, now, locale, sources }: IssueContext): DetectedIssue {
  const { kind, act, level, reason, severity, detail, evidence = [] } = input;
  const text = words[locale];
  const implicated = [...new Map(input.implicated.map((one) => [one.fact.url, one])).values()].sort((a, b) =>
    a.fact.url < b.fact.url ? -1 : 1,
  );
  const used = sources.filter((one) => input.uses.includes(one.part));
  const documents = [
    ...new Set([...implicated.flatMap((one) => sourcesOf(one.fact.resource)), ...(input.documents ?? [])]),
  ].sort();
  const code: CodeableConcept = {
    coding: [
      ...(act ? [{ system: safetySystem.act, ...act }] : []),
      ...(level ? [{ system: safetySystem.level, code: level, display: levelWords.fr[level] }] : []),
      ...(reason
        ? [
            { system: safetySystem.check, code: "not-checked", display: words.fr.titles["not-checked"] },
            { system: safetySystem.check, code: reason },
          ]
        : []),
    ],
    text: level ? `${text.titles[kind]} — ${levelWords[locale][level]}` : text.titles[kind],
  };
  const extension = [
    ...documents.map((document) => ({ url: extensionUrl.factSource, valueUri: document })),
    ...used.map(toExtension),
  ];
  const patient = facts.patient;
  return {
    resourceType: "DetectedIssue",
    id: stableUuid(
      [kind, reason ?? act?.code ?? "", ...implicated.map((one) => one.fact.url), reason ? detail : ""].join(" "),
    ),
    ...(documents[0] ? { meta: { source: documents[0] } } : {}),
    ...(extension.length > 0 ? { extension } : {}),
    // What was not checked has no result: it must not read as a finished check.
    status: kind === "not-checked" ? "preliminary" : "final",
    code,
    severity,
    ...(patient ? { patient: { reference: patient.url } } : {}),
    identifiedDateTime: now,
    ...(implicated.length > 0 ? { implicated: implicated.map(toReference) } : {}),
    ...(evidence.length > 0
      ? { evidence: evidence.map((one) => ({ code: [{ text: one }], detail: implicated.map(toReference) })) }
      : {}),
    detail: [detail, ...new Set(used.map((one) => text.source(one.title, one.date)))].join(" "),
  };
}

function toReference({ fact, label }: Implicated): Reference {
  return { reference: fact.url, type: fact.resource.resourceType, ...(label ? { display: label } : {}) };
}

function toExtension({ part, title, date, licence, warning }: DrugDataSource): Extension {
  return {
    url: safetySystem.referenceData,
    extension: [
      { url: "part", valueCode: part },
      { url: "title", valueString: title },
      { url: "date", valueDate: date },
      { url: "licence", valueString: licence },
      ...(warning ? [{ url: "warning", valueString: warning }] : []),
    ],
  };
}

const RANKED: readonly string[] = interactionLevels;
const SEVERITIES = ["high", "moderate", "low"] as const;

/** The gravest first; what was not checked last, never left out. The order depends on the issues alone. */
export function sortIssues(issues: readonly DetectedIssue[]): DetectedIssue[] {
  const rank = (one: DetectedIssue) => {
    const level = one.code?.coding?.find((coding) => coding.system === safetySystem.level)?.code;
    const at = RANKED.indexOf(level ?? "");
    return (isNotChecked(one) ? 100 : 0) + SEVERITIES.indexOf(one.severity ?? "low") * 10 + Math.max(at, 0);
  };
  return issues
    .map((issue) => ({ issue, rank: rank(issue) }))
    .sort((a, b) => a.rank - b.rank || compare(a.issue.detail, b.issue.detail) || compare(a.issue.id, b.issue.id))
    .map(({ issue }) => issue);
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Does this say that something was not checked, rather than a danger found? */
export function isNotChecked(issue: FhirResource): boolean {
  return (
    issue.resourceType === "DetectedIssue" &&
    (issue.code?.coding ?? []).some((one) => one.system === safetySystem.check && one.code === "not-checked")
  );
}
