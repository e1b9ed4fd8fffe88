/** The examples of docs/reference/live-events.md, run unchanged against the local stack. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeCodes, liveErrorCodes, maxSubscriptions } from "../../shared/contract/live.ts";
import { Work } from "./work.ts";

const page = await readFile(join(import.meta.dirname, "../../docs/reference/live-events.md"), "utf8");
const examples = new Map(
  [...page.matchAll(/```js (\w+)\n([\s\S]*?)```/g)].map(([, name = "", code = ""]) => [name, code] as const),
);

const work = new Work();
let token: string;

beforeAll(async () => {
  await work.start();
  token = await work.makeToken("docs");
});
afterAll(() => work.stop());

interface Shown {
  id: number;
  event?: string;
  type: string;
}

const over = new Error("seen enough");

/** Runs an example with these names and `show` defined; resolves with the first `count` shown events. */
const run = async (name: string, count: number, names: Record<string, unknown> = {}): Promise<Shown[]> => {
  const code = examples.get(name);
  if (code === undefined) throw new Error(`docs/reference/live-events.md has no example ${name}`);
  const shown: Shown[] = [];
  await new Promise<void>((resolve, reject) => {
    const show = (event: Shown): void => {
      shown.push(event);
      if (shown.length < count) return;
      resolve();
      throw over;
    };
    const given = { url: work.url, token, show, ...names };
    // oxlint-disable-next-line typescript/no-implied-eval -- what the page says is what is run
    const body = new Function(...Object.keys(given), `return (async () => {${code}})();`) as (
      ...values: unknown[]
    ) => Promise<void>;
    body(...Object.values(given)).catch((error: unknown) => {
      if (error !== over) reject(error);
    });
  });
  return shown;
};

/** A WebSocket that can be closed from outside, and whose listeners may throw to stop. */
const sockets: WebSocket[] = [];
class Socket extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols);
    sockets.push(this);
  }

  override addEventListener(type: string, listener: Parameters<EventTarget["addEventListener"]>[1]): void {
    super.addEventListener(type, (event: Event) => {
      try {
        if (typeof listener === "function") listener(event);
      } catch (error) {
        if (error !== over) throw error;
      }
    });
  }
}

test("the documented polling shows all events, oldest first", async () => {
  await work.prepare(1);
  const shown = await run("polling", 4);
  expect(shown.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["workspace.settings_set", "token.created", "change.staged", "commit.created"]),
  );
  expect(shown.map(({ id }) => id)).toEqual(shown.map(({ id }) => id).toSorted((left, right) => left - right));
});

test("the documented stream shows a commit's events, and resumes after the last one", async () => {
  const [first, second] = await run("stream", 2, { lastEventId: 0 });
  expect(first).toMatchObject({ event: "commit:created", commit: 1 });
  const [next] = await run("stream", 1, { lastEventId: first?.id });
  expect(next).toEqual(second);
});

test("the documented WebSocket shows a push as it happens", async () => {
  const timers: NodeJS.Timeout[] = [];
  const shown = run("websocket", 3, {
    WebSocket: Socket,
    setInterval: (beat: () => void, ms: number) => timers.push(setInterval(beat, ms)),
  });
  const [socket] = sockets;
  await new Promise<void>((resolve) => {
    socket?.addEventListener("message", (event) => {
      if (String((event as MessageEvent).data).includes('"subscribed"')) resolve();
    });
  });
  await work.push(1, () => true);
  expect((await shown).map(({ event }) => event)).toEqual(["push:started", "job:started", "job:accepted"]);
  for (const timer of timers) clearInterval(timer);
  socket?.close();
});

test("the page of live events names every close code, error and limit", () => {
  for (const code of Object.values(closeCodes)) expect(page).toContain(`| ${code} |`);
  for (const code of liveErrorCodes) expect(page).toContain(`\`${code}\``);
  expect(page).toContain(`${maxSubscriptions} subscriptions a connection`);
});
