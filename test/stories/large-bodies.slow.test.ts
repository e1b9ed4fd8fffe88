/** Bodies without an end, sent over HTTP without a length: no route reads them to their end, and memory stays flat. */
import { readFileSync, readdirSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { signedInAs } from "./signed-in.ts";
import { type StoryStack, startStory } from "./stack.ts";

let stack: StoryStack;
beforeAll(async () => {
  stack = await startStory();
});
afterAll(() => stack.remove());

const mebibyte = 1024 * 1024;
const offered = 100 * mebibyte;
const chunk = Buffer.alloc(64 * 1024, "a");

const statOf = (pid: string): { name: string; parent: string } | null => {
  try {
    const [, name = "", rest = ""] = /\((.*)\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return { name, parent: rest.split(" ")[1] ?? "" };
  } catch {
    // It has ended meanwhile.
    return null;
  }
};

/** Resident bytes of every workerd that this process has started, by way of wrangler. */
const workersMemory = (): number => {
  const all = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        const stat = statOf(pid);
        return stat ? [[pid, stat] as const] : [];
      }),
  );
  const isOurs = (pid: string): boolean => {
    const parent = all.get(pid)?.parent;
    return parent !== undefined && (parent === String(process.pid) || isOurs(parent));
  };
  return [...all]
    .filter(([pid, { name }]) => name === "workerd" && isOurs(pid))
    .reduce((sum, [pid]) => {
      const [, kilobytes = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
      return sum + Number(kilobytes) * 1024;
    }, 0);
};

interface Streamed {
  /** Null where the connection was ended before the answer could be read. */
  status: number | null;
  sent: number;
  peak: number;
}

/** Sends up to 100 MiB as fast as the other side takes it, and stops at the answer. */
const stream = (path: string, headers: Record<string, string>): Promise<Streamed> =>
  new Promise((resolve) => {
    let peak = 0;
    let sent = 0;
    const answered: { status: number | null } = { status: null };
    const sending = request(`${stack.url}${path}`, { method: "POST", headers });
    const ended = (): void => {
      sending.destroy();
      resolve({ ...answered, sent, peak });
    };
    sending.on("response", (response: IncomingMessage) => {
      const { statusCode = null } = response;
      // Writes nothing more.
      answered.status = statusCode;
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("error", ended).on("end", () => {
        // wrangler's own proxy says so where it was still sending to a Worker that has answered.
        if (statusCode === 500 && body === "Error: Network connection lost.") answered.status = null;
        ended();
      });
    });
    // The other side may hang up on what it has refused.
    sending.on("error", ended);
    const send = (): void => {
      while (sent < offered && answered.status === null) {
        sent += chunk.byteLength;
        if (sent % mebibyte === 0) peak = Math.max(peak, workersMemory());
        if (!sending.write(chunk)) {
          sending.once("drain", send);
          return;
        }
      }
      sending.end();
    };
    send();
  });

it.runIf(process.platform === "linux").each<[string, string, string, Record<string, string>]>([
  ["Slack's route", "slack", "/slack/events", { "content-type": "application/x-www-form-urlencoded" }],
  ["the route of targets", "webhook", "/v2/webhook/d1cv", { "content-type": "application/json" }],
  ["the API", "api", "/v2/commit", { "content-type": "application/json" }],
])("a body of 100 MiB without a length is refused at %s while it is sent, and memory stays flat", async (...route) => {
  const [, via, path, type] = route;
  const headers = via === "api" ? { ...type, ...(await signedInAs(stack.url, "U0AVERY01")) } : type;
  const origin = { origin: stack.url };
  // What a first request allocates is none of the body's.
  await stream(path, { ...headers, ...origin });
  const before = workersMemory();
  const refused = stack.logged("request.refused", { via, code: "too_large" });
  const streamed = await Promise.all([1, 2, 3].map(() => stream(path, { ...headers, ...origin })));
  // The limit was what ended it, and not something else.
  await refused;
  for (const { status, sent } of streamed) {
    expect([413, null]).toContain(status);
    expect(sent / mebibyte).toBeLessThan(50);
  }
  const grown = Math.max(...streamed.map(({ peak }) => peak)) - before;
  expect(grown / mebibyte, "three bodies of 100 MiB").toBeLessThan(60);
});
