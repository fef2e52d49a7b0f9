import { define } from "./define.ts";
import { MonCarnet } from "./mon-carnet.ts";
import { AccessView } from "./views/access-view.ts";
import { DocumentsView } from "./views/documents-view.ts";
import { HealthView } from "./views/health-view.ts";
import { PeopleView } from "./views/people-view.ts";

define("carnet-health", HealthView);
define("carnet-my-documents", DocumentsView);
define("carnet-access", AccessView);
define("carnet-people", PeopleView);
define("mon-carnet", MonCarnet);
