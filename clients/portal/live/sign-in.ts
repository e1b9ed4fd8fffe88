/** The signed-in person, by Slack or Cloudflare Access, and the workspace, whose choice the browser stores. */
import * as z from "zod/mini";
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
  return rememberedWorkspace();
};

/** The last choice; null when there is none. */
export const rememberedWorkspace = (): string | null =>
  sessionStorage.getItem(storageKey) ?? localStorage.getItem(storageKey);

const visitedKey = "cv-ops.visited";

/** That somebody was signed in in this browser, so that the next page without a sign-in does not greet a stranger. */
export const rememberVisit = (): void => localStorage.setItem(visitedKey, "yes");

export const isFirstVisit = (): boolean => localStorage.getItem(visitedKey) === null;

/** Numbers differ between workspaces, so the portal opens its overview. */
export const openWorkspace = (workspace: string): void => {
  rememberWorkspace(workspace);
  location.assign("/app");
};

/** Whether people sign in with Slack here. */
export const isWithSlack = ({ members }: ApiProblem): boolean => members["signIn"] === "slack";

const refusedParameter = "signIn";

/** Why Slack's sign-in has led back without one: a code; null where nobody has tried. */
export const refusedSignIn = (): string | null => new URL(location.href).searchParams.get(refusedParameter);

/** To Slack's page, and back to this one. */
export const signInWithSlack = (workspace: string | null): void => {
  const here = new URL(location.href);
  here.searchParams.delete(refusedParameter);
  const query = new URLSearchParams({ to: here.pathname + here.search, ...(workspace !== null && { workspace }) });
  location.assign(`/slack/sign-in?${query}`);
};

/** @param isEverywhere in all browsers of this person. Throws where the sign-in has not ended. */
export const signOut = async (isEverywhere: boolean): Promise<void> => {
  const response = await fetch(`/slack/sign-in/end${isEverywhere ? "?everywhere" : ""}`, { method: "POST" });
  if (!response.ok) throw new Error(`You are still signed in: the server answered ${response.status}. Try again.`);
  const { next } = signedOut.parse(await response.json());
  location.assign(next);
};

const signedOut = z.object({ next: z.string() });
