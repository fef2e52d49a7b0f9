import { define } from "../shared/define.ts";
import { CarnetSessionEnd } from "./carnet-session-end.ts";

define("carnet-session-end", CarnetSessionEnd);
