/**
 * The reference of the API at /docs: Swagger UI, without inline code or style. "Execute" calls the API as the person
 * who is signed in, or with the token that is typed under "Authorize".
 */
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";
import { workspaceOfVisit } from "../portal/live/sign-in.ts";
import { accessible, search } from "./plugins.ts";
import "./reference.css";

const dark = matchMedia("(prefers-color-scheme: dark)");
const followColours = (): void => {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
};
followColours();
dark.addEventListener("change", followColours);

const workspace = workspaceOfVisit();

SwaggerUI({
  dom_id: "#reference",
  url: "/v2/openapi.json",
  /** The address of the page names the operation. */
  deepLinking: true,
  filter: true,
  plugins: [search, accessible],
  displayRequestDuration: true,
  // Its colours are too faint to read.
  syntaxHighlight: { activated: false },
  persistAuthorization: false,
  /** Below the operations: the schemas, closed. */
  defaultModelsExpandDepth: 0,
  // Each field with what is said about it.
  defaultModelExpandDepth: 3,
  requestInterceptor: (request) => {
    // A token belongs to one workspace; a person may belong to several.
    if (workspace !== null && !("Authorization" in request.headers)) request.headers["CV-Workspace"] = workspace;
    return request;
  },
});
