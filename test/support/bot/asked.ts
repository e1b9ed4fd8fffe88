/** What a person has asked of the bot, and what they have read of its answer since. */
import { submissionPayload } from "../../../tools/slack/payloads.ts";
import { senderOf } from "../slack/requests.ts";
import { slack } from "./stand-ins.ts";
import { textsOf } from "./texts.ts";
import { type World, createWorld, people } from "./world.ts";

const { author } = people;

export interface Asked {
  world: World;
  body: Record<string, string>;
  /** What the person has read, oldest first; `acknowledged` is what Slack got at once. */
  heard: (acknowledged: string) => string[];
}

export const answersAt = (url: unknown): string[] =>
  slack.answers
    .filter((answer) => answer.url === url)
    .map(({ payload }) => textsOf(payload))
    .filter((said) => !said.includes("cannot reach its database just now"));

export const typed = (world: World, userId: string, text: string): Asked => {
  const body = world.commandBody(userId, text);
  const url = body["response_url"];
  const isNote = (said: string): boolean => said === "" || said.includes("Working on it");
  return {
    world,
    body,
    heard: (acknowledged) => {
      const first = acknowledged === "" ? "" : textsOf(JSON.parse(acknowledged));
      const said = [...(isNote(first) ? [] : [first]), ...answersAt(url)];
      // Worlds are compared, and each has a channel of its own.
      return said.map((each) => each.replaceAll(world.channel, "C0CHANNEL1"));
    },
  };
};

export const inReview = async (): Promise<World> => {
  const world = await createWorld();
  await world.run([author, "stage update technology python-1 experience_years=8"], [author, "commit one"]);
  await world.setApprovalsNeeded(2);
  await world.settle();
  return world;
};

export const stage = "stage update technology python-1 experience_years=8";

export const reason = "Python is <7> years";

/** The form on top, with a reason typed into it. */
export const submitted = (world: World, userId: string): Asked => {
  const [form] = slack.views.stack;
  if (!form) throw new Error("no form is open");
  const values = { reason: { reason: { type: "plain_text_input", value: reason } } };
  const view = { ...slack.apiView(world.team, form), state: { values } };
  const sender = senderOf({ workspaceId: world.team, userId });
  const whole = submissionPayload(sender, view, "1.1");
  return {
    world,
    body: { payload: JSON.stringify(whole) },
    heard: (acknowledged) => {
      const late = slack.views.stack.at(-1)?.view;
      const answered = JSON.parse(acknowledged) as { view: unknown };
      const isNote = textsOf(answered.view).includes("Loading");
      return [textsOf(isNote ? late : answered.view)];
    },
  };
};
