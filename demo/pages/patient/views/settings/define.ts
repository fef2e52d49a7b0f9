import { define } from "../../define.ts";
import { ApplicationsView } from "./applications-view.ts";
import { ExportView } from "./export-view.ts";
import { LifeView } from "./life-view.ts";
import { OpeningView } from "./opening-view.ts";
import { RelativesView } from "./relatives-view.ts";
import { SettingsView } from "./settings-view.ts";
import { WishesView } from "./wishes-view.ts";

define("carnet-relatives", RelativesView);
define("carnet-wishes", WishesView);
define("carnet-applications", ApplicationsView);
define("carnet-export", ExportView);
define("carnet-life", LifeView);
define("carnet-opening", OpeningView);
define("carnet-settings", SettingsView);
