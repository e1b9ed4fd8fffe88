import { type ReactNode, useEffect, useState } from "react";
import { usePeople } from "../data/people.ts";
import type { Connection } from "../live/session.ts";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import type { Tone } from "../components/state.tsx";
import { explainFailure } from "../messages/failures.ts";
import { clockTime, exactClockTime } from "../messages/times.ts";
import { useObserved, useSession } from "./session-context.ts";

/** A shorter interruption is not shown, milliseconds. */
const shownAfterMs = 1000;

/** Whether the page has been out of date for long enough to say so. */
const useStale = ({ staleSinceMs }: Connection): number | null => {
  const [shown, setShown] = useState<number | null>(null);
  useEffect(() => {
    if (staleSinceMs === null) {
      setShown(null);
      return;
    }
    const timer = setTimeout(() => setShown(staleSinceMs), Math.max(0, staleSinceMs + shownAfterMs - Date.now()));
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
    <div role="status" className={staleSinceMs === null ? "unseen" : "banner wait"} data-testid="connection-banner">
      {staleSinceMs !== null && (
        <>
          <Icon name="clock" />
          <p>
            {now.error ? explainFailure(now.error, nameOf).text : "Reconnecting…"} What you see is from{" "}
            {clockTime(staleSinceMs)}.
          </p>
          {now.error && (
            <Button isSmall onClick={start}>
              Try again
            </Button>
          )}
        </>
      )}
    </div>
  );
};

const states: Record<Connection["state"], { text: string; tone: Tone }> = {
  connecting: { text: "Connecting", tone: "wait" },
  live: { text: "Live", tone: "good" },
  polling: { text: "Every few seconds", tone: "wait" },
  reconnecting: { text: "Reconnecting", tone: "bad" },
  closed: { text: "Not connected", tone: "bad" },
};

/** The client waits and asks again by itself; what is on the page stays usable. */
export const RateBanner = (): ReactNode => {
  const untilMs = useObserved(useSession().limited);
  return (
    <div role="status" className={untilMs === null ? "unseen" : "banner wait"} data-testid="rate-banner">
      {untilMs !== null && (
        <>
          <Icon name="clock" />
          <p>
            Too many requests in the last minute, from all your windows and programs together. It goes on by itself at{" "}
            {exactClockTime(untilMs)}; what you see stays usable.
          </p>
        </>
      )}
    </div>
  );
};

export const ConnectionSign = (): ReactNode => {
  const { text, tone } = states[useObserved(useSession().connection).state];
  return (
    <p className={`live fine ${tone}`} data-testid="connection">
      <span className="dot" aria-hidden="true" /> <span className="live-text">{text}</span>
    </p>
  );
};
