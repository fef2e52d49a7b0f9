import "../../ui/panel.css";
import { startPanel } from "../../ui/start-panel.tsx";

const root = document.getElementById("root");
if (root !== null) void startPanel(root);
