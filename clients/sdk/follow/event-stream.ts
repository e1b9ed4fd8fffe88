/** Events as a stream over HTTP, for where WebSockets are not let through. Read with fetch: an EventSource can send no token. */
import { createParser } from "eventsource-parser";
import { headersOf, urlOf } from "../connection.ts";
import { jsonIn, problemIn } from "../failures.ts";
import { type Ending, type Line, type Transport, cut, endingOf, openWithinMs, silentAfterMs } from "./transport.ts";

export const overEventStream: Transport = async (line) => {
  const { surroundings } = line.connection;
  const headers = await headersOf(line.connection);
  const silence = new AbortController();
  let timer = surroundings.setTimeout(() => silence.abort(), openWithinMs);
  const heard = (): void => {
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
    return await read(line, response.body.getReader() as Reader, heard, () => surroundings.clearTimeout(timer));
  } catch {
    // It was cut, or nothing was heard of it.
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
  // With a job or a commit, the stream is of that alone.
  if (subjects.some((subject) => "workspace" in subject)) url.search = "";
  if (connection.workspace !== undefined) url.searchParams.set("workspace", connection.workspace);
  return url.href;
};

interface Reader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

const read = async (line: Line, reader: Reader, heard: () => void, pause: () => void): Promise<Ending> => {
  const parser = createParser({
    // The server's first words are an id without data: where the stream begins.
    onId: (id) => line.opened(Number(id)),
    onEvent: ({ data }) => line.came(jsonIn(data)),
  });
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return cut;
      parser.feed(decoder.decode(value, { stream: true }));
      // While nobody takes what has come, the server is not listened to.
      pause();
      await line.room();
      if (line.signal.aborted) return cut;
      heard();
    }
  } finally {
    // It may have ended by an error, which is what the caller hears of.
    reader.cancel().catch(() => undefined);
  }
};
