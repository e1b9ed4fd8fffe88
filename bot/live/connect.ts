/** How the Worker tells the hub who connects, and for what: a request of its own, nothing of which came from outside. */
import type { Subject } from "../../shared/contract/live.ts";
import type { Caller } from "../api/caller.ts";

export type Connect =
  | { as: "socket"; caller: Caller }
  /** Events after `from` are owed; `newest` is the id of the newest there is. */
  | { as: "stream"; caller: Caller; to: Subject[]; from: number; newest: number };

const header = "CV-Ops-Connect";

export const connectRequest = (connect: Connect): Request =>
  new Request("https://event-hub.internal/", {
    headers: {
      // Headers are Latin-1; names of tokens need not be.
      [header]: encodeURIComponent(JSON.stringify(connect)),
      ...(connect.as === "socket" && { Upgrade: "websocket" }),
    },
  });

/** Only the Worker can reach the hub, so what stands there is its word. */
export const readConnect = (request: Request): Connect =>
  JSON.parse(decodeURIComponent(request.headers.get(header) ?? "")) as Connect;
