/** An HTTP server on loopback whose handler takes fetch's requests and gives its responses. */
import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { text } from "node:stream/consumers";

export interface Loopback {
  port: number;
  /** Breaks off what is open, and refuses connections from now on. */
  close: () => Promise<void>;
}

/** @param handle null for a request that is never answered */
export const listen = async (handle: (request: Request) => Promise<Response | null>, port = 0): Promise<Loopback> => {
  const server = createServer((incoming, outgoing) => {
    answer(handle, incoming, outgoing).catch((error: unknown) => {
      // The caller was killed while it spoke.
      if (!incoming.destroyed) throw error;
      outgoing.destroy();
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("a server on loopback has a port");
  return {
    port: address.port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};

const answer = async (
  handle: (request: Request) => Promise<Response | null>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> => {
  const { method = "GET", url = "/" } = incoming;
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const body = await text(incoming);
  const request = new Request(new URL(url, "http://localhost"), { method, headers, ...(body !== "" && { body }) });
  const response = await handle(request);
  if (response) outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
};
