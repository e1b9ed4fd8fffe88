/** Requests that are duplicated, too late, too early or forged; and two simultaneous decisions. */
import type { Button } from "@slack/types";
import { afterAll, beforeAll, expect, it } from "vitest";
import { people } from "../support/people.ts";
import { type Teammate, join } from "./person.ts";
import { nowSeconds, sendAsSlack } from "./signatures.ts";
import { type Click, buttonClick, slashCommand } from "./slack-payloads.ts";
import { type StoryStack, startStory } from "./stack.ts";

let stack: StoryStack;
beforeAll(async () => {
  stack = await startStory();
});
afterAll(() => stack.remove());

const workspaceId = "T0CVOPS01";
const channelId = "C0PORTFOL1";
const avery = { workspaceId, userId: people.author, channelId };
const priya = { workspaceId, userId: people.approver, channelId };

const approveButtonOf = (person: Teammate): Click => {
  for (const { ts, blocks } of person.messages().toReversed()) {
    for (const block of blocks) {
      if (block.type !== "actions" || !("elements" in block)) continue;
      const button = block.elements.find(
        (each): each is Button => each.type === "button" && each.action_id === "commit.approve",
      );
      if (button?.action_id && button.value)
        return { ts, blockId: block.block_id ?? "", actionId: button.action_id, value: button.value };
    }
  }
  throw new Error("There is no Approve button");
};

const decisions = (shown: string): number => shown.match(/✅ Approved by/g)?.length ?? 0;

it("duplicates of a Slack request have one effect", async (test) => {
  const reader = await join(test, stack, "Avery");
  const body = slashCommand(avery, "stage update technology python-1 experience_years=8", "trigger-replayed");
  const first = await sendAsSlack(stack.url, body);
  const answer = await first.text();
  expect([first.status, answer]).toEqual([200, expect.stringContaining("Staged as change 1")]);
  for (const again of await Promise.all([sendAsSlack(stack.url, body), sendAsSlack(stack.url, body)])) {
    expect([again.status, await again.text()]).toEqual([200, answer]);
  }
  expect(await reader.asks("/cv staged", /staged change/)).toContain("1 staged change of yours");
});

it("requests with an invalid or expired signature get one refusal", async (test) => {
  const reader = await join(test, stack, "Avery");
  const body = slashCommand(avery, "stage delete technology jquery-1", "trigger-forged");
  const answers = await Promise.all(
    [
      { timestampSeconds: nowSeconds() - 301 },
      { timestampSeconds: nowSeconds() + 302 },
      { secret: "another-secret" },
      { signature: `v0=${"0".repeat(64)}` },
      { signature: "" },
    ].map((options) => sendAsSlack(stack.url, body, options)),
  );
  const said = await Promise.all(answers.map(async (answer) => `${answer.status} ${await answer.text()}`));
  expect(new Set(said)).toEqual(new Set(["401 Invalid signature"]));
  expect(await reader.asks("/cv staged", /staged change/)).not.toContain("jQuery");
});

it("a replayed click on Approve counts once", async (test) => {
  const author = await join(test, stack, "Avery");
  const approver = await join(test, stack, "Priya");
  await author.asks('/cv commit -m "Replayed"', /^Commit #1 /);
  await approver.reads(/Commit #1[^]*Approve/);
  const body = buttonClick(priya, approveButtonOf(approver), "trigger-click");
  expect((await sendAsSlack(stack.url, body, { timestampSeconds: nowSeconds() - 400 })).status).toBe(401);
  expect(await approver.asks("/cv show 1", /^Commit #1 /)).toContain("in review");

  const clicks = await Promise.all([
    sendAsSlack(stack.url, body),
    sendAsSlack(stack.url, body),
    sendAsSlack(stack.url, body),
  ]);
  expect(clicks.map(({ status }) => status)).toEqual([200, 200, 200]);
  await approver.reads(/Commit #1[^]*Ready to push/);
  expect(decisions(await approver.asks("/cv show 1", /^Commit #1 [^]*approved/))).toBe(1);
});

it("one of two simultaneous approvals decides, and the other reply names the approver", async (test) => {
  const author = await join(test, stack, "Avery");
  const people = await Promise.all([join(test, stack, "Priya"), join(test, stack, "Carla")]);
  await author.asks("/cv stage delete technology jquery-1", /jQuery/);
  await author.asks('/cv commit -m "Together"', /^Commit #2 /);
  await Promise.all(people.map((person) => person.reads(/Commit #2[^]*Approve/)));
  await Promise.all(people.map((person) => person.presses("Approve", /Commit #2/)));

  const shown = await people[0].asks("/cv show 2", /^Commit #2 [^]*approved/);
  expect(decisions(shown)).toBe(1);
  const loser = shown.includes("Approved by @Priya") ? people[1] : people[0];
  const reply = await loser.sees("who decided", () =>
    loser
      .messages()
      .filter(({ ephemeral_for }) => ephemeral_for === loser.id)
      .map(({ text }) => text)
      .find((text) => text.includes("was approved already by")),
  );
  expect(reply).toMatch(/Commit #2 was approved already by <@U0(PRIYA|CARLA)01>/);
});
