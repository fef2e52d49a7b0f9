import type { Adapter } from "./adapter.ts";

/** Adapters that come with the extension. A hospital's own, by policy or file, are asked before them. */
export function shippedAdapters(serviceUrl: string): readonly Adapter[] {
  return [
    {
      id: "carnet-hospital",
      version: 2,
      match: [`${serviceUrl}/hospital`],
      health: [],
      identity: {
        ins: '[data-identity="ins"]',
        birthName: '[data-identity="birth-name"]',
        usedName: '[data-identity="used-name"]',
        givenName: '[data-identity="given-name"]',
        birthDate: '[data-identity="birth-date"]',
        sex: '[data-identity="sex"]',
      },
      documents: [],
    },
    // A chart of the demo's practice software: the element that shows the record says whose it is.
    {
      id: "carnet-practice",
      version: 1,
      match: [`${serviceUrl}/practice`],
      health: ["#chart-content"],
      identity: { ins: "#chart-content > carnet-summary @ins" },
      documents: [],
    },
    // Orthanc Explorer (Debian's package): the patient of the study stands first in each of its lists. The number is an INS only
    // where the hospital writes it as PatientID; anything else is no number.
    {
      id: "orthanc-explorer",
      version: 1,
      match: ["*"],
      health: [".ui-page-active .orthanc-name", '.ui-page-active ul[id$="-info"]'],
      identity: {
        ins: '.ui-page-active ul[id$="-info"] > li:nth-child(2) p:first-of-type strong',
        birthName: '.ui-page-active ul[id$="-info"] > li:nth-child(2) h3',
      },
      documents: [],
    },
    // Laboratory result pages that name their patient in schema.org microdata.
    {
      id: "generic-laboratory",
      version: 1,
      match: ["*"],
      health: ['[itemtype$="schema.org/Patient"]'],
      identity: {
        ins: '[itemtype$="schema.org/Patient"] [itemprop="identifier"]',
        birthName: '[itemtype$="schema.org/Patient"] [itemprop="familyName"]',
        givenName: '[itemtype$="schema.org/Patient"] [itemprop="givenName"]',
        birthDate: '[itemtype$="schema.org/Patient"] [itemprop="birthDate"]',
        sex: '[itemtype$="schema.org/Patient"] [itemprop="gender"]',
      },
      documents: [
        '[itemtype$="schema.org/DiagnosticReport"] a[itemprop="url"]',
        '[itemtype$="schema.org/MedicalTest"] a[itemprop="url"]',
      ],
    },
    // Patient records whose banner carries its traits as data attributes.
    {
      id: "generic-dpi",
      version: 1,
      match: ["*"],
      health: ["[data-patient-ins]"],
      identity: {
        ins: "[data-patient-ins] @data-patient-ins",
        birthName: "[data-patient-ins] @data-patient-birth-name",
        usedName: "[data-patient-ins] @data-patient-used-name",
        givenName: "[data-patient-ins] @data-patient-given-name",
        birthDate: "[data-patient-ins] @data-patient-birth-date",
        sex: "[data-patient-ins] @data-patient-sex",
      },
      documents: ["a[data-document]"],
    },
  ];
}
