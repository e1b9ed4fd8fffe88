import { useEffect, useMemo, useRef, useState } from "react";
import type { Message } from "../../client-protocol.ts";

/** New messages of others per channel since it was last looked at in this tab. */
export const useUnread = (messages: readonly Message[], at: string, me: string): Record<string, number> => {
  const openedAt = useRef(messages.at(-1)?.ts ?? "0");
  const [seen, setSeen] = useState<Record<string, string>>({});
  useEffect(() => {
    const last = messages.findLast((message) => message.channel === at);
    if (last) setSeen((before) => (before[at] === last.ts ? before : { ...before, [at]: last.ts }));
  }, [messages, at]);
  return useMemo(() => {
    const counts: Record<string, number> = {};
    for (const { channel, ts, user } of messages) {
      const since = Math.max(Number(seen[channel] ?? 0), Number(openedAt.current));
      if (channel !== at && user !== me && Number(ts) > since) counts[channel] = (counts[channel] ?? 0) + 1;
    }
    return counts;
  }, [messages, seen, at, me]);
};
