/** Server-sent events, for networks that block WebSockets. Read by fetch, as an EventSource cannot send a token. */
import { createParser } from "eventsource-parser";
import { jsonIn } from "../../../shared/json.ts";
import { headersOf, urlOf } from "../connection.ts";
import { problemIn } from "../failures.ts";
import { type Ending, type Line, type Transport, cut, endingOf, openWithinMs, silentAfterMs } from "./transport.ts";

export const overEventStream: Transport = async (line) => {
  const { surroundings } = line.connection;
  const headers = await headersOf(line.connection);
  const silence = new AbortController();
  let timer = surroundings.setTimeout(() => silence.abort(), openWithinMs);
  const restart = (): void => {
    surroundings.clearTimeout(timer);
    timer = surroundings.setTimeout(() => silence.abort(), silentAfterMs);
  };
  const after = line.after();
  try {
    const response = await surroundings.fetch(addressOf(line), {
      method: "GET",
      headers: {
        Accept: "text/event-stream",
        ...headers,
        ...(after !== null && { "Last-Event-ID": String(after) }),
      },
      signal: AbortSignal.any([line.signal, silence.signal]),
      redirect: "manual",
    });
    if (!response.ok) return endingOf(await problemIn(response, surroundings.now()));
    if (response.body === null || response.headers.get("Content-Type")?.startsWith("text/event-stream") !== true) {
      await response.body?.cancel();
      return cut;
    }
    return await read(line, response.body.getReader() as Reader, restart, () => surroundings.clearTimeout(timer));
  } catch {
    // The stream was cut, or the server was silent for too long.
    return cut;
  } finally {
    surroundings.clearTimeout(timer);
  }
};

const addressOf = ({ connection, subjects }: Line): string => {
  const url = new URL(urlOf(connection, "/stream"));
  for (const subject of subjects) {
    if ("jobId" in subject) url.searchParams.append("job", subject.jobId);
    if ("commit" in subject) url.searchParams.append("commit", String(subject.commit));
  }
  // With jobs or commits in the query, the stream has only their events.
  if (subjects.some((subject) => "workspace" in subject)) url.search = "";
  if (connection.workspace !== undefined) url.searchParams.set("workspace", connection.workspace);
  return url.href;
};

interface Reader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

const read = async (line: Line, reader: Reader, restart: () => void, pause: () => void): Promise<Ending> => {
  const parser = createParser({
    // The first message is an id without data: the position at which the stream begins.
    onId: (id) => line.opened(Number(id)),
    onEvent: ({ data }) => line.received(jsonIn(data)),
  });
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return cut;
      parser.feed(decoder.decode(value, { stream: true }));
      // Reading pauses while the reader has not taken the events that have come.
      pause();
      await line.ready();
      if (line.signal.aborted) return cut;
      restart();
    }
  } finally {
    // An error may have ended the stream; the caller gets that error.
    reader.cancel().catch(() => undefined);
  }
};
