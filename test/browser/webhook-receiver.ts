/** A service on loopback that receives webhooks and keeps those with a valid signature. */
import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import type { TestContext } from "vitest";
import { whyUnsigned } from "../stories/signatures.ts";

export interface WebhookReceiver {
  url: string;
  /** Before this call, every request is invalid. */
  knowsSecret: (secret: string) => void;
  /** Sets the response to all further requests. */
  answers: (status: number) => void;
  /** The `webhook-id` of the first request of this type with this response, past or future. */
  got: (type: string, status: number) => Promise<string>;
  /** Requests with an invalid signature. */
  violations: readonly string[];
}

interface Received {
  id: string;
  type: string;
  status: number;
}

export const openReceiver = async (test: TestContext): Promise<WebhookReceiver> => {
  const received: Received[] = [];
  const violations: string[] = [];
  const arrivals = new EventEmitter();
  let secret = "";
  let status = 204;
  const server = createServer((incoming, outgoing) => {
    void text(incoming).then((body) => {
      const headers = new Headers(incoming.headers as Record<string, string>);
      const unsigned = whyUnsigned(secret, headers, body);
      if (unsigned !== null) {
        violations.push(unsigned);
        outgoing.writeHead(401).end();
        return;
      }
      outgoing.writeHead(status).end();
      const { type }: { type: string } = JSON.parse(body);
      received.push({ id: headers.get("webhook-id") ?? "", type, status });
      arrivals.emit("arrival");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  test.onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The receiver has no port");
  const got: WebhookReceiver["got"] = async (type, status) => {
    for (;;) {
      const found = received.find((each) => each.type === type && each.status === status);
      if (found) return found.id;
      await once(arrivals, "arrival", { signal: test.signal });
    }
  };
  return {
    url: `http://localhost:${address.port}/cv`,
    knowsSecret: (given) => {
      secret = given;
    },
    answers: (given) => {
      status = given;
    },
    got,
    violations,
  };
};
