/** All that a reader of English needs, in one file. */
export { summaryEnglish } from "../summary/strings-en.ts";
export { dosageEnglish } from "./format-dosage-en.ts";
export { sharedEnglish } from "./strings-en.ts";
