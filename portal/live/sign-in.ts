/** Who is signed in, and where: Cloudflare Access says who, the browser remembers which workspace was chosen. */
import { ApiProblem } from "../../client/index.ts";

/** Access answers a request without a sign-in by sending it to its login page, which a page cannot follow. */
export const isSignedOut = (error: unknown): error is ApiProblem =>
  error instanceof ApiProblem &&
  (error.status === 401 || error.code === "redirected" || error.code === "workspace_needed");

const place = "cv-ops.workspace";

/** Null where there is only one. */
export const rememberedWorkspace = (): string | null => localStorage.getItem(place);
export const rememberWorkspace = (workspace: string): void => localStorage.setItem(place, workspace);
