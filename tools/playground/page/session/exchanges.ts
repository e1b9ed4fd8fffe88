import { useEffect, useState } from "react";
import type { Exchange } from "../../client-protocol.ts";

/** As many as the local Slack keeps. */
const keptExchanges = 400;
const reconnectMs = 1_000;

/** Newest first; one that comes again replaces the one before. */
export const withExchange = (exchanges: readonly Exchange[], exchange: Exchange): Exchange[] => {
  const index = exchanges.findIndex(({ id }) => id === exchange.id);
  if (index !== -1) return exchanges.with(index, exchange);
  return [exchange, ...exchanges].toSorted((one, other) => other.id - one.id).slice(0, keptExchanges);
};

export interface Exchanges {
  exchanges: readonly Exchange[];
  connected: boolean;
}

/** What goes back and forth between Slack and the bot, as it happens. */
export const useExchanges = (as: string): Exchanges => {
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let socket: WebSocket | null = null;
    const connect = (): void => {
      const url = new URL(`/playground/client/exchange-socket?as=${encodeURIComponent(as)}`, location.href);
      url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
      const opened = new WebSocket(url);
      socket = opened;
      opened.addEventListener("open", () => {
        setExchanges([]);
        setConnected(true);
      });
      opened.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        if (typeof data !== "string") return;
        const exchange = JSON.parse(data) as Exchange;
        setExchanges((before) => withExchange(before, exchange));
      });
      opened.addEventListener("close", () => {
        if (socket !== opened) return;
        setConnected(false);
        timer = setTimeout(connect, reconnectMs);
      });
    };
    connect();
    return () => {
      clearTimeout(timer);
      const open = socket;
      socket = null;
      open?.close();
    };
  }, [as]);
  return { exchanges, connected };
};
