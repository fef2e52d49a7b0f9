import { define } from "../../define.ts";
import { HealthView } from "./health-view.ts";

define("carnet-health", HealthView);
