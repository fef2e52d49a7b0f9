import type { CodeableConcept, DeviceRequest, DeviceUseStatement, SupplyDelivery } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { frenchQuantity, quantityAttributes, reference, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry, WrittenFact } from "../context.ts";
import { writePerformer } from "./performer.ts";
import { template, writeInterval, writeNotes } from "./shared.ts";

/** A device that the patient bears or uses (FR-Dispositif-medical). */
export function writeDeviceUse(use: DeviceUseStatement, context: EntryContext): WrittenEntry {
  const id = context.nextId("dispositif");
  const device = context.resolve(use.device, use);
  const name = device?.resourceType === "Device" ? device.deviceName?.[0]?.name : undefined;
  const type: CodeableConcept | undefined =
    device?.resourceType === "Device"
      ? { ...device.type, text: name ?? wordsOf(device.type) }
      : use.device.display
        ? { text: use.device.display }
        : undefined;
  const start = use.timingPeriod?.start ?? use.timingDateTime;
  const end = use.timingPeriod?.end;
  const notes = writeNotes(use.note, `${id}-commentaire`);
  return {
    entry: element(
      "supply",
      { classCode: "SPLY", moodCode: "EVN" },
      templates(`${template.ccd}.34`, `${template.fr}.20`),
      element("id", { root: context.nextUuid() }),
      reference(id),
      writeInterval("effectiveTime", start, end, "IVL_TS"),
      writeDevice(type, id),
      notes.entries,
    ),
    rows: [
      [
        { column: "Début", text: start ? toFrenchDate(start) : "" },
        { column: "Fin", text: end ? toFrenchDate(end) : "" },
        { column: "Dispositif", text: wordsOf(type), id },
        notes.cell,
      ],
    ],
  };
}

function writeDevice(type: CodeableConcept | undefined, id: string): XmlPiece {
  return element(
    "participant",
    { typeCode: "DEV" },
    element(
      "participantRole",
      { classCode: "MANU" },
      element("id", { nullFlavor: "UNK" }),
      element(
        "playingDevice",
        { classCode: "DEV", determinerCode: "INSTANCE" },
        writeConcept("code", type, { reference: id }),
      ),
    ),
  );
}

/** A device prescribed (FR-Dispositif-medical with a mood of request). */
export function writeDeviceRequest(request: DeviceRequest, context: EntryContext): WrittenEntry {
  const id = context.nextId("dispositif");
  const device = context.resolve(request.codeReference, request);
  const type: CodeableConcept | undefined =
    request.codeCodeableConcept ??
    (device?.resourceType === "Device" ? device.type : { text: request.codeReference?.display ?? "" });
  const period = request.occurrencePeriod ?? { start: request.occurrenceDateTime };
  const notes = writeNotes(request.note, `${id}-commentaire`);
  return {
    entry: element(
      "supply",
      { classCode: "SPLY", moodCode: request.intent === "proposal" ? "PRP" : "RQO" },
      templates(`${template.ccd}.34`, `${template.fr}.20`),
      element("id", { root: context.nextUuid() }),
      reference(id),
      writeInterval("effectiveTime", period.start, period.end, "IVL_TS"),
      writeDevice(type, id),
      notes.entries,
    ),
    rows: [
      [
        { column: "Dispositif prescrit", text: wordsOf(type), id },
        { column: "Début", text: period.start ? toFrenchDate(period.start) : "" },
        { column: "Fin", text: period.end ? toFrenchDate(period.end) : "" },
        notes.cell,
      ],
    ],
  };
}

/**
 * A device handed over. Without anybody who delivered it there is no entry: it would read as worn by the patient, and
 * is told in words alone.
 */
export function writeDeviceDelivery(delivery: SupplyDelivery, context: EntryContext): WrittenFact {
  const id = context.nextId("delivrance");
  const type = delivery.suppliedItem?.itemCodeableConcept;
  const day = delivery.occurrenceDateTime ?? delivery.occurrencePeriod?.start;
  const quantity = delivery.suppliedItem?.quantity;
  const attributes = quantity && quantityAttributes(quantity);
  const performer = writePerformer(delivery.supplier, day, context);
  const entry =
    performer &&
    element(
      "supply",
      { classCode: "SPLY", moodCode: "EVN" },
      templates(`${template.ccd}.34`, `${template.fr}.20`),
      element("id", { root: context.nextUuid() }),
      reference(id),
      attributes && element("quantity", attributes),
      performer,
      writeDevice(type, id),
    );
  return {
    ...(entry ? { entry } : {}),
    rows: [
      [
        { column: "Délivré le", text: day ? toFrenchDate(day) : "" },
        { column: "Dispositif délivré", text: wordsOf(type), id },
        { column: "Quantité", text: frenchQuantity(quantity) },
      ],
    ],
  };
}
