/**
 * A summary (IPS document) as plain lines for the person it is about: no code, no abbreviation, each with the document
 * it comes from. Nothing is added: a line that the Bundle does not hold is not shown.
 */
import {
  type Bundle,
  type CodeableConcept,
  type Dosage,
  extensionUrl,
  type FhirResource,
  type Observation,
  type Quantity,
} from "@carnet/sdk/fhir";

/** What changes the meaning of a line: said beside its title. */
export type Mark =
  | "unconfirmed"
  | "former"
  | "paused"
  | "forbidden"
  | "proposed"
  | "planned"
  | "interrupted"
  | "provisional";

/** How values are said in the reader's language. */
export interface Speech {
  readonly decimal: Intl.NumberFormat;
  /** A date in words, at its precision. */
  readonly date: (iso: string) => string;
  readonly yes: string;
  readonly no: string;
  /** `<`, `<=`, `>`, `>=` in words: the signs are misread. */
  readonly comparators: Readonly<Record<string, string>>;
  /** Symbol of the international unit: UI in French, IU elsewhere. */
  readonly internationalUnit: string;
  readonly between: (low: string, high: string) => string;
  /** Of a medicine whose way to be taken is coded and not written. */
  readonly howInDocument: string;
}

/** One line of the summary. */
export interface Line {
  readonly title: string;
  readonly detail?: string;
  /** Date (ISO) that the fact carries. */
  readonly date?: string;
  /** uniqueId of the document that states it. */
  readonly source?: string;
  /** Marks what must be seen first. */
  readonly isSerious?: boolean;
  readonly marks?: readonly Mark[];
}

export interface PlainSummary {
  readonly allergies: readonly Line[];
  readonly problems: readonly Line[];
  readonly history: readonly Line[];
  readonly medicines: readonly Line[];
  readonly vaccines: readonly Line[];
  readonly results: readonly Line[];
  /** What the French recommendations expect and the record does not show. */
  readonly followUp: readonly Line[];
}

/** What somebody states not to exist, with the document that says so: not the same as nothing being written. */
export interface Denials {
  readonly allergies?: Line;
  readonly medicines?: Line;
  readonly problems?: Line;
}

type Of<Name extends FhirResource["resourceType"]> = Extract<FhirResource, { resourceType: Name }>;

const absentUnknown = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";

const deniedCodes = {
  allergies: "no-known-allergies",
  medicines: "no-known-medications",
  problems: "no-known-problems",
} as const;

/** The statements "none known" of a summary. */
export function denials(bundle: Bundle): Denials {
  const found: { -readonly [Name in keyof Denials]: Denials[Name] } = {};
  for (const { resource } of bundle.entry ?? []) {
    const code = codeOf(resource);
    for (const [name, denied] of Object.entries(deniedCodes) as [keyof Denials, string][])
      if (code === denied && !found[name]) found[name] = { title: "", ...known({ source: resource?.meta?.source }) };
  }
  return found;
}

function codeOf(resource: FhirResource | undefined): string | undefined {
  const concept =
    resource?.resourceType === "MedicationStatement"
      ? resource.medicationCodeableConcept
      : resource?.resourceType === "AllergyIntolerance" || resource?.resourceType === "Condition"
        ? resource.code
        : undefined;
  return concept?.coding?.find(({ system }) => system === absentUnknown)?.code;
}

/** Reads a summary. `speech` says values in the reader's language; `now` says which treatments are over. */
export function plainSummary(bundle: Bundle, speech: Speech, now = new Date()): PlainSummary {
  const all = <Name extends FhirResource["resourceType"]>(name: Name): Of<Name>[] =>
    (bundle.entry ?? []).flatMap(({ resource }) => (resource?.resourceType === name ? [resource as Of<Name>] : []));
  const listed = listedIn(bundle, ["11450-4", "11348-0"]);
  const conditions = all("Condition").filter(
    (one) => isStated(one.code) && !isWithdrawn(one.verificationStatus) && (listed.has(one) || !isReason(one)),
  );
  const past = listedIn(bundle, ["11348-0"]);
  const isCurrent = (one: Of<"Condition">) => {
    const status = one.clinicalStatus?.coding?.[0]?.code;
    const isOver = past.has(one) || Boolean(one.abatementDateTime ?? one.abatementPeriod ?? one.abatementString);
    return status === undefined ? !isOver : !["inactive", "remission", "resolved"].includes(status);
  };
  return {
    allergies: all("AllergyIntolerance")
      .filter((one) => isStated(one.code) && !isWithdrawn(one.verificationStatus))
      .map(allergyLine),
    problems: newestFirst(conditions.filter(isCurrent).map(conditionLine)),
    history: newestFirst([
      ...conditions.filter((one) => !isCurrent(one)).map(conditionLine),
      ...all("Procedure")
        .filter((one) => isStated(one.code) && isDone(one))
        .map(procedureLine),
    ]),
    medicines: [...all("MedicationStatement"), ...all("MedicationRequest"), ...all("MedicationDispense")]
      .filter((one) => isTaken(one, now) && (!one.medicationCodeableConcept || isStated(one.medicationCodeableConcept)))
      .map(medicineLine(bundle, speech, now)),
    vaccines: newestFirst(
      all("Immunization")
        .filter((one) => one.status === "completed" && isStated(one.vaccineCode))
        .map(vaccineLine),
    ),
    results: lastOfEach(all("Observation").filter(isResult), speech),
    followUp: followUpLines(bundle),
  };
}

/** The entries of some sections, by their LOINC codes. */
function listedIn(bundle: Bundle, codes: readonly string[]): ReadonlySet<FhirResource> {
  const composition = bundle.entry?.[0]?.resource;
  const sections = composition?.resourceType === "Composition" ? (composition.section ?? []) : [];
  const references = new Set(
    sections
      .filter(({ code }) => code?.coding?.some((coding) => codes.includes(coding.code ?? "")))
      .flatMap(({ entry }) => (entry ?? []).map(({ reference }) => reference)),
  );
  return new Set(
    (bundle.entry ?? []).flatMap(({ fullUrl, resource }) => (resource && references.has(fullUrl) ? [resource] : [])),
  );
}

/** Why somebody came, of which nobody said that it is, or was, an illness: it stays in its document. */
const isReason = (one: Of<"Condition">) =>
  !one.clinicalStatus && (one.category ?? []).some((category) => hasCode(category, "encounter-diagnosis"));

const hasCode = (concept: CodeableConcept | undefined, wanted: string) =>
  (concept?.coding ?? []).some(({ code }) => code === wanted);

/** What would close missing follow-up (docs/safety.md): nothing else carries it. */
const closes = "https://carnet.example/fhir/StructureDefinition/closes";

/** Tests and vaccines that are due, in words; what only the record's gaps leave open is for professionals to look at. */
function followUpLines(bundle: Bundle): readonly Line[] {
  return (bundle.entry ?? []).flatMap(({ resource }): Line[] => {
    if (resource?.resourceType !== "DetectedIssue" && resource?.resourceType !== "ImmunizationRecommendation")
      return [];
    const detail = resource.extension?.find(({ url }) => url === closes)?.valueString;
    if (detail === undefined) return [];
    if (resource.resourceType === "ImmunizationRecommendation")
      return [line(resource.recommendation[0]?.description ?? "", { detail })];
    return resource.status === "final" ? [line(resource.detail ?? "", { detail })] : [];
  });
}

const isStated = (concept: CodeableConcept | undefined) =>
  concept !== undefined && !(concept.coding ?? []).some(({ system }) => system === absentUnknown);

/** Done, at least in part: what was only planned, refused or not done is no past. */
const isDone = ({ status }: Of<"Procedure">) =>
  !["not-done", "entered-in-error", "preparation"].includes(status as string);

const isWithdrawn = (status: CodeableConcept | undefined) =>
  (status?.coding ?? []).some(({ code }) => code === "refuted" || code === "entered-in-error");

function words(concept: CodeableConcept | undefined): string {
  return concept?.text ?? concept?.coding?.find(({ display }) => display)?.display ?? "";
}

const line = (title: string, rest: Omit<Line, "title">): Line => ({ title, ...rest });

/** Leaves out what is not there, so that a line has only what the document says. */
function known<T extends Record<string, unknown>>(parts: T): { [K in keyof T]?: Exclude<T[K], undefined | ""> } {
  return Object.fromEntries(
    Object.entries(parts).filter(
      ([, value]) => value !== undefined && value !== "" && value !== false && !(Array.isArray(value) && !value.length),
    ),
  ) as never;
}

/** The mark of a fact that nobody has confirmed. */
function certainty(status: CodeableConcept | undefined): Mark[] {
  const isOpen = ["unconfirmed", "presumed", "provisional", "differential"].some((code) => hasCode(status, code));
  return isOpen ? ["unconfirmed"] : [];
}

function allergyLine(one: Of<"AllergyIntolerance">): Line {
  const reaction = (one.reaction ?? [])
    .flatMap(({ manifestation }) => manifestation.map(words))
    .filter(Boolean)
    .join(", ");
  return line(
    words(one.code),
    known({
      detail: reaction,
      date: one.onsetDateTime,
      source: one.meta?.source,
      isSerious: one.criticality === "high",
      marks: [
        ...certainty(one.verificationStatus),
        ...(["resolved", "inactive"].some((code) => hasCode(one.clinicalStatus, code)) ? (["former"] as const) : []),
      ],
    }),
  );
}

function conditionLine(one: Of<"Condition">): Line {
  return line(
    words(one.code),
    known({
      date: one.onsetDateTime ?? one.onsetPeriod?.start,
      source: one.meta?.source,
      marks: certainty(one.verificationStatus),
    }),
  );
}

function procedureLine(one: Of<"Procedure">): Line {
  return line(
    words(one.code),
    known({
      date: one.performedDateTime ?? one.performedPeriod?.start ?? one.performedString,
      source: one.meta?.source,
      marks: one.status === "stopped" ? (["interrupted"] as const) : [],
    }),
  );
}

function vaccineLine(one: Of<"Immunization">): Line {
  const diseases = (one.protocolApplied ?? [])
    .flatMap(({ targetDisease }) => (targetDisease ?? []).map(words))
    .filter(Boolean);
  const coded = (one.vaccineCode.coding ?? [])
    .map(({ display }) => display)
    .filter((display) => display && display !== words(one.vaccineCode));
  return line(
    words(one.vaccineCode),
    known({
      detail: [...new Set(diseases)].join(", ") || coded[0],
      date: one.occurrenceDateTime ?? one.occurrenceString,
      source: one.meta?.source,
    }),
  );
}

type Medicine = Of<"MedicationStatement"> | Of<"MedicationRequest"> | Of<"MedicationDispense">;

/** Being taken, or forbidden: not stopped, and without an end that has passed. */
function isTaken(one: Medicine, now: Date): boolean {
  // What the summary found, of lengths, renewals and deliveries, says more than an end that is written.
  const over = one.extension
    ?.find(({ url }) => url === extensionUrl.treatment)
    ?.extension?.find(({ url }) => url === "over")?.valueBoolean;
  // A delivery without prescription was handed over: whether it is still taken, only the summary has counted.
  if (one.resourceType === "MedicationDispense") return one.status === "completed" && over === false;
  if (!["active", "intended", "unknown", "on-hold"].includes(one.status)) return false;
  const end = endOf(one);
  return over === undefined
    ? end === undefined || new Date(end.length === 10 ? `${end}T23:59:59Z` : end) >= now
    : !over;
}

function endOf(one: Exclude<Medicine, Of<"MedicationDispense">>): string | undefined {
  if (one.resourceType === "MedicationStatement") return one.effectivePeriod?.end;
  return one.dispenseRequest?.validityPeriod?.end ?? one.dosageInstruction?.[0]?.timing?.repeat?.boundsPeriod?.end;
}

/** When it begins, as its document says; of several steps, the first. */
function startOf(one: Medicine): string | undefined {
  if (one.resourceType === "MedicationStatement") return one.effectivePeriod?.start ?? one.effectiveDateTime;
  const starts = (one.dosageInstruction ?? []).map(({ timing }) => timing?.repeat?.boundsPeriod?.start);
  // A step that has no start of its own is taken already.
  return starts.some((start) => start === undefined) ? undefined : starts.sort()[0];
}

const medicineLine =
  (bundle: Bundle, { howInDocument }: Speech, now: Date) =>
  (one: Medicine): Line => {
    const dosages: readonly Dosage[] =
      (one.resourceType === "MedicationStatement" ? one.dosage : one.dosageInstruction) ?? [];
    const reasons = one.resourceType === "MedicationDispense" ? [] : (one.reasonCode ?? []).map(words);
    const written = dosages.map(({ text, patientInstruction }) => text ?? patientInstruction);
    const isCoded = dosages.some(
      ({ text, patientInstruction, timing, doseAndRate }) =>
        !text && !patientInstruction && (timing?.repeat !== undefined || doseAndRate !== undefined),
    );
    const how = [...new Set(written), ...(isCoded ? [howInDocument] : [])].filter(Boolean).join(" ; ");
    const isForbidden = one.resourceType === "MedicationRequest" && one.doNotPerform === true;
    const isProposed = one.resourceType === "MedicationRequest" && /^(proposal|plan)$/.test(one.intent);
    const start = startOf(one);
    // What was planned for a day that has come has begun since.
    const isAhead = start === undefined ? one.status === "intended" : order(start) > now.getTime();
    return line(
      medicineName(one, bundle),
      known({
        detail: [how, reasons.filter(Boolean).join(", ")].filter(Boolean).join(" – "),
        date: isAhead ? start : undefined,
        source: one.meta?.source,
        marks: [
          ...(isForbidden ? (["forbidden"] as const) : []),
          ...(isProposed ? (["proposed"] as const) : []),
          ...(isAhead && !isForbidden && !isProposed ? (["planned"] as const) : []),
          ...(one.status === "on-hold" ? (["paused"] as const) : []),
        ],
      }),
    );
  };

function medicineName(one: Medicine, bundle: Bundle): string {
  const named = words(one.medicationCodeableConcept);
  if (named) return named;
  const reference = one.medicationReference?.reference;
  const target = (bundle.entry ?? []).find(
    ({ fullUrl, resource }) =>
      reference && (fullUrl === reference || `${resource?.resourceType}/${resource?.id}` === reference),
  );
  return target?.resource?.resourceType === "Medication"
    ? words(target.resource.code)
    : (one.medicationReference?.display ?? "");
}

function isResult(one: Observation): boolean {
  // A value about somebody else (a newborn in the mother's record) is not this person's result.
  return (
    one.status !== "entered-in-error" &&
    one.status !== "cancelled" &&
    Object.keys(one).some((key) => answers.has(key)) &&
    !one.focus?.length &&
    (one.category ?? []).some(({ coding }) => coding?.some(({ code }) => code === "laboratory"))
  );
}

const answers = new Set(
  ["Quantity", "String", "CodeableConcept", "Boolean", "Integer", "DateTime", "Time", "Period", "Range", "Ratio"].map(
    (type) => `value${type}`,
  ),
);

const measured = (one: Observation) => one.effectiveDateTime ?? one.effectivePeriod?.start ?? one.issued;
const order = (iso: string | undefined) => Date.parse(iso ?? "") || Number.NEGATIVE_INFINITY;

/** The newest value of each test, and of each side of the body. */
function lastOfEach(observations: readonly Observation[], speech: Speech): readonly Line[] {
  const newest = new Map<string, Observation>();
  for (const one of observations) {
    const key = `${one.code.coding?.[0]?.code ?? words(one.code)} ${words(one.bodySite)}`;
    const before = newest.get(key);
    if (!before || order(measured(one)) > order(measured(before))) newest.set(key, one);
  }
  return newestFirst(
    [...newest.values()].map((one) => {
      const site = words(one.bodySite);
      return line(
        site ? `${words(one.code)} (${site})` : words(one.code),
        known({
          detail: answer(one, speech),
          date: measured(one),
          source: one.meta?.source,
          marks: one.status === "preliminary" ? (["provisional"] as const) : [],
        }),
      );
    }),
  );
}

function answer(one: Observation, speech: Speech): string {
  if (one.valueQuantity?.value !== undefined) return amount(one.valueQuantity, speech);
  if (one.valueInteger !== undefined) return speech.decimal.format(one.valueInteger);
  if (one.valueBoolean !== undefined) return one.valueBoolean ? speech.yes : speech.no;
  const { numerator, denominator } = one.valueRatio ?? {};
  if (numerator) return [numerator, denominator].flatMap((part) => (part ? [amount(part, speech)] : [])).join(" : ");
  const { low, high } = one.valueRange ?? {};
  if (low && high) return speech.between(amount(low, speech), amount(high, speech));
  if (low ?? high) return amount({ ...(low ?? high), comparator: low ? ">=" : "<=" }, speech);
  if (one.valueDateTime !== undefined) return speech.date(one.valueDateTime);
  const { start, end } = one.valuePeriod ?? {};
  if (start ?? end) return [start, end].map((at) => (at ? speech.date(at) : "…")).join(" – ");
  return one.valueString ?? one.valueTime?.slice(0, 5) ?? words(one.valueCodeableConcept);
}

function amount({ value, unit, code, comparator }: Quantity, speech: Speech): string {
  const { decimal, comparators } = speech;
  const number = value === undefined ? "" : decimal.format(value);
  return `${comparators[comparator ?? ""] ?? ""} ${number} ${printedUnit(unit ?? code ?? "", speech)}`.trim();
}

/** A unit as reports print it: what is left of UCUM in a document is not for patients. */
function printedUnit(unit: string, { decimal, internationalUnit }: Speech): string {
  return unit
    .replace("10*9/L", "G/L")
    .replace("10*12/L", "T/L")
    .replace(/\[IU\]|UI\b/, internationalUnit)
    .replace(/^u(mol|g)/, "µ$1")
    .replace("{1.73_m2}", `${decimal.format(1.73)} m²`)
    .replace("mm[Hg]", "mmHg")
    .replace(/^1$/, "");
}

function newestFirst(lines: readonly Line[]): readonly Line[] {
  return [...lines].sort((a, b) => (b.date ?? "").localeCompare(a.date ?? ""));
}
