import { define } from "../shared/define.ts";
import { CarnetDocumentComparison } from "./carnet-document-comparison.ts";

define("carnet-document-comparison", CarnetDocumentComparison);
