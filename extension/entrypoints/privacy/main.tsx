import "../../ui/panel.css";
import { Privacy } from "../../ui/privacy.tsx";
import { startReading } from "../../ui/reading-page.tsx";

const root = document.getElementById("root");
if (root !== null) void startReading(root, "privacy.title", Privacy);
