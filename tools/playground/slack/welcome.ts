import { withIds } from "../../slack/block-ids.ts";
import { newName } from "./ids.ts";
import { postMessage } from "./messages.ts";
import type { Slack } from "./slack.ts";
import { app, workspaces } from "./workspace.ts";

const channel = "C0PORTFOL1";

const firstSteps = [
  "/cv stage update technology python-1 experience_years=8",
  "/cv staged",
  '/cv commit -m "Skill updates"',
];

const blocks = [
  { type: "header", text: { type: "plain_text", text: "Change the portfolio from here" } },
  {
    type: "section",
    text: {
      type: "mrkdwn",
      text: "Stage a change, commit it, have it approved, push it. Type `/cv` alone for your action items and click from there; or type:",
    },
  },
  { type: "section", text: { type: "mrkdwn", text: firstSteps.map((command) => `\`${command}\``).join("\n") } },
  {
    type: "context",
    elements: [
      {
        type: "mrkdwn",
        text: "Then switch to Priya, the approver: press *Approve* on the commit's card, and push it.",
      },
    ],
  },
];

/** The first message of a new workspace. */
export const postWelcome = (slack: Slack): void => {
  if (slack.own !== workspaces[0]) return;
  postMessage(slack, {
    channel,
    user: app.botUser,
    text: "Change the portfolio from here: type /cv alone for your action items.",
    blocks: withIds(blocks, newName),
    thread_ts: null,
    ephemeral_for: null,
    reply_broadcast: false,
  });
};
