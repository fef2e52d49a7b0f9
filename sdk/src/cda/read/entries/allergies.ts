import { dateInWords } from "../../../fhir/date-words.ts";
import type {
  AllergyIntolerance,
  AllergyIntoleranceReaction,
  Annotation,
  CodeableConcept,
  Reference,
} from "../../../fhir/index.ts";
import { firstActor } from "../actors.ts";
import { absentTime, absentUnknownSystem, isAbsence, isTimeMasked, maskedConcept, orAbsence } from "../concept.ts";
import { type Conversion, commentsOf, narrativeExtensions, notes, type Place } from "../conversion.ts";
import { disagreements } from "../disagreements.ts";
import { filled } from "../filled.ts";
import { doersInWords, furtherAuthors } from "../participations.ts";
import { saysNo, saysNone, saysYes } from "../polarity.ts";
import { isCalledOff, isNegated, isPlanned, related } from "../statements.ts";
import { participationTime, recordedTime } from "../times.ts";
import { booleanOf } from "../values.ts";
import { at, attribute, child, children, textOf, type XmlElement } from "../xml.ts";
import { adverseEvent } from "./adverse-events.ts";
import { plannedObservation } from "./plans.ts";
import { nameRemark } from "./products.ts";
import { isAdverseEvent, isProblem } from "./recognise.ts";
import { certainty, criticality, otherStates, severityCode, severityOf, statedStatus } from "./states.ts";

const clinicalSystem = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
const verificationSystem = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";

type Category = "food" | "medication" | "environment" | "biologic";
/** SNOMED CT kinds of allergy → FHIR category. */
const categories: Readonly<Record<string, Category>> = {
  "416098002": "medication",
  "419511003": "medication",
  "59037007": "medication",
  "609398007": "medication",
  "609397002": "food",
  "414285001": "food",
  "418471000": "food",
  "235719002": "food",
  "426232007": "environment",
  "232347008": "environment",
};
/** SNOMED CT kinds that are not allergies. */
const intolerances = new Set(["59037007", "235719002", "782197009", "609396006", "609397002", "609398007"]);

/** The concern act (Liste des allergies) around one or several allergies. */
export function allergyConcern(conversion: Conversion, act: XmlElement, place: Place): Reference[] {
  return related(act)
    .filter((each) => each.statement.name === "observation")
    .flatMap(({ statement }) =>
      isAdverseEvent(statement, place)
        ? adverseEvent(conversion, statement)
        : isPlanned(statement)
          ? plannedObservation(conversion, statement, place)
          : allergy(conversion, statement, act),
    );
}

/**
 * An allergy (FR-Allergie-ou-hypersensibilite). The agent is the allergy; the code only says its kind. An entry with
 * neither agent nor description is no allergy: when its narrative denies, that denial is what is kept.
 */
export function allergy(conversion: Conversion, observation: XmlElement, concern?: XmlElement): Reference[] {
  const kind = conversion.concept(child(observation, "code"));
  const value = child(observation, "value");
  const described = conversion.concept(value);
  const [agent, ...others] = agentsOf(conversion, observation).map((each) => orAbsence(each, "no-known-allergies"));
  const text = conversion.reader.textOf(child(observation, "text"));
  const absent = [agent, described, kind].find(isAbsence);
  const narrative = described?.text ?? text;
  let isRefuted = isNegated(observation) || booleanOf(value) === false;
  let code = absent ?? agent;
  if (!code && described?.coding) code = described;
  if (!code && narrative && saysNo(narrative))
    return isKindOnly(narrative)
      ? refuted(kind)
      : saysNone(narrative)
        ? noKnown(conversion, narrative)
        : refuted(ofKind(narrative));
  if (!code && narrative && saysYes(narrative) && kind) code = kind;
  if (!code && described?.text) code = ofKind(described.text);
  if (!code && text && text !== kind?.text) code = ofKind(text);
  // Nobody knows to what, but it happened.
  if (!code && kind && reactionsOf(conversion, observation).length > 0) code = kind;
  code ??= maskedConcept(value, agentElement(observation), observation);
  if (!code) return denialOfSection(conversion, observation);
  // Several agents of one entry are as many allergies.
  return [code, ...(code === agent ? others : [])].map(build);

  /** Words without code are at least of the kind recorded. */
  function ofKind(words: string): CodeableConcept {
    return { ...(kind?.coding ? { coding: kind.coding } : {}), text: words };
  }

  function refuted(what: CodeableConcept | undefined): Reference[] {
    isRefuted = true;
    return what ? [build(what)] : [];
  }

  function build(found: CodeableConcept): Reference {
    const time = recordedTime(child(observation, "effectiveTime"));
    const kindCode = kind?.coding?.find((each) => categories[each.code ?? ""])?.code ?? "";
    const category = categories[kindCode];
    const isIntolerance = kind?.coding?.some(({ code }) => intolerances.has(code ?? ""));
    const isAbsent = absent !== undefined;
    const verification = isRefuted ? "refuted" : isAbsent ? undefined : allergyCertainty(conversion, observation);
    const status = statedStatus(conversion, observation);
    const concernStatus = attribute(child(concern, "statusCode"), "code");
    const clinical =
      status && ["active", "inactive", "resolved"].includes(status)
        ? status
        : isRefuted ||
            isCalledOff(observation) ||
            (concernStatus !== undefined && concernStatus !== "active" && concernStatus !== "completed")
          ? "inactive"
          : "active";
    const danger = criticality(conversion, observation);
    const severity = severityOf(conversion, observation)?.text;
    const reactions = reactionsOf(conversion, observation);
    // With an agent named, the coded value describes what it did.
    if (agent && !isAbsent && described?.coding && !isRefuted && described.coding[0]?.code !== agent.coding?.[0]?.code)
      reactions.push({ manifestation: [described] });
    const asserter = firstActor(conversion, observation, "author", "performer");
    const recordedOn = participationTime(observation, "author") ?? participationTime(concern, "author");
    const onset = time?.low ?? time?.value;
    const resource = filled<AllergyIntolerance>({
      resourceType: "AllergyIntolerance",
      ...narrativeExtensions(
        conversion,
        observation,
        disagreements(conversion, observation, {
          time,
          isAffirmed: !isRefuted && !isAbsent,
          status: clinical,
          degree: severity,
        }),
      ),
      ...(verification === "entered-in-error"
        ? {}
        : { clinicalStatus: { coding: [{ system: clinicalSystem, code: clinical }] } }),
      ...(verification ? { verificationStatus: { coding: [{ system: verificationSystem, code: verification }] } } : {}),
      ...(isAbsent ? {} : { type: isIntolerance ? "intolerance" : "allergy" }),
      ...(category ? { category: [category] } : {}),
      criticality: danger,
      code: found,
      patient: conversion.patient,
      ...(onset || !isTimeMasked(observation) ? { onsetDateTime: onset } : { _onsetDateTime: absentTime(observation) }),
      recordedDate: recordedOn,
      asserter,
      note: [
        ...(notes(conversion, observation).note ?? []),
        ...furtherAuthors(conversion, observation),
        ...doersInWords(conversion, observation),
        ...otherStates(conversion, observation),
        ...agentNames(observation, found),
        ...remarksOnReactions(conversion, observation),
      ],
      reaction: reactions,
    });
    // FHIR gives a severity to reactions alone: that of the allergy as a whole is told in words.
    if (severity && !isAbsent) resource.note = [...(resource.note ?? []), { text: `Sévérité : ${severity}` }];
    // Nor an end, which does not make an allergy harmless.
    if (time?.high && !isAbsent)
      resource.note = [...(resource.note ?? []), { text: `Fin : ${dateInWords(time.high, "fr")}` }];
    if (kind && kind !== found && kind.text && !isAbsent)
      resource.note = [...(resource.note ?? []), { text: `Type : ${kind.text}` }];
    return conversion.add(resource);
  }
}

/** `Non` alone denies the kind of allergy asked about; a sentence denies all of them. */
function isKindOnly(narrative: string): boolean {
  return narrative.trim().length <= 4;
}

/** Words that deny one kind of allergies leave the others open: the IPS has a code for each kind. */
function absenceCodes(text: string): readonly string[] {
  const kinds = [
    [/m[ée]dicament|drug|medication/i, "medication"],
    [/aliment|food/i, "food"],
    [/environnement|respirat/i, "environmental"],
  ] as const;
  const named = kinds.filter(([words]) => words.test(text)).map(([, kind]) => `no-known-${kind}-allergies`);
  return named.length === 0 || named.length === kinds.length ? ["no-known-allergies"] : named;
}

function noKnown(conversion: Conversion, text: string): Reference[] {
  return absenceCodes(text).map((code) =>
    conversion.add({
      resourceType: "AllergyIntolerance",
      clinicalStatus: { coding: [{ system: clinicalSystem, code: "active" }] },
      code: { coding: [{ system: absentUnknownSystem, code }], text },
      patient: conversion.patient,
    }),
  );
}

/** An entry that says nothing, in a section whose narrative denies allergies, is that denial. */
function denialOfSection(conversion: Conversion, observation: XmlElement): Reference[] {
  let section: XmlElement | undefined = observation;
  while (section && section.name !== "section") section = section.parent;
  const text = conversion.reader.textOf(child(section, "text"));
  return text && saysNone(text) && !text.includes("|") ? noKnown(conversion, text) : [];
}

const agentElement = (observation: XmlElement) =>
  at(observation, "participant", "participantRole", "playingEntity", "code");

/** The substances or products (participant CSM): whoever told or witnessed it is a participant too, of another type. */
function agentsOf(conversion: Conversion, observation: XmlElement): CodeableConcept[] {
  return children(observation, "participant").flatMap((participant) => {
    const entity = at(participant, "participantRole", "playingEntity");
    if (!entity || (attribute(participant, "typeCode") ?? "CSM") !== "CSM") return [];
    const code = conversion.concept(child(entity, "code"));
    const name = textOf(child(entity, "name"));
    if (code?.coding || code?.text) return [code.text || !name ? code : { ...code, text: name }];
    return name ? [{ text: name }] : [];
  });
}

/** The name written beside the code of an agent that is named otherwise. */
function agentNames(observation: XmlElement, found: CodeableConcept): { text: string }[] {
  const named = agentElement(observation)?.parent;
  const isThis = attribute(child(named, "code"), "code") === found.coding?.[0]?.code;
  return isThis ? nameRemark(named, found) : [];
}

function allergyCertainty(conversion: Conversion, observation: XmlElement): string | undefined {
  const stated = certainty(conversion, observation);
  if (stated === "provisional" || stated === "differential") return "unconfirmed";
  return stated;
}

/** Earlier editions relate what happened by another code: a problem inside an allergy is a reaction. */
function reactionsIn(observation: XmlElement): XmlElement[] {
  return related(observation)
    .filter(({ type, statement }) => type === "MFST" || (isProblem(statement) && (type === "COMP" || type === "SUBJ")))
    .map(({ statement }) => statement);
}

function manifestationOf(conversion: Conversion, reaction: XmlElement): CodeableConcept | undefined {
  const text = conversion.reader.textOf(child(reaction, "text"));
  return conversion.concept(child(reaction, "value")) ?? (text ? { text } : undefined);
}

/** What is remarked about a reaction ("adrénaline donnée"), under its name among the notes of the allergy: there it is read. */
function remarksOnReactions(conversion: Conversion, observation: XmlElement): Annotation[] {
  return reactionsIn(observation).flatMap((reaction) => {
    if (isNegated(reaction)) return [];
    const name = manifestationOf(conversion, reaction)?.text;
    const label = name ? `Réaction, ${name}` : "Réaction";
    return commentsOf(conversion, reaction).map((said) => ({ ...said, text: `${label} : ${said.text}` }));
  });
}

const degrees = {
  mild: /^(léger|légère|faible|mild|low)$/i,
  moderate: /^(modérée?|moyenne?|moderate)$/i,
  severe: /^(sévère|grave|élevée?|severe|high)$/i,
};
const isDegree = (text: string, degree: keyof typeof degrees | undefined) =>
  degree !== undefined && degrees[degree].test(text);

function reactionsOf(conversion: Conversion, observation: XmlElement): AllergyIntoleranceReaction[] {
  const reactions: AllergyIntoleranceReaction[] = [];
  for (const statement of reactionsIn(observation)) {
    const manifestation = manifestationOf(conversion, statement);
    if (!manifestation || isNegated(statement)) continue;
    const onset = recordedTime(child(statement, "effectiveTime"));
    const severity = severityOf(conversion, statement);
    const fhirSeverity = severityCode(severity);
    const start = onset?.low ?? onset?.value;
    reactions.push(
      filled({
        manifestation: [manifestation],
        onset: start,
        severity: fhirSeverity,
        // Said by its code already, unless the words say more than one of the three degrees.
        ...(severity?.text && !isDegree(severity.text, fhirSeverity)
          ? { note: [{ text: `Sévérité : ${severity.text}` }] }
          : {}),
      }),
    );
  }
  return reactions;
}
