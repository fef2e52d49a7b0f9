import { define } from "../shared/define.ts";
import { CarnetAccess } from "./carnet-access.ts";

define("carnet-access", CarnetAccess);

export { emergencyBanner } from "./emergency-banner.ts";
