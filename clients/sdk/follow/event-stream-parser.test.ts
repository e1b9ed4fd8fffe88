/** A stream is the same events however the network cuts it into pieces. */
import { describe, expect, test } from "vitest";
import { EventStreamParser, type StreamEvent } from "./event-stream-parser.ts";

const parse = (...pieces: string[]): StreamEvent[] => {
  const parser = new EventStreamParser();
  return pieces.flatMap((piece) => parser.push(piece));
};

const text =
  'retry: 2000\nid: 4\n: connected\n\nid: 5\nevent: job:progress\ndata: {"a":1}\n\n: heartbeat\n\ndata:x\ndata: y\n\n';
const events = [
  { id: "4", data: "" },
  { id: "5", data: '{"a":1}' },
  { id: "5", data: "" },
  { id: "5", data: "x\ny" },
];

describe("an event stream", () => {
  test.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
  ])("is read with %s, in any two pieces and letter by letter", (_, end) => {
    const written = text.replaceAll("\n", end);
    expect(parse(...written.split(""))).toEqual(events);
    for (let cut = 0; cut <= written.length; cut += 1) {
      expect(parse(written.slice(0, cut), written.slice(cut))).toEqual(events);
    }
  });

  test("is read with CR; the last one may belong to what follows", () => {
    expect(parse(text.replaceAll("\n", "\r"), "\n")).toEqual(events);
  });

  test("has no event that is not whole", () => {
    expect(parse("id: 9\ndata: half")).toEqual([]);
    expect(parse("id: 9\ndata: whole\n")).toEqual([]);
  });
});
