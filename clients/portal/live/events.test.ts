/** What an event changes of the cached data, and what it makes out of date. */
import { describe, expect, test } from "vitest";
import { eventTypes } from "../../../shared/domain/events/event-types.ts";
import { commitWith, eventWith, pushWith } from "../testing/examples.ts";
import { affectedBy } from "./affected.ts";
import { activityAfter, activityWith, commitAfter, historyAfter, pushAfter, workAfter } from "./after-event.ts";

const ofJob = { commit: 7, push: 3, jobId: "job-a", target: "d1cv", attempt: 1 };

describe("an event", () => {
  test("an event of a job updates its push and the commit that shows it", () => {
    const event = eventWith({ ...ofJob, type: "job.progress", data: { stage: "writing", percent: 40 } });
    const after = pushAfter(pushWith(), event);
    expect(after).toMatchObject({ percent: 20, jobs: [{ state: "processing", stage: "writing", percent: 40 }, {}] });
    expect(commitAfter(commitWith({ pushes: [pushWith()] }), event).pushes).toEqual([after]);
  });

  test("an event of another push or commit changes nothing", () => {
    const event = eventWith({ ...ofJob, push: 4, type: "job.completed" });
    expect(pushAfter(pushWith(), event)).toEqual(pushWith());
    const other = commitWith({ number: 8, pushes: [pushWith()] });
    expect(commitAfter(other, eventWith({ ...ofJob, type: "job.completed" }))).toEqual(other);
  });

  test("an event of a job updates the push of a listed commit, in whichever list it stands", () => {
    const event = eventWith({ ...ofJob, type: "job.progress", data: { stage: "writing", percent: 40 } });
    const commit = { ...commitWith({ pushes: [pushWith()] }), changeCount: 1 };
    const step = { kind: "push", commit, who: [], count: null };
    const after = workAfter(
      {
        actionItems: [{ ...step, commit: null }, step],
        onTheWay: [{ commit, percent: 0 }],
        finished: [commit],
        waiting: [step],
        counts: { actionItems: 2, onTheWay: 1, waiting: 1 },
        next: null,
        down: [],
        unreadable: [],
      },
      event,
    );
    const pushes = [pushAfter(pushWith(), event)];
    expect(after).toMatchObject({
      actionItems: [{ commit: null }, { commit: { pushes } }],
      onTheWay: [{ commit: { pushes } }],
      finished: [{ pushes }],
      waiting: [{ commit: { pushes } }],
    });
  });

  test("an event is added to the activity once, newest first, without progress", () => {
    const first = eventWith({ id: 5, type: "change.staged" });
    const second = eventWith({ id: 6, type: "commit.created" });
    const known = activityAfter(activityAfter([], first), second);
    expect(known.map(({ id }) => id)).toEqual([6, 5]);
    expect(activityAfter(known, second)).toEqual(known);
    expect(activityAfter(known, eventWith({ ...ofJob, id: 7, type: "job.progress" }))).toEqual(known);
  });

  test("an event that was already read is not shown twice in the activity", () => {
    const [first, second, third] = [5, 6, 7].map((id) => eventWith({ id, type: "commit.created" }));
    if (!first || !second || !third) throw new Error("no events");
    const read = activityWith([first], [second, first]);
    expect(read.map(({ id }) => id)).toEqual([6, 5]);
    expect(activityAfter(read, second)).toEqual(read);
    expect(activityWith([third, first], [second, first]).map(({ id }) => id)).toEqual([7, 6, 5]);
    expect(activityWith([third], []).map(({ id }) => id)).toEqual([7]);
  });

  test("an event is added to a commit's history once, oldest first", () => {
    const first = eventWith({ id: 5, type: "push.started" });
    const second = eventWith({ ...ofJob, id: 6, type: "job.progress" });
    const known = historyAfter(historyAfter([], first), second);
    expect(known.map(({ id }) => id)).toEqual([5, 6]);
    expect(historyAfter(known, first)).toEqual(known);
  });
});

describe("invalidated data", () => {
  test("a staged change invalidates the staged changes and the action items", () => {
    expect(affectedBy(eventWith({ type: "change.staged", change: 1 }))).toEqual([["staged"], ["actionItems"]]);
  });

  test("an approved commit invalidates the commit, its checks and the lists", () => {
    expect(affectedBy(eventWith({ type: "commit.approved", commit: 7 }))).toEqual([
      ["staged"],
      ["actionItems"],
      ["commits"],
      ["commit", 7],
      ["checks", 7],
    ]);
  });

  test("a job's progress invalidates nothing, as it has all data itself", () => {
    expect(affectedBy(eventWith({ ...ofJob, type: "job.progress" }))).toEqual([]);
  });

  test("a role that is given invalidates the reader and what depends on roles", () => {
    expect(affectedBy(eventWith({ type: "member.role_set" }))).toEqual([
      ["me"],
      ["roles"],
      ["settings"],
      ["actionItems"],
      ["checks"],
    ]);
  });

  test("what admins do to tokens, webhooks and dead letters invalidates their lists", () => {
    const affected = ["token.revoked", "webhook.enabled", "webhook.ignored", "dead_letter.kept"] as const;
    expect(affected.map((type) => affectedBy(eventWith({ type })))).toEqual([
      [["tokens"]],
      [["webhooks"]],
      [],
      [["actionItems"], ["deadLetters"]],
    ]);
  });

  test.each(eventTypes.filter((type) => /^(push|job|commit)\./.test(type) && type !== "job.progress"))(
    "the event %s invalidates its commit",
    (type) => {
      expect(affectedBy(eventWith({ ...ofJob, type }))).toContainEqual(["commit", 7]);
    },
  );
});
