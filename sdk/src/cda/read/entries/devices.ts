import type { Device, DeviceRequest, DeviceUseStatement, Reference, SupplyDelivery } from "../../../fhir/index.ts";
import { firstActor, performersOf } from "../actors.ts";
import { absentTime, isDeniedInWords, maskedConcept, orAbsence } from "../concept.ts";
import { besideLine, type Conversion, narrativeExtensions, notes, type Place } from "../conversion.ts";
import { filled } from "../filled.ts";
import { doersInWords, furtherAuthors } from "../participations.ts";
import { isCalledOff, isNegated, isPlanned, related, statusOf } from "../statements.ts";
import { isOver, participationTime, periodOf, recordedTime } from "../times.ts";
import { deniedWords, inWords, observationValue, quantity } from "../values.ts";
import { at, attribute, child, children, readEach, textOf, type XmlElement } from "../xml.ts";
import { reasonsOf } from "./medications.ts";
import { renewalWords } from "./renewals.ts";
import { lengthInWords, lengthOf } from "./time-lengths.ts";

/** A device worn, implanted, delivered or prescribed (FR-Dispositif-medical). */
export function device(conversion: Conversion, supply: XmlElement, place: Place): Reference[] {
  return children(supply, "participant").flatMap((participant) => {
    const role = child(participant, "participantRole");
    const isItem = attribute(participant, "typeCode") === "DEV" || attribute(participant, "typeCode") === "PRD";
    const playing = child(role, "playingDevice") ?? (isItem ? child(role, "playingEntity") : undefined);
    if (!playing) return [];
    return one(conversion, supply, role, playing, place);
  });
}

function one(
  conversion: Conversion,
  supply: XmlElement,
  role: XmlElement | undefined,
  playing: XmlElement,
  place: Place,
): Reference[] {
  const text = conversion.reader.textOf(child(supply, "text"));
  const model = conversion.concept(child(playing, "manufacturerModelName"));
  const found = conversion.concept(child(playing, "code"));
  const name = textOf(child(playing, "name"));
  const words = name ?? text;
  const named =
    found?.coding || found?.text
      ? found
      : (model ?? (words ? { text: words } : maskedConcept(child(playing, "code"), supply)));
  if (!named) return [];
  const code = orAbsence(named, "no-known-devices");
  const time = recordedTime(child(supply, "effectiveTime")) ?? place.groupTime;
  const amount = quantity(child(supply, "quantity"));
  const remarks = [
    ...(notes(conversion, supply).note ?? []),
    ...furtherAuthors(conversion, supply),
    ...flags(conversion, supply),
  ];
  const modelName = model?.text !== code.text ? model?.text : undefined;
  const maker = textOf(at(role, "scopingEntity", "desc"));
  const software = textOf(child(playing, "softwareName"));
  const narrative = narrativeExtensions(conversion, supply);
  const carriers = readEach(role, "id", (id) => attribute(id, "extension"));
  const performers = performersOf(conversion, supply, "performer");
  const source = firstActor(conversion, supply, "author");
  const recordedOn = participationTime(supply, "author");
  const reasons = reasonsOf(conversion, supply);
  const period = periodOf(time);
  const status = statusOf(supply);
  if (amount) remarks.push({ text: `Quantité : ${inWords({ valueQuantity: amount })}` });
  const use = lengthOf(at(supply, "expectedUseTime", "width"));
  if (use) remarks.push({ text: `Durée prévue : ${lengthInWords(use)}` });
  if (isPlanned(supply)) {
    remarks.push(...doersInWords(conversion, supply, 0));
    remarks.push(...renewalWords(supply));
    if (modelName) remarks.push({ text: `Modèle : ${modelName}` });
    if (maker) remarks.push({ text: `Fabricant : ${maker}` });
    const resource = filled<DeviceRequest>({
      resourceType: "DeviceRequest",
      ...narrative,
      status: isCalledOff(supply) ? "revoked" : status === "suspended" || status === "held" ? "on-hold" : "active",
      intent:
        attribute(supply, "moodCode") === "RQO"
          ? "order"
          : attribute(supply, "moodCode") === "PRP"
            ? "proposal"
            : "order",
      codeCodeableConcept: code,
      subject: conversion.patient,
      occurrencePeriod: period,
      authoredOn: recordedOn,
      requester: source,
      reasonCode: reasons,
      note: remarks,
    });
    return [conversion.add(resource)];
  }
  // A supply with a deliverer and no start of use was handed over: nobody says that it is worn or implanted.
  if (performers.length > 0 && !time?.low && !time?.value) {
    const delivered = recordedTime(child(child(supply, "performer"), "time"));
    const day = delivered?.value ?? delivered?.low ?? delivered?.high;
    const resource = filled<SupplyDelivery>({
      resourceType: "SupplyDelivery",
      extension: besideLine(
        narrative.extension,
        (notes(conversion, supply).note ?? []).map((each) => each.text),
      ),
      status: isCalledOff(supply) ? "abandoned" : "completed",
      patient: conversion.patient,
      suppliedItem: filled({ quantity: amount, itemCodeableConcept: code }),
      occurrenceDateTime: day,
      supplier: performers[0],
    });
    return [conversion.add(resource)];
  }
  const item = filled<Device>({
    resourceType: "Device",
    udiCarrier: carriers.map((carrier) => ({ carrierHRF: carrier })),
    manufacturer: maker,
    ...(modelName ? { deviceName: [{ name: modelName, type: "model-name" }] } : {}),
    ...(software ? { version: [{ value: software }] } : {}),
    type: code,
    patient: conversion.patient,
  });
  const reference = conversion.add(item);
  const resource = filled<DeviceUseStatement>({
    resourceType: "DeviceUseStatement",
    ...narrative,
    status:
      isNegated(supply) || status === "cancelled" || isDeniedInWords(code)
        ? "entered-in-error"
        : status === "aborted"
          ? "stopped"
          : status === "suspended" || status === "held"
            ? "on-hold"
            : status === "new"
              ? "intended"
              : time?.high && isOver(time.high, conversion.date)
                ? "completed"
                : "active",
    subject: conversion.patient,
    ...(time?.value
      ? { timingDateTime: time.value }
      : period
        ? { timingPeriod: period }
        : { _timingDateTime: absentTime(supply) }),
    recordedOn,
    source,
    device: code.text ? { ...reference, display: code.text } : reference,
    reasonCode: reasons,
    note: remarks,
  });
  return [conversion.add(resource)];
}

/** What a device is described with, in words: off-label, long-term illness, size. */
function flags(conversion: Conversion, supply: XmlElement): { text: string }[] {
  return related(supply)
    .filter((each) => each.type !== "RSON" && each.statement.name === "observation")
    .flatMap((each) => {
      const code = child(each.statement, "code");
      // What bears neither label nor words is told by its code: without it "oui" would be lost.
      const name =
        attribute(code, "displayName") ??
        conversion.concept(code)?.text ??
        conversion.reader.textOf(child(each.statement, "text")) ??
        attribute(code, "code");
      const found = observationValue(child(each.statement, "value"), conversion.reader);
      const answer = inWords(found);
      const words = isNegated(each.statement) && answer !== undefined ? deniedWords(answer) : answer;
      return name && words !== undefined ? [{ text: `${name} : ${words}` }] : [];
    });
}
