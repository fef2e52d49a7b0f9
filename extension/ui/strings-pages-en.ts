import type { frenchPages } from "./strings-pages-fr.ts";

/** English texts of the pages that are only read. */
export const englishPages: Record<keyof typeof frenchPages, string> = {
  "welcome.title": "First steps with Carnet",
  "welcome.text":
    "“Send to the record” files the document that your tool shows in the shared medical record, for the right patient, without typing it twice.",
  "welcome.steps": "In four gestures",
  "welcome.pin": "Pin Carnet’s button to the browser’s toolbar.",
  "welcome.show": "Show a document: PDF, image, report, results page.",
  "welcome.click": "Click the button, or right-click and choose “Send to the record”.",
  "welcome.click.shortcut": "Click the button or press {shortcut}, or right-click and choose “Send to the record”.",
  "welcome.check": "Check the patient and the document, then send. You have a few seconds to undo.",
  "welcome.service": "Record service: {service}",
  "welcome.never": "What Carnet never does",
  "welcome.never.wrong": "Send a document whose patient is not the record’s.",
  "welcome.never.read": "Read a page without a click of yours.",
  "welcome.never.lost": "Lose a document: without a network it waits, encrypted, on this computer.",

  "privacy.title": "What Carnet does with data",
  "privacy.text": "This extension sends health documents to the record service ({service}). It serves nothing else.",
  "privacy.read": "What is read",
  "privacy.read.click": "A page is read only at your click, and only that page. Nothing is added to pages.",
  "privacy.read.what": "The document, and the patient’s identity that the page shows around it.",
  "privacy.read.hosts":
    "Reading some documents again asks for your agreement for the tool’s address; you can withdraw it in the settings.",
  "privacy.read.downloads": "The list of downloads is read only when you ask, and with your agreement.",
  "privacy.sent": "What is sent, and to whom",
  "privacy.sent.record":
    "The document, its description and your identity as a professional: to the record service, and to it alone.",
  "privacy.sent.nobody": "No statistics, no advertising, no audience measurement, nothing to any third party.",
  "privacy.kept": "What stays on this computer",
  "privacy.kept.queue":
    "A document that waits to be sent is encrypted with a key that nothing can export, and destroyed as soon as the record has it.",
  "privacy.kept.receipt":
    "A receipt without medical content, and an encrypted print that serves to recognise a new version.",
  "privacy.kept.session": "Your session, in memory only: it goes with the browser, or after a while without a move.",
  "privacy.kept.settings": "Your settings: the service’s address, the language and adapters written here.",
  "privacy.erase": "Erasing",
  "privacy.erase.wipe": "Under “Sent”, “wipe what I sent” removes from this computer all that is yours.",
  "privacy.erase.remove": "Removing the extension from the browser erases the rest. What is in the record stays there.",
};
