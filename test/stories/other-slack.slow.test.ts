/** The bot with another Slack API than the playground: only the address, the token and the signing secret differ. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { people } from "../support/people.ts";
import { sendAsSlack } from "./signatures.ts";
import { slashCommand } from "./slack-payloads.ts";
import { type StoryStack, startStory } from "./stack.ts";
import { ServedSlack } from "../support/slack/served-slack.ts";

const secret = "the-other-slacks-signing-secret";
const token = "xoxb-the-other-slack";
const owner = { workspaceId: "T0OTHER01", userId: people.admin, channelId: "C0OTHER001" };

let slack: ServedSlack;
let stack: StoryStack;

beforeAll(async () => {
  slack = await ServedSlack.start();
  slack.addWorkspace(owner.workspaceId, token, owner.channelId);
  stack = await startStory(() => ({
    SLACK_API_URL: slack.apiUrl,
    SLACK_SIGNING_SECRET: secret,
    SLACK_BOT_TOKEN: token,
    BOOTSTRAP_ADMIN: owner.userId,
  }));
});
afterAll(async () => {
  await stack.remove();
  await slack.stop();
});

let triggers = 0;
const type = async (line: string): Promise<string> => {
  triggers += 1;
  const response = await sendAsSlack(stack.url, slashCommand(owner, line, `trigger-${triggers}`), { secret });
  return `${response.status} ${await response.text()}`;
};

it("another Slack workspace completes the main job from its first commit", async () => {
  expect(await type("settings mode solo")).toMatch(/^200 .*Solo mode/);
  expect(await type("stage update technology python-1 experience_years=8")).toMatch(/^200 .*Staged as change 1/);
  expect(await type('commit -m "From elsewhere"')).toMatch(/^200 .*\*Commit #1\*/);
  const posted = await slack.called(({ method }) => method === "chat.postMessage");
  expect(posted.token).toBe(token);
  expect(posted.args).toMatchObject({
    channel: owner.channelId,
    text: expect.stringContaining("Commit #1: 1 technology changed"),
  });

  expect(await type("approve 1")).toMatch(/^200 .*Approved commit/);
  expect(await type("push 1 all")).toMatch(/^200 .*has started/);
  await slack.called(
    ({ method, args }) => method === "chat.update" && args["text"]?.includes("verified live") === true,
  );
  for (const call of slack.calls) expect(call).toMatchObject({ token, outcome: "ok" });
  expect(slack.problems).toEqual([]);
});

it("another Slack workspace refuses the playground's signing secret", async () => {
  const body = slashCommand(owner, "status", "trigger-foreign");
  expect((await sendAsSlack(stack.url, body)).status).toBe(401);
});
