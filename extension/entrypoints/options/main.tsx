import "../../ui/panel.css";
import { startOptions } from "../../ui/options.tsx";

const root = document.getElementById("root");
if (root !== null) void startOptions(root);
