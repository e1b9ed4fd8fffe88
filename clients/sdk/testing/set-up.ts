/** A client and the scripted server that it asks, in virtual time. */
import { type ClientOptions, createClient } from "../create-client.ts";
import { ScriptedServer } from "./scripted-server.ts";
import { socketsTo } from "./scripted-socket.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const setUp = (options: Partial<ClientOptions> = {}) => {
  const clock = new VirtualClock();
  const server = new ScriptedServer(clock);
  const { now, setTimeout, clearTimeout } = clock;
  const surroundings = {
    fetch: server.fetch,
    WebSocket: socketsTo(server, clock),
    random: () => 0,
    now,
    setTimeout,
    clearTimeout,
  };
  const client = createClient({ baseUrl: "https://cv-ops.test/", token: "cvops_token", ...surroundings, ...options });
  return { clock, server, client, surroundings };
};
