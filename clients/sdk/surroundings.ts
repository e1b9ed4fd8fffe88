/** The globals that the client uses, as browsers, Node and Workers have them. Tests pass their own. */

export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string;
    signal: AbortSignal;
    redirect: "manual";
  },
) => Promise<Response>;

/** The part of a WebSocket that the client uses. */
export interface Socket {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "open" | "close" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (message: { data: unknown }) => void): void;
}
export type SocketConstructor = new (url: string, protocols: string[]) => Socket;

export interface Surroundings {
  fetch: Fetch;
  /** Null where there is none: events then come by a stream. */
  WebSocket: SocketConstructor | null;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** From 0 up to 1. */
  random: () => number;
  /** A new idempotency key. */
  newKey: () => string;
  setTimeout: (run: () => void, delayMs: number) => unknown;
  clearTimeout: (handle: unknown) => void;
}

export const ownSurroundings = (): Surroundings => ({
  // Browsers and workerd refuse an unbound call.
  fetch: (url, init) => globalThis.fetch(url, init),
  WebSocket: (globalThis as { WebSocket?: SocketConstructor }).WebSocket ?? null,
  now: () => Date.now(),
  random: () => Math.random(),
  newKey: () => crypto.randomUUID(),
  setTimeout: (run, delayMs) => globalThis.setTimeout(run, delayMs),
  clearTimeout: (handle) => globalThis.clearTimeout(handle as number),
});

/** Resolves after the delay, or at once when the signal is aborted. Never rejects. */
export const wait = (
  { setTimeout, clearTimeout }: Pick<Surroundings, "setTimeout" | "clearTimeout">,
  delayMs: number,
  signal: AbortSignal | null,
): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = (): void => {
      clearTimeout(handle);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const handle = setTimeout(done, delayMs);
    signal?.addEventListener("abort", done);
  });
