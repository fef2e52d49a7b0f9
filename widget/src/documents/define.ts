import { define } from "../shared/define.ts";
import { CarnetDocuments } from "./carnet-documents.ts";

define("carnet-documents", CarnetDocuments);
