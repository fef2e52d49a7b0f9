import { define } from "../shared/define.ts";
import { CarnetDocumentActions } from "./carnet-document-actions.ts";

define("carnet-document-actions", CarnetDocumentActions);
