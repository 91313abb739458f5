import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { EventView } from "./event-view.tsx";
import "./events.css";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <EventView />
    </StrictMode>,
  );
}
