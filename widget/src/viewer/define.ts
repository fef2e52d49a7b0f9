import { define } from "../shared/define.ts";
import { CarnetDocument } from "./carnet-document.ts";

define("carnet-document", CarnetDocument);
