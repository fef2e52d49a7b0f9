import type { enqueue } from "../outbox.ts";

type Entry = Parameters<typeof enqueue>[1];

/** A document of Dr Leroy about a fictitious person, as it is queued. */
export const entryOf = (change: Partial<Entry> = {}): Entry => ({
  owner: "dr-leroy",
  serviceUrl: "https://dossier.example",
  uniqueId: "urn:oid:2.25.10",
  parcel: {
    ins: { system: "urn:oid:1.2.250.1.213.1.4.10", value: "285037800604297" },
    xml: "<ClinicalDocument/>",
    visibility: { hiddenFromProfessionals: false, invisibleToPatient: false },
    submissionSetId: "urn:oid:2.25.1",
  },
  label: { title: "Lettre", typeDisplay: "Lettre", patientName: "CAMILLE TESTARD" },
  ...change,
});
