export { checkSectionSystem } from "../computed.ts";
export { careSystem } from "./gap-issue.ts";
export { type CheckOptions, withChecks } from "./with-checks.ts";
