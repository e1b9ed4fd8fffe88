import "./styles/index.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { applyTheme } from "./app/theme.ts";
import { createSession } from "./live/session.ts";

applyTheme();
const root = document.querySelector("#root");
if (!root) throw new Error("The page has no #root");
createRoot(root).render(
  <StrictMode>
    <App session={createSession()} />
  </StrictMode>,
);
