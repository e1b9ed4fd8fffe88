import type { ReactNode } from "react";
import * as z from "zod/mini";
import type { ApiProblem } from "../../sdk/index.ts";
import { workspace } from "../../../shared/contract/operations/workspace.ts";
import { Button } from "../components/button.tsx";
import { rememberWorkspace } from "../live/sign-in.ts";

export const SignedOut = ({ reason }: { reason: ApiProblem }): ReactNode =>
  reason.code === "workspace_required" ? <WhichWorkspace reason={reason} /> : <SignInAgain reason={reason} />;

const SignInAgain = ({ reason }: { reason: ApiProblem }): ReactNode => (
  <main className="alone">
    <h1>You are signed out</h1>
    <p>{textOf(reason)}</p>
    <p>
      <Button look="primary" onClick={() => location.reload()}>
        Sign in again
      </Button>
    </p>
    {reason.traceId !== null && <p className="fine">Trace {reason.traceId}</p>}
  </main>
);

/** The message without the part for programs. */
const textOf = ({ code, message }: ApiProblem): string =>
  code === "redirected" ? "Your sign-in has ended." : message.replace(/ Send "Authorization.*$/, "");

const WhichWorkspace = ({ reason }: { reason: ApiProblem }): ReactNode => {
  const workspaces = problemWithWorkspaces.safeParse(reason.members).data?.workspaces ?? [];
  return (
    <main className="alone">
      <h1>Which workspace?</h1>
      <p>You belong to {workspaces.length === 1 ? "this one" : "these"}. This browser remembers your choice.</p>
      <ul className="choose">
        {workspaces.map(({ id, name }) => (
          <li key={id}>
            <Button
              onClick={() => {
                rememberWorkspace(id);
                location.reload();
              }}
            >
              <span>{name ?? id}</span> {name !== null && <span className="fine">{id}</span>}
            </Button>
          </li>
        ))}
      </ul>
    </main>
  );
};

const problemWithWorkspaces = z.object({ workspaces: z.array(workspace) });
