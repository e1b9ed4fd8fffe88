/** A service on loopback that receives webhooks and keeps those with a valid signature. */
import { EventEmitter, once } from "node:events";
import type { TestContext } from "vitest";
import { whyUnsigned } from "../stories/signatures.ts";
import { listen } from "../support/loopback.ts";

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
  const server = await listen(async (request) => {
    const body = await request.text();
    const unsigned = whyUnsigned(secret, request.headers, body);
    if (unsigned !== null) {
      violations.push(unsigned);
      return new Response(null, { status: 401 });
    }
    const { type }: { type: string } = JSON.parse(body);
    received.push({ id: request.headers.get("webhook-id") ?? "", type, status });
    arrivals.emit("arrival");
    return new Response(null, { status });
  });
  test.onTestFinished(() => server.close());
  const got: WebhookReceiver["got"] = async (type, status) => {
    for (;;) {
      const found = received.find((each) => each.type === type && each.status === status);
      if (found) return found.id;
      await once(arrivals, "arrival", { signal: test.signal });
    }
  };
  return {
    url: `http://localhost:${server.port}/cv`,
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
