/** Node's HTTP servers: one that answers like a Worker, and one that passes requests on to a Worker. */
import { once } from "node:events";
import { createServer, type IncomingMessage, request as send, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

export interface Listening {
  port: number;
  close: () => Promise<void>;
}

const listen = async (server: Server, port: number): Promise<Listening> => {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return {
    port: address.port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
};

export const serve = (port: number, answer: (request: Request) => Promise<Response>): Promise<Listening> =>
  listen(
    createServer((incoming, outgoing) => {
      void reply(incoming, outgoing, answer);
    }),
    port,
  );

const reply = async (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: Request) => Promise<Response>,
): Promise<void> => {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    );
    const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
    const url = `http://${incoming.headers.host ?? "localhost"}${incoming.url ?? "/"}`;
    const response = await answer(new Request(url, { method: incoming.method ?? "GET", headers, ...body }));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    outgoing.writeHead(500);
    outgoing.end(String(error));
  }
};

/** @param choose the address to pass a request on to, by the host that is asked for; a text says why there is none */
export const forward = (port: number, choose: (host: string) => Promise<URL | string>): Promise<Listening> => {
  const server = createServer((incoming, outgoing) => {
    void pass(incoming, outgoing, choose);
  });
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    void passUpgrade(incoming, socket, head, choose);
  });
  return listen(server, port);
};

/** A program that cannot set its Host header, as `fetch` in Node, says it here. */
const hostOf = ({ headers }: IncomingMessage): string => String(headers["x-forwarded-host"] ?? headers.host ?? "");

const optionsOf = (incoming: IncomingMessage, target: URL) => ({
  host: target.hostname,
  port: target.port,
  method: incoming.method,
  path: incoming.url,
  headers: { ...incoming.headers, host: hostOf(incoming), "cf-connecting-ip": "127.0.0.1" },
});

const pass = async (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  choose: (host: string) => Promise<URL | string>,
): Promise<void> => {
  const target = await choose(hostOf(incoming)).catch((error: unknown) => String(error));
  if (typeof target === "string") {
    outgoing.writeHead(404, { "content-type": "text/plain" });
    outgoing.end(target);
    return;
  }
  const passed = send(optionsOf(incoming, target), (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(outgoing);
  });
  // The Worker was replaced while it answered.
  passed.on("error", () => {
    if (!outgoing.headersSent) outgoing.writeHead(502);
    outgoing.end();
  });
  outgoing.on("close", () => passed.destroy());
  incoming.pipe(passed);
};

const passUpgrade = async (
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  choose: (host: string) => Promise<URL | string>,
): Promise<void> => {
  const target = await choose(hostOf(incoming)).catch((error: unknown) => String(error));
  if (typeof target === "string") return void socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
  const passed = send(optionsOf(incoming, target));
  passed.on("upgrade", (answer, other, first) => {
    const pairs = Array.from({ length: answer.rawHeaders.length / 2 }, (_, at) =>
      answer.rawHeaders.slice(at * 2, at * 2 + 2).join(": "),
    );
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${pairs.join("\r\n")}\r\n\r\n`);
    socket.write(first);
    other.write(head);
    other.pipe(socket).pipe(other);
    other.on("error", () => socket.destroy());
    socket.on("error", () => other.destroy());
  });
  passed.on("response", (answer) => {
    socket.end(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n\r\n`);
  });
  passed.on("error", () => socket.destroy());
  passed.end();
};
