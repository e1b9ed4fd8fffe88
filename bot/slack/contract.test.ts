/**
 * What the real Slack does, met as it comes: signed requests in the shape that Slack documents, and Slack's answers to
 * ours. Whose a payload is, and what real payloads leave out, stands in `core/payloads.test.ts`; refusals of blocks in
 * `cards/outbox.test.ts`.
 */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { lostMarks } from "../../test/corpora/markup.ts";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { Screen } from "../../test/support/bot/screen.ts";
import { signedSlackRequest } from "../../test/support/bot/slack-request.ts";
import { slack } from "../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";

const { admin, author, approver, viewer } = people;
const python = "stage update technology python-1 experience_years=8";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

const inReview = async (): Promise<void> => {
  await world.run([author, python], [author, "commit Skill updates"]);
  await world.settle();
};
const card = () => world.message(/^Commit #1/);
const event = (what: Record<string, unknown>): Promise<Response> =>
  world.send(
    signedSlackRequest(
      JSON.stringify({ type: "event_callback", team_id: world.team, event_id: "Ev1", event_time: 1, event: what }),
    ),
  );

describe("an error of Slack that may pass", () => {
  test.each([
    ["rate_limited", { error: "rate_limited" }],
    ["update_failed", { error: "update_failed" }],
    ["account_inactive", { error: "account_inactive" }],
    ["token_expired", { error: "token_expired" }],
    ["a page with status 200", { html: "<!DOCTYPE html><title>Slack</title>" }],
    ["a code that nobody has documented", { error: "brand_new_error" }],
  ])("no card keeps a live Approve on a decided commit after %s", async (_what, failure) => {
    await inReview();
    expect(textsOf(card())).toContain("Approve");
    slack.fail("chat.update", failure, failure);
    await world.run([approver, "approve 1"]);
    await world.settle();
    expect(textsOf(card()).split("\n")).not.toContain("Approve");
    expect(textsOf(card())).toContain(`Approved by <@${approver}>`);
  });

  test("what is decided while the token is revoked is drawn on each card when the app is back", async () => {
    await inReview();
    await event({ type: "tokens_revoked", tokens: { bot: ["U0BOTUSER1"] }, event_ts: "1.1" });
    const api = await ApiClient.of(world, approver);
    expect(await api.post("/commits/1/approve")).toMatchObject({ status: 200 });
    await env.SLACK_OUTBOX.getByName(world.team).wake(world.team);
    await world.settle();
    expect(textsOf(card()).split("\n")).toContain("Approve");
    await world.command(admin, "status");
    await world.settle();
    expect(textsOf(card()).split("\n")).not.toContain("Approve");
  });
});

describe("what is typed", () => {
  const values: [what: string, typed: string, stored: string][] = [
    ["typographic quotes at the edges", "“long and fine”", "long and fine"],
    ["typographic quotes inside of others", "“she said “hi” to me”", "she said “hi” to me"],
    ["typographic quotes inside of straight ones", '"the “best” and «only» one"', "the “best” and «only» one"],
    ["German quotes", "„Größe „XL“ auch“", "Größe „XL“ auch"],
    ["apostrophes", "\"it’s O'Reilly’s, don't\"", "it’s O'Reilly’s, don't"],
    ["a bare apostrophe", "O’Reilly", "O’Reilly"],
    ["a mention and a channel", '"by <@U0AVERY01|avery> in <#C0PORT01|portfolio>"', "by @avery in #portfolio"],
    ["a group", '"for <!subteam^S0TEAM01|@reviewers>"', "for @reviewers"],
    ["a date", '"since <!date^1392734382^{date}|Feb 18, 2014>"', "since Feb 18, 2014"],
    ["a telephone number", '"call <tel:+351210000000|+351 21 000 00 00>"', "call +351 21 000 00 00"],
    ["an email address", '"ask <mailto:noor@example.com|noor@example.com>"', "ask noor@example.com"],
    ["a web link", '"see <https://example.com/a|the page>, please"', "see the page, please"],
    ["a word that Slack takes for an address", "<http://socket.io|socket.io>", "socket.io"],
    ["the characters that Slack escapes", '"a &lt;b&gt; &amp; c"', "a <b> & c"],
  ];

  test.each(values)("a value with %s is stored as it was typed", async (_what, typed, stored) => {
    await world.run([author, `stage update technology python-1 summary=${typed}`]);
    const [change] = await world.rows("staged_changes");
    expect(JSON.parse(String(change?.["payload"]))).toEqual({ summary: stored });
  });

  test.each(values)("a message with %s is read the same by its shortcut", async (_what, typed, stored) => {
    const message = { text: `Note: ${typed}`, ts: slack.somebodyPosts(world.channel) };
    const screen = await new Screen(world, author).messageShortcut("stage_message", message);
    const shown = screen.said
      .replace(/<!date\^00000000\^[^|]*\|([^>]*)>/g, "$1")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&");
    // In prose the quotes around it are part of it.
    expect(shown).toContain(stored);
    expect(screen.said).not.toMatch(/<[@#]|<!subteam|<tel:|<mailto:|<http/);
  });

  test("where a person or a channel is meant, the id counts, whatever the label says", async () => {
    await world.run([admin, `roles <@${viewer}|carla> editor`]);
    expect((await world.rows("members")).find(({ user_id }) => user_id === viewer)).toMatchObject({ role: "editor" });
    slack.addChannels(world.team, "C0OTHER001");
    await world.run([admin, "settings channel <#C0OTHER001|portfolio>"]);
    expect((await world.rows("workspaces"))[0]).toMatchObject({ channel_id: "C0OTHER001" });
    await inReview();
    expect((await world.command(admin, `commits --author <@${author}|priya>`)).said).toContain("*#1*");
    expect((await world.command(admin, `commits --author <@${approver}|avery>`)).said).toContain("No commit matches");
  });
});

describe("what people wrote, in messages", () => {
  test.each(["*K9K*", "_K9K_", "~K9K~", "`K9K`", ":tada: K9K", "&lt;!channel&gt; K9K", "&gt; K9K"])(
    "%s as message, note and reason of a rejection has no meaning on a card, in its thread or in a reply",
    async (typed) => {
      const text = typed.replaceAll("&lt;", "<").replaceAll("&gt;", ">");
      await world.run([author, `${python} --note "${typed}"`], [author, `commit -m "${typed}"`]);
      const staged = await world.command(author, "status 1");
      await world.settle();
      await world.run([approver, `reject 1 "${typed}"`]);
      await world.settle();
      const log = await world.command(author, "log");
      const all = [...world.messages.map(({ blocks }) => blocks), staged.blocks, log.blocks];
      expect(textsOf(all)).toContain("K9K");
      expect(lostMarks(all, { core: /K9K/, text })).toEqual([]);
    },
  );

  test("no message of ours shows a preview of the links and media in it", async () => {
    await world.run([author, `${python} --note "see https://example.com/large.png"`], [author, "commit x"]);
    await event({ type: "app_home_opened", user: viewer, channel: "D1", tab: "messages", event_ts: "1.1" });
    await world.run([approver, "approve 1"], [approver, "push 1 all"]);
    await world.settle();
    const posts = slack.callsOf("chat.postMessage");
    expect(posts.length).toBeGreaterThan(3);
    for (const { args } of posts) expect(args).toMatchObject({ unfurl_links: "false", unfurl_media: "false" });
  });
});

describe("a group direct message", () => {
  test("a click in a group direct message begins a commit whose card stands in no channel", async () => {
    const reply = await world.command(author, python);
    const group = { id: world.channel, name: "mpdm-avery--priya--carla-1" };
    const { payload } = world.clickPayload(
      author,
      { ...slackMessage, channel: world.channel, text: reply.text, blocks: reply.blocks },
      { action_id: "go:commit", value: "go:commit" },
    );
    await world.post({ payload: JSON.stringify({ ...payload, channel: group }) });
    await new Screen(world, author).submit({ message: "Together" });
    await world.settle();
    const cards = (await world.rows("cards")).filter(({ kind }) => kind === "commit");
    expect(cards.length).toBeGreaterThan(0);
    expect(cards.map(({ channel_id }) => channel_id)).not.toContain(world.channel);
  });
});

const slackMessage = {
  ts: "1700000000.000100",
  threadTs: null,
  broadcast: false,
  ephemeralFor: null,
  token: "",
  edits: 0,
};
