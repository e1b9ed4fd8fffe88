import { createHash } from "node:crypto";

const hashedAtOnce = 50_000;

/** The trace of a run, line by line. Two runs of one seed have the same digest. */
export class Trace {
  readonly #hash = createHash("sha256");
  readonly #lines: string[] = [];
  readonly #keep: boolean;
  #isOver = false;
  #unhashed = "";

  constructor(keep: boolean) {
    this.#keep = keep;
  }

  /** Stops recording. */
  end(): void {
    this.#isOver = true;
  }

  note(atMs: number, text: string): void {
    if (this.#isOver) return;
    this.#unhashed += `${atMs} ${text}\n`;
    if (this.#unhashed.length > hashedAtOnce) this.#catchUp();
    if (this.#keep) this.#lines.push(`${(atMs / 1000).toFixed(3).padStart(9)} s  ${text}`);
  }

  #catchUp(): void {
    this.#hash.update(this.#unhashed);
    this.#unhashed = "";
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  digest(): string {
    this.#catchUp();
    return this.#hash.copy().digest("hex").slice(0, 16);
  }
}
