import { useCallback, useEffect, useState, type ReactNode } from "react";
import type { OpenView } from "../../client-protocol.ts";
import { appName } from "../app-manifest.ts";
import { BlockList } from "../blocks/block-list.tsx";
import { SurfaceProvider, useSurfaceOf } from "../blocks/surface.tsx";
import { useSession } from "../session/session-context.ts";

/** After this long without a view the app will hardly publish one. */
const publishWaitMs = 6_000;

interface Opening {
  /** True until a view may be expected no longer. */
  waiting: boolean;
  error: string | null;
  again: () => void;
}

/** Notifies the app that its Home is open. */
const useOpening = (): Opening => {
  const { client } = useSession();
  const [times, setTimes] = useState(0);
  const [waiting, setWaiting] = useState(true);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    setWaiting(true);
    setError(null);
    const timer = setTimeout(() => setWaiting(false), publishWaitMs);
    void client.openHome({ tab: "home" }).then((delivery) => {
      if (!current || delivery.error === null) return;
      setError(`${appName} was notified that you are here, and answered "${delivery.error}".`);
      setWaiting(false);
    });
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, times]);
  const again = useCallback(() => setTimes((before) => before + 1), []);
  return { waiting, error, again };
};

const Problem = ({ text, onAgain }: { text: string; onAgain: (() => void) | null }): ReactNode => (
  <div className="alert error" role="alert">
    <span aria-hidden="true">⚠</span>
    <span className="alert-text">{text}</span>
    {onAgain && (
      <button type="button" className="link-button" onClick={onAgain}>
        Try again
      </button>
    )}
  </div>
);

const HomeView = ({ home }: { home: OpenView }): ReactNode => {
  const [error, setError] = useState<string | null>(null);
  const surface = useSurfaceOf({ type: "view", viewId: home.id }, home.view.blocks, setError);
  return (
    <SurfaceProvider value={surface}>
      {error && <Problem text={error} onAgain={null} />}
      <BlockList blocks={home.view.blocks} />
    </SurfaceProvider>
  );
};

const Empty = ({ waiting, onAgain }: { waiting: boolean; onAgain: () => void }): ReactNode =>
  waiting ? (
    <div className="home-empty" role="status">
      <span className="spinner" aria-hidden="true" />
      <p>{appName} is preparing your Home…</p>
    </div>
  ) : (
    <div className="home-empty" role="status">
      <h2>Nothing published yet</h2>
      <p>{appName} has not shown anything here. It is notified each time you open this tab.</p>
      <button type="button" className="button" onClick={onAgain}>
        Try again
      </button>
    </div>
  );

export const AppHome = (): ReactNode => {
  const { state } = useSession();
  const { waiting, error, again } = useOpening();
  const home = state.home ?? null;
  return (
    <div className="home-scroll" tabIndex={0} role="region" aria-label="Home" data-testid="home">
      <div className="home-column">
        {error && <Problem text={error} onAgain={again} />}
        {home ? <HomeView key={home.id} home={home} /> : !error && <Empty waiting={waiting} onAgain={again} />}
      </div>
    </div>
  );
};
