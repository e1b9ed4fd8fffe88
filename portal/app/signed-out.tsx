import { type ReactNode, useState } from "react";
import type { ApiProblem } from "../../client/index.ts";
import { rememberWorkspace } from "../live/sign-in.ts";

export const SignedOut = ({ because }: { because: ApiProblem }): ReactNode =>
  because.code === "workspace_needed" ? <WhichWorkspace /> : <SignInAgain because={because} />;

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

/** Without what is meant for programs. */
const reasonOf = ({ code, message }: ApiProblem): string =>
  code === "redirected" ? "Your sign-in has ended." : message.replace(/ Send "Authorization.*$/, "");

const WhichWorkspace = (): ReactNode => {
  const [workspace, setWorkspace] = useState("");
  return (
    <main className="alone">
      <h1>Which workspace?</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rememberWorkspace(workspace.trim());
          location.reload();
        }}
      >
        <div className="field">
          <label htmlFor="workspace">Slack workspace id</label>
          <input
            id="workspace"
            required
            pattern="[TE][A-Z0-9]{2,20}"
            value={workspace}
            onChange={(event) => setWorkspace(event.target.value)}
            aria-describedby="workspace-hint"
          />
          <p className="hint" id="workspace-hint">
            It begins with T and stands in the address of Slack in a browser. This browser remembers it.
          </p>
        </div>
        <button type="submit" className="button primary">
          Open
        </button>
      </form>
    </main>
  );
};
