export * from "../care/index.ts";
export * from "../checks/index.ts";
export { checkSafety, type SafetyOptions } from "./check-safety.ts";
export { safetySystem } from "./codes.ts";
export { type CompiledDrugData, compileDrugData } from "./compile-drug-data.ts";
export {
  type DrugData,
  type DrugDataSource,
  type InteractionLevel,
  interactionLevels,
  parseDrugData,
  SafetyDataError,
  type SafetyDataErrorCode,
} from "./drug-data.ts";
export { isNotChecked } from "./issue.ts";
export type { NotCheckedReason } from "./words.ts";
