/** The main job over HTTP: what Slack can do, a program can do. */
import { beforeEach, describe, expect, test } from "vitest";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";

let world: World;
let author: ApiClient;
let approver: ApiClient;

beforeEach(async () => {
  world = await createWorld();
  author = await ApiClient.of(world, people.author);
  approver = await ApiClient.of(world, people.approver);
});

const python = {
  action: "UPDATE",
  entityType: "technology",
  entityId: "python-1",
  payload: { experience_years: 8 },
} as const;

const approvedCommit = async (): Promise<number> => {
  await author.post("/stage", python);
  const { body } = await author.post("/commit", { message: "Python" });
  await approver.post(`/commits/${body.number}/approve`);
  return body.number;
};

describe("a change over HTTP", () => {
  test("a change over HTTP goes from staged to verified, with its events", async () => {
    const staged = await author.post("/stage", python);
    expect(staged).toMatchObject({
      status: 201,
      body: {
        number: 1,
        state: "staged",
        name: "Python",
        summary: "Python: experience_years 5 → 8",
        note: null,
        operations: [
          {
            targets: ["d1cv", "ai-agent"],
            base: "row",
            diff: [{ field: "experience_years", before: 5, after: 8 }],
          },
        ],
        targets: ["d1cv", "ai-agent"],
        author: people.author,
        meta: { notAsked: [], similar: [], overlaps: [], overlapCount: 0 },
      },
    });
    expect((await author.get("/staged")).body.changes).toMatchObject([{ number: 1 }]);

    const committed = await author.post("/commit", { message: "Python: eight years" });
    expect(committed).toMatchObject({
      status: 201,
      body: { number: 1, review: "in_review", meta: { changeCount: 1 } },
    });
    const { hash } = committed.body;
    expect(await approver.post("/commits/1/approve", { hash })).toMatchObject({
      status: 200,
      body: { review: "approved", meta: { missing: 0 } },
    });

    const pushed = await approver.post("/push/all", { commit: 1 });
    expect(pushed).toMatchObject({
      status: 202,
      body: { number: 1, commit: 1, state: "running", percent: 0, jobs: [{ target: "d1cv" }, { target: "ai-agent" }] },
    });
    await world.report("d1cv", { type: "job.progress", stage: "writing", percent: 40 });
    const [first, second] = pushed.body.jobs;
    expect((await author.get(`/jobs/${first.id}/status`)).body).toMatchObject({ percent: 40, done: false });
    const result = { inserted: 0, updated: 1, deleted: 0, d1Count: 2, vectorCount: null, synced: null };
    await world.report("d1cv", { type: "job.completed", result });
    await world.report("ai-agent", { type: "job.completed", result: { ...result, vectorCount: 2, synced: true } });

    expect((await author.get("/pushes/1")).body).toMatchObject({ state: "completed", percent: 100 });
    expect((await author.get(`/jobs/${second.id}`)).body).toMatchObject({
      push: 1,
      commit: 1,
      state: "completed",
      result: { synced: true },
    });
    expect((await author.get("/commits/1")).body).toMatchObject({
      status: "applied_all",
      message: "Python: eight years",
      summary: "Python: experience_years 5 → 8",
      operations: [{ targets: ["d1cv", "ai-agent"], diff: [{ before: 5, after: 8 }] }],
      approvals: [{ decision: "approved", by: people.approver, counts: true }],
      targets: [
        { target: "d1cv", state: "applied" },
        { target: "ai-agent", state: "applied" },
      ],
      pushes: [{ number: 1 }],
    });

    const { events, lastEventId } = (await author.get(`/jobs/${first.id}/events`)).body;
    expect(events.map(({ type }: { type: string }) => type)).toEqual([
      "job.dispatched",
      "job.progress",
      "job.completed",
    ]);
    expect((await author.get(`/jobs/${first.id}/events?lastEventId=${lastEventId}`)).body).toEqual({
      events: [],
      lastEventId,
      more: false,
    });
  });

  test("a change over HTTP is logged with its token, in Slack too", async () => {
    await author.post("/stage", python);
    const { events } = (await author.get("/events")).body;
    expect(events.at(-1)).toMatchObject({
      type: "change.staged",
      actor: { kind: "token", id: people.author, token: expect.stringMatching(/^Token/) },
      change: 1,
    });
    await world.mustSay(people.admin, "log", /<@U0AVERY01> \(token Token \d+\) staged/);
  });

  test("a change over HTTP is edited, and its commit rejected, reopened and dropped", async () => {
    await author.post("/stage", python);
    expect(await author.send("PATCH", "/staged/1", { payload: { experience_years: 9 } })).toMatchObject({
      status: 200,
      body: { payload: { experience_years: 9 } },
    });
    await author.post("/commit", { message: "Python", draft: true });
    expect((await author.post("/commits/1/review")).body).toMatchObject({
      review: "in_review",
      meta: { again: false },
    });
    expect(await approver.post("/commits/1/reject", { reason: "Not yet" })).toMatchObject({
      status: 200,
      body: { review: "rejected" },
    });
    expect((await author.post("/commits/1/reopen")).body).toMatchObject({ review: "reopened" });
    expect((await author.send("DELETE", "/staged/1")).body).toMatchObject({ number: 1, state: "discarded" });
    expect((await author.get("/staged")).body.changes).toEqual([]);
    expect((await author.get("/commits")).body.commits).toEqual([]);
    expect((await author.get("/commits?status=reopened")).body.commits).toMatchObject([{ number: 1 }]);
  });

  test("a push over HTTP to one target is cancelled and retried", async () => {
    const number = await approvedCommit();
    const push = await approver.post("/push/ai", { commit: number });
    expect(push).toMatchObject({ status: 202, body: { scope: "ai-agent", jobs: [{ target: "ai-agent" }] } });
    expect(await approver.post(`/commits/${number}/cancel`)).toMatchObject({
      status: 200,
      body: { number, meta: { cancelled: ["ai-agent"] } },
    });
    await approver.post("/push/d1cv", { commit: number });
    await world.report("d1cv", { type: "job.failed", error: { code: "disk_full", message: "No space" } });
    expect((await author.get(`/commits/${number}`)).body).toMatchObject({
      status: "failed",
      error: { target: "d1cv", message: "No space" },
    });
    expect(await approver.post(`/commits/${number}/retry`)).toMatchObject({
      status: 202,
      body: { number, meta: { target: "d1cv", attempt: 2 } },
    });
    expect((await approver.get(`/commits/${number}/timeline`)).body).toMatchObject({ commit: number, push: 2 });
  });

  test("a commit over HTTP shows the checks before its push", async () => {
    await author.post("/stage", python);
    await author.post("/commit", { message: "Python" });
    const { body } = await author.get("/commits/1/checks");
    expect(body).toMatchObject({ clear: false, targets: ["d1cv", "ai-agent"] });
    expect(body.checks.find(({ name }: { name: string }) => name === "approvals")).toMatchObject({
      state: "blocked",
      who: [people.admin, people.otherApprover, people.approver],
      about: { needed: 1 },
    });
    expect(await approver.post("/push/all", { commit: 1 })).toMatchObject({
      status: 409,
      body: { code: "not_approved" },
    });
  });
});

describe("pages of commits", () => {
  test("pages of commits over HTTP follow each other without a gap", async () => {
    for (const years of [6, 7, 8]) {
      await author.post("/stage", { ...python, payload: { experience_years: years } });
      await author.post("/commit", { message: `Python ${years}` });
    }
    const first = (await author.get("/commits?limit=2")).body;
    const second = (await author.get(`/commits?limit=2&before=${first.next}`)).body;
    expect([...first.commits, ...second.commits].map(({ number }: { number: number }) => number)).toEqual([3, 2, 1]);
    expect(second.next).toBeNull();
  });
});

describe("the workspace over HTTP", () => {
  test("the operation /me shows the person and what the token may do", async () => {
    const reader = await ApiClient.of(world, people.approver, ["read"]);
    expect((await reader.get("/me")).body).toMatchObject({
      workspaceId: world.team,
      userId: people.approver,
      role: "approver",
      permissions: ["read"],
      token: { scopes: ["read"] },
      targets: ["d1cv", "ai-agent"],
      mode: "team",
    });
  });

  test("the workspace is administered over HTTP: roles, settings, search, verify, entities", async () => {
    const admin = await ApiClient.of(world, people.admin);
    expect((await admin.send("PUT", `/roles/${people.viewer}`, { role: "editor" })).body.meta.changed).toEqual([
      { userId: people.viewer, role: "editor", before: "viewer" },
    ]);
    expect((await admin.get("/roles")).body.members).toContainEqual({ userId: people.viewer, role: "editor" });
    expect((await admin.send("PATCH", "/settings", { approvalsNeeded: 2 })).body).toMatchObject({
      approvalsNeeded: 2,
    });
    expect((await admin.get("/settings")).body).toMatchObject({ mode: "team", approvalsNeeded: 2 });
    await author.post("/stage", python);
    expect((await author.get("/action-items")).body.actionItems).toEqual([
      { kind: "commit", commit: null, who: [], count: 1 },
    ]);
    expect((await admin.get("/verify")).body.targets).toHaveLength(2);
    expect((await admin.get("/entities")).body.entities[0]).toMatchObject({ type: "technology" });
    expect((await admin.get("/activity?limit=1")).body.events).toMatchObject([{ type: "change.staged" }]);
    expect((await admin.get("/dead-letters")).body).toEqual({ deadLetters: [], next: null });
  });
});
