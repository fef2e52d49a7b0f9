import type { SharedStrings } from "./strings.ts";

const plural = (count: number, one: string, many: string) => (count === 1 ? one : many);

/** Words that every element shares, in English. */
export const sharedEnglish: SharedStrings = {
  notRecorded: "Not recorded",
  yes: "Yes",
  no: "No",
  retry: "Try again",
  close: "Close",
  back: "Back to the summary",
  backToList: "Back to the list",
  loading: "Loading…",
  source: "Open source",
  openSource: (what) => `Open the source: ${what}`,
  sources: (count) => `${count} documents`,
  sourceNumber: (position) => `Document ${position}, open`,
  by: (who) => `by ${who}`,
  problems: {
    "record-not-found": "This person has no record.",
    "document-not-found": "This document is not in the record, or you may not read it.",
    "record-closed": "This record is closed.",
    "consent-required": "The patient’s consent has not been declared yet.",
    "access-refused": "Access refused by the rules of the record.",
    "identity-mismatch": "The answer is about somebody else: nothing is shown.",
    "document-rejected": "The record refused this document.",
    "acknowledgement-required": "Sensitive document: ask the patient, then confirm.",
    unauthorised: "Your session has ended. Sign in again, then try again.",
    conflict: "The record has changed in the meantime. Reload, then start again.",
    "too-many-requests": "Too many requests at once. Wait a moment, then try again.",
    unavailable: "The record service is not answering at the moment.",
    "content-lost":
      "The record lost this content. Tell whoever runs the service: asking again will not help. The author keeps the original.",
    offline: "No answer from the network.",
    timeout: "The service takes too long to answer.",
    "not-supported": "This service does not offer this function.",
    "invalid-answer": "The answer of the service cannot be read: it is not shown.",
    "ins-invalid": "The INS given to this panel is not valid.",
    "not-configured": "This panel is not connected to a service (base-url and accessToken, or client).",
    unexpected: "An unexpected error occurred.",
  },
  refusedByRule: (rule) => `Rule ${rule}`,
  documents: (count) => `${count} ${plural(count, "document", "documents")}`,
};
