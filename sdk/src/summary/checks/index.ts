export { careSystem } from "./gap-issue.ts";
export { type CheckOptions, checkSectionSystem, withChecks } from "./with-checks.ts";
