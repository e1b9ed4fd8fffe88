/** The bot with another Slack than the playground's: only the address, the token and the signing secret differ. */
import { once } from "node:events";
import { type Server, createServer } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describe as problemsOf, validateMessage } from "../../playground/slack/validate-blocks.ts";
import { sendAsSlack } from "./signatures.ts";
import { slashCommand } from "./slack-payloads.ts";
import { type StoryStack, startStory } from "./stack.ts";

const secret = "the-other-slacks-signing-secret";
const token = "xoxb-the-other-slack";
const owner = { workspaceId: "T0OTHER01", userId: "U0OWNER001", channelId: "C0OTHER001" };

interface Call {
  method: string;
  authorization: string | undefined;
  message: Record<string, unknown>;
}

/** Slack's Web API, as far as a card needs it. */
class TinySlack {
  readonly calls: Call[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #server: Server = createServer((incoming, outgoing) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const message: Record<string, unknown> = {
        ...Object.fromEntries(form),
        blocks: JSON.parse(form.get("blocks") ?? "[]"),
      };
      this.calls.push({ method: incoming.url ?? "", authorization: incoming.headers.authorization, message });
      outgoing.setHeader("content-type", "application/json");
      outgoing.end(
        JSON.stringify({
          ok: true,
          channel: form.get("channel"),
          ts: form.get("ts") ?? `1700000000.${String(this.calls.length).padStart(6, "0")}`,
        }),
      );
      for (const look of this.#waiting) look();
    })();
  });

  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("No address");
    return `http://127.0.0.1:${address.port}/api/`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The first call that satisfies `find`, made already or still to come. */
  called(find: (call: Call) => boolean): Promise<Call> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.calls.find(find);
        if (!found) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

const slack = new TinySlack();
let stack: StoryStack;

beforeAll(async () => {
  const address = await slack.start();
  stack = await startStory(() => ({
    SLACK_API_URL: address,
    SLACK_SIGNING_SECRET: secret,
    SLACK_BOT_TOKEN: token,
    BOOTSTRAP_ADMIN: owner.userId,
  }));
});
afterAll(async () => {
  await stack.remove();
  slack.stop();
});

let triggers = 0;
const type = async (line: string): Promise<string> => {
  triggers += 1;
  const response = await sendAsSlack(stack.url, slashCommand(owner, line, `trigger-${triggers}`), { secret });
  return `${response.status} ${await response.text()}`;
};

it("does the main job there, from the first admin's solo commit to the last card", async () => {
  expect(await type("settings mode solo")).toMatch(/^200 .*Solo mode/);
  expect(await type("stage update technology python-1 experience_years=8")).toMatch(/^200 .*Staged as change 1/);
  expect(await type('commit -m "From elsewhere"')).toMatch(/^200 .*Commit \*#1\*/);
  const posted = await slack.called(({ method }) => method === "/api/chat.postMessage");
  expect(posted.authorization).toBe(`Bearer ${token}`);
  expect(posted.message).toMatchObject({
    channel: owner.channelId,
    text: expect.stringContaining("Commit #1: From elsewhere"),
  });

  expect(await type("approve 1")).toMatch(/^200 .*Approved commit/);
  expect(await type("push 1 all")).toMatch(/^200 .*has started/);
  await slack.called(
    ({ method, message }) => method === "/api/chat.update" && String(message["text"]).includes("verified live"),
  );
  for (const { message, authorization } of slack.calls) {
    expect(authorization).toBe(`Bearer ${token}`);
    expect(validateMessage({ text: String(message["text"]), blocks: message["blocks"] }).map(problemsOf)).toEqual([]);
  }
});

it("does not take the playground's secret there", async () => {
  const body = slashCommand(owner, "status", "trigger-foreign");
  expect((await sendAsSlack(stack.url, body)).status).toBe(401);
});
