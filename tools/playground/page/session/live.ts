/** Keeps a person's state current: loads it, follows the events, and starts over when the connection was lost. */
import { useEffect, useReducer, useState } from "react";
import type { ClientEvent, ClientState } from "../../client-protocol.ts";
import type { CallFailure, Client } from "./client.ts";
import { applyEvent } from "./events.ts";

export interface Live {
  state: ClientState | null;
  failure: CallFailure | null;
  connected: boolean;
  /** How often everything was emptied since this page was opened. */
  resets: number;
}

type Step = { type: "loaded"; state: ClientState } | { type: "event"; event: ClientEvent } | { type: "cleared" };

const step = (state: ClientState | null, change: Step): ClientState | null => {
  if (change.type === "loaded") return change.state;
  if (change.type === "cleared") return null;
  return state && applyEvent(state, change.event);
};

const firstRetryMs = 400;
const lastRetryMs = 5_000;

const socketUrl = (as: string, after: number): string => {
  const url = new URL(`/playground/client/socket?as=${encodeURIComponent(as)}&after=${after}`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
};

interface Listener {
  loaded: (state: ClientState) => void;
  event: (event: ClientEvent) => void;
  failed: (failure: CallFailure) => void;
  connected: (connected: boolean) => void;
}

/** Runs until `signal` aborts. State is loaded before each connection, so a gap of any length closes. */
const follow = (client: Client, listener: Listener, signal: AbortSignal): void => {
  let retryMs = firstRetryMs;
  const again = (): void => {
    listener.connected(false);
    const timer = setTimeout(() => void connect(), retryMs);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    retryMs = Math.min(retryMs * 2, lastRetryMs);
  };
  const connect = async (): Promise<void> => {
    const loaded = await client.state();
    if (signal.aborted) return;
    if (!loaded.ok) {
      listener.failed(loaded.reason);
      again();
      return;
    }
    listener.loaded(loaded.value);
    const socket = new WebSocket(socketUrl(loaded.value.me.id, loaded.value.sequence));
    const close = (): void => socket.close();
    signal.addEventListener("abort", close, { once: true });
    let wasReset = false;
    socket.addEventListener("open", () => {
      retryMs = firstRetryMs;
      listener.connected(true);
    });
    socket.addEventListener("message", (message: MessageEvent<unknown>) => {
      if (signal.aborted || typeof message.data !== "string" || !message.data.startsWith("{")) return;
      const event = JSON.parse(message.data) as ClientEvent;
      listener.event(event);
      if (event.type === "reset") {
        wasReset = true;
        socket.close();
      }
    });
    socket.addEventListener("close", () => {
      signal.removeEventListener("abort", close);
      if (signal.aborted) return;
      if (wasReset) void connect();
      else again();
    });
  };
  void connect();
};

export const useLive = (client: Client): Live => {
  const [state, dispatch] = useReducer(step, null);
  const [failure, setFailure] = useState<CallFailure | null>(null);
  const [connected, setConnected] = useState(true);
  const [resets, setResets] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    dispatch({ type: "cleared" });
    setConnected(true);
    follow(
      client,
      {
        loaded: (loaded) => {
          setFailure(null);
          dispatch({ type: "loaded", state: loaded });
        },
        event: (event) => {
          dispatch({ type: "event", event });
          if (event.type === "reset") setResets((before) => before + 1);
        },
        failed: setFailure,
        connected: setConnected,
      },
      abort.signal,
    );
    return () => abort.abort();
  }, [client]);
  return { state, failure, connected, resets };
};
