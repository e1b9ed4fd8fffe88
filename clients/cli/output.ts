/** Writes plain text for people and JSON for programs. Text from the server cannot control the terminal. */
import { styleText } from "node:util";
import { visible } from "../../shared/domain/unseen.ts";

export interface Stream {
  write: (text: string) => unknown;
  isTTY?: boolean;
  columns?: number;
}

export interface OutputOptions {
  stdout: Stream;
  stderr: Stream;
  env: Record<string, string | undefined>;
  json: boolean;
}

// Characters of JSON: whoever reads it gets the texts as they are, but no terminal obeys them meanwhile.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const steering = /[\u0000-\u001f\u007f-\u009f\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/gu;

const inJson = (char: string): string =>
  char
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");

/** A line of text: what nobody sees stands there as an escape, such as `\u{001B}`, and so do breaks and tabs. */
export const escaped = (text: string): string => visible(text).replace(/[\t\n\r]/g, inJson);

/** Escapes every string of a value. */
const escapedIn = <T>(value: T): T => {
  if (typeof value === "string") return escaped(value) as T;
  if (Array.isArray(value)) return value.map(escapedIn) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [escaped(key), escapedIn(inner)])) as T;
};

export type Colour = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

export type Paint = (colour: Colour, text: string) => string;

export class Output {
  readonly #options: OutputOptions;
  /** A line that the next one replaces. */
  #isPassing = false;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  get isJson(): boolean {
    return this.#options.json;
  }

  /** Whether the output is a terminal, where a line may be replaced by the next. */
  get isWatched(): boolean {
    return this.#options.stdout.isTTY === true && !this.isJson && this.#options.env["TERM"] !== "dumb";
  }

  get columns(): number {
    return this.#options.stdout.columns ?? 80;
  }

  readonly paint: Paint = (colour, text) => {
    const { stdout, env } = this.#options;
    const coloured = stdout.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
    return coloured ? styleText(colour, text, { validateStream: false }) : text;
  };

  /** Writes an answer, as JSON or as lines of text. */
  show<T>(answer: T, render: (answer: T) => readonly string[]): void {
    if (this.isJson) {
      // JSON itself allows DEL and C1 controls.
      this.#write(`${JSON.stringify(answer).replace(steering, inJson)}\n`);
      return;
    }
    const lines = render(escapedIn(answer));
    if (lines.length > 0) this.#write(`${lines.join("\n")}\n`);
  }

  /** Writes a line that the next one replaces. Only in a terminal. */
  passing<T>(answer: T, render: (answer: T) => string): void {
    if (!this.isWatched) return;
    this.#clear();
    this.#options.stdout.write(render(escapedIn(answer)));
    this.#isPassing = true;
  }

  /** Writes an error or a note to standard error. Escaped, except for our own line breaks. */
  note(text: string): void {
    this.#clear();
    this.#options.stderr.write(`${text.split("\n").map(escaped).join("\n")}\n`);
  }

  /** Writes why the command has failed to standard error: with `--json` as one line, `{"error": …}`. */
  error(error: { code: string; detail: string; [member: string]: unknown }, text: string): void {
    if (this.isJson) this.#options.stderr.write(`${JSON.stringify({ error }).replace(steering, inJson)}\n`);
    else this.note(text);
  }

  #write(text: string): void {
    this.#clear();
    this.#options.stdout.write(text);
  }

  #clear(): void {
    if (this.#isPassing) this.#options.stdout.write("\r\u001b[K");
    this.#isPassing = false;
  }
}
