/** Every kind of payload as Slack documents it (test/fixtures/slack) is understood: what it asks for happens. */
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { fixtureIds, fixtures, withParts } from "../../../test/fixtures/slack.ts";
import { signedSlackRequest } from "../../../test/support/bot/slack-request.ts";
import { validateView } from "../../../tools/slack/validate-blocks.ts";
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
  // Its organisation has not installed the app here.
  teamAccessRevoked: { unhandled: ["request.refused"] },
  tokensRevoked: {},
  userDeactivated: {},
  urlVerification: { answer: new RegExp(`^${fixtures.urlVerification.payload.challenge}$`) },
};

const directMessages = "D0DIRECT02";

/** A modal that is open, where the payload comes from one. */
const openView = async (payload: object): Promise<Record<string, string>> => {
  if (!("view" in payload) || typeof payload.view !== "object" || payload.view === null) return {};
  const { type, title, callback_id, blocks, submit, close }: Record<string, unknown> = { ...payload.view };
  if (type !== "modal") return {};
  const view = { type, title, callback_id, blocks, ...(submit ? { submit } : {}), ...(close ? { close } : {}) };
  expect(validateView(view)).toEqual([]);
  const shown = slack.views.show(view, null, "", null);
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

const ours = fixtureIds.team;
const theirs = "T0FOREIGN1";
const organisation = "E0GRID0001";
const { blockActionsMessage, viewSubmission, appMention, slashCommand } = fixtures;

type Payload = Record<string, unknown>;

/** In a channel that both organisations share (docs.slack.dev, "Understanding Slack Connect"). */
const clickBy = (team: string): Payload => ({
  ...blockActionsMessage.payload,
  user: { ...blockActionsMessage.payload.user, team_id: team },
});
const submissionBy = (team: string): Payload => ({
  ...viewSubmission.payload,
  team: { id: theirs, domain: "foreign" },
  user: { ...viewSubmission.payload.user, team_id: team },
  view: { ...viewSubmission.payload.view, app_installed_team_id: ours },
});
const mentionBy = (team: string): Payload => ({
  ...appMention.payload,
  team_id: theirs,
  is_ext_shared_channel: true,
  authorizations: [{ enterprise_id: null, team_id: ours, user_id: "U0BOTUSER1", is_bot: true }],
  event: { ...appMention.payload.event, team, user_team: team, source_team: team },
});

describe("a payload from a channel that organisations share", () => {
  test("a click by somebody of the workspace counts there", async () => {
    const world = await worldInReview();
    await sendAsSlack(world, clickBy(ours));
    expect((await world.rows("commits"))[0]?.["review"]).toBe("approved");
  });

  test("a form goes to the workspace that the app is installed in, wherever it was opened", async () => {
    const world = await worldInReview();
    await sendAsSlack(world, submissionBy(ours));
    expect((await world.rows("commits"))[0]?.["review"]).toBe("rejected");
  });

  test("an event goes to the workspace that has authorized the app", async () => {
    const world = await worldInReview();
    await sendAsSlack(world, mentionBy(ours));
    expect(slack.calls.map(({ method }) => method)).toEqual(["chat.postEphemeral"]);
  });

  test.each<[string, Payload, RegExp]>([
    ["a click", clickBy(theirs), /"response_type":"ephemeral".*another organisation/],
    ["a form", submissionBy(theirs), /"response_action":"update".*another organisation/],
    ["a mention", mentionBy(theirs), /^$/],
  ])("%s by somebody of another organisation gets one sentence and leaves no row", async (_what, payload, said) => {
    const world = await worldInReview();
    const before = await world.facts();
    const { response, responseUrl } = await sendAsSlack(world, payload);
    const answers = slack.answers.filter(({ url }) => url === responseUrl).map((each) => JSON.stringify(each.payload));
    expect([await response.text(), ...answers].join("")).toMatch(said);
    expect(response.status).toBe(200);
    expect(await world.facts()).toBe(before);
    expect(slack.calls).toEqual([]);
  });
});

const nowhere = "T0NOWHERE1";
const { urlVerification: _ofNobody, ...ofWorkspaces } = fixtures;

test.each(Object.entries(ofWorkspaces))(
  "the documented payload %s of a workspace without the app gets one sentence at most, and leaves no row",
  async (_name, { payload }) => {
    const world = await worldInReview();
    const before = await world.facts();
    const foreign = JSON.parse(JSON.stringify(payload).replaceAll(ours, nowhere)) as Payload;
    const { response, responseUrl } = await sendAsSlack(world, foreign);
    const answers = slack.answers.filter(({ url }) => url === responseUrl).map((each) => JSON.stringify(each.payload));
    const said = [await response.text(), ...answers].join("");
    expect(response.status).toBe(200);
    expect(said.split("CV Ops is not set up for this workspace").length - 1).toBe(answersTo(foreign));
    expect(await world.facts()).toBe(before);
    for (const table of ["workspaces", "members", "people", "cards", "job_events", "idempotency_records"]) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table} WHERE workspace_id = ?1`).bind(nowhere).all();
      expect(results, table).toEqual([]);
    }
    expect(slack.calls).toEqual([]);
  },
);

/** How many sentences there is a place for. */
const answersTo = (payload: Payload): number =>
  payload["command"] || payload["response_url"] || payload["type"] === "view_submission" ? 1 : 0;

test("the sentence for a stranger who clicks in a thread stays in the thread", async () => {
  const world = await worldInReview();
  const thread = { thread_ts: "1690000000.000100" };
  const payload = clickBy(theirs);
  const { responseUrl } = await sendAsSlack(world, {
    ...payload,
    container: { ...blockActionsMessage.payload.container, ...thread },
    message: { ...blockActionsMessage.payload.message, ...thread },
  });
  expect(slack.answers.filter(({ url }) => url === responseUrl).map((each) => each.payload)).toMatchObject([thread]);
});

describe("a payload from an Enterprise Grid organisation", () => {
  test("a click without a workspace counts in that of the person", async () => {
    const world = await worldInReview();
    await sendAsSlack(world, {
      ...clickBy(ours),
      team: null,
      enterprise: { id: organisation, name: "Grid" },
      is_enterprise_install: true,
    });
    expect((await world.rows("commits"))[0]?.["review"]).toBe("approved");
  });

  const colleague = { team_id: theirs, enterprise_id: organisation };

  test("a click by a colleague in another workspace of the organisation counts", async () => {
    const world = await worldInReview();
    await world.joinOrganisation(organisation);
    await sendAsSlack(world, {
      ...clickBy(theirs),
      user: { ...blockActionsMessage.payload.user, ...colleague },
      enterprise: { id: organisation, name: "Grid" },
    });
    expect((await world.rows("commits"))[0]?.["review"]).toBe("approved");
  });

  test("a form of somebody whose home is the organisation itself counts", async () => {
    const world = await worldInReview();
    await world.joinOrganisation(organisation);
    await sendAsSlack(world, {
      ...submissionBy(organisation),
      enterprise: { id: organisation, name: "Grid" },
    });
    expect((await world.rows("commits"))[0]?.["review"]).toBe("rejected");
  });

  test.each<[string, Payload]>([
    ["a click", { ...clickBy(theirs), user: { ...blockActionsMessage.payload.user, ...colleague } }],
    ["a form", { ...submissionBy(theirs), user: { ...viewSubmission.payload.user, ...colleague } }],
    ["a form from their organisation", submissionBy(organisation)],
    ["a mention", { ...mentionBy(organisation), enterprise_id: organisation }],
  ])("%s by somebody of a foreign organisation, which the payload names, is a stranger's", async (_what, payload) => {
    for (const own of [null, "E0OURS0001"]) {
      const world = await worldInReview();
      if (own) await world.joinOrganisation(own);
      const before = await world.facts();
      await sendAsSlack(world, { ...payload, ...("event" in payload ? {} : { enterprise: { id: organisation } }) });
      expect(await world.facts()).toBe(before);
      expect(slack.calls.filter(({ method }) => method !== "auth.test")).toEqual([]);
    }
  });

  test("somebody of an organisation is served only when Slack has said whose the workspace is", async () => {
    const world = await worldInReview();
    await world.joinOrganisation(organisation);
    slack.fail("auth.test", { error: "internal_error" });
    const click = { ...clickBy(theirs), user: { ...blockActionsMessage.payload.user, ...colleague } };
    const { responseUrl } = await sendAsSlack(world, click);
    const answers = slack.answers.filter(({ url }) => url === responseUrl).map((each) => JSON.stringify(each.payload));
    expect(answers.join("")).toContain("Slack has not said yet in which workspace CV Ops is installed");
    await sendAsSlack(world, click);
    expect((await world.rows("commits"))[0]?.["review"]).toBe("approved");
  });

  test("a command of an organisation has its workspace where others have it", async () => {
    const world = await worldInReview();
    const command = { ...slashCommand.payload, enterprise_id: organisation, enterprise_name: "Grid" };
    const { response } = await sendAsSlack(world, command);
    expect(await response.text()).toMatch(/Where things stand/);
  });
});

test("the reply to a click in a thread stays in the thread", async () => {
  const world = await worldInReview();
  await world.run([people.approver, "approve 1"], [people.approver, "push 1 all"]);
  await world.settle();
  const parent = world.message(/^Push #1/);
  const reply = world.messages.find(({ threadTs }) => threadTs === parent.ts);
  if (!reply) throw new Error("the push has no thread");
  const show = { action_id: "x", value: "go:status" };
  const { said } = await world.click(people.approver, reply, show);
  expect(said).toContain("Where things stand");
  expect(slack.answers.at(-1)?.payload["thread_ts"]).toBe(parent.ts);
  await world.click(people.approver, parent, show);
  expect(slack.answers.at(-1)?.payload).not.toHaveProperty("thread_ts");
});

test("a commit made in a group direct message has its card with its reviewers, in no channel", async () => {
  const world = await createWorld();
  const said = async (text: string) => {
    const fields = world.commandBody(people.author, text);
    await world.post({ ...fields, channel_name: "mpdm-avery--priya--carla-1" });
  };
  await said("stage update technology python-1 experience_years=8");
  await said("commit together");
  await world.settle();
  expect((await world.rows("cards")).map(({ channel_id }) => channel_id)).not.toContain(world.channel);
  expect(slack.messages.some(({ channel }) => channel.startsWith("D"))).toBe(true);
});

describe("what real payloads leave out", () => {
  const post = async (world: World, body: string, contentType: string): Promise<Response> => {
    const signed = signedSlackRequest(body);
    const headers = new Headers(signed.headers);
    headers.set("content-type", contentType);
    return world.send(new Request(signed.url, { method: "POST", headers, body }));
  };
  const without = <T extends object>(value: T, name: string): T =>
    Object.fromEntries(Object.entries(value).filter(([each]) => each !== name)) as T;

  test("a command without the field text is the command alone", async () => {
    const world = await worldInReview();
    const { response } = await sendAsSlack(world, without(fixtures.slashCommand.payload, "text"));
    expect(await response.text()).not.toContain("There is no");
    expect(complaints()).toEqual([]);
  });

  test.each([
    "application/x-www-form-urlencoded",
    "Application/X-WWW-Form-URLEncoded; charset=UTF-8",
    " APPLICATION/x-www-form-urlencoded",
  ])("a command of the content type %s is read", async (contentType) => {
    const world = await worldInReview();
    const fields = world.commandBody(people.approver, "status");
    const response = await post(world, new URLSearchParams(fields).toString(), contentType);
    expect(await response.text()).toMatch(/Where things stand/);
  });

  test.each(["application/json", "Application/JSON; charset=utf-8", "APPLICATION/JSON"])(
    "an event of the content type %s is read",
    async (contentType) => {
      const world = await createWorld();
      const body = JSON.stringify(fixtures.urlVerification.payload);
      expect(await (await post(world, body, contentType)).text()).toBe(fixtures.urlVerification.payload.challenge);
    },
  );

  test.each([
    ["null", null],
    ["empty", {}],
    ["without values", { values: null }],
  ])("a form whose state is %s has nothing typed in it", async (_name, state) => {
    const world = await worldInReview();
    const { payload } = fixtures.viewSubmission;
    const { response } = await sendAsSlack(world, { ...payload, view: { ...payload.view, state } });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('"response_action":"update"');
    expect((await world.rows("commits"))[0]?.["review"]).toBe("rejected");
  });

  test.each([
    ["a null view", { view: null }],
    ["a null view and an empty state", { view: null, state: {} }],
    ["neither view nor state", { state: undefined }],
  ])("a click on a message with %s is understood", async (_name, parts) => {
    const world = await worldInReview();
    const { response } = await sendAsSlack(world, { ...fixtures.blockActionsMessage.payload, ...parts });
    await world.settle();
    expect(response.status).toBe(200);
    expect((await world.rows("commits"))[0]?.["review"]).toBe("approved");
    expect(complaints()).toEqual([]);
  });
});
