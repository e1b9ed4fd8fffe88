/** Reads server-sent events (WHATWG HTML, 9.2.6) from a text that comes in pieces. An event counts once it is whole. */

export interface StreamEvent {
  /** Stays from one event to the next. */
  id: string;
  data: string;
}

export class EventStreamParser {
  #rest = "";
  #id = "";
  #data: string[] = [];

  /** @returns blocks that are whole; one without data says an id, or nothing */
  push(text: string): StreamEvent[] {
    this.#rest += text;
    const events: StreamEvent[] = [];
    for (;;) {
      // A CR at the end may be the first half of a CRLF.
      const [, line = "", end = ""] = /^([^\r\n]*)(\r\n|\n|\r(?!$))/.exec(this.#rest) ?? [];
      if (end === "") return events;
      this.#rest = this.#rest.slice(line.length + end.length);
      if (line === "") events.push(this.#dispatch());
      else this.#field(line);
    }
  }

  #dispatch(): StreamEvent {
    const event = { id: this.#id, data: this.#data.join("\n") };
    this.#data = [];
    return event;
  }

  #field(line: string): void {
    const colon = line.indexOf(":");
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "id") this.#id = value;
    else if (name === "data") this.#data.push(value);
  }
}
