/** A signed request whose parts can be changed, in Slack's v0 scheme or in that of Standard Webhooks. */

export interface Scheme {
  timestampHeader: string;
  signatureHeader: string;
  /** Slack's scheme signs no id. */
  idHeader: string | null;
  /** The prefix of a signature. */
  version: "v0=" | "v1,";
  key: (secret: string) => Bytes;
  encode: (mac: Bytes) => string;
  before: (id: string, timestamp: string) => string;
}

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
export const bytesOf = (text: string): Bytes => Uint8Array.from(encoder.encode(text));
export const textOf = (bytes: Bytes): string => new TextDecoder().decode(bytes);
export const joined = (...parts: Bytes[]): Bytes => Uint8Array.from(parts.flatMap((part) => [...part]));

export const hex = (bytes: Bytes): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const base64 = (bytes: Bytes): string => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text: string): Bytes => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

export const slackScheme: Scheme = {
  timestampHeader: "x-slack-request-timestamp",
  signatureHeader: "x-slack-signature",
  idHeader: null,
  version: "v0=",
  key: bytesOf,
  encode: hex,
  before: (_id, timestamp) => `v0:${timestamp}:`,
};

export const webhookScheme: Scheme = {
  timestampHeader: "webhook-timestamp",
  signatureHeader: "webhook-signature",
  idHeader: "webhook-id",
  version: "v1,",
  key: (secret) => fromBase64(secret.replace(/^whsec_/, "")),
  encode: base64,
  before: (id, timestamp) => `${id}.${timestamp}.`,
};

export const hmac = async (key: Bytes, content: Bytes, hash = "SHA-256"): Promise<Bytes> => {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, content));
};

export const digest = async (content: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", content));

interface Parts {
  scheme: Scheme;
  secret: string;
  id: string;
  timestamp: string;
  body: Bytes;
  headers: readonly (readonly [name: string, value: string])[];
}

export class Sealed implements Parts {
  readonly scheme: Scheme;
  readonly secret: string;
  readonly id: string;
  readonly timestamp: string;
  readonly body: Bytes;
  readonly headers: Parts["headers"];

  private constructor(parts: Parts) {
    this.scheme = parts.scheme;
    this.secret = parts.secret;
    this.id = parts.id;
    this.timestamp = parts.timestamp;
    this.body = parts.body;
    this.headers = parts.headers;
  }

  /** Signs with the secret, as a genuine sender does. */
  static async of(scheme: Scheme, secret: string, nowSeconds: number, body: string): Promise<Sealed> {
    const parts = { scheme, secret, id: "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", timestamp: String(nowSeconds) };
    return new Sealed({ ...parts, body: bytesOf(body), headers: [] }).signed({});
  }

  #with(changed: Partial<Parts>): Sealed {
    const { scheme, secret, id, timestamp, body, headers } = this;
    return new Sealed({ scheme, secret, id, timestamp, body, headers, ...changed });
  }

  get signedContent(): Bytes {
    return joined(bytesOf(this.scheme.before(this.id, this.timestamp)), this.body);
  }

  /** The signature, without its version. */
  get signature(): string {
    return this.header(this.scheme.signatureHeader).slice(this.scheme.version.length);
  }

  header(name: string): string {
    return this.headers.find(([each]) => each === name)?.[1] ?? "";
  }

  /** Replaces the MAC with an attacker's, or signs these bytes correctly. */
  async signed(change: { timestamp?: string; mac?: (request: Sealed) => Promise<Bytes> }): Promise<Sealed> {
    const { scheme, secret, id } = this;
    const timestamp = change.timestamp ?? this.timestamp;
    const unsigned = this.#with({ timestamp, headers: [] });
    const mac = await (change.mac?.(unsigned) ?? hmac(scheme.key(secret), unsigned.signedContent));
    return unsigned.#with({
      headers: [
        ...(scheme.idHeader === null ? [] : [[scheme.idHeader, id] as const]),
        [scheme.timestampHeader, timestamp],
        [scheme.signatureHeader, `${scheme.version}${scheme.encode(mac)}`],
      ],
    });
  }

  /** Changes a header after the signature. Null removes the header. */
  withHeader(name: string | null, change: (value: string) => string | null): Sealed {
    const headers = this.headers.flatMap(([each, value]) => {
      const changed = each === name ? change(value) : value;
      return changed === null ? [] : [[each, changed] as const];
    });
    return this.#with({ headers });
  }

  withSignature(change: (signature: string) => string | null): Sealed {
    return this.withHeader(this.scheme.signatureHeader, change);
  }

  withTimestamp(change: (timestamp: string) => string | null): Sealed {
    return this.withHeader(this.scheme.timestampHeader, change);
  }

  withBody(change: (body: Bytes) => Bytes): Sealed {
    return this.#with({ body: change(this.body) });
  }

  withText(change: (body: string) => string): Sealed {
    return this.withBody((body) => bytesOf(change(textOf(body))));
  }

  /** Adds a header: an existing name gets two values. */
  alsoWith(name: string, value: string): Sealed {
    return this.#with({ headers: [...this.headers, [name, value]] });
  }

  request(url: string, contentType: string): Request {
    const headers = new Headers({ "content-type": contentType });
    for (const [name, value] of this.headers) headers.append(name, value);
    return new Request(url, { method: "POST", headers, body: this.body });
  }
}
