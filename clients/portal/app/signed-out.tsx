import type { ReactNode } from "react";
import * as z from "zod/mini";
import type { ApiProblem } from "../../sdk/index.ts";
import { workspace } from "../../../shared/contract/operations/workspace.ts";
import { rememberWorkspace } from "../live/sign-in.ts";

export const SignedOut = ({ because }: { because: ApiProblem }): ReactNode =>
  because.code === "workspace_required" ? <WhichWorkspace because={because} /> : <SignInAgain because={because} />;

const SignInAgain = ({ because }: { because: ApiProblem }): ReactNode => (
  <main className="alone">
    <h1>You are signed out</h1>
    <p>{reasonOf(because)}</p>
    <p>
      <button type="button" className="button primary" onClick={() => location.reload()}>
        Sign in again
      </button>
    </p>
    {because.traceId !== null && <p className="fine">Trace {because.traceId}</p>}
  </main>
);

/** The message without the part for programs. */
const reasonOf = ({ code, message }: ApiProblem): string =>
  code === "redirected" ? "Your sign-in has ended." : message.replace(/ Send "Authorization.*$/, "");

const WhichWorkspace = ({ because }: { because: ApiProblem }): ReactNode => {
  const told = problemSays.safeParse(because.said);
  const workspaces = told.success ? told.data.workspaces : [];
  return (
    <main className="alone">
      <h1>Which workspace?</h1>
      <p>You belong to {workspaces.length === 1 ? "this one" : "these"}. This browser remembers your choice.</p>
      <ul className="choose">
        {workspaces.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              className="button"
              onClick={() => {
                rememberWorkspace(id);
                location.reload();
              }}
            >
              <span>{name ?? id}</span> {name !== null && <span className="fine">{id}</span>}
            </button>
          </li>
        ))}
      </ul>
    </main>
  );
};

const problemSays = z.object({ workspaces: z.array(workspace) });
