import { define } from "./define.ts";
import { MonCarnet } from "./mon-carnet.ts";

define("mon-carnet", MonCarnet);
