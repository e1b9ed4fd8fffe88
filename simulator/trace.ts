import { createHash } from "node:crypto";

/** What happened, line by line. Two runs of one seed have the same digest. */
export class Trace {
  readonly #hash = createHash("sha256");
  readonly #lines: string[] = [];
  readonly #keep: boolean;
  #isOver = false;

  constructor(keep: boolean) {
    this.#keep = keep;
  }

  /** Nothing is written down any more. */
  end(): void {
    this.#isOver = true;
  }

  note(atMs: number, text: string): void {
    if (this.#isOver) return;
    this.#hash.update(`${atMs} ${text}\n`);
    if (this.#keep) this.#lines.push(`${(atMs / 1000).toFixed(3).padStart(9)} s  ${text}`);
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  digest(): string {
    return this.#hash.copy().digest("hex").slice(0, 16);
  }
}
