import type { Address, Extension, HumanName, Patient } from "../../fhir/index.ts";
import { referringDoctor } from "./contacts.ts";
import type { Conversion } from "./conversion.ts";
import { filled } from "./filled.ts";
import { namesOf } from "./header.ts";
import { addresses, identifiers, telecoms } from "./names.ts";
import { dateOf } from "./times.ts";
import { at, attribute, child, textOf, type XmlElement } from "./xml.ts";

const birthPlaceUrl = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace";
/** INSEE code of the birth place, as fr-core carries it. */
const inseeCodeUrl = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code";
const birthNamesUrl = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name";

/** Adds the patient as recorded: every identifier, birth and used names, birth place code. Source: CI-SIS, INS guide. */
export function addPatient(conversion: Conversion, root: XmlElement): void {
  const role = at(root, "recordTarget", "patientRole");
  const person = child(role, "patient");
  const ids = identifiers(role);
  const names = humanNames(person);
  const telecom = telecoms(role);
  const address = addresses(role);
  const birthDate = dateOf(attribute(child(person, "birthTime"), "value"));
  const deceasedInd = attribute(child(person, "sdtc:deceasedInd"), "value");
  const deceasedTime = dateOf(attribute(child(person, "sdtc:deceasedTime"), "value"));
  const multipleBirth = Number(attribute(child(person, "sdtc:multipleBirthOrderNumber"), "value") ?? Number.NaN);
  const birthPlace = birthPlaceExtension(person);
  const doctor = referringDoctor(conversion, root);
  const patient = filled<Patient>({
    resourceType: "Patient",
    ...(birthPlace ? { extension: [birthPlace] } : {}),
    identifier: ids,
    name: names,
    telecom,
    gender: genderOf(attribute(child(person, "administrativeGenderCode"), "code")),
    birthDate,
    ...(deceasedTime
      ? { deceasedDateTime: deceasedTime }
      : deceasedInd === "true" || deceasedInd === "false"
        ? { deceasedBoolean: deceasedInd === "true" }
        : {}),
    ...(Number.isInteger(multipleBirth) ? { multipleBirthInteger: multipleBirth } : {}),
    address,
    ...(doctor ? { generalPractitioner: [doctor] } : {}),
  });
  conversion.add(patient);
}

function humanNames(person: XmlElement | undefined): HumanName[] {
  const { birthName, usedName, birthGivenNames, firstGivenName, usedGivenName } = namesOf(person);
  const given = birthGivenNames ?? (firstGivenName ? [firstGivenName] : []);
  const official = filled<HumanName>({
    use: "official",
    family: birthName,
    ...(given.length > 0
      ? { given: firstGivenName ? [firstGivenName, ...withoutFirst(given, firstGivenName)] : [...given] }
      : {}),
    ...(birthGivenNames
      ? { extension: [{ url: birthNamesUrl, valueString: birthGivenNames.join(" ") } satisfies Extension] }
      : {}),
  });
  const usual: HumanName = {
    use: "usual",
    ...((usedName ?? birthName) ? { family: usedName ?? birthName } : {}),
    ...((usedGivenName ?? firstGivenName) ? { given: [usedGivenName ?? firstGivenName ?? ""] } : {}),
  };
  const found: HumanName[] = [];
  if (official.family || official.given) found.push(official);
  if (usedName || usedGivenName) found.push(usual);
  return found;
}

/** The list of birth given names starts with the first one, which may itself be of several words. */
function withoutFirst(list: readonly string[], first: string): string[] {
  const words = first.split(" ");
  return words.every((word, index) => list[index] === word) ? list.slice(words.length) : [...list];
}

function genderOf(code: string | undefined): "male" | "female" | "other" | "unknown" {
  return code === "M" ? "male" : code === "F" ? "female" : code === "UN" ? "other" : "unknown";
}

function birthPlaceExtension(person: XmlElement | undefined): Extension | undefined {
  const place = at(person, "birthplace", "place");
  const addr = child(place, "addr");
  const code = textOf(child(addr, "county"));
  const city = textOf(child(addr, "city")) ?? textOf(child(place, "name"));
  const country = textOf(child(addr, "country"));
  if (!code && !city && !country) return undefined;
  const address = filled<Address>({
    city,
    district: code,
    country,
    ...(code
      ? {
          extension: [
            {
              url: inseeCodeUrl,
              valueCoding: {
                system: "https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM",
                code,
              },
            },
          ],
        }
      : {}),
  });
  return { url: birthPlaceUrl, valueAddress: address };
}
