/** The request by which the Worker hands a connection to the hub. No part of this request comes from outside. */
import type { Subject } from "../../shared/contract/live.ts";
import { traceparentOf } from "../../shared/trace.ts";
import type { Caller } from "../api/caller.ts";

export type Connect =
  | { as: "socket"; caller: Caller }
  /** Delivery begins after `from`; `newest` is the id of the newest event. */
  | { as: "stream"; caller: Caller; to: Subject[]; from: number; newest: number };

const header = "CV-Ops-Connect";

export const connectRequest = (connect: Connect, traceId: string): Request =>
  new Request("https://event-hub.internal/", {
    headers: {
      traceparent: traceparentOf(traceId, traceId),
      // Headers are Latin-1; names of tokens need not be.
      [header]: encodeURIComponent(JSON.stringify(connect)),
      ...(connect.as === "socket" && { Upgrade: "websocket" }),
    },
  });

/** Only the Worker can reach the hub, so the header is trusted. */
export const readConnect = (request: Request): Connect =>
  JSON.parse(decodeURIComponent(request.headers.get(header) ?? "")) as Connect;
