/** The signed-in person, by Cloudflare Access, and the workspace, whose choice the browser stores. */
import { ApiProblem } from "../../sdk/index.ts";

/** Access redirects a request without a sign-in to its login page; fetch cannot follow that redirect. */
export const isSignedOut = (error: unknown): error is ApiProblem =>
  error instanceof ApiProblem &&
  (error.status === 401 || error.code === "redirected" || error.code === "workspace_required");

const storageKey = "cv-ops.workspace";

/** For this tab and for tabs opened later; other open tabs keep their workspace. */
export const rememberWorkspace = (workspace: string): void => {
  sessionStorage.setItem(storageKey, workspace);
  localStorage.setItem(storageKey, workspace);
};

/** The workspace of the link, such as one from Slack, else the last choice; null when there is none. */
export const workspaceOfVisit = (): string | null => {
  const url = new URL(location.href);
  const named = url.searchParams.get("workspace");
  if (named !== null) {
    if (named !== "") rememberWorkspace(named);
    url.searchParams.delete("workspace");
    history.replaceState(history.state, "", url);
  }
  return sessionStorage.getItem(storageKey) ?? localStorage.getItem(storageKey);
};

/** Numbers differ between workspaces, so the portal opens its overview. */
export const openWorkspace = (workspace: string): void => {
  rememberWorkspace(workspace);
  location.assign("/app");
};
