import { createRoot } from "react-dom/client";
import { App } from "./shell/app.tsx";
import "./styles/index.css";

createRoot(document.getElementById("page")!).render(<App />);
