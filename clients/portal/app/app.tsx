import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { Router } from "wouter";
import { useActivityIsLoaded } from "../data/queries.ts";
import type { Session } from "../live/session.ts";
import { Failed, Loading } from "../components/load.tsx";
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
          <SignedInOrOut />
        </ToastProvider>
      </Router>
    </QueryClientProvider>
  </SessionContext>
);

/** Shows the pages once a person is signed in and events are followed. */
const SignedInOrOut = (): ReactNode => {
  const { start, signedOut, connection } = useSession();
  const reason = useObserved(signedOut);
  const { error } = useObserved(connection);
  const isLoaded = useActivityIsLoaded();
  useEffect(start, [start]);
  if (reason) return <SignedOut reason={reason} />;
  if (isLoaded)
    return (
      <Shell>
        <Pages />
      </Shell>
    );
  return (
    <main className="alone">
      <h1>CV Ops</h1>
      {error ? <Failed error={error} retry={start} /> : <Loading text="Opening…" />}
    </main>
  );
};
