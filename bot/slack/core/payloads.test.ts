/** Every kind of payload as Slack documents it (test/fixtures/slack) is understood: what it asks for happens. */
import { describe, expect, test } from "vitest";
import { fixtureIds, fixtures, withParts } from "../../../test/fixtures/slack.ts";
import { signedSlackRequest } from "../../../test/support/bot/slack-request.ts";
import { logged, slack } from "../../../test/support/bot/stand-ins.ts";
import { createWorld, people, type World } from "../../../test/support/bot/world.ts";

type Name = keyof typeof fixtures;

interface Expectation {
  /** Methods of the Web API that this leads to, all of which Slack accepts. */
  calls?: string[];
  /** What the answer to Slack says. */
  answer?: RegExp;
  /** What the person gets through the response URL. */
  told?: RegExp;
  /** State after it. */
  review?: "in_review" | "approved" | "rejected";
  /** Events of the log that show that something was not handled. */
  unhandled?: string[];
}

/** Of a workspace in which commit 1 is in review; the person is somebody else than its author. */
const expectations: Record<Name, Expectation> = {
  slashCommand: { answer: /Where things stand/ },
  blockActionsMessage: { review: "approved" },
  blockActionsEphemeral: { told: /"replace_original":true/ },
  blockActionsModal: { calls: ["views.update"] },
  blockActionsHome: { calls: ["views.open"] },
  blockSuggestionModal: { answer: /^\{"options":\[/ },
  viewSubmission: { review: "rejected", answer: /"response_action":"update"/ },
  viewClosed: {},
  shortcut: { calls: ["views.open", "views.update"] },
  messageAction: { calls: ["views.open", "chat.getPermalink", "views.update"] },
  appHomeOpened: { calls: ["views.publish"] },
  appMention: { calls: ["chat.postEphemeral"] },
  messageIm: { calls: ["chat.postMessage"] },
  appUninstalled: {},
  tokensRevoked: {},
  urlVerification: { answer: new RegExp(`^${fixtures.urlVerification.payload.challenge}$`) },
};

const directMessages = "D0DIRECT02";

/** A modal that is open, where the payload comes from one. */
const openView = async (payload: object): Promise<Record<string, string>> => {
  if (!("view" in payload) || typeof payload.view !== "object" || payload.view === null) return {};
  const { type, title, callback_id, blocks, submit, close }: Record<string, unknown> = { ...payload.view };
  if (type !== "modal") return {};
  const view = { type, title, callback_id, blocks, ...(submit ? { submit } : {}), ...(close ? { close } : {}) };
  slack.views.open({ trigger_id: slack.newTrigger(), view: JSON.stringify(view) }, fixtureIds.team);
  const shown = slack.views.stack.at(-1);
  if (!shown) throw new Error(`The modal is not one that Slack shows: ${slack.views.problems.join(", ")}`);
  return { [fixtureIds.view]: shown.id, [fixtureIds.viewHash]: shown.hash };
};

interface Sent {
  response: Response;
  responseUrl: string;
}

/** Sends a payload as Slack does: commands and interactions as forms, events as JSON. */
const sendAsSlack = async (world: World, payload: object): Promise<Sent> => {
  const responseUrl = slack.newResponseUrl();
  const documentedUrl = "response_url" in payload ? { [String(payload.response_url)]: responseUrl } : {};
  const text = withParts(payload, {
    ...documentedUrl,
    ...(await openView(payload)),
    [fixtureIds.team]: world.team,
    [fixtureIds.user]: people.approver,
    [fixtureIds.channel]: world.channel,
    [fixtureIds.directMessages]: directMessages,
    [fixtureIds.trigger]: slack.newTrigger(),
    [fixtureIds.messageTs]: world.messages.at(-1)?.ts ?? "",
  });
  const isForm =
    "trigger_id" in payload || ("type" in payload && /^(view_closed|block_suggestion)$/.test(String(payload.type)));
  const isCommand = "command" in payload;
  const content = isCommand ? (JSON.parse(text) as Record<string, string>) : isForm ? { payload: text } : text;
  return { response: await world.send(signedSlackRequest(content)), responseUrl };
};

const isComplaint = (event: string): boolean => /unknown|fail|refused|late|not_|error/.test(event);

const complaints = (): string[] =>
  logged.map((line) => (JSON.parse(line) as { event: string }).event).filter((event) => isComplaint(event));

const worldInReview = async (): Promise<World> => {
  const world = await createWorld();
  slack.addWorkspace(world.team, "", directMessages);
  await world.run(
    [people.author, "stage update technology python-1 experience_years=8"],
    [people.author, 'commit -m "Skill updates"'],
  );
  await world.settle();
  slack.calls.length = 0;
  logged.length = 0;
  return world;
};

describe("a payload of Slack's documentation", () => {
  test.each(Object.entries(expectations))("the documented payload %s is understood", async (name, expected) => {
    const world = await worldInReview();
    const { payload } = fixtures[name as Name];
    const { response, responseUrl } = await sendAsSlack(world, payload);
    await world.settle();

    expect(response.status).toBe(200);
    expect(complaints()).toEqual(expected.unhandled ?? []);
    if (expected.answer) expect(await response.text()).toMatch(expected.answer);
    expect(slack.calls.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
    expect(slack.calls.map(({ method }) => method)).toEqual(expect.arrayContaining(expected.calls ?? []));
    const told = slack.answers.filter(({ url }) => url === responseUrl).map((answer) => JSON.stringify(answer.payload));
    if (expected.told) expect(told.join("\n")).toMatch(expected.told);
    const [commit] = await world.rows("commits");
    expect(commit?.["review"]).toBe(expected.review ?? "in_review");
  });

  test("every documented payload has a page that documents it", () => {
    const sources = Object.values(fixtures).map(({ source }) => new URL(source).origin);
    expect(new Set(sources)).toEqual(new Set(["https://docs.slack.dev"]));
  });
});
