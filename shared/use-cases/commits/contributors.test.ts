/** Who wrote content does not approve it, however it got there. */
import { describe, expect, test } from "vitest";
import {
  type World,
  channelId,
  commit,
  createWorld,
  everythingOf,
  people,
  reasonOf,
  stage,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { approveCommit } from "../reviews/decide-commit.ts";
import { explainPush } from "../reviews/explain-checks.ts";
import { requestReview } from "../reviews/request-review.ts";
import { editChange } from "../staging/edit-change.ts";
import { listActionItems } from "../workspace/list-action-items.ts";
import { listCommits } from "./list-commits.ts";
import { createCommit } from "./create-commit.ts";
import { showCommit } from "./show-commit.ts";

const input = { message: "Skill updates", draft: false, channelId, only: null };
const years = (value: string) => ({ number: 1, values: { experience_years: value } });

/** The author's change, which an admin has edited. */
const editedByAdmin = async (): Promise<World> => {
  const world = await createWorld();
  await stage(world);
  valueOf(await editChange(world.as("admin"), years("44")));
  return world;
};

const confirmed = async (world: World) => {
  const { seen } = reasonOf(await createCommit(world.as("author"), input)) as { seen: string };
  return valueOf(await createCommit(world.as("author"), { ...input, acceptEdits: seen }));
};

describe("a commit of a change that somebody else has edited", () => {
  test("a commit of a change that somebody else has edited asks first and changes nothing", async () => {
    const world = await editedByAdmin();
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await createCommit(world.as("author"), input))).toEqual({
      code: "edited_by_others",
      seen: expect.stringMatching(/^[0-9a-f]{10}$/) as string,
      edits: [
        {
          number: 1,
          name: "Python",
          by: [people.admin],
          fields: [{ field: "experience_years", before: "8", after: "44" }],
        },
      ],
    });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("a commit of a change that somebody else has edited is made once its author confirms", async () => {
    const world = await editedByAdmin();
    const { commit: made, reviewers } = await confirmed(world);
    expect(made.contributors).toEqual([people.author, people.admin]);
    expect(reviewers).toEqual([people.otherApprover, people.approver]);
    expect(await world.table("staged_changes")).toMatchObject([{ unseen_edit: null }]);
  });

  test("a commit is asked about again when another edit has come after the confirmation", async () => {
    const world = await editedByAdmin();
    const { seen } = reasonOf(await createCommit(world.as("author"), input)) as { seen: string };
    valueOf(await editChange(world.as("admin"), years("45")));
    expect(reasonOf(await createCommit(world.as("author"), { ...input, acceptEdits: seen }))).toMatchObject({
      code: "edited_by_others",
      edits: [{ fields: [{ before: "8", after: "45" }] }],
    });
  });

  test("a commit is not asked about when its author has given the same value themselves", async () => {
    const world = await editedByAdmin();
    valueOf(await editChange(world.as("author"), years("9")));
    expect(valueOf(await createCommit(world.as("author"), input)).commit.contributors).toContain(people.admin);
  });
});

describe("an edit of somebody else's staged change", () => {
  test("an edit of somebody else's staged change is a direct message to its author", async () => {
    const world = await editedByAdmin();
    expect(await world.table("cards")).toMatchObject([{ kind: "change_edited", channel_id: people.author }]);
    valueOf(await editChange(world.as("author"), years("9")));
    expect(await world.table("cards")).toMatchObject([{ kind: "change_edited", desired_version: 2 }]);
  });
});

describe("a contributor", () => {
  test("a contributor does not approve in team mode, and reads which change they have edited", async () => {
    const world = await editedByAdmin();
    await confirmed(world);
    expect(reasonOf(await approveCommit(world.as("admin"), { number: 1, seenHash: null }))).toEqual({
      code: "contributor_approval",
      number: 1,
      changes: [1],
      reviewers: [people.otherApprover, people.approver],
    });
  });

  test("a contributor is nobody's reviewer: not in checks, action items, requests or lists", async () => {
    const world = await editedByAdmin();
    await confirmed(world);
    const { checks } = valueOf(await explainPush(world.as("viewer"), 1));
    expect(checks.find(({ name }) => name === "approvals")?.who).toEqual([people.otherApprover, people.approver]);
    const { actionItems, waiting } = valueOf(await listActionItems(world.as("admin")));
    expect(actionItems).toEqual([]);
    expect(waiting).toMatchObject([{ kind: "approve", who: [people.otherApprover, people.approver] }]);
    const asked = { number: 1, channelId: null, reviewers: [people.admin] };
    expect(reasonOf(await requestReview(world.as("author"), asked))).toMatchObject({ code: "invalid_reviewers" });
    const page = { limit: 20, before: null, status: null, author: null, since: null };
    const { commits } = valueOf(await listCommits(world.as("viewer"), page));
    expect(commits[0]?.contributors).toEqual([people.author, people.admin]);
  });

  test("a contributor stays one through a reopened commit", async () => {
    const world = await editedByAdmin();
    await confirmed(world);
    await world.run("UPDATE staged_changes SET state = 'staged', commit_id = NULL");
    await commit(world);
    expect(valueOf(await showCommit(world.as("viewer"), 2)).commit.contributors).toContain(people.admin);
    expect(reasonOf(await approveCommit(world.as("admin"), { number: 2, seenHash: null })).code).toBe(
      "contributor_approval",
    );
  });
});
