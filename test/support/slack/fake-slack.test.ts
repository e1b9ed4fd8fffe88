import { expect, test } from "vitest";
import { type SlackUnderTest, webApiContract } from "../../../tools/slack/testing/web-api-contract.ts";
import type { Answer } from "../../../tools/slack/web-api/method.ts";
import { FakeSlack } from "./fake-slack.ts";

const workspaceId = "T0MEMORY01";
const person = "U0AVERY01";

const headers = { authorization: "Bearer xoxb-memory", "content-type": "application/json; charset=utf-8" };

const started = (): Promise<SlackUnderTest> => {
  let nowMs = 1_800_000_000_000;
  const slack = new FakeSlack(() => nowMs);
  slack.addWorkspace(workspaceId, "xoxb-memory", "C0OWN00001", "C0FOREIGN1", "C0ARCHIVE1");
  slack.leave("C0FOREIGN1");
  slack.archived.add("C0ARCHIVE1");
  return Promise.resolve({
    call: async (method, args) => {
      const request = { method: "POST", headers, body: JSON.stringify(args) };
      return (await slack.fetch(`https://slack.com/api/${method}`, request)).json<Answer>();
    },
    channels: { own: "C0OWN00001", foreign: "C0FOREIGN1", archived: "C0ARCHIVE1" },
    person,
    trigger: (viewId) => Promise.resolve(slack.newTrigger({ workspaceId, userId: person, channel: "" }, viewId)),
    pass: (ms) => {
      nowMs += ms;
      return Promise.resolve();
    },
  });
};

webApiContract("in memory", started);

test("the Slack in memory fails the next calls as it is asked to, and records each with its outcome", async () => {
  const slack = new FakeSlack();
  slack.addWorkspace(workspaceId, "xoxb-memory", "C0OWN00001");
  slack.fail("chat.postMessage", { error: "fatal_error" }, { network: "after" });
  const post = () => {
    const body = JSON.stringify({ channel: "C0OWN00001", text: "hi" });
    return slack.fetch("https://slack.com/api/chat.postMessage", { method: "POST", headers, body });
  };
  expect(await (await post()).json()).toEqual({ ok: false, error: "fatal_error" });
  await expect(post()).rejects.toThrow(TypeError);
  expect(await (await post()).json()).toMatchObject({ ok: true });
  expect(slack.messages.map(({ text }) => text)).toEqual(["hi", "hi"]);
  expect(slack.calls.map(({ outcome }) => outcome)).toEqual(['{"error":"fatal_error"}', '{"network":"after"}', "ok"]);
});
