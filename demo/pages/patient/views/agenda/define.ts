import { define } from "../../define.ts";
import { AgendaView } from "./agenda-view.ts";

define("carnet-agenda", AgendaView);
