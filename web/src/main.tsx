import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./style/base.css";
import "./style/controls.css";
import "./style/shell.css";
import "./style/grid.css";
import "./style/viewer.css";
import "./style/upload.css";
import "./style/admin.css";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
