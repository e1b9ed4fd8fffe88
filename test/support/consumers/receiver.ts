/** A receiver of webhooks that is as strict as Standard Webhooks: our code checks signatures and computes them. */
import { event } from "../../../shared/contract/event.ts";
import { verify } from "../../../shared/signing.ts";

export interface ReceivedWebhook {
  id: string;
  type: string;
  /** Of the event. */
  eventId: number;
  atMs: number;
  /** Which of the secrets have signed it. */
  signedWith: string[];
  headers: Record<string, string>;
  body: string;
}

export type Answer = { status: number; headers?: Record<string, string> } | "timeout" | "unreachable";

export class Receiver {
  /** Everything that came, also what was answered with a failure. */
  readonly requests: ReceivedWebhook[] = [];
  /** What was answered with success. */
  readonly taken: ReceivedWebhook[] = [];
  answer: (received: ReceivedWebhook) => Answer = () => ({ status: 200 });
  readonly #secrets: () => string[];
  readonly #nowMs: () => number;

  /** @param secrets those that the receiver knows */
  constructor(secrets: () => string[], nowMs: () => number) {
    this.#secrets = secrets;
    this.#nowMs = nowMs;
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const received = await this.#read(request);
    this.requests.push(received);
    const answer = this.answer(received);
    if (answer === "timeout") throw new DOMException("No answer", "TimeoutError");
    if (answer === "unreachable") throw new TypeError("Network connection lost");
    if (answer.status >= 200 && answer.status < 300) this.taken.push(received);
    const body = answer.status === 204 ? null : endless();
    return new Response(body, { status: answer.status, ...(answer.headers ? { headers: answer.headers } : {}) });
  };

  async #read(request: Request): Promise<ReceivedWebhook> {
    const headers = Object.fromEntries(request.headers);
    const body = await request.text();
    if (request.method !== "POST") throw new Error(`a webhook is a POST, not a ${request.method}`);
    if (request.redirect !== "manual") throw new Error("a redirect would be followed");
    if (headers["content-type"] !== "application/json") throw new Error("a webhook is JSON");
    const secrets = this.#secrets();
    const candidates = secrets.map((secret) => ({ name: secret, secret }));
    const verified = await verify(candidates, request.headers, body, this.#nowMs());
    if (!verified.ok) throw new Error(`refused: ${verified.reason}`);
    const signatures = (headers["webhook-signature"] ?? "").split(" ");
    const computed = await Promise.all(secrets.map((secret) => signatureOf(secret, headers, body)));
    const signedWith = secrets.filter((_secret, index) => signatures.includes(computed[index] ?? ""));
    if (signedWith.length !== signatures.length) throw new Error("a signature is of no secret");
    const parsed: unknown = JSON.parse(body);
    const { type, timestamp, data } = parsed as { type: string; timestamp: string; data: unknown };
    if (Object.keys(parsed as object).join() !== "type,timestamp,data")
      throw new Error("not a payload of the standard");
    const told = event.parse(data);
    if (told.type !== type || told.at !== timestamp) throw new Error("the payload contradicts itself");
    return { id: verified.id, type, eventId: told.id, atMs: this.#nowMs(), signedWith, headers, body };
  }
}

/** As anybody would compute it who has read the standard. */
const signatureOf = async (secret: string, headers: Record<string, string>, body: string): Promise<string> => {
  const raw = Uint8Array.from(atob(secret.slice("whsec_".length)), (char) => char.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const signed = new TextEncoder().encode(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, signed));
  return `v1,${btoa(String.fromCharCode(...mac))}`;
};

/** A body that never ends: who reads it waits for ever. */
const endless = (): ReadableStream<Uint8Array> =>
  new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024)) }, { highWaterMark: 0 });
