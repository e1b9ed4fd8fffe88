import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { Router } from "wouter";
import { useActivityIsKnown } from "../data/queries.ts";
import type { Session } from "../live/session.ts";
import { Failed } from "../components/load.tsx";
import { ToastProvider } from "../components/toasts.tsx";
import { Pages } from "./pages.tsx";
import { SessionContext, useObserved, useSession } from "./session-context.ts";
import { Shell } from "./shell.tsx";
import { SignedOut } from "./signed-out.tsx";

export const App = ({ session }: { session: Session }): ReactNode => (
  <SessionContext value={session}>
    <QueryClientProvider client={session.queries}>
      <Router base="/app">
        <ToastProvider>
          <Door />
        </ToastProvider>
      </Router>
    </QueryClientProvider>
  </SessionContext>
);

/** Shows the pages once a person is signed in and events are followed. */
const Door = (): ReactNode => {
  const { start, signedOut, connection } = useSession();
  const outBecause = useObserved(signedOut);
  const { error } = useObserved(connection);
  const isKnown = useActivityIsKnown();
  useEffect(start, [start]);
  if (outBecause) return <SignedOut because={outBecause} />;
  if (isKnown)
    return (
      <Shell>
        <Pages />
      </Shell>
    );
  return (
    <main className="alone">
      <h1>CV Ops</h1>
      {error ? (
        <Failed error={error} again={start} />
      ) : (
        <p className="loading" role="status">
          <span className="spinner" /> Opening…
        </p>
      )}
    </main>
  );
};
