import { define } from "../../define.ts";
import { MessagesView } from "./messages-view.ts";

define("carnet-messages", MessagesView);
