/** The rules of the record: pure functions, each verdict with the number of its rule in rules.md. */
export * from "./actor.ts";
export * from "./application.ts";
export * from "./attributes.ts";
export * from "./care-reader.ts";
export * from "./data-category.ts";
export * from "./decide.ts";
export * from "./deposit.ts";
export * from "./facts.ts";
export * from "./folders.ts";
export * from "./lifecycle.ts";
export * from "./management.ts";
export * from "./matrix.ts";
export * from "./personal.ts";
export * from "./rule.ts";
export * from "./sensitive.ts";
export * from "./standing.ts";
export * from "./visibility.ts";
