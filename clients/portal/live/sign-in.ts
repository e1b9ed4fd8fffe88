/** Who is signed in, and where: Cloudflare Access says who, the browser remembers which workspace was chosen. */
import { ApiProblem } from "../../sdk/index.ts";

/** Access answers a request without a sign-in by sending it to its login page, which a page cannot follow. */
export const isSignedOut = (error: unknown): error is ApiProblem =>
  error instanceof ApiProblem &&
  (error.status === 401 || error.code === "redirected" || error.code === "workspace_required");

const place = "cv-ops.workspace";

/** In this tab, and in those that are opened later: what stands open elsewhere stays where it is. */
export const rememberWorkspace = (workspace: string): void => {
  sessionStorage.setItem(place, workspace);
  localStorage.setItem(place, workspace);
};

/** The one that a link names, such as a push's in Slack, else the one that was chosen last; null where nobody has chosen. */
export const workspaceOfVisit = (): string | null => {
  const url = new URL(location.href);
  const named = url.searchParams.get("workspace");
  if (named !== null) {
    if (named !== "") rememberWorkspace(named);
    url.searchParams.delete("workspace");
    history.replaceState(history.state, "", url);
  }
  return sessionStorage.getItem(place) ?? localStorage.getItem(place);
};

/** Numbers mean something else there: it begins at the work. */
export const openWorkspace = (workspace: string): void => {
  rememberWorkspace(workspace);
  location.assign("/app");
};
