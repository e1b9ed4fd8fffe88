/**
 * With which token `cv` asks which CV Ops: what the environment says, else what `cv login` has stored. A token is
 * stored by the address that it is for, so that no other address gets it.
 */
import * as z from "zod/mini";
import { type Client, type ClientOptions, createClient } from "../sdk/index.ts";
import { WrongUsage } from "./arguments.ts";

/** A file that nobody else may read. */
export interface ConfigFile {
  path: string;
  /** Null where there is none. */
  read: () => string | null;
  write: (text: string) => void;
}

const stored = z.object({
  /** Address that is asked where none is named; null where there is none. */
  current: z.nullable(z.string()),
  /** By address. */
  tokens: z.record(z.string(), z.string()),
});
type Stored = z.infer<typeof stored>;

type Env = Record<string, string | undefined>;

export class Account {
  readonly #env: Env;
  readonly #file: ConfigFile;
  readonly #surroundings: Partial<ClientOptions>;

  constructor(env: Env, file: ConfigFile, surroundings: Partial<ClientOptions> = {}) {
    this.#env = env;
    this.#file = file;
    this.#surroundings = surroundings;
  }

  get path(): string {
    return this.#file.path;
  }

  /** Whether a token in the environment outranks what is stored. */
  get isOverruled(): boolean {
    return (this.#env["CV_OPS_TOKEN"] ?? "") !== "";
  }

  #read(): Stored {
    const text = this.#file.read();
    if (text === null) return { current: null, tokens: {} };
    try {
      return stored.parse(JSON.parse(text));
    } catch (cause) {
      throw new WrongUsage(`${this.path} cannot be read: delete it, then run cv login.`, { cause });
    }
  }

  /** @param named as it was typed; the environment's or the stored one when left out */
  baseUrl(named?: string): string {
    const fromEnv = this.#env["CV_OPS_URL"] ?? "";
    const chosen = named ?? (fromEnv === "" ? (this.#read().current ?? "") : fromEnv);
    const what = named === undefined ? "CV_OPS_URL is " : "";
    if (chosen === "") {
      throw new WrongUsage(
        "Set CV_OPS_URL to the address of CV Ops, such as https://cv-ops.example.com, or sign in: cv login <address>.",
      );
    }
    if (!/^https?:$/.test(URL.parse(chosen)?.protocol ?? "")) {
      throw new WrongUsage(`${what}"${chosen}", which is not a URL: it looks like https://cv-ops.example.com.`);
    }
    return chosen;
  }

  /** The token for this address, and where it is from; null where there is none. */
  tokenFor(baseUrl: string): { token: string; from: string } | null {
    const token = this.#env["CV_OPS_TOKEN"] ?? "";
    if (token !== "") return { token, from: "CV_OPS_TOKEN" };
    const found = this.storedFor(baseUrl);
    return found === null ? null : { token: found, from: this.path };
  }

  storedFor(baseUrl: string): string | null {
    const { tokens } = this.#read();
    const { origin } = new URL(baseUrl);
    return Object.hasOwn(tokens, origin) ? (tokens[origin] ?? null) : null;
  }

  store(baseUrl: string, token: string): void {
    const { tokens } = this.#read();
    const { origin } = new URL(baseUrl);
    this.#write({ current: origin, tokens: { ...tokens, [origin]: token } });
  }

  forget(baseUrl: string): void {
    const { current, tokens } = this.#read();
    const { origin } = new URL(baseUrl);
    const { [origin]: _ended, ...others } = tokens;
    this.#write({ current: current === origin ? (Object.keys(others)[0] ?? null) : current, tokens: others });
  }

  #write(content: Stored): void {
    this.#file.write(`${JSON.stringify(content, null, 2)}\n`);
  }

  clientFor(baseUrl: string, token: string | null): Client {
    return createClient({ baseUrl, ...(token !== null && { token }), ...this.#surroundings });
  }
}
