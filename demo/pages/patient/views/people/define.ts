import { define } from "../../define.ts";
import { EmergencyView } from "./emergency-view.ts";
import { PeopleView } from "./people-view.ts";

define("carnet-emergency", EmergencyView);
define("carnet-people", PeopleView);
