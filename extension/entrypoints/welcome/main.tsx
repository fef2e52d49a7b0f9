import "../../ui/panel.css";
import { startReading } from "../../ui/reading-page.tsx";
import { Welcome } from "../../ui/welcome.tsx";

const root = document.getElementById("root");
if (root !== null) void startReading(root, "welcome.title", Welcome);
