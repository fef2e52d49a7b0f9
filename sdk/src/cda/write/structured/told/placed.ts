import type { FhirResource } from "../../../../fhir/index.ts";

/**
 * Elements that the entry of a fact holds, or that its writer tells in words of its own. `part.detail` is a detail alone,
 * `part[0]` the first of several alone, `status!unknown|draft` all but these codes, which would read as others.
 */
const dosage =
  "text additionalInstruction patientInstruction sequence timing.code timing.event timing.repeat.boundsDuration timing.repeat.boundsPeriod timing.repeat.count timing.repeat.duration timing.repeat.durationUnit timing.repeat.frequency timing.repeat.frequencyMax timing.repeat.period timing.repeat.periodMax timing.repeat.periodUnit timing.repeat.dayOfWeek timing.repeat.timeOfDay timing.repeat.when timing.repeat.offset asNeededBoolean asNeededCodeableConcept site route method doseAndRate[0].doseQuantity doseAndRate[0].doseRange doseAndRate[0].rateQuantity doseAndRate[0].rateRange doseAndRate[0].rateRatio maxDosePerPeriod maxDosePerAdministration maxDosePerLifetime";
const dosageOf = (name: string) =>
  dosage
    .split(" ")
    .map((path) => `${name}.${path}`)
    .join(" ");
const values =
  "valueQuantity valueCodeableConcept valueString valueTime valueBoolean valueInteger valueRange valueRatio valueDateTime valuePeriod valueSampledData";
const medication = "medicationCodeableConcept medicationReference subject";

const paths: Readonly<Partial<Record<FhirResource["resourceType"], string>>> = {
  AdverseEvent:
    "actuality subject event date seriousness severity outcome recorder recordedDate suspectEntity.instance suspectEntity.causality[0].assessment",
  AllergyIntolerance:
    "type category criticality code patient onsetDateTime onsetPeriod.start onsetAge onsetRange onsetString recordedDate recorder asserter lastOccurrence note reaction.substance reaction.manifestation reaction.description reaction.onset reaction.severity reaction.exposureRoute reaction.note",
  Appointment:
    "status!booked|pending|arrived|fulfilled|noshow|checked-in|waitlist serviceType[0] description start end requestedPeriod[0] reasonCode comment participant.actor participant.status!accepted|declined|tentative",
  CarePlan: "subject title description period note activity.detail.code activity.detail.description",
  Condition:
    "severity code bodySite subject onsetDateTime onsetPeriod onsetAge onsetRange onsetString abatementDateTime abatementPeriod abatementAge abatementRange abatementString recordedDate recorder asserter stage.summary evidence.code note",
  Consent:
    "status!draft|proposed scope policyRule patient dateTime performer provision.type provision.period provision.code[0]",
  Device: "udiCarrier.carrierHRF manufacturer version[0].value type patient note",
  DeviceRequest:
    "status!draft|completed|unknown intent!plan|directive|original-order|reflex-order|filler-order|instance-order|option codeCodeableConcept codeReference subject occurrenceDateTime occurrencePeriod authoredOn requester performer priority reasonCode parameter note",
  DeviceUseStatement: "status device subject timingDateTime timingPeriod source recordedOn reasonCode bodySite note",
  DiagnosticReport:
    "status!registered|preliminary|amended|corrected|appended|unknown subject code result conclusion presentedForm effectiveDateTime effectivePeriod performer resultsInterpreter specimen",
  DocumentReference: "subject description content[0].attachment",
  Encounter:
    "status!arrived|triaged|unknown subject type[0] period reasonCode priority participant.individual serviceProvider location.location",
  FamilyMemberHistory:
    "status!partial|health-unknown patient relationship name bornDate bornPeriod bornString ageAge ageRange ageString deceasedBoolean deceasedAge deceasedRange deceasedDate deceasedString reasonCode condition.code condition.outcome condition.contributedToDeath condition.onsetAge condition.onsetPeriod condition.onsetRange condition.onsetString condition.note note",
  Goal: "lifecycleStatus!planned|accepted|active|entered-in-error subject description target.detailQuantity target.detailRange target.detailCodeableConcept target.detailString target.detailBoolean target.detailInteger target.dueDate target.measure startDate startCodeableConcept priority achievementStatus expressedBy note",
  ImagingStudy:
    "status!registered|cancelled|unknown subject started description reasonCode note series.uid series.modality series.description series.started series.instance.uid series.instance.sopClass",
  Immunization:
    "status statusReason vaccineCode patient occurrenceDateTime occurrenceString recorded location manufacturer lotNumber expirationDate site route doseQuantity performer.actor note reasonCode isSubpotent reaction.date reaction.detail protocolApplied[0].series protocolApplied[0].targetDisease protocolApplied[0].doseNumberPositiveInt protocolApplied[0].doseNumberString protocolApplied[0].seriesDosesPositiveInt protocolApplied[0].seriesDosesString",
  ImmunizationRecommendation:
    "patient date recommendation.vaccineCode[0] recommendation.targetDisease recommendation.forecastStatus recommendation.forecastReason recommendation.doseNumberPositiveInt recommendation.doseNumberString recommendation.dateCriterion recommendation.description",
  MedicationAdministration: `${medication} status!unknown statusReason reasonCode effectiveDateTime effectivePeriod.start performer.actor note dosage.text dosage.site dosage.method dosage.route dosage.dose`,
  MedicationDispense: `${medication} status!unknown statusReasonCodeableConcept performer.actor quantity daysSupply whenPrepared whenHandedOver receiver authorizingPrescription supportingInformation[0] note substitution.type ${dosageOf("dosageInstruction")}`,
  MedicationRequest: `${medication} status statusReason intent!proposal|plan|directive|original-order|reflex-order|filler-order|instance-order|option priority doNotPerform performer requester recorder authoredOn reasonCode note courseOfTherapyType substitution dispenseRequest.validityPeriod dispenseRequest.numberOfRepeatsAllowed dispenseRequest.quantity dispenseRequest.expectedSupplyDuration dispenseRequest.performer ${dosageOf("dosageInstruction")}`,
  MedicationStatement: `${medication} status statusReason effectiveDateTime effectivePeriod dateAsserted informationSource reasonCode note ${dosageOf("dosage")}`,
  Observation: `status!registered|unknown code subject focus effectiveDateTime effectiveInstant effectivePeriod issued performer ${values} interpretation note bodySite method specimen device referenceRange.low referenceRange.high referenceRange.appliesTo referenceRange.age referenceRange.text hasMember derivedFrom component`,
  Procedure:
    "status!unknown statusReason code subject performedDateTime performedPeriod performedString performedAge performedRange recorder asserter performer.actor location reasonCode bodySite outcome complication followUp note usedCode",
  ServiceRequest:
    "status intent!directive|original-order|reflex-order|filler-order|instance-order|option priority doNotPerform code orderDetail subject occurrenceTiming occurrenceDateTime occurrencePeriod asNeededBoolean asNeededCodeableConcept authoredOn requester performer reasonCode bodySite note patientInstruction",
  SupplyDelivery:
    "status!in-progress patient suppliedItem.quantity suppliedItem.itemCodeableConcept occurrenceDateTime occurrencePeriod.start supplier",
};

/** What the header holds of the meeting that a whole document is about. */
const headerMeeting =
  "status!planned|arrived|triaged|in-progress|onleave|cancelled subject type[0] period participant.type participant.period participant.individual serviceProvider location[0].location hospitalization.dischargeDisposition";

/** An element whose details are told apart, or one that is placed whole (no details). */
export interface Placed {
  readonly parts: Map<string, Placed>;
  /** Further ones are told. */
  isFirstAlone: boolean;
  /** Codes that are told. */
  told: readonly string[];
}

const trees = new Map<string, Placed>();

/** What the entry of this kind of fact holds; `undefined` for a kind that no entry can hold. */
export function placedIn(type: FhirResource["resourceType"]): Placed | undefined {
  const list = paths[type];
  if (list === undefined) return undefined;
  const known = trees.get(type) ?? treeOf(list);
  trees.set(type, known);
  return known;
}

/** What the header holds of the document's own meeting. */
export const placedInHeader = (): Placed => treeOf(headerMeeting);

/** `true` for what a document states, rather than for those whom it names and what its facts are made with. */
export const isFact = ({ resourceType }: FhirResource) => resourceType !== "Device" && resourceType in paths;

const newPlaced = (): Placed => ({ parts: new Map(), isFirstAlone: false, told: [] });

function treeOf(list: string): Placed {
  const root = newPlaced();
  for (const path of list.split(" ")) {
    let at = root;
    for (const step of path.split(".")) {
      const [name = "", codes] = step.replace("[0]", "").split("!");
      const next = at.parts.get(name) ?? newPlaced();
      if (step.includes("[0]")) next.isFirstAlone = true;
      if (codes) next.told = codes.split("|");
      at.parts.set(name, next);
      at = next;
    }
  }
  return root;
}
