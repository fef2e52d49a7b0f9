/** Field by field: what a fact says comes back when its document is read, in its place or, where CDA has none, in its notes. */
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Bundle, Consent, FhirResource } from "../../../fhir/index.ts";
import { codeSystem, extensionUrl } from "../../../fhir/systems.ts";
import { cdaToFhir } from "../../read/index.ts";
import { CdaInputError } from "../errors.ts";
import { type DocumentInput, documentBundle } from "./document-bundle.ts";
import { fhirToCda } from "./fhir-to-cda.ts";
import { author, documentOf, found, patient, subject } from "./test-support.ts";

const text = (words: string) => ({ text: words });
const coded = (code: string) => ({
  coding: [{ system: codeSystem.snomed, code, display: `Mot ${code}` }],
  text: `Mot ${code}`,
});
const amount = (value: number, unit = "mg") => ({ value, unit, system: codeSystem.ucum, code: unit });
const ada = { display: "Ada MODELE" };
const ida = { display: "Ida TESTEUR" };
const period = { start: "2020-02-03", end: "2020-03-04" };
const status = (system: string, code: string) => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }],
});

const directive: Consent = {
  resourceType: "Consent",
  status: "active",
  scope: { coding: [{ code: "adr" }] },
  category: [coded("1")],
  patient: subject,
};

interface Kind {
  readonly section: string;
  /** The fact, without the field. */
  readonly base: FhirResource;
  /** Fields, and what comes back: the same unless told; words are among the notes. */
  readonly fields: readonly (readonly [given: object, read?: object | string])[];
}

const kinds: readonly Kind[] = [
  {
    section: "11450-4",
    base: { resourceType: "Condition", subject, code: coded("1") },
    fields: [
      [{ recordedDate: "2010-11-12", asserter: ada }],
      [{ recorder: ada }, { asserter: ada }],
      [{ bodySite: [text("genou gauche")] }],
      [
        {
          bodySite: [
            {
              coding: [
                { system: codeSystem.snomed, code: "72696002", display: "genou" },
                { system: codeSystem.snomed, code: "7771000", display: "gauche" },
              ],
              text: "genou (gauche)",
            },
          ],
        },
      ],
      [{ onsetPeriod: period }, "Début : 03/02/2020 - 04/03/2020"],
      [{ onsetAge: amount(40, "a") }, "Début : à 40 ans"],
      [{ onsetString: "dans l'enfance" }, "Début : dans l'enfance"],
      [{ onsetRange: { low: amount(10, "a"), high: amount(17, "a") } }, "Début : 10 a - 17 a"],
      [{ abatementString: "à la puberté" }, "Fin : à la puberté"],
      [{ identifier: [{ system: "https://exemple.fr/dossiers", value: "D-12" }] }, "Identifiant : D-12"],
      [{ identifier: [{ system: "urn:ietf:rfc:3986", value: "urn:uuid:aadc9c14-f1ca-4177-b2c8-a5178d5b3ca0" }] }, {}],
      [{ encounter: { display: "Consultation du 3 mars" } }, "Rencontre : Consultation du 3 mars"],
      [{ asserter: ada, recorder: ida }, "Consigné par : Ida TESTEUR"],
      [{ category: [text("affection de longue durée")] }, "Catégorie : affection de longue durée"],
      [{ clinicalStatus: text("stabilisé") }, "Statut clinique : stabilisé"],
      [
        { stage: [{ type: coded("2"), summary: text("II"), assessment: [{ display: "Score" }] }] },
        "Stade : II\nStade, évaluation : Score\nStade, type : Mot 2",
      ],
    ],
  },
  {
    section: "48765-2",
    base: { resourceType: "AllergyIntolerance", patient: subject, code: coded("1") },
    fields: [
      [{ type: "intolerance" }],
      [{ type: "intolerance", category: ["environment"] }, { type: "intolerance" }],
      [{ category: ["biologic"] }, "Catégorie : produit biologique"],
      [{ category: ["food", "environment"] }, "Catégorie : aliment, environnement"],
      [{ onsetString: "dans l'enfance" }, "Début : dans l'enfance"],
      [{ recordedDate: "2010-11-12", asserter: ada }],
      [{ lastOccurrence: "2015-06-07" }, "Dernière survenue : 07/06/2015"],
      [{ reaction: [{ manifestation: [coded("2")], exposureRoute: coded("3") }] }, "Exposition : Mot 3"],
      [{ reaction: [{ manifestation: [coded("2")], note: [text("passagère")] }] }, "Réaction : passagère"],
      [{ onsetPeriod: period }, "Début, fin : 04/03/2020"],
    ],
  },
  {
    section: "10160-0",
    base: { resourceType: "MedicationStatement", status: "active", subject, medicationCodeableConcept: coded("1") },
    fields: [
      [{ status: "completed" }, "Statut : terminé"],
      [{ status: "completed", effectivePeriod: period }, { status: "completed" }],
      [{ status: "intended" }],
      [{ status: "unknown" }, "Statut : inconnu"],
      [{ dateAsserted: "2019-09-08", informationSource: ada }],
      [{ reasonCode: [coded("2"), coded("3")] }],
      [{ dosage: [{ site: coded("2") }] }],
      [{ dosage: [{ text: "1 cp", method: text("à croquer") }] }, "Posologie : méthode : à croquer"],
      [{ dosage: [{ text: "1 cp", maxDosePerLifetime: amount(78) }] }, "Posologie : au plus 78 mg dans la vie"],
      [{ dosage: [{ text: "1 cp", doseAndRate: [{ type: text("calculée") }] }] }, "Dose, type : calculée"],
      [
        { reasonReference: [{ display: "Asthme" }], derivedFrom: [{ display: "Ordonnance" }] },
        "Motif : Asthme\nD'après : Ordonnance",
      ],
      [
        { dosage: [{ timing: { repeat: { timeOfDay: ["08:30:00", "20:00:00"] } } }] },
        {
          dosage: [
            { timing: { repeat: { frequency: 2, period: 1, periodUnit: "d", timeOfDay: ["08:30:00", "20:00:00"] } } },
          ],
        },
      ],
      [{ dosage: [{ timing: { repeat: { when: ["ACM"], offset: 30 } } }] }],
      [
        { dosage: [{ timing: { repeat: { frequency: 1, period: 4, periodMax: 6, periodUnit: "h" } } }] },
        "Posologie : jusqu'à 6 heure(s) entre deux prises",
      ],
      [{ dosage: [{ timing: { event: ["2021-03-04"] } }] }, "Posologie : le 04/03/2021"],
      [
        {
          dosage: [
            {
              timing: {
                code: {
                  coding: [
                    {
                      system: "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation",
                      code: "BID",
                      display: "deux fois par jour",
                    },
                  ],
                },
              },
            },
          ],
        },
        { dosage: [{ timing: { code: { text: "deux fois par jour" } } }] },
      ],
      [
        { dosage: [{ doseAndRate: [{ rateRatio: { numerator: amount(11, "mL"), denominator: amount(1, "h") } }] }] },
        { dosage: [{ doseAndRate: [{ rateQuantity: { value: 11, unit: "mL/h" } }] }] },
      ],
    ],
  },
  {
    section: "57828-6",
    base: {
      resourceType: "MedicationRequest",
      status: "active",
      intent: "order",
      subject,
      medicationCodeableConcept: coded("1"),
    },
    fields: [
      [{ authoredOn: "2019-09-08" }],
      [{ authoredOn: "2019-09-08", requester: ada }],
      [{ performer: ada }, "Intervenant : Ada MODELE"],
      [{ status: "draft" }, "Statut : brouillon"],
      [{ status: "completed" }, "Statut : terminé"],
      [{ reasonCode: [coded("2"), coded("3")] }],
      [{ identifier: [{ system: "urn:oid:1.2.3", value: "P-77" }] }],
      [
        {
          identifier: [{ system: "urn:ietf:rfc:3986", value: "urn:uuid:aadc9c14-f1ca-4177-b2c8-a5178d5b3ca0" }],
        },
      ],
      [{ substitution: { allowedCodeableConcept: status("v3-substanceAdminSubstitution", "N") } }],
      [
        { substitution: { allowedBoolean: false, reason: text("intolérance à un excipient") } },
        { substitution: { allowedCodeableConcept: { coding: [{ code: "N" }] } } },
      ],
      [{ substitution: { allowedBoolean: true, reason: text("usage") } }, "Substitution : autorisée, usage"],
      [{ courseOfTherapyType: text("traitement au long cours") }, "Type de traitement : traitement au long cours"],
      [{ dispenseRequest: { performer: { display: "Pharmacie du Test" } } }, "À délivrer par : Pharmacie du Test"],
      [{ dosageInstruction: [{ site: coded("2") }] }],
      [{ priority: "routine" }],
      [{ intent: "original-order" }, "Intention : demande initiale"],
      [{ reportedBoolean: true, groupIdentifier: { value: "G-1" } }, "Rapporté : Oui\nIdentifiant du groupe : G-1"],
      [
        { dispenseRequest: { initialFill: { quantity: amount(7), duration: amount(3, "d") } } },
        "Première délivrance : quantité : 7 mg, durée : 3 jour(s)",
      ],
      [{ substitution: { allowedCodeableConcept: text("au sein du groupe") } }, "Substitution : au sein du groupe"],
    ],
  },
  {
    section: "11369-6",
    base: {
      resourceType: "Immunization",
      status: "completed",
      patient: subject,
      vaccineCode: coded("1"),
      occurrenceDateTime: "2020-01-02",
    },
    fields: [
      [{ site: coded("2"), route: coded("3") }],
      [{ site: text("bras gauche"), route: text("voie cutanée") }],
      [{ recorded: "2019-09-08" }],
      [{ manufacturer: { display: "LABO" } }],
      [{ performer: [{ actor: ada }, { actor: ida }] }],
      [{ reasonCode: [coded("2"), coded("3")] }],
      [{ occurrenceString: "vers 1990", occurrenceDateTime: undefined }, "Date : vers 1990"],
      [{ reaction: [{ date: "2020-01-03", detail: { display: "Fièvre" } }] }, "Réaction : Fièvre (03/01/2020)"],
      [
        { protocolApplied: [{ doseNumberPositiveInt: 2, series: "DTP", seriesDosesPositiveInt: 4 }] },
        "Schéma : DTP, 4 doses",
      ],
      [
        { protocolApplied: [{ doseNumberPositiveInt: 2, targetDisease: [text("tétanos")] }] },
        "Maladies visées : tétanos",
      ],
      [{ protocolApplied: [{ doseNumberString: "rappel" }] }],
      [{ isSubpotent: true, subpotentReason: [text("seringue vide")] }, "Dose : insuffisante (seringue vide)"],
      [{ location: { display: "Centre du Test" } }, "Lieu : Centre du Test"],
      [{ performer: [{ actor: ada, function: text("vaccinateur") }] }, "Intervenant, rôle : vaccinateur"],
      [
        { primarySource: false, reportOrigin: text("carnet") },
        "Source primaire : Non\nOrigine de l'information : carnet",
      ],
      [
        { education: [{ documentType: "notice", presentationDate: "2020-01-02" }] },
        "Information remise : document : notice, remis le : 02/01/2020",
      ],
    ],
  },
  {
    section: "30954-2",
    base: {
      resourceType: "Observation",
      status: "final",
      subject,
      code: coded("1"),
      effectiveDateTime: "2020-01-02",
      valueQuantity: amount(5),
    },
    fields: [
      [{ performer: [ada, ida] }],
      [{ issued: "2020-05-06T10:00:00+02:00" }],
      [{ method: { ...coded("2"), text: "méthode de référence" }, bodySite: text("bras droit") }],
      [{ status: "corrected" }, "Statut : corrigé"],
      [{ valueTime: "10:11:12", valueQuantity: undefined }, { valueString: "10:11:12" }],
      [{ device: { display: "Tensiomètre" } }, "Dispositif : Tensiomètre"],
      [{ focus: [{ display: "Fœtus" }] }],
      [{ interpretation: [text("à contrôler")] }],
      [
        { referenceRange: [{ text: "50 à 52", appliesTo: [text("adulte")] }] },
        { referenceRange: [{ text: "50 à 52 (adulte)" }] },
      ],
      [{ hasMember: [{ display: "Hémoglobine glyquée" }] }, "Comprend : Hémoglobine glyquée"],
      [{ derivedFrom: [{ display: "Scanner" }] }, "D'après : Scanner"],
      [{ category: [status("observation-category", "exam")] }, "Catégorie : examen clinique"],
      [
        { effectiveTiming: { repeat: { frequency: 2, period: 1, periodUnit: "d" } }, effectiveDateTime: undefined },
        "Moments : 2 fois par jour(s)",
      ],
      [{ status: "registered" }, "Statut : enregistré"],
      [{ referenceRange: [{ text: "50 à 52", type: text("traitement") }] }, "Valeurs de référence, type : traitement"],
      [
        { partOf: [{ display: "Dialyse" }], basedOn: [{ display: "Bon 7" }] },
        "Fait partie de : Dialyse\nFait suite à : Bon 7",
      ],
    ],
  },
  {
    section: "47519-4",
    base: {
      resourceType: "Procedure",
      status: "completed",
      subject,
      code: coded("1"),
      performedDateTime: "2020-01-02",
    },
    fields: [
      [{ status: "in-progress" }],
      [{ status: "preparation" }],
      [{ status: "on-hold" }],
      [{ status: "not-done", statusReason: coded("2") }],
      [{ status: "stopped", statusReason: text("douleur") }, "Motif d'arrêt : douleur"],
      [{ performedString: "vers 1990", performedDateTime: undefined }, "Date : vers 1990"],
      [{ performedAge: amount(33, "a"), performedDateTime: undefined }, "Date : à 33 ans"],
      [{ recorder: ada }],
      [{ bodySite: [text("genou gauche")] }],
      [
        {
          bodySite: [
            {
              coding: [
                { system: codeSystem.snomed, code: "72696002", display: "genou" },
                { system: codeSystem.snomed, code: "7771000", display: "gauche" },
              ],
              text: "genou (gauche)",
            },
          ],
        },
      ],
      [{ performer: [{ actor: ada, function: coded("2") }, { actor: ida }] }],
      [{ location: { display: "Clinique du Test" } }, "Lieu : Clinique du Test"],
      [{ reasonCode: [coded("2"), coded("3")] }],
      [{ followUp: [text("ablation des fils")] }, "Suites : ablation des fils"],
      [{ usedCode: [coded("2")] }],
      [{ status: "unknown" }, "Statut : inconnu"],
      [{ category: text("chirurgie"), report: [{ display: "CRO" }] }, "Catégorie : chirurgie\nCompte rendu : CRO"],
      [
        { complicationDetail: [{ display: "Hématome" }], usedReference: [{ display: "Vis" }] },
        "Complication : Hématome\nMatériel utilisé : Vis",
      ],
      [
        { focalDevice: [{ action: text("pose"), manipulated: { display: "Stent" } }] },
        "Dispositif : action : pose, dispositif : Stent",
      ],
    ],
  },
  {
    section: "10157-6",
    base: {
      resourceType: "FamilyMemberHistory",
      status: "completed",
      patient: subject,
      relationship: text("Mère"),
      condition: [{ code: coded("1") }],
    },
    fields: [
      [{ name: "Louise" }],
      [{ bornDate: "1940-05-06" }],
      [{ deceasedBoolean: true }],
      [{ deceasedBoolean: false }],
      [{ deceasedAge: amount(70, "a") }],
      [{ deceasedDate: "2010-11" }],
      [{ deceasedString: "pendant la guerre" }, "Décès : pendant la guerre"],
      [{ deceasedRange: { low: amount(60, "a"), high: amount(65, "a") } }, "Décès : 60 a - 65 a"],
      [{ ageAge: amount(80, "a") }, "Âge : à 80 ans"],
      [{ reasonCode: [text("dépistage")] }, "Motif : dépistage"],
      [{ status: "partial", date: "2020-05-06" }, "Statut : partiel\nDate : 06/05/2020"],
      [
        { sex: text("non déterminé"), estimatedAge: true, ageAge: amount(80, "a") },
        "Sexe : non déterminé\nÂge estimé : Oui",
      ],
      [{ condition: [{ code: coded("1"), onsetAge: amount(44, "a") }] }],
      [
        { condition: [{ code: coded("1"), outcome: text("guérison"), note: [text("opérée")] }] },
        "Issue : guérison\nopérée",
      ],
      [{ condition: [{ code: coded("1"), contributedToDeath: true }] }, { deceasedBoolean: true }],
      [
        { condition: undefined, note: [text("Absence de : Diabète")], deceasedAge: amount(70, "a") },
        { deceasedAge: amount(70, "a"), note: [text("Absence de : Diabète")] },
      ],
    ],
  },
  {
    section: "18776-5",
    base: { resourceType: "ServiceRequest", status: "active", intent: "plan", subject, code: coded("1") },
    fields: [
      [{ status: "on-hold" }],
      [{ status: "completed" }, "Statut : réalisé"],
      [{ status: "draft" }, "Statut : brouillon"],
      [{ authoredOn: "2019-09-08", requester: ada, performer: [ida] }],
      [{ orderDetail: [text("avec contraste")] }, "Précision : avec contraste"],
      [{ occurrenceTiming: { code: text("chaque mardi") } }, "Quand : chaque mardi"],
      [{ asNeededBoolean: true }, "Condition : si besoin"],
      [{ reasonCode: [coded("2"), coded("3")] }],
      [{ patientInstruction: "à jeun" }, "Au patient : à jeun"],
      [{ quantityQuantity: amount(3, "séances") }, "Quantité : 3 séances"],
      [
        { locationCode: [text("domicile")], performerType: text("infirmier") },
        "Lieu : domicile\nType d'intervenant : infirmier",
      ],
      [{ specimen: [{ display: "Sang" }], insurance: [{ display: "ALD" }] }, "Prélèvement : Sang\nCouverture : ALD"],
      [{ requisition: { system: "urn:oid:1.2.3", value: "R-5" } }, "Identifiant de la demande : R-5"],
      [
        { occurrenceTiming: { repeat: { frequency: 3, period: 1, periodUnit: "wk", boundsPeriod: period } } },
        "Quand : 3 fois par semaine(s), du 03/02/2020 au 04/03/2020",
      ],
    ],
  },
  {
    section: "18776-5",
    base: { resourceType: "Goal", lifecycleStatus: "proposed", subject, description: coded("1") },
    fields: [
      [{ lifecycleStatus: "cancelled" }],
      [{ lifecycleStatus: "on-hold" }],
      [{ lifecycleStatus: "completed" }, "Statut : atteint"],
      [
        { target: [{ detailQuantity: { ...amount(7), comparator: "<=" } }] },
        { target: [{ detailRange: { high: amount(7) } }] },
      ],
      [{ target: [{ detailString: "marcher" }, { detailString: "courir" }] }, "Autre cible : courir"],
      [{ startDate: "2020-01-02" }, "Début : 02/01/2020"],
      [{ priority: text("haute") }, "Priorité : haute"],
      [{ achievementStatus: text("en progrès") }, "Avancement : en progrès"],
      [{ expressedBy: ada }, "Exprimé par : Ada MODELE"],
      [{ lifecycleStatus: "accepted", statusDate: "2020-01-02" }, "Statut : accepté\nStatut depuis le : 02/01/2020"],
      [
        { addresses: [{ display: "Diabète" }], outcomeCode: [text("atteint")] },
        "Concerne : Diabète\nRésultat : atteint",
      ],
      [{ target: [{ measure: text("HbA1c"), detailCodeableConcept: text("stable") }] }, "Mesure : HbA1c"],
      [{ target: [{ detailCodeableConcept: text("stable") }] }],
    ],
  },
  {
    section: "46240-8",
    base: {
      resourceType: "Encounter",
      status: "finished",
      class: { system: codeSystem.snomed, code: "1", display: "Consultation" },
      subject,
    },
    fields: [
      [{ status: "in-progress" }],
      [{ status: "onleave" }],
      [{ status: "cancelled" }],
      [{ reasonCode: [coded("2"), coded("3")] }],
      [{ participant: [{ individual: ada }] }, { participant: [{ individual: ada }] }],
      [{ location: [{ location: { display: "Clinique du Test" } }] }],
      [{ priority: coded("2") }],
      [{ type: [text("Consultation"), text("Second avis")] }, "Type : Second avis"],
      [{ type: [text("Séjour")], class: { code: "IMP" } }, "Classe : hospitalisation"],
      [{ serviceType: text("Cardiologie"), length: amount(3, "d") }, "Prestation : Cardiologie\nDurée : 3 jour(s)"],
      [
        {
          hospitalization: {
            admitSource: text("Urgences"),
            dischargeDisposition: text("Domicile"),
            dietPreference: [text("Sans sel")],
          },
        },
        "Hospitalisation : provenance : Urgences, mode de sortie : Domicile, régime : Sans sel",
      ],
      [
        { diagnosis: [{ condition: { display: "Infarctus" }, use: text("principal"), rank: 1 }] },
        "Diagnostic : problème : Infarctus, usage : principal, rang : 1",
      ],
      [
        { statusHistory: [{ status: "planned", period }] },
        "Statut antérieur : statut : prévu, période : du 03/02/2020 au 04/03/2020",
      ],
      [{ participant: [{ individual: ada, type: [text("anesthésiste")] }] }, "Participant, type : anesthésiste"],
    ],
  },
  {
    section: "46264-8",
    base: { resourceType: "DeviceUseStatement", status: "active", subject, device: { display: "Attelle" } },
    fields: [
      [{ status: "on-hold" }],
      [{ status: "stopped" }],
      [{ status: "completed" }, "Statut : terminé"],
      [{ status: "intended" }],
      [
        { timingTiming: { repeat: { frequency: 1, period: 1, periodUnit: "d" } }, derivedFrom: [{ display: "Bilan" }] },
        "Moments : 1 fois par jour(s)\nD'après : Bilan",
      ],
      [{ recordedOn: "2019-09-08", source: ada }],
      [{ reasonCode: [coded("2"), coded("3")] }],
      [{ bodySite: text("genou gauche") }, "Localisation : genou gauche"],
    ],
  },
  {
    section: "46264-8",
    base: {
      resourceType: "DeviceRequest",
      status: "active",
      intent: "order",
      subject,
      codeCodeableConcept: coded("1"),
    },
    fields: [
      [{ status: "revoked" }],
      [{ status: "on-hold" }],
      [{ authoredOn: "2019-09-08", requester: ada }],
      [{ reasonCode: [coded("2"), coded("3")] }],
      [{ priority: "urgent" }, "Priorité : Urgent"],
      [{ performer: ada }, "Intervenant : Ada MODELE"],
      [{ parameter: [{ code: text("taille"), valueQuantity: amount(42, "cm") }] }, "taille : 42 cm"],
      [{ status: "draft", intent: "plan" }, "Statut : brouillon\nIntention : projet"],
      [
        { groupIdentifier: { value: "G-2" }, priorRequest: [{ display: "Bon 6" }] },
        "Identifiant du groupe : G-2\nDemande antérieure : Bon 6",
      ],
    ],
  },
  {
    section: "46264-8",
    base: {
      resourceType: "SupplyDelivery",
      status: "completed",
      patient: subject,
      suppliedItem: { itemCodeableConcept: coded("1") },
      supplier: ada,
    },
    fields: [
      [{ status: "abandoned" }],
      [{ destination: { display: "Domicile" }, type: text("location") }, "Destination : Domicile\nType : location"],
    ],
  },
  {
    section: "60590-7",
    base: { resourceType: "MedicationDispense", status: "completed", subject, medicationCodeableConcept: coded("1") },
    fields: [
      [{ status: "in-progress" }],
      [{ status: "on-hold" }],
      [{ statusReasonCodeableConcept: text("rupture"), status: "declined" }, "Motif : rupture"],
      [{ performer: [{ actor: ada }, { actor: ida }] }],
      [{ dosageInstruction: [{ text: "1 cp", site: coded("2"), patientInstruction: "à jeun" }] }],
      [{ receiver: [{ display: "Sa fille" }] }, "Remis à : Sa fille"],
      [{ type: text("urgence"), location: { display: "Officine" } }, "Type : urgence\nLieu : Officine"],
      [
        { dosageInstruction: [{ asNeededBoolean: true }] },
        { dosageInstruction: [{ asNeededCodeableConcept: text("Si besoin") }] },
      ],
      [
        { substitution: { wasSubstituted: false, reason: [text("refus")] } },
        "Substitution, substitué : Non\nSubstitution, motif : refus",
      ],
      [
        {
          authorizingPrescription: [{ identifier: { system: "urn:oid:1.2.3", value: "P-77" } }],
          supportingInformation: [ada],
        },
      ],
    ],
  },
  {
    section: "44939-7",
    base: { resourceType: "AdverseEvent", actuality: "actual", subject, event: coded("1") },
    fields: [
      [{ seriousness: coded("2") }],
      [{ suspectEntity: [{ instance: { display: "FICTIMAB" } }] }],
      [{ severity: status("adverse-event-severity", "moderate") }],
      [
        { outcome: status("adverse-event-outcome", "resolvedWithSequelae") },
        { event: { text: "Mot 1 (évolution : résolu avec séquelles)" } },
      ],
      [{ recorder: ada, recordedDate: "2021-03-04" }],
      [{ location: { display: "Service 3" }, detected: "2021-03-05" }, "Lieu : Service 3\nDétecté le : 05/03/2021"],
      [
        { resultingCondition: [{ display: "Choc" }], contributor: [ada] },
        "A entraîné : Choc\nContributeur : Ada MODELE",
      ],
    ],
  },
  {
    section: "55111-9",
    base: {
      resourceType: "ImagingStudy",
      status: "available",
      subject,
      identifier: [{ system: "urn:dicom:uid", value: "urn:oid:1.2.3" }],
      description: "Scanner du genou",
    },
    fields: [
      [{ started: "2020-02-03" }],
      [{ note: [text("vu en urgence")] }],
      [{ reasonCode: [text("chute"), text("douleur")] }, "Motif : chute, douleur"],
      [
        { status: "cancelled", referrer: ada, interpreter: [ida] },
        "Statut : annulé\nDemandeur : Ada MODELE\nInterprété par : Ida TESTEUR",
      ],
      [{ procedureCode: [text("TDM")], numberOfSeries: 4 }, "Acte : TDM\nNombre de séries : 4"],
      [
        {
          series: [
            {
              uid: "urn:oid:1.2.3.4",
              modality: { system: "http://dicom.nema.org/resources/ontology/DCM", code: "CT", display: "Scanner" },
              description: "Coupes fines",
              started: "2020-02-03T10:11:00+01:00",
            },
          ],
        },
        {
          series: [{ modality: { code: "CT" }, description: "Coupes fines", started: "2020-02-03T10:11:00+01:00" }],
        },
      ],
    ],
  },
  {
    section: "55111-9",
    base: {
      resourceType: "MedicationAdministration",
      status: "completed",
      subject,
      medicationCodeableConcept: coded("1"),
      effectiveDateTime: "2020-01-02",
    },
    fields: [
      [{ status: "stopped" }],
      [{ status: "in-progress" }],
      [{ statusReason: [text("refus")], status: "not-done" }, "Motif : refus"],
      [{ performer: [{ actor: ada }, { actor: ida }] }],
      [
        { dosage: { text: "en une fois", site: text("bras"), method: text("lente") } },
        "Administration : en une fois, bras, lente",
      ],
      [
        { dosage: { rateQuantity: amount(9, "mL/h") }, device: [{ display: "Pompe" }] },
        "Posologie, débit : 9 mL/h\nDispositif : Pompe",
      ],
    ],
  },
  {
    section: "42348-3",
    base: { ...directive, provision: { type: "permit", code: [coded("1")] } },
    fields: [
      [{ status: "inactive" }],
      [{ status: "rejected" }, { status: "inactive" }],
      [{ dateTime: "2019-09-08", performer: [ada] }],
      [{ status: "proposed", organization: [{ display: "Clinique" }] }, "Statut : proposé\nOrganisation : Clinique"],
      [
        { verification: [{ verified: true, verifiedWith: ida }] },
        "Vérification : vérifié : Oui, vérifié auprès de : Ida TESTEUR",
      ],
    ],
  },
  {
    section: "18776-5",
    base: { resourceType: "Appointment", status: "proposed", serviceType: [coded("1")], participant: [] },
    fields: [
      [{ status: "booked", appointmentType: text("suivi") }, "Statut : confirmé\nType de rendez-vous : suivi"],
      [
        { specialty: [text("cardiologie")], patientInstruction: "à jeun" },
        "Spécialité : cardiologie\nAu patient : à jeun",
      ],
      [{ comment: "Venir tôt", minutesDuration: 20 }, "Venir tôt\nDurée en minutes : 20"],
    ],
  },
  {
    section: "11369-6",
    base: {
      resourceType: "ImmunizationRecommendation",
      patient: subject,
      date: "2026-01-15",
      recommendation: [{ vaccineCode: [coded("1")], forecastStatus: { coding: [{ code: "due" }] } }],
    },
    fields: (
      [
        [{ series: "DTP", seriesDosesPositiveInt: 4 }, "Série : DTP\nNombre de doses : 4"],
        [{ doseNumberString: "rappel" }, { recommendation: [{ doseNumberString: "rappel" }] }],
        [
          { forecastReason: [coded("2"), coded("3")] },
          { recommendation: [{ forecastReason: [coded("2"), coded("3")] }] },
        ],
        [{ forecastStatus: { coding: [{ code: "overdue" }] } }, "Statut : en retard"],
        [{ supportingImmunization: [{ display: "DTP 2010" }] }, "D'après la vaccination : DTP 2010"],
        [
          {
            dateCriterion: [
              { code: { coding: [{ code: "30981-5" }] }, value: "2026-02-03" },
              { code: { coding: [{ code: "59778-1" }] }, value: "2026-04-05" },
            ],
          },
          "En retard après : 05/04/2026",
        ],
        [{ targetDisease: text("tétanos") }, "Maladie visée : tétanos"],
        [{ contraindicatedVaccineCode: [text("BCG")] }, "Vaccins contre-indiqués : BCG"],
      ] as const
    ).map(([given, read]) => [
      {
        recommendation: [{ vaccineCode: [coded("1")], forecastStatus: { coding: [{ code: "due" }] }, ...given }],
      },
      read,
    ]),
  },
  {
    section: "42348-3",
    base: directive,
    fields: [[{ provision: { code: [coded("1")], action: [text("accès")] } }, "Disposition, action : accès"]],
  },
];

/** A reference made elsewhere: whom it displays is what counts. */
const shown = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, one) =>
    one && typeof one === "object" && "display" in one && "reference" in one ? { display: one.display } : one,
  );
/** Notes, and the words that stand elsewhere where FHIR has no notes: beside the line of a fact, in its description. */
const notesIn = (bundle: Bundle) =>
  (bundle.entry ?? []).flatMap(({ resource }) => {
    const fact = resource as Worded;
    const told = [
      ...(fact.note ?? []).map((note) => note.text),
      ...(fact.extension ?? []).flatMap(({ url, valueString }) =>
        url === extensionUrl.narrativeText ? (valueString ?? "").split(" | ") : [],
      ),
      ...(fact.policyRule?.text ?? "").split(" — "),
      ...(fact.recommendation ?? []).map(({ description }) => description ?? ""),
      fact.comment ?? "",
    ];
    return told.flatMap((words) => [words, ...words.split("\n")]);
  });
interface Worded {
  readonly note?: readonly { readonly text: string }[];
  readonly extension?: readonly { readonly url: string; readonly valueString?: string }[];
  readonly policyRule?: { readonly text?: string };
  readonly recommendation?: readonly { readonly description?: string }[];
  readonly comment?: string;
}
const base = (type: FhirResource["resourceType"]) => kinds.find((kind) => kind.base.resourceType === type)?.base;
const documentBy = (by: DocumentInput["author"], type: string, section: string, fact: FhirResource) =>
  documentBundle({
    uniqueId: "urn:oid:1.2.250.1.999.1.1.77",
    type,
    title: "Document",
    date: "2026-01-15T10:30:00+01:00",
    patient,
    author: by,
    sections: [{ code: section, title: "Section", facts: [fact] }],
  });
const read = (section: string, fact: FhirResource) =>
  cdaToFhir(fhirToCda(documentOf("11490-0", [{ code: section, title: "Section", facts: [fact] }])));

/** That what is expected of a fact is read: a part of it, or words among the notes. */
function expectKept(again: Bundle, { resourceType }: FhirResource, expected: object | string): void {
  if (typeof expected === "string") {
    expect(notesIn(again)).toEqual(expect.arrayContaining(expected.split("\n")));
    return;
  }
  const [fact] = found(again, resourceType).filter((one) => !JSON.stringify(one).includes("GEN-065"));
  const { note = [], ...others } = expected as { note?: { text: string }[] };
  // Notes of other fields stand beside those of this one.
  expect(notesIn(again)).toEqual(expect.arrayContaining(note.map(({ text: words }) => words)));
  const told = Object.entries(others).filter(([, value]) => value !== undefined);
  expect(shown(fact)).toMatchObject(Object.fromEntries(told));
}

describe.each(kinds.map((kind) => [kind.base.resourceType, kind] as const))(
  "a written %s keeps",
  (_type, { section, base, fields }) => {
    it.each(fields.map(([given, expected]) => [JSON.stringify(given), given, expected ?? given] as const))(
      "%s",
      (_name, given, expected) => {
        expectKept(read(section, { ...base, ...given } as FhirResource), base, expected);
      },
    );
  },
);

test("a meeting that is planned reads as one to come", () => {
  const planned = { ...base("Encounter"), status: "planned", period } as FhirResource;
  const again = read("46240-8", planned);
  expect(found(again, "Appointment")[0]).toMatchObject({ status: "proposed", requestedPeriod: [period] });
  expect(found(again, "Encounter").filter((one) => one.class.code === "1")).toEqual([]);
});

describe("any of these fields together come back, in", () => {
  const together = (kind: Kind) =>
    fc
      .shuffledSubarray([...kind.fields], { minLength: 1, maxLength: Math.min(5, kind.fields.length) })
      .map((chosen) => {
        const taken = new Set<string>();
        // Forms of one element ("onsetAge", "onsetString") exclude each other, and a status changes what others mean.
        const family = (key: string) => key.replace(/(?<=[a-z])[A-Z].*$/, "");
        const fields = chosen.filter(([given, expected]) => {
          const names = Object.keys({ ...given, ...(typeof expected === "object" ? expected : {}) });
          const keys = [...new Set(names.map(family))];
          if (keys.some((key) => taken.has(key))) return false;
          for (const key of keys) taken.add(key);
          return true;
        });
        return { kind, fields };
      });

  it.each([
    ["a synthesis", "SYNTH", author],
    ["a discharge letter", "11490-0", author],
    ["a vaccination note", "87273-9", author],
    ["the patient's own profile", "DOCPAT08", "patient"],
  ] as const)("%s", (_name, type, by) => {
    const within = kinds.filter(({ section }) => type !== "87273-9" || section === "11369-6");
    fc.assert(
      fc.property(fc.constantFrom(...within).chain(together), ({ kind, fields }) => {
        const fact = Object.assign({ ...kind.base }, ...fields.map(([given]) => given)) as FhirResource;
        const again = cdaToFhir(fhirToCda(documentBy(by, type, kind.section, fact)));
        for (const [given, expected] of fields) expectKept(again, kind.base, expected ?? given);
      }),
      { numRuns: 25 },
    );
  });
});

describe("what a document cannot say is refused, its place named", () => {
  test.each([
    [
      "30954-2",
      {
        resourceType: "Observation",
        status: "final",
        code: coded("1"),
        valueSampledData: { origin: { value: 0 }, period: 1, dimensions: 1, data: "1 2" },
      },
      /entry\[0\]\.valueSampledData$/,
    ],
    [
      "44939-7",
      { resourceType: "AdverseEvent", actuality: "potential", subject, event: coded("1") },
      /entry\[0\]\.actuality$/,
    ],
    [
      "11450-4",
      {
        resourceType: "Condition",
        subject,
        code: coded("1"),
        modifierExtension: [{ url: "https://exemple.fr/not", valueBoolean: true }],
      },
      /entry\[0\]\.modifierExtension$/,
    ],
    [
      "30954-2",
      {
        resourceType: "Observation",
        status: "final",
        code: coded("1"),
        hasMember: [{ reference: "urn:uuid:nowhere" }],
      },
      /entry\[0\]\.hasMember\[0\]$/,
    ],
  ] as const)("section %s: %o", (section, fact, path) => {
    const refused = (() => {
      try {
        return read(section, fact as unknown as FhirResource);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(CdaInputError);
    expect((refused as CdaInputError).path).toMatch(path);
  });
});
