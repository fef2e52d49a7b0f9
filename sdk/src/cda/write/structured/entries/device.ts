import type {
  Annotation,
  CodeableConcept,
  DeviceRequest,
  DeviceUseStatement,
  FhirResource,
  SupplyDelivery,
} from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { frenchQuantity, quantityAttributes, reference, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry, WrittenFact } from "../context.ts";
import { toldOf } from "../told/told.ts";
import { valueWords } from "./observation-value.ts";
import { writeEntryAuthor, writePerformer } from "./people.ts";
import { template, withRemarks, writeInterval, writeNotes, writeReasons } from "./shared.ts";

/** A device that the patient bears or uses (FR-Dispositif-medical). */
export function writeDeviceUse(use: DeviceUseStatement, context: EntryContext, path: string): WrittenEntry {
  const id = context.nextId("dispositif");
  const device = deviceIn(context.resolve(use.device, use), context, `${path}.device`);
  const type = device.type ?? (use.device.display ? { text: use.device.display } : undefined);
  const start = use.timingPeriod?.start ?? use.timingDateTime;
  const end = use.timingPeriod?.end;
  const isOver = end !== undefined && end.slice(0, 10).replaceAll("-", "") <= context.header.effectiveTime.slice(0, 8);
  const remarks = withRemarks([...(use.note ?? []), ...device.told], {
    Localisation: wordsOf(use.bodySite),
    Statut: use.status === "completed" && !isOver ? "terminé" : "",
  });
  const notes = writeNotes(remarks, `${id}-commentaire`);
  const reasons = writeReasons(context, use.reasonCode, `${id}-motif`);
  return {
    entry: element(
      "supply",
      { classCode: "SPLY", moodCode: "EVN" },
      templates(`${template.ccd}.34`, `${template.fr}.20`),
      element("id", { root: context.nextUuid() }),
      reference(id),
      writeStatus(use.status === "completed" && !isOver ? "aborted" : useStatuses[use.status]),
      writeInterval("effectiveTime", start, end, "IVL_TS"),
      writeEntryAuthor(use.source, use.recordedOn, context),
      writeDevice(type, id, device),
      reasons.entries,
      notes.entries,
    ),
    rows: [
      [
        { column: "Début", text: start ? toFrenchDate(start) : "" },
        { column: "Fin", text: end ? toFrenchDate(end) : "" },
        { column: "Dispositif", text: wordsOf(type), id },
        reasons.cell,
        notes.cell,
      ],
    ],
  };
}

/** One that is over, of which no past end tells it, would read as worn. */
const useStatuses: Readonly<Record<string, string>> = { stopped: "aborted", "on-hold": "suspended", intended: "new" };
const writeStatus = (code: string | undefined) => code && element("statusCode", { code });

/** What tells one device from others of its kind. */
interface DeviceDetails {
  readonly type?: CodeableConcept | undefined;
  /** As printed on it (UDI). */
  readonly carriers?: readonly string[];
  readonly maker?: string | undefined;
  readonly model?: string | undefined;
  readonly software?: string | undefined;
}

/** A Device of the Bundle, and in words what CDA has no place for: by its serial number an implant is recalled. */
function deviceIn(
  found: FhirResource | undefined,
  context: EntryContext,
  path: string,
): DeviceDetails & { readonly told: readonly Annotation[] } {
  if (found?.resourceType !== "Device") return { told: [] };
  const { deviceName = [], ...device } = found;
  const [first, ...others] = deviceName;
  const model = first?.type === "model-name" ? first.name : undefined;
  const names = (model === undefined ? deviceName : others).map((each) => each.name);
  const isNamed = wordsOf(device.type) !== "";
  const told = [
    ...(isNamed && names.length > 0 ? [`Nom : ${names.join(", ")}`] : []),
    ...toldOf(device, context, path),
  ];
  return {
    type: isNamed ? device.type : { text: names[0] ?? model ?? "" },
    carriers: (device.udiCarrier ?? []).flatMap((each) => each.carrierHRF ?? []),
    maker: device.manufacturer,
    model,
    software: device.version?.[0]?.value,
    told: [...(device.note ?? []), ...told.map((text) => ({ text }))],
  };
}

const udi = "2.16.840.1.113883.3.3719";

/** @param id - of the words that name it; one used for an act, which does not make it worn, has no line of its own */
export function writeDevice(
  type: CodeableConcept | undefined,
  id?: string,
  { carriers = [], maker, model, software }: DeviceDetails = {},
): XmlPiece {
  return element(
    "participant",
    { typeCode: "DEV" },
    element(
      "participantRole",
      { classCode: "MANU" },
      carriers.map((extension) => element("id", { root: udi, extension })),
      id === undefined || carriers.length > 0 ? undefined : element("id", { nullFlavor: "UNK" }),
      element(
        "playingDevice",
        { classCode: "DEV", determinerCode: "INSTANCE" },
        writeConcept("code", type, id === undefined ? {} : { reference: id }),
        model && element("manufacturerModelName", {}, model),
        software && element("softwareName", {}, software),
      ),
      maker && element("scopingEntity", { classCode: "ENT", determinerCode: "INSTANCE" }, element("desc", {}, maker)),
    ),
  );
}

/** A device prescribed (FR-Dispositif-medical with a mood of request). */
export function writeDeviceRequest(request: DeviceRequest, context: EntryContext, path: string): WrittenEntry {
  const id = context.nextId("dispositif");
  const device = deviceIn(context.resolve(request.codeReference, request), context, `${path}.codeReference`);
  const type = request.codeCodeableConcept ?? device.type ?? { text: request.codeReference?.display ?? "" };
  const period = request.occurrencePeriod ?? { start: request.occurrenceDateTime };
  const parameters = (request.parameter ?? []).flatMap(({ code, ...value }) => {
    const words = valueWords(value).replaceAll("\u00a0", " ");
    const name = wordsOf(code);
    if (!words && !name) return [];
    return [{ text: words ? `${name || "Précision"} : ${words}` : name }];
  });
  const remarks = withRemarks([...(request.note ?? []), ...parameters, ...device.told], {
    Priorité: priorities[request.priority ?? ""],
  });
  const notes = writeNotes(remarks, `${id}-commentaire`);
  const reasons = writeReasons(context, request.reasonCode, `${id}-motif`);
  return {
    entry: element(
      "supply",
      { classCode: "SPLY", moodCode: request.intent === "proposal" ? "PRP" : "RQO" },
      templates(`${template.ccd}.34`, `${template.fr}.20`),
      element("id", { root: context.nextUuid() }),
      reference(id),
      writeStatus(requestStatuses[request.status ?? ""]),
      writeInterval("effectiveTime", period.start, period.end, "IVL_TS"),
      writePerformer(request.performer, undefined, context),
      writeEntryAuthor(request.requester, request.authoredOn, context),
      writeDevice(type, id, device),
      reasons.entries,
      notes.entries,
    ),
    rows: [
      [
        { column: "Dispositif prescrit", text: wordsOf(type), id },
        { column: "Début", text: period.start ? toFrenchDate(period.start) : "" },
        { column: "Fin", text: period.end ? toFrenchDate(period.end) : "" },
        reasons.cell,
        notes.cell,
      ],
    ],
  };
}

const requestStatuses: Readonly<Record<string, string>> = { revoked: "cancelled", "on-hold": "suspended" };
const priorities: Readonly<Record<string, string>> = {
  routine: "Normal",
  urgent: "Urgent",
  asap: "Dès que possible",
  stat: "Immédiat",
};

/**
 * A device handed over. Without anybody who delivered it there is no entry: it would read as worn by the patient, and
 * is told in words alone.
 */
export function writeDeviceDelivery(delivery: SupplyDelivery, context: EntryContext, path: string): WrittenFact {
  const id = context.nextId("delivrance");
  const type = delivery.suppliedItem?.itemCodeableConcept;
  const day = delivery.occurrenceDateTime ?? delivery.occurrencePeriod?.start;
  const quantity = delivery.suppliedItem?.quantity;
  const attributes = quantity && quantityAttributes(quantity);
  const notes = writeNotes(
    toldOf(delivery, context, path).map((text) => ({ text })),
    `${id}-commentaire`,
  );
  const performer = writePerformer(delivery.supplier, day, context);
  const entry =
    performer &&
    element(
      "supply",
      { classCode: "SPLY", moodCode: "EVN" },
      templates(`${template.ccd}.34`, `${template.fr}.20`),
      element("id", { root: context.nextUuid() }),
      reference(id),
      delivery.status === "abandoned" ? element("statusCode", { code: "cancelled" }) : undefined,
      attributes && element("quantity", attributes),
      performer,
      writeDevice(type, id),
      notes.entries,
    );
  return {
    ...(entry ? { entry } : {}),
    rows: [
      [
        { column: "Délivré le", text: day ? toFrenchDate(day) : "" },
        { column: "Dispositif délivré", text: wordsOf(type), id },
        { column: "Quantité", text: frenchQuantity(quantity) },
        notes.cell,
      ],
    ],
  };
}
