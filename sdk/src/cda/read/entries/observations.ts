import { dateInWords } from "../../../fhir/date-words.ts";
import {
  type CodeableConcept,
  type Device,
  type Extension,
  extensionUrl,
  type Observation,
  type Quantity,
  type Reference,
} from "../../../fhir/index.ts";
import { performersOf, validatorsOf } from "../actors.ts";
import { absentTime, isTimeMasked, maskedConcept, qualifierCodings } from "../concept.ts";
import { type Conversion, narrativeExtensions, notes, type Place } from "../conversion.ts";
import { disagreements } from "../disagreements.ts";
import { filled } from "../filled.ts";
import { isQualifying } from "../qualifiers.ts";
import { fr, isNegated, isPlanned, pcc, related, repetitions, statusOf } from "../statements.ts";
import { participationTime, type RecordedTime, recordedTime } from "../times.ts";
import { inWords, observationValue, translationUrl } from "../values.ts";
import { at, attribute, child, children, follows, hasTemplate, readEach, textOf, type XmlElement } from "../xml.ts";
import { allergy } from "./allergies.ts";
import { attachment } from "./attachments.ts";
import { familyHistory } from "./family.ts";
import { reasonsOf } from "./medications.ts";
import { plannedObservation } from "./plans.ts";
import { isAllergy, isFamilyHistory } from "./recognise.ts";
import { referenceRanges } from "./reference-ranges.ts";
import { collection, isCollection, specimenOf } from "./specimens.ts";
import { aboutSubject } from "./subjects.ts";
import { asVitalSign } from "./vital-signs.ts";

/** Chapters of a laboratory report (JDV_J06 of CI-SIS): what stands there without template is a result. */
const laboratorySections = new Set(
  "18717-9 18718-7 18719-5 18720-3 18721-1 18722-9 18723-7 18724-5 18725-2 18727-8 18728-6 18729-4 18767-4 18768-2 26435-8 26436-6 26437-4 26438-2".split(
    " ",
  ),
);
const templates = {
  vitalSign: new Set([fr("50"), pcc("13.2")]),
  socialHistory: new Set([fr("52"), pcc("13.4")]),
  result: new Set([fr("80"), "1.3.6.1.4.1.19376.1.3.1.6"]),
  imaging: new Set([fr("154"), fr("150")]),
  isolate: new Set([fr("209")]),
};
const categorySystem = "http://terminology.hl7.org/CodeSystem/observation-category";

function categoryOf(statement: XmlElement, place: Place): string | undefined {
  if (follows(statement, templates.vitalSign)) return "vital-signs";
  if (follows(statement, templates.socialHistory)) return "social-history";
  if (isResult(statement)) return "laboratory";
  if (follows(statement, templates.imaging)) return "imaging";
  if (place.sectionCode === "8716-3") return "vital-signs";
  if (place.sectionCode === "29762-2") return "social-history";
  if (follows(statement, templates.isolate)) return "laboratory";
  if (place.sectionCode === "47420-5") return "survey";
  if (laboratorySections.has(place.sectionCode)) return "laboratory";
  return undefined;
}

/** Any observation that is no problem, allergy, family history nor directive. */
export function observation(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  // FHIR plans for the patient alone: what is asked for another stays in the narrative.
  if (isPlannedObservation(statement, place))
    return place.focus ? [] : plannedObservation(conversion, statement, place);
  const nested = nestedFacts(statement);
  const built = buildObservation(conversion, statement, place);
  const undated = built ? undatedValues(conversion, statement) : [];
  if (built && undated.length > 0) built.note = [...(built.note ?? []), ...undated];
  const own = built ? [conversion.add(built)] : [];
  const within = built && nested.length > 0 ? precised(built) : undefined;
  const earlier = previousValues(conversion, statement, place);
  return [
    ...own,
    ...earlier,
    ...nested.flatMap((each) =>
      nestedFact(conversion, each, { ...place, ...timeFrom(statement, place), ...filled({ within }) }),
    ),
  ];
}

/** What a finding is called where another one makes it precise: "Scanner : infarctus cérébral". */
function precised({ code, ...result }: Observation): string | undefined {
  const label = code.text ?? code.coding?.find((each) => each.display)?.display;
  const value = result.valueBoolean === undefined ? inWords(result) : result.valueBoolean ? undefined : "non";
  return label && value && value !== label ? `${label} : ${value}` : label;
}

/** A fact within a fact: about the same person, unless it names another; a relative's illness and an allergy stay what they are. */
export function nestedFact(conversion: Conversion, statement: XmlElement, around: Place): Reference[] {
  if (isFamilyHistory(statement, around)) return familyHistory(conversion, statement);
  const place = aboutSubject(conversion, statement, around);
  if (isAllergy(statement, around)) return place.focus ? [] : allergy(conversion, statement);
  return observation(conversion, statement, place);
}

/** A mood other than "event" plans; an intention noted outside of a plan (a preferred hospital) is an observation. */
function isPlannedObservation(statement: XmlElement, place: Place): boolean {
  if (!isPlanned(statement)) return false;
  return (
    attribute(statement, "moodCode") !== "INT" ||
    hasTemplate(statement, fr("27")) ||
    place.sectionCode === "18776-5" ||
    !hasTemplate(statement, fr("48"))
  );
}

function timeFrom(statement: XmlElement, place: Place): { groupTime?: RecordedTime } {
  const time = recordedTime(child(statement, "effectiveTime")) ?? place.groupTime;
  return time ? { groupTime: time } : {};
}

/** Observations inside a statement that are facts of their own (age at first steps, cause of an accident). */
export function nestedFacts(statement: XmlElement): XmlElement[] {
  return related(statement)
    .filter(
      (each) =>
        each.statement.name === "observation" &&
        (each.type !== "RSON" || each.isInverted || isFact(each.statement)) &&
        !(each.type === "REFR" && isResult(statement)) &&
        // One without template that is only referred to is an earlier value.
        (each.type !== "REFR" || child(each.statement, "templateId") !== undefined) &&
        !isQualifying(each.statement),
    )
    .map((each) => each.statement);
}

/** A measure that is the reason of something is a measure all the same. */
const isFact = (statement: XmlElement) => hasTemplate(statement, fr("48"), fr("50"));

/** The observation alone, without what is nested in it; `undefined` for a filler. */
export function buildObservation(conversion: Conversion, statement: XmlElement, place: Place): Observation | undefined {
  const codeElement = child(statement, "code");
  const text = conversion.reader.textOf(child(statement, "text"));
  const valueElements = children(statement, "value");
  const code = codeOf(conversion, codeElement) ?? (text ? { text } : maskedConcept(codeElement, statement));
  if (!code) return undefined;
  const label = attribute(codeElement, "displayName");
  const row = code.text ? undefined : conversion.reader.surroundings(child(statement, "text"));
  if (row) code.text = row;
  const isMasked = isTimeMasked(statement);
  const time = recordedTime(child(statement, "effectiveTime")) ?? (isMasked ? undefined : place.groupTime);
  let value = observationValue(valueElements[0], conversion.reader);
  if (eyeSections.has(place.sectionCode)) asDioptre(value);
  const remarks = [...(notes(conversion, statement).note ?? []), ...qualifiersInWords(conversion, statement)];
  nameByValue(code, value.valueCodeableConcept);
  const deniedValue = isNegated(statement) ? asExtension(value) : undefined;
  if (isNegated(statement)) value = denied(value, remarks);
  if (
    Object.keys(value).length === 0 &&
    text &&
    text !== code.text &&
    !valueElements.some(isStated) &&
    !isNegated(statement)
  )
    value = { valueString: text };
  // "Not applicable" and "other" of a code leave the answer to the words: "Non fumeur".
  const isWordsAlone = /^(NA|OTH)$/.test(attribute(valueElements[0], "nullFlavor") ?? "") && !isNegated(statement);
  if (isWordsAlone && value.dataAbsentReason && text && !tellsTheSame(text, code.text)) value = { valueString: text };
  // Words that are the answer name no question: its label does.
  const answer = value.valueCodeableConcept?.text ?? value.valueString;
  if (label && answer && answer === code.text && answer !== label) code.text = label;
  const interpretations = readEach(statement, "interpretationCode", (each) => conversion.concept(each));
  const [method, ...otherMethods] = readEach(statement, "methodCode", (each) => conversion.concept(each));
  const priority = conversion.concept(child(statement, "priorityCode"))?.text;
  const [bodySite, ...otherSites] = readEach(statement, "targetSiteCode", (each) => conversion.concept(each));
  // FHIR gives reasons to acts and treatments alone.
  if (related(statement, "RSON").some((each) => !each.isInverted && !isFact(each.statement)))
    for (const each of reasonsOf(conversion, statement)) if (each.text) remarks.push({ text: `Motif : ${each.text}` });
  for (const each of otherSites) if (each.text) remarks.push({ text: `Localisation : ${each.text}` });
  for (const each of otherMethods) if (each.text) remarks.push({ text: `Méthode : ${each.text}` });
  if (priority) remarks.push({ text: `Priorité : ${priority}` });
  remarks.push(...repetitions(statement));
  const category = categoryOf(statement, place);
  const ownPerformers = [
    ...performersOf(conversion, statement, "performer", "author"),
    ...validatorsOf(conversion, statement),
  ];
  const performers = ownPerformers.length > 0 ? ownPerformers : (place.performer ?? []);
  const specimen = specimenOf(conversion, statement) ?? sampleIn(conversion, statement) ?? place.specimen;
  const { focus } = aboutSubject(conversion, statement, place);
  // FHIR wants an instant: a day alone stays in words.
  const isOfGroup = ownPerformers.length === 0;
  const issued = participationTime(statement, "author") ?? (isOfGroup ? place.groupRecorded : undefined);
  if (issued && !issued.includes("T")) remarks.push({ text: `Rendu le ${dateInWords(issued, "fr")}` });
  const done = participationTime(statement, "performer") ?? (isOfGroup ? place.groupDone : undefined);
  if (done && done.slice(0, 10) !== (time?.value ?? time?.low)?.slice(0, 10))
    remarks.push({ text: `Réalisé le ${dateInWords(done, "fr")}` });
  const [instrument, ...others] = devicesOf(conversion, statement);
  // FHIR has room for one device.
  for (const each of others) if (each.display) remarks.push({ text: `Dispositif : ${each.display}` });
  // A value may be a file.
  const isFile = attribute(valueElements[0], "representation") === "B64";
  const files = isFile ? attachment(conversion, statement, place, { title: code.text }) : [];
  const ranges = referenceRanges(conversion, statement);
  const status = statusOf(statement) ?? place.groupStatus;
  const isAffirmed = value.valueBoolean ?? (isNegated(statement) ? false : undefined);
  const { extension } = narrativeExtensions(
    conversion,
    statement,
    disagreements(conversion, statement, {
      time,
      date: value.valueDateTime,
      quantities: measured(value),
      ...(isAffirmed === undefined ? {} : { isAffirmed }),
    }),
  );
  const categories = category
    ? [{ coding: [{ system: categorySystem, code: category }] }, ...sectionCategory(place)]
    : sectionCategory(place);
  if (place.birth && place.birth !== place.section) categories.push(place.birth);
  // Made hundreds of times for one report: assigned rather than spread.
  const result = { resourceType: "Observation" } as Observation;
  if (extension) result.extension = extension;
  result.status = observationStatus(status);
  if (categories.length > 0) result.category = categories;
  result.code = code;
  result.subject = conversion.patient;
  if (place.partOf) result.partOf = [place.partOf];
  if (focus) result.focus = [focus];
  if (place.encounter) result.encounter = place.encounter;
  Object.assign(result, isMasked && !time ? { _effectiveDateTime: absentTime(statement) } : effective(time));
  if (issued?.includes("T")) result.issued = issued;
  if (performers.length > 0) result.performer = [...performers];
  Object.assign(result, value);
  if (interpretations.length > 0) result.interpretation = interpretations;
  if (bodySite) result.bodySite = bodySite;
  if (method) result.method = method;
  if (specimen) result.specimen = specimen;
  if (instrument) result.device = instrument;
  if (files.length > 0) result.derivedFrom = files;
  if (ranges.length > 0) result.referenceRange = ranges;
  for (const each of valueElements.slice(1)) addValue(result, observationValue(each, conversion.reader));
  if (deniedValue) result.extension = [...(result.extension ?? []), deniedValue];
  if (place.within) remarks.push({ text: `Précise : ${place.within}` });
  for (const group of place.groupCodes ?? []) if (group.text) remarks.push({ text: `Groupe : ${group.text}` });
  if (remarks.length > 0) result.note = remarks;
  if (isBare(result, codeElement)) return undefined;
  return asVitalSign(result);
}

/** What is under way, held or suspended is not final. */
export function observationStatus(status: string | undefined): Observation["status"] {
  if (status === "aborted" || status === "cancelled") return "cancelled";
  return status && /^(active|new|held|suspended)$/.test(status) ? "preliminary" : "final";
}

/** Measures of the eye and of what it wears. */
const eyeSections = new Set(["70938-6", "70939-4"]);

/** Producers write dioptres `d`, which is a day in UCUM: the letter stays, its meaning does not. */
function asDioptre({ valueQuantity }: ReturnType<typeof observationValue>): void {
  if (valueQuantity?.code !== "d") return;
  delete valueQuantity.system;
  delete valueQuantity.code;
}

/** A code that only says "it is asserted" is named by what is: the value. */
function nameByValue(code: CodeableConcept, value: CodeableConcept | undefined): void {
  if (code.coding?.[0]?.code !== "ASSERTION" || !(value?.coding || value?.text)) return;
  code.coding = [...(value.coding ?? []), ...code.coding];
  const text = value.text ?? value.coding?.[0]?.display;
  if (text) code.text = text;
}

/** How severe, certain or advanced it is said to be: FHIR gives a place for that to conditions alone. */
function qualifiersInWords(conversion: Conversion, statement: XmlElement): { text: string }[] {
  return related(statement).flatMap(({ statement: each }) => {
    if (each.name !== "observation" || !isQualifying(each)) return [];
    const label = conversion.concept(child(each, "code"))?.text;
    const words = inWords(observationValue(child(each, "value"), conversion.reader));
    return label && words !== undefined ? [{ text: `${label} : ${words}` }] : [];
  });
}

/** One more value: the same measure in another unit, else a part beside it under words, since FHIR repeats no code. */
function addValue(result: Observation, more: ReturnType<typeof observationValue>): void {
  if (Object.keys(more).length === 0) return;
  const { valueQuantity: first } = result;
  const { valueQuantity: other } = more;
  if (first && other && first.unit !== other.unit) {
    first.extension = [...(first.extension ?? []), { url: translationUrl, valueQuantity: other }];
    return;
  }
  const text = `${result.code.text ?? result.code.coding?.[0]?.code ?? "Valeur"} (autre valeur)`;
  result.component = [...(result.component ?? []), { code: { text }, ...more }];
}

/** What a measure amounts to, in each of the units recorded. */
function measured(value: ReturnType<typeof observationValue>): Quantity[] {
  if (value.valueInteger !== undefined) return [{ value: value.valueInteger }];
  const { valueQuantity: quantity } = value;
  if (quantity?.value === undefined) return [];
  return [quantity, ...(quantity.extension ?? []).flatMap((each) => each.valueQuantity ?? [])];
}

/** Words that only repeat the question. */
function tellsTheSame(text: string, label = ""): boolean {
  const [one, other] = [text.toLowerCase(), label.toLowerCase()];
  return one.includes(other) || other.includes(one);
}

/** A value that says something, be it why it says nothing. `<value xsi:type="ST"/>` leaves the answer to the narrative. */
const isStated = (value: XmlElement) =>
  value.content.length > 0 || Object.keys(value.attributes).some((name) => name !== "xsi:type");

/** A filler: no code, no value, nothing said. */
function isBare(result: Observation, codeElement: XmlElement | undefined): boolean {
  const hasValue = Object.keys(result).some((key) => key.startsWith("value")) || result.dataAbsentReason !== undefined;
  return !hasValue && attribute(codeElement, "code") === undefined && !result.component && !result.code.text;
}

const sectionCategory = (place: Place): CodeableConcept[] => (place.section ? [place.section] : []);

/** Codes that only say "something about the way of life": the question stands in a qualifier (child certificates). */
const asksInQualifier = new Set(["11345-6"]);

/** The code, made precise by its qualifiers, or named by the one that asks the question. */
function codeOf(conversion: Conversion, element: XmlElement | undefined): CodeableConcept | undefined {
  const found = conversion.concept(element);
  if (!found?.coding && !found?.text) return undefined;
  if (!asksInQualifier.has(attribute(element, "code") ?? "") || child(element, "originalText")) return found;
  const question = qualifierCodings(element)[0]?.display;
  return question ? { ...found, text: question } : found;
}

/** "Not observed": no value may read as present. */
function denied(
  value: ReturnType<typeof observationValue>,
  remarks: { text: string }[],
): ReturnType<typeof observationValue> {
  if (value.valueCodeableConcept) {
    const said = value.valueCodeableConcept.text ?? value.valueCodeableConcept.coding?.[0]?.display ?? "";
    if (said) remarks.push({ text: `Non : ${said}` });
    return { valueBoolean: false };
  }
  if (value.valueBoolean !== undefined || Object.keys(value).length === 0) return { valueBoolean: false };
  remarks.push({ text: "Le document nie cette observation." });
  return { valueBoolean: false };
}

/** What was denied, apart from the value so that no reader takes it for one. */
function asExtension(value: ReturnType<typeof observationValue>): Extension | undefined {
  const { dataAbsentReason: _, ...typed } = value;
  return Object.keys(typed).length > 0 && typed.valueBoolean === undefined
    ? { url: extensionUrl.deniedValue, ...typed }
    : undefined;
}

export function effective(time: RecordedTime | undefined): Pick<Observation, "effectiveDateTime" | "effectivePeriod"> {
  if (!time) return {};
  if (time.value) return { effectiveDateTime: time.value };
  if (time.low && time.high) return { effectivePeriod: { start: time.low, end: time.high } };
  if (time.low) return { effectivePeriod: { start: time.low } };
  return time.high ? { effectivePeriod: { end: time.high } } : {};
}

/** A sample that is told within the one result that it was taken for. */
function sampleIn(conversion: Conversion, statement: XmlElement): Reference | undefined {
  const taken = related(statement, "COMP").find((each) => isCollection(each.statement));
  return taken && collection(conversion, taken.statement)[0];
}

/** Reagents and instruments named on a result. */
function devicesOf(conversion: Conversion, statement: XmlElement): Reference[] {
  return readEach(statement, "participant", (participant) => {
    const playing = at(participant, "participantRole", "playingDevice");
    const type = conversion.concept(child(playing, "code"));
    const name = textOf(child(playing, "manufacturerModelName"));
    if (!type && !name) return undefined;
    const key = `device:${JSON.stringify([type, name])}`;
    const known = conversion.actors.get(key);
    if (known) return known;
    const display = type?.text ?? name;
    const reference = conversion.add(
      filled<Device>({
        resourceType: "Device",
        ...(name ? { deviceName: [{ name, type: "model-name" }] } : {}),
        type,
      }),
    );
    const named = display ? { ...reference, display } : reference;
    conversion.actors.set(key, named);
    return named;
  });
}

/** A laboratory result: what it refers to are earlier values of it. */
const isResult = (statement: XmlElement) => follows(statement, templates.result);

/** The statements that a result refers to as earlier values of it. */
const earlierValues = (statement: XmlElement) =>
  related(statement, "REFR")
    .map((each) => each.statement)
    .filter(
      (each) =>
        each.name === "observation" &&
        (isResult(statement) ? !isQualifying(each) : child(each, "templateId") === undefined),
    );

/** Earlier values of which nobody says when they were found: no facts of their own. */
function undatedValues(conversion: Conversion, statement: XmlElement): { text: string }[] {
  return earlierValues(statement).flatMap((each) => {
    if (recordedTime(child(each, "effectiveTime")) || isNegated(each)) return [];
    const words = inWords(observationValue(child(each, "value"), conversion.reader));
    return words ? [{ text: `Résultat antérieur, sans date : ${words}` }] : [];
  });
}

/** Earlier values that a result cites: facts of their own date, never of today. */
function previousValues(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  return earlierValues(statement).flatMap((each) => {
    const time = recordedTime(child(each, "effectiveTime"));
    const { groupTime: _, ...rest } = place;
    const earlier = time ? buildObservation(conversion, each, rest) : undefined;
    if (!earlier) return [];
    earlier.note = [...(earlier.note ?? []), { text: "Résultat antérieur cité par le document" }];
    return [conversion.add(earlier)];
  });
}
