import type { IdentityTraits } from "../../identity/index.ts";
import { headerOf, insRoots } from "../read/header.ts";
import { dateTimeOf } from "../read/times.ts";
import { at, attribute, child, children, textOf, type XmlElement } from "../read/xml.ts";

/** One line of the header: `{ key: "birthDate", label: "Né(e) le", value: "28 mars 1979" }`. */
export interface CdaHeaderRow {
  readonly key: string;
  readonly label: string;
  readonly value: string;
}

const labels = {
  birthName: ["Nom de naissance", "Birth name"],
  birthGivenNames: ["Prénom(s) de naissance", "Birth given names"],
  usedName: ["Nom utilisé", "Name used"],
  usedGivenName: ["Prénom utilisé", "Given name used"],
  birth: ["Date de naissance", "Date of birth"],
  sex: ["Sexe", "Sex"],
  birthPlace: ["Lieu de naissance (code INSEE)", "Place of birth (INSEE code)"],
  ins: ["Matricule INS", "National health identity (INS)"],
  patientAddress: ["Adresse du patient", "Patient's address"],
  patientTelecom: ["Coordonnées du patient", "Patient's contact details"],
  guardian: ["Représentant légal", "Legal representative"],
  documentType: ["Type de document", "Document type"],
  date: ["Date du document", "Document date"],
  version: ["Version", "Version"],
  replaces: ["Remplace le document", "Replaces document"],
  confidentiality: ["Confidentialité", "Confidentiality"],
  author: ["Auteur", "Author"],
  legalAuthenticator: ["Responsable du document", "Legally responsible"],
  authenticator: ["Validé par", "Validated by"],
  dataEnterer: ["Saisi par", "Entered by"],
  informant: ["Proche", "Relative"],
  source: ["Informateur", "Informant"],
  emergencyContact: ["Personne à prévenir en cas d'urgence", "Emergency contact"],
  trustedPerson: ["Personne de confiance", "Trusted person"],
  participant: ["Intervenant", "Participant"],
  referringDoctor: ["Médecin traitant", "Referring doctor"],
  recipient: ["Destinataire", "Recipient"],
  order: ["Prescription", "Order"],
  act: ["Acte documenté", "Act documented"],
  encounter: ["Prise en charge", "Encounter"],
  responsible: ["Responsable de la prise en charge", "In charge of the encounter"],
  custodian: ["Conservé par", "Kept by"],
} as const;

const sexes = { male: ["Masculin", "Male"], female: ["Féminin", "Female"], unknown: ["Inconnu", "Unknown"] } as const;

/** How a header says what it holds in coded form, for a reader of another language. */
export interface CdaHeaderWords {
  /** @param recorded - ISO 8601, at the precision and in the time zone of the document: `2026-11`, `2026-11-03T10:30+01:00`. */
  readonly date: (recorded: string) => string;
  readonly sex: Readonly<Record<keyof typeof sexes, string>>;
}

/** The header of a document as lines of text: patient first, then the document, who made it, for whom, about what. */
export function headerRows(root: XmlElement, locale: "fr" | "en", words?: CdaHeaderWords): CdaHeaderRow[] {
  const language = locale === "fr" ? 0 : 1;
  const header = headerOf(root);
  const role = at(root, "recordTarget", "patientRole");
  const { patient } = header;
  const rows: CdaHeaderRow[] = [];
  const add = (key: keyof typeof labels, ...parts: (string | undefined)[]) => {
    const value = parts.filter((part) => part).join(", ");
    if (value) rows.push({ key, label: labels[key][language], value });
  };
  const date = (timestamp: string | undefined) => {
    const recorded = words && dateTimeOf(timestamp);
    return words && recorded ? words.date(recorded) : formatDate(timestamp, locale);
  };

  add("birthName", patient.birthName);
  add("birthGivenNames", (patient.birthGivenNames ?? [patient.firstGivenName ?? ""]).join(" "));
  add("usedName", patient.usedName);
  add("usedGivenName", patient.usedGivenName);
  add("birth", date(attribute(at(role, "patient", "birthTime"), "value")));
  add("sex", patient.sex ? (words?.sex[patient.sex] ?? sexes[patient.sex][language]) : undefined);
  add("birthPlace", patient.birthPlaceCode, textOf(at(role, "patient", "birthplace", "place", "addr", "city")));
  for (const id of children(role, "id"))
    if (insRoots.includes(attribute(id, "root") ?? "")) add("ins", attribute(id, "extension"));
  add("patientAddress", addressText(child(role, "addr")));
  add("patientTelecom", telecomText(role));
  for (const guardian of children(child(role, "patient"), "guardian"))
    add("guardian", personText(at(guardian, "guardianPerson", "name")), telecomText(guardian));

  add("documentType", header.type.display ?? header.type.code);
  add("date", date(attribute(child(root, "effectiveTime"), "value")));
  add("version", header.version === undefined ? undefined : String(header.version));
  add("replaces", header.replaces);
  if (header.confidentiality !== "N") add("confidentiality", header.confidentiality);
  const who = (actor: XmlElement | undefined) => actorText(actor, numbered(actor, patient, language));
  for (const author of children(root, "author"))
    add("author", who(child(author, "assignedAuthor")), date(attribute(child(author, "time"), "value")));
  for (const signer of children(root, "legalAuthenticator"))
    add("legalAuthenticator", who(child(signer, "assignedEntity")), date(attribute(child(signer, "time"), "value")));
  for (const signer of children(root, "authenticator"))
    add("authenticator", who(child(signer, "assignedEntity")), date(attribute(child(signer, "time"), "value")));
  add("dataEnterer", who(at(root, "dataEnterer", "assignedEntity")));
  for (const informant of children(root, "informant")) {
    add("source", who(child(informant, "assignedEntity")));
    const related = child(informant, "relatedEntity");
    const kind = attribute(related, "classCode");
    const key = kind === "ECON" ? "emergencyContact" : kind === "NOK" ? "trustedPerson" : "informant";
    add(
      key,
      personText(at(related, "relatedPerson", "name")),
      attribute(child(related, "code"), "displayName"),
      telecomText(related),
    );
  }
  for (const participant of children(root, "participant")) {
    const entity = child(participant, "associatedEntity");
    const quality = child(participant, "functionCode");
    const isReferring = attribute(quality, "code") === "PCP";
    add(isReferring ? "referringDoctor" : "participant", actorText(entity), isReferring ? undefined : wordsOf(quality));
  }
  for (const recipient of children(root, "informationRecipient"))
    add("recipient", actorText(child(recipient, "intendedRecipient")));
  for (const order of children(root, "inFulfillmentOf"))
    for (const id of children(child(order, "order"), "id")) add("order", attribute(id, "extension"));
  for (const documented of children(root, "documentationOf")) {
    const service = child(documented, "serviceEvent");
    const time = child(service, "effectiveTime");
    add(
      "act",
      wordsOf(child(service, "code")),
      intervalText(time, date),
      actorText(at(service, "performer", "assignedEntity")),
    );
  }
  const encounter = at(root, "componentOf", "encompassingEncounter");
  add(
    "encounter",
    wordsOf(child(encounter, "code")),
    intervalText(child(encounter, "effectiveTime"), date),
    textOf(at(encounter, "location", "healthCareFacility", "location", "name")),
  );
  add("responsible", who(at(encounter, "responsibleParty", "assignedEntity")));
  for (const participant of children(encounter, "encounterParticipant"))
    add("participant", who(child(participant, "assignedEntity")));
  add("custodian", header.custodian?.name);
  return rows;
}

/** What a code means, or the words that stand for one. */
const wordsOf = (code: XmlElement | undefined): string | undefined =>
  attribute(code, "displayName") ?? textOf(child(code, "originalText"));

function intervalText(
  time: XmlElement | undefined,
  date: (timestamp: string | undefined) => string | undefined,
): string | undefined {
  const point = date(attribute(time, "value"));
  const low = date(attribute(child(time, "low"), "value"));
  const high = date(attribute(child(time, "high"), "value"));
  return [point ?? low, high].filter(Boolean).join(" → ") || undefined;
}

/** A date in words, at the precision recorded and in the time zone recorded. */
export function formatDate(timestamp: string | undefined, locale: "fr" | "en"): string | undefined {
  const recorded = dateTimeOf(timestamp);
  if (!recorded) return undefined;
  const [year, month, day] = recorded.slice(0, 10).split("-").map(Number);
  const instant = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1));
  const precision = day !== undefined ? "day" : month !== undefined ? "month" : "year";
  const text = dayFormat(locale, precision).format(instant);
  const clock = recorded.slice(11, 16);
  return clock ? `${text}${locale === "fr" ? " à " : " at "}${clock}` : text;
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs as much as reading the rest of a header: each is made once. */
function dayFormat(locale: "fr" | "en", precision: "year" | "month" | "day"): Intl.DateTimeFormat {
  const key = `${locale} ${precision}`;
  const known = dayFormats.get(key);
  if (known) return known;
  const format = new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", {
    timeZone: "UTC",
    year: "numeric",
    ...(precision === "year" ? {} : { month: "long" }),
    ...(precision === "day" ? { day: "numeric" } : {}),
  });
  dayFormats.set(key, format);
  return format;
}

function personText(name: XmlElement | undefined): string | undefined {
  const parts = ["suffix", "prefix", "given", "family"].flatMap((part) =>
    children(name, part).flatMap((each) => textOf(each) ?? []),
  );
  return parts.join(" ") || textOf(name);
}

/** What somebody without a name is known by: their number; the patient, who writes under the INS, by name. */
function numbered(actor: XmlElement | undefined, patient: IdentityTraits, language: 0 | 1): string | undefined {
  const ids = children(actor, "id");
  if (ids.some((id) => insRoots.includes(attribute(id, "root") ?? "")))
    return [patient.birthName, patient.firstGivenName].filter(Boolean).join(" ");
  const number = ids.map((id) => attribute(id, "extension")).find(Boolean);
  return number && `${language === 0 ? "n°" : "No."}\u00a0${number}`;
}

function actorText(actor: XmlElement | undefined, fallback?: string): string | undefined {
  if (!actor) return undefined;
  const person = ["assignedPerson", "associatedPerson", "informationRecipient", "relatedPerson"]
    .map((part) => personText(at(actor, part, "name")))
    .find(Boolean);
  const device = child(actor, "assignedAuthoringDevice");
  const software = textOf(child(device, "softwareName")) ?? textOf(child(device, "manufacturerModelName"));
  const organization = ["representedOrganization", "scopingOrganization", "receivedOrganization"]
    .map((part) => textOf(at(actor, part, "name")))
    .find(Boolean);
  const role = attribute(child(actor, "code"), "displayName");
  return [person ?? software ?? fallback, role, organization].filter(Boolean).join(", ") || undefined;
}

function addressText(address: XmlElement | undefined): string | undefined {
  const line = ["houseNumber", "streetNameType", "streetName", "additionalLocator", "unitID", "streetAddressLine"]
    .flatMap((part) => children(address, part).flatMap((each) => textOf(each) ?? []))
    .join(" ");
  const city = ["postalCode", "city"].flatMap((part) => textOf(child(address, part)) ?? []).join(" ");
  return [line, city, textOf(child(address, "country"))].filter(Boolean).join(", ") || undefined;
}

function telecomText(owner: XmlElement | undefined): string | undefined {
  return (
    children(owner, "telecom")
      .flatMap((telecom) => attribute(telecom, "value") ?? [])
      .map((value) => value.replace(/^(tel|mailto|fax):/i, ""))
      .join(", ") || undefined
  );
}
