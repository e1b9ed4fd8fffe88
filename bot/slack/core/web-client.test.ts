import { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { refusedAddresses } from "../../../test/corpora/addresses.ts";
import { logged, slack } from "../../../test/support/bot/stand-ins.ts";
import { createWorld, people } from "../../../test/support/bot/world.ts";
import { slackFetch, webClientOptions } from "./web-client.ts";

const slacks = "https://slack.com/api/";
const elsewhere = "https://elsewhere.example/taken";
const called: string[] = [];

/** As the platform does: follows a redirect unless the request forbids it. */
const redirecting = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
  const request = new Request(input instanceof URL ? input.href : input, init);
  called.push(request.url);
  if (request.url === elsewhere) return Response.json({ ok: true });
  return request.redirect === "manual"
    ? new Response(null, { status: 302, headers: { location: elsewhere } })
    : redirecting(elsewhere, init);
};

describe("the Slack client", () => {
  beforeEach(() => {
    called.length = 0;
    vi.stubGlobal("fetch", redirecting);
  });
  afterEach(() => vi.unstubAllGlobals());

  test("the Slack client does not follow a redirect of the API with its token", async () => {
    const client = new WebClient("xoxb-secret", webClientOptions({ apiUrl: slacks }));
    await expect(client.chat.postMessage({ channel: "C1", text: "x" })).rejects.toThrow();
    expect(called).toEqual(["https://slack.com/api/chat.postMessage"]);
  });

  test("the Slack client does not follow a redirect of a response URL", async () => {
    const answer = slackFetch(slacks)("https://hooks.slack.com/actions/T1/1/x", { method: "POST", body: "{}" });
    await expect(answer).rejects.toThrow("redirect");
    expect(called).toEqual(["https://hooks.slack.com/actions/T1/1/x"]);
  });

  test("the Slack client calls no address that is not Slack's", async () => {
    const spellings = [
      "https://hooks.slack.com.evil.example/",
      "https://hooks.slack.com@evil.example/",
      "https://user@hooks.slack.com/",
      "http://hooks.slack.com/",
      "https://hooks.slack.com:8443/",
      "https://evil.example/hooks.slack.com",
      "http://localhost:8787/playground/slack/respond/1",
      ...refusedAddresses.map(([, address]) => address),
    ];
    for (const address of spellings) await expect(slackFetch(slacks)(address), address).rejects.toThrow("not Slack's");
    expect(called).toEqual([]);
  });

  test("the Slack client calls a local Slack under each name of the machine", async () => {
    const local = slackFetch("http://localhost:8787/playground/slack/api/");
    for (const host of ["localhost:8787", "127.0.0.1:8787", "[::1]:8787"]) {
      await expect(local(`http://${host}/respond/1`)).rejects.toThrow("redirect");
    }
    expect(called).toHaveLength(3);
    await expect(local("https://evil.example/")).rejects.toThrow("not Slack's");
  });
});

test("a click with a foreign response URL is answered nowhere", async () => {
  const world = await createWorld();
  await world.run(
    [people.author, "stage update technology python-1 experience_years=8"],
    [people.author, "commit one"],
  );
  await world.settle();
  const { payload } = world.clickPayload(people.viewer, world.message(/Commit #1/), "Approve");
  await world.post({ payload: JSON.stringify({ ...payload, response_url: elsewhere }) });
  expect((await world.rows("commits"))[0]).toMatchObject({ review: "in_review" });
  expect([slack.answers, slack.problems]).toEqual([[], []]);
  expect(logged.join("\n")).toContain("not Slack's");
});
