import { dateInWords } from "../../fhir/date-words.ts";
import { calledInWords, nameText } from "./actors.ts";
import type { Conversion } from "./conversion.ts";
import { humanName, organizationName } from "./names.ts";
import { recordedTime } from "./times.ts";
import { at, attribute, child, children, textOf, type XmlElement } from "./xml.ts";

/** Participants read where they belong: agents, products, devices, validators, subjects. */
const readElsewhere = new Set(["AUTHEN", "CSM", "DEV", "PRD", "SBJ"]);
/** Places that an act of transport or of entry goes to: its value. */
const places = new Set(["DST", "LOC", "ORG", "RCV"]);

const labels: Readonly<Record<string, string>> = {
  INF: "Informateur",
  LOC: "Lieu",
  RESP: "Responsable",
  VRF: "Vérificateur",
  WIT: "Témoin",
};

/**
 * Who told what an entry says, answers for it or took part in it, what it cites and on what condition it holds, in words:
 * FHIR's facts have a place for those who did it and who wrote it alone. `Informateur : Ada MODELE (Mère)`.
 */
export function peopleInWords(conversion: Conversion, statement: XmlElement): { text: string }[] {
  const said: { text: string }[] = [];
  for (const each of statement.content) {
    if (typeof each === "string") continue;
    if (each.name === "reference") said.push(...citedInWords(conversion, each));
    if (each.name === "precondition" && statement.name !== "substanceAdministration")
      said.push(...conditionInWords(conversion, each));
    if (each.name !== "informant" && each.name !== "participant") continue;
    const type = each.name === "informant" ? "INF" : (attribute(each, "typeCode") ?? "");
    const isPlace = places.has(type) && (statement.name === "act" || statement.name === "encounter");
    if (readElsewhere.has(type) || isPlace) continue;
    const roles = children(each).filter(({ name }) => roleNames.has(name));
    const words = roles.flatMap((role) => roleInWords(conversion, role) ?? []).join(" ; ");
    if (words) said.push({ text: `${labels[type] ?? "Participant"} : ${words}` });
  }
  return said;
}

/** A document or an act elsewhere that an entry refers to. */
function citedInWords(conversion: Conversion, reference: XmlElement): { text: string }[] {
  return children(reference).flatMap((each) => {
    if (!each.name.startsWith("external")) return [];
    const text = conversion.reader.textOf(child(each, "text")) ?? conversion.concept(child(each, "code"))?.text;
    return text ? [{ text: `Document cité : ${text}` }] : [];
  });
}

/** On what condition it holds or is to be done. */
function conditionInWords(conversion: Conversion, precondition: XmlElement): { text: string }[] {
  const criterion = child(precondition, "criterion");
  const text =
    conversion.reader.textOf(child(criterion, "text")) ??
    [child(criterion, "code"), child(criterion, "value")]
      .flatMap((each) => conversion.concept(each)?.text ?? [])
      .join(" : ");
  return text ? [{ text: `Condition : ${text}` }] : [];
}

/** Who wrote a comment. */
export function authorInWords(conversion: Conversion, statement: XmlElement): string | undefined {
  const [author] = children(statement, "author");
  return calledInWords(conversion, child(author, "assignedAuthor"));
}

/** Authors that a fact has no place for: beyond the first, or all of them. `Auteur : Ada MODELE, le 1er janvier 2024`. */
export function furtherAuthors(conversion: Conversion, statement: XmlElement, skipped = 1): { text: string }[] {
  const authors = children(statement, "author").slice(skipped);
  return authors.flatMap((each) => toldInWords(conversion, each, child(each, "assignedAuthor"), "Auteur"));
}

/** Those who did it, of a fact whose one place for people its author has; without author, the first of them has it. */
export function doersInWords(
  conversion: Conversion,
  statement: XmlElement,
  skipped = child(statement, "author") ? 0 : 1,
): { text: string }[] {
  const doers = children(statement, "performer").slice(skipped);
  return doers.flatMap((each) => toldInWords(conversion, each, child(each, "assignedEntity"), "Intervenant"));
}

/** Of somebody told in words, no resource is made. */
function toldInWords(
  conversion: Conversion,
  participation: XmlElement,
  role: XmlElement | undefined,
  label: string,
): { text: string }[] {
  const name = calledInWords(conversion, role);
  const time = recordedTime(child(participation, "time"));
  const day = time?.value ?? time?.low;
  return name ? [{ text: `${label} : ${name}${day ? `, le ${dateInWords(day, "fr")}` : ""}` }] : [];
}

const roleNames = new Set(["assignedEntity", "relatedEntity", "participantRole"]);
const personNames = ["assignedPerson", "relatedPerson", "playingEntity"];

function roleInWords(conversion: Conversion, role: XmlElement): string | undefined {
  const [person] = personNames.flatMap((each) => humanName(at(role, each, "name")) ?? []);
  const structure = organizationName(child(role, "representedOrganization"));
  const said = [
    person && nameText(person),
    conversion.concept(child(role, "code"))?.text,
    conversion.concept(at(role, "playingEntity", "code"))?.text,
    structure ?? textOf(at(role, "scopingEntity", "desc")),
    attribute(role, "classCode") === "PAT" ? "le patient" : undefined,
  ];
  const [first, ...rest] = [...new Set(said)].filter(Boolean);
  return first && (rest.length > 0 ? `${first} (${rest.join(", ")})` : first);
}
