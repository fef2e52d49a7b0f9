/** Is a content what it says, whole, quiet, and free of known malicious software? */
export { filesInCda } from "./bodies.ts";
export { type ContentFault, faultOfContent, faultTexts, type SizeLimits } from "./check.ts";
export type { VirusScanner } from "./clamd.ts";
export { type ContentSafety, readContentSafety } from "./settings.ts";
export { expectedOf } from "./sniff.ts";
