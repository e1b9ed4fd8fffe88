import { type ReactNode, useEffect, useState } from "react";
import { usePeople } from "../data/people.ts";
import type { Connection } from "../live/session.ts";
import { Icon } from "../components/icon.tsx";
import { explainFailure } from "../messages/failures.ts";
import { clockTime } from "../messages/times.ts";
import { useObserved, useSession } from "./session-context.ts";

/** A shorter interruption is not shown, milliseconds. */
const patienceMs = 1000;

/** Whether the page has been out of date for long enough to say so. */
const useStale = ({ staleSinceMs }: Connection): number | null => {
  const [shown, setShown] = useState<number | null>(null);
  useEffect(() => {
    if (staleSinceMs === null) {
      setShown(null);
      return;
    }
    const timer = setTimeout(() => setShown(staleSinceMs), Math.max(0, staleSinceMs + patienceMs - Date.now()));
    return () => clearTimeout(timer);
  }, [staleSinceMs]);
  return staleSinceMs === null ? null : shown;
};

export const ConnectionBanner = (): ReactNode => {
  const { connection, start } = useSession();
  const now = useObserved(connection);
  const { nameOf } = usePeople();
  const staleSinceMs = useStale(now);
  return (
    <div role="status" className={staleSinceMs === null ? "unseen" : "banner"} data-testid="connection-banner">
      {staleSinceMs !== null && (
        <>
          <Icon name="clock" />
          <p>
            {now.error ? explainFailure(now.error, nameOf).text : "Reconnecting…"} What you see is from{" "}
            {clockTime(staleSinceMs)}.
          </p>
          {now.error && (
            <button type="button" className="button small" onClick={start}>
              Try again
            </button>
          )}
        </>
      )}
    </div>
  );
};

const signs: Record<Connection["state"], { words: string; tone: string }> = {
  connecting: { words: "Connecting", tone: "wait" },
  live: { words: "Live", tone: "good" },
  polling: { words: "Every few seconds", tone: "wait" },
  reconnecting: { words: "Reconnecting", tone: "bad" },
  closed: { words: "Not connected", tone: "bad" },
};

export const ConnectionSign = (): ReactNode => {
  const { words, tone } = signs[useObserved(useSession().connection).state];
  return (
    <p className={`live ${tone}`} data-testid="connection">
      <span className="dot" aria-hidden="true" /> <span className="live-words">{words}</span>
    </p>
  );
};
