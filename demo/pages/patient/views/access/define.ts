import { define } from "../../define.ts";
import { AccessView } from "./access-view.ts";
import { NoticesView } from "./notices-view.ts";

define("carnet-notices", NoticesView);
define("carnet-access", AccessView);
