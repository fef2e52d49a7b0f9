import { define } from "../../define.ts";
import { DocumentsView } from "./documents-view.ts";

define("carnet-my-documents", DocumentsView);
