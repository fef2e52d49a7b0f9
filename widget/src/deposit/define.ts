import { define } from "../shared/define.ts";
import { CarnetDeposit } from "./carnet-deposit.ts";

define("carnet-deposit", CarnetDeposit);
