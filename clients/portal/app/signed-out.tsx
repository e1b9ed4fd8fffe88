import type { ReactNode } from "react";
import * as z from "zod/mini";
import type { ApiProblem } from "../../sdk/index.ts";
import { workspace } from "../../../shared/contract/operations/workspace.ts";
import { Button } from "../components/button.tsx";
import { Brand } from "../components/mark.tsx";
import { refusalIn } from "../../../shared/contract/refusals.ts";
import { textOfRefusal } from "../messages/failures.ts";
import {
  isFirstVisit,
  isWithSlack,
  refusedSignIn,
  rememberWorkspace,
  rememberedWorkspace,
  signInWithSlack,
} from "../live/sign-in.ts";

export const SignedOut = ({ reason }: { reason: ApiProblem }): ReactNode =>
  reason.code === "workspace_required" ? <WhichWorkspace reason={reason} /> : <SignInAgain reason={reason} />;

const SignInAgain = ({ reason }: { reason: ApiProblem }): ReactNode => {
  const refused = refusedText();
  const isFirst = refused === null && isFirstVisit();
  return (
    <main className="alone">
      <Brand />
      <h1>{isFirst ? "Sign in to CV Ops" : "You are signed out"}</h1>
      <p>
        {isFirst
          ? "Stage, review and push changes of the portfolio, with the role that you have in Slack."
          : (refused ?? textOf(reason))}
      </p>
      <p>
        {isWithSlack(reason) ? (
          <Button look="primary" onClick={() => signInWithSlack(rememberedWorkspace())}>
            Sign in with Slack
          </Button>
        ) : (
          <Button look="primary" onClick={() => location.reload()}>
            Sign in again
          </Button>
        )}
      </p>
      {!isFirst && reason.traceId !== null && <p className="fine">Trace {reason.traceId}</p>}
    </main>
  );
};

/** Why Slack has led back without a sign-in; null where it was not tried. */
const refusedText = (): string | null => {
  const because = refusedSignIn();
  if (because === null) return null;
  const refusal = refusalIn("sign_in_refused", { because }) ?? refusalIn(because, { because, retryAfterSeconds: 60 });
  return refusal === null ? null : textOfRefusal(refusal);
};

/** The message without the part for programs. */
const textOf = ({ code, message }: ApiProblem): string =>
  code === "redirected" ? "Your sign-in has ended." : message.replace(/ Send [^.]*Authorization.*$/, "");

const WhichWorkspace = ({ reason }: { reason: ApiProblem }): ReactNode => {
  const workspaces = problemWithWorkspaces.safeParse(reason.members).data?.workspaces ?? [];
  return (
    <main className="alone">
      <Brand />
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
      {isWithSlack(reason) && (
        <p>
          <Button onClick={() => signInWithSlack(rememberedWorkspace())}>Sign in to another workspace</Button>
        </p>
      )}
    </main>
  );
};

const problemWithWorkspaces = z.object({ workspaces: z.array(workspace) });
