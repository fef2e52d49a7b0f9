import { define } from "../shared/define.ts";
import { CarnetPatientMessages } from "./carnet-patient-messages.ts";

define("carnet-patient-messages", CarnetPatientMessages);
