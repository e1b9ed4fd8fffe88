/** The globals that replace Node's in the product: virtual time, seeded randomness and a simulated network. */
import {
  type KeyObject,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  timingSafeEqual,
} from "node:crypto";
import type { Runtime } from "./runtime.ts";

type Bytes = ArrayBuffer | ArrayBufferView;

const bytesOf = (data: Bytes): Uint8Array =>
  data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

const mac = (key: KeyObject, data: Bytes): Uint8Array => createHmac("sha256", key).update(bytesOf(data)).digest();

interface Gcm {
  iv: Uint8Array;
  additionalData: Uint8Array;
}
const tagBytes = 16;

/** As WebCrypto has it: the tag follows the text. */
const encrypt = async ({ iv, additionalData }: Gcm, key: KeyObject, data: Bytes): Promise<ArrayBuffer> => {
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(additionalData);
  return bufferOf(Buffer.concat([cipher.update(bytesOf(data)), cipher.final(), cipher.getAuthTag()]));
};

const decrypt = async ({ iv, additionalData }: Gcm, key: KeyObject, data: Bytes): Promise<ArrayBuffer> => {
  const all = bytesOf(data);
  const decipher = createDecipheriv("aes-256-gcm", key, iv).setAAD(additionalData).setAuthTag(all.slice(-tagBytes));
  return bufferOf(Buffer.concat([decipher.update(all.slice(0, -tagBytes)), decipher.final()]));
};

/** The part of `crypto.subtle` that the product uses, without latency. */
const subtle = {
  encrypt,
  decrypt,
  importKey: async (_format: string, raw: Bytes): Promise<KeyObject> => createSecretKey(bytesOf(raw)),
  sign: async (_algorithm: unknown, key: KeyObject, data: Bytes): Promise<ArrayBuffer> => bufferOf(mac(key, data)),
  verify: async (_algorithm: unknown, key: KeyObject, offered: Bytes, data: Bytes): Promise<boolean> => {
    const expected = mac(key, data);
    const actual = bytesOf(offered);
    return actual.length === expected.length && timingSafeEqual(actual, expected);
  },
  digest: async (_algorithm: unknown, data: Bytes): Promise<ArrayBuffer> =>
    bufferOf(hash("sha256", bytesOf(data), "buffer")),
  timingSafeEqual: (left: Bytes, right: Bytes): boolean => timingSafeEqual(bytesOf(left), bytesOf(right)),
};

interface Simulation {
  runtime: Runtime;
  fetch: (request: Request) => Promise<Response>;
}

let simulation: Simulation | null = null;

const now = (): Simulation => {
  if (!simulation) throw new Error("The product runs outside of a simulation");
  return simulation;
};

/** Binds the product's globals to one simulation at a time. */
export const enter = (entered: Simulation): void => {
  simulation = entered;
};

/**
 * Node lets a request follow its signal through a weak reference, so the garbage collector would decide the effect of
 * a timeout. This request keeps a strong reference.
 */
class HeldRequest extends Request {
  constructor(input: string | URL | Request, { signal, ...init }: RequestInit = {}) {
    super(input, init);
    const held = signal ?? (input instanceof HeldRequest ? input.signal : null);
    if (held) Object.defineProperty(this, "signal", { value: held });
  }
}

/** A request of the product's `fetch`. */
export const heldRequest = (input: string | URL | Request, init?: RequestInit): Request =>
  input instanceof HeldRequest && init === undefined ? input : new HeldRequest(input, init);

/** No simulation exists while the product is loaded. */
const nowMs = (): number => simulation?.runtime.workerNowMs() ?? 0;

class VirtualDate extends Date {
  constructor(...args: [] | [number | string]) {
    if (args.length === 0) super(nowMs());
    else super(args[0]);
  }

  static override now(): number {
    return nowMs();
  }
}

const getRandomValues = (bytes: Uint8Array): Uint8Array => {
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = now().runtime.random.uint32() & 255;
  return bytes;
};

const randomUUID = (): string => {
  const hex = Buffer.from(getRandomValues(new Uint8Array(16))).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

const logged = (...parts: unknown[]): void => {
  simulation?.runtime.log(
    parts
      .map((part) => (part instanceof Error ? part.message : String(part)))
      // Stack traces contain a path that differs between runs.
      .map((text) => text.replace(/\\n +at .*?(?="|$)/g, ""))
      .join(" "),
  );
};

/** The bundled product reads the globals here (product/surroundings.ts). */
Object.assign(globalThis, {
  [Symbol.for("cv-ops.simulator")]: {
    Date: VirtualDate,
    setTimeout: (callback: () => void, delayMs = 0) => now().runtime.setTimeout(callback, delayMs),
    clearTimeout: (timer?: { cancelled: boolean }) => {
      if (timer) timer.cancelled = true;
    },
    crypto: { getRandomValues, randomUUID, subtle },
    fetch: (input: string | URL | Request, init?: RequestInit) => now().fetch(heldRequest(input, init)),
    Request: HeldRequest,
    AbortSignal: {
      timeout: (delayMs: number): AbortSignal => {
        const abort = new AbortController();
        now().runtime.setTimeout(
          () => abort.abort(new DOMException("The operation timed out", "TimeoutError")),
          delayMs,
        );
        return abort.signal;
      },
    },
    console: { log: logged, debug: logged, info: logged, warn: logged, error: logged },
    random: () => now().runtime.random.unit(),
  },
});
