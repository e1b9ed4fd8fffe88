import { describe, expect, test } from "vitest";
import {
  channelId,
  commit,
  createWorld,
  everythingOf,
  people,
  reasonOf,
  stage,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { requestReview } from "./request-review.ts";

const reviewers = [people.approver, people.admin];

describe("a review request", () => {
  test("a review request sends each reviewer the card as a direct message", async () => {
    const world = await createWorld();
    await stage(world);
    await commit(world, "author", true);
    expect(
      valueOf(
        await requestReview(world.as("author"), { number: 1, channelId, reviewers: [...reviewers, people.admin] }),
      ),
    ).toMatchObject({ asked: reviewers, channelId, again: false });
    expect((await world.table("cards")).map(({ kind, channel_id }) => [kind, channel_id])).toEqual(
      expect.arrayContaining([channelId, ...reviewers].map((place) => ["commit", place])),
    );
    expect(await world.table("cards")).toHaveLength(3);
    const event = (await world.table("job_events")).at(-1);
    expect(JSON.parse(String(event?.["data"]))).toEqual({ again: false, reviewers });
  });

  test("a repeated review request posts no second card in the channel", async () => {
    const world = await createWorld();
    await stage(world);
    await commit(world);
    const asked = valueOf(await requestReview(world.as("author"), { number: 1, channelId, reviewers }));
    expect(asked.channelId).toBeNull();
    expect((await world.table("cards")).filter((card) => card["channel_id"] === channelId)).toHaveLength(1);
  });

  test.each(["author", "otherAuthor", "viewer"] as const)(
    "a review request to the %s, who may not approve, is refused",
    async (person) => {
      const world = await createWorld();
      await stage(world);
      await commit(world, "author", true);
      const before = await everythingOf(world.workspaceId);
      expect(
        reasonOf(
          await requestReview(world.as("author"), {
            number: 1,
            channelId,
            reviewers: [people.approver, people[person]],
          }),
        ),
      ).toMatchObject({ code: "invalid_reviewers", userIds: [people[person]] });
      expect(await everythingOf(world.workspaceId)).toEqual(before);
    },
  );
});
