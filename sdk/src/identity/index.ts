/**
 * Who a document is about: the INS and its key, the five strict traits (identitovigilance), and reading both from free text.
 */
export * from "./find/index.ts";
export * from "./ins.ts";
export { type IdentityMatch, matchTraits, type TraitOutcome, type TraitReason } from "./match.ts";
export { foldName, wordsOfName } from "./names.ts";
export type { IdentityTraits } from "./traits.ts";
