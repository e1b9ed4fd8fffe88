import { createHmac } from "node:crypto";
import type { Scene } from "../world/scene.ts";
import { beforeAll, expect, test } from "vitest";
import { drain } from "../runs/drain.ts";
import { openDatabases } from "../platform/databases.ts";
import "../platform/surroundings.ts";
import { bundleProduct } from "../product/bundle.ts";
import { loadProduct } from "../product/load.ts";
import type { Product } from "../product/product.ts";
import { isUndone, printPushStory } from "../runs/push-story.ts";
import { addressOf, startingSecret } from "../receivers/webhooks.ts";
import { comeToRest } from "../runs/run-seed.ts";
import { FakeSlack } from "../../../test/support/slack/fake-slack.ts";
import { workspaces } from "../world/workspaces.ts";
import { editElsewhere } from "../world/starting-rows.ts";
import { invariants } from "./all.ts";
import { conflictsAreResolvedAsChosen } from "./conflicts-are-resolved-as-chosen.ts";

let product: Product;

beforeAll(async () => {
  product = await loadProduct(await bundleProduct(null));
});

const story = (faults = {}): Promise<Scene> => printPushStory(product, openDatabases(null), { faults });

test("a simulated push violates no invariant and is completed", async () => {
  const scene = await story();
  await comeToRest(scene);
  expect(scene.observer.violations).toEqual([]);
  expect(isUndone(scene)).toEqual([]);
});

type Spoil = (scene: Scene) => void | Promise<unknown>;

const run = (sql: string): ((scene: Scene) => void) => {
  return ({ world }) => void world.staging.transact([{ sql, values: [] }]);
};

const event = (type: string, actor: string, more = "NULL, NULL"): string =>
  `INSERT INTO job_events (workspace_id, type, commit_id, job_id, actor_kind, actor_id, data, trace_id, created_at)
   SELECT workspace_id, '${type}', id, ${more}, 'slack', '${actor}', '{}', 't', created_at FROM commits`.replace(
    "NULL, NULL",
    "NULL",
  );

const jobEvent = (type: string): string =>
  `INSERT INTO job_events (workspace_id, type, commit_id, push_id, job_id, attempt, actor_kind, actor_id, data, trace_id, created_at)
   SELECT workspace_id, '${type}', commit_id, push_id, id, attempt, 'system', 'consumer', '{}', 't', created_at FROM jobs LIMIT 1`;

/** Sends a delivery of the story to its receiver, with the secret or without it. */
const sendAgain =
  (secretOf: (endpointId: string) => string, change = (body: string): string => body): Spoil =>
  ({ world: { runtime, receivers } }) => {
    const [sent] = receivers.bodies;
    if (!sent) throw new Error("the story sends no webhook");
    const [id, before] = sent;
    const endpoint = id.split("_")[1] ?? "";
    const body = change(before);
    const timestamp = String(Math.floor(runtime.nowMs / 1000));
    const mac = createHmac("sha256", Buffer.from(secretOf(endpoint).replace("whsec_", ""), "base64"))
      .update(`${id}.${timestamp}.${body}`)
      .digest("base64");
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${mac}`,
    };
    const request = new Request(addressOf(endpoint), { method: "POST", headers, body });
    return drain(runtime.scheduler, receivers.fetch(request));
  };

/** A push requested through the API; `jobEvent` writes events of its trace. */
const asked = {
  deed: "push" as const,
  path: "/push/all",
  body: { commit: 1 },
  key: "a key",
  traceId: "t",
  holder: "U0NOBODY",
};

const bad: [number: number, what: string, spoil: Spoil][] = [
  [
    1,
    "a missing change that a reply has confirmed",
    ({ world }) => {
      const person = { workspaceId: "T0OURS", userId: "U0AVERYOURS", channel: "C0OURS" };
      world.slack.notifyPerson(person, "", { text: "Staged as change 99:  Add" });
    },
  ],
  [1, "a committed change whose commit is dropped", run("UPDATE commits SET review = 'dropped'")],
  [
    2,
    "a target that took a job twice",
    ({ world }) => world.d1cv.sqlite.exec("INSERT INTO sim_ledger SELECT * FROM sim_ledger WHERE job_id <> 'seed'"),
  ],
  [
    2,
    "a target that wrote a row twice",
    ({ world }) => world.d1cv.sqlite.exec("INSERT INTO sim_rows SELECT * FROM sim_rows"),
  ],
  [
    2,
    "a job that is done and was never applied",
    ({ world }) => world.aiAgent.sqlite.exec("DELETE FROM sim_ledger WHERE job_id <> 'seed'"),
  ],
  [
    2,
    "a job that was applied in part",
    ({ world }) => world.d1cv.sqlite.exec("DELETE FROM sim_rows WHERE id = 'python-1' AND version > 1"),
  ],
  [
    3,
    "a job that was completed twice",
    ({ world }) =>
      world.staging.sqlite.exec(
        `INSERT INTO job_events (workspace_id, type, commit_id, push_id, job_id, attempt, actor_kind, actor_id, data, trace_id, created_at)
         SELECT workspace_id, type, commit_id, push_id, job_id, attempt, actor_kind, actor_id, data, trace_id, created_at
         FROM job_events WHERE type = 'job.completed'`,
      ),
  ],
  [
    3,
    "a push that runs on after its jobs",
    ({ world }) => {
      world.staging.sqlite.exec(
        "DROP TRIGGER push_edges; UPDATE pushes SET state = 'running'; DELETE FROM sim_history",
      );
    },
  ],
  [
    3,
    "a job that we called failed, and that was applied",
    ({ world }) =>
      world.staging.sqlite.exec(
        `INSERT INTO job_events (id, workspace_id, type, commit_id, push_id, job_id, attempt, actor_kind, actor_id, data, trace_id, created_at)
         SELECT -1, workspace_id, 'job.failed', commit_id, push_id, job_id, attempt, 'system', 'consumer', '{}', trace_id, created_at
         FROM job_events WHERE type = 'job.completed' LIMIT 1`,
      ),
  ],
  [
    4,
    "an edge that is in no table",
    ({ world }) => {
      world.staging.sqlite.exec("DROP TRIGGER job_edges");
      run("UPDATE jobs SET state = 'processing'")({ world } as Scene);
    },
  ],
  [
    5,
    "an outbox that is not empty",
    ({ world }) => {
      world.staging.sqlite.exec(
        "INSERT INTO outbox (workspace_id, id, destination, payload, created_at) VALUES ('T0OURS', 'x', 'queue:cv-push', '{}', '2026')",
      );
    },
  ],
  [
    5,
    "a job without a history",
    ({ world }) => {
      world.staging.sqlite.exec("DROP TRIGGER job_edges; UPDATE jobs SET state = 'timeout'; DELETE FROM sim_history");
    },
  ],
  [
    6,
    "a message that shows something else",
    ({ world }) => {
      for (const message of world.slack.messages) message.blocks = [];
    },
  ],
  [
    6,
    "a card that was retired without a reason",
    ({ world }) => {
      world.staging.sqlite.exec("UPDATE cards SET retired_reason = 'ratelimited'");
    },
  ],
  [7, "a missing acknowledgement", ({ delivery }) => void delivery.late.push("/cv push 1 all")],
  [8, "a dead message without a dead letter", ({ world }) => void world.queues.push.dead.add("{}")],
  [9, "an approval by a viewer", run(event("commit.approved", "U0VIKTOROURS"))],
  [9, "a forged request that was accepted", ({ adversary }) => void adversary.accepted.push("forged webhook: 200")],
  [10, "a change that is discarded without an event", run("UPDATE staged_changes SET state = 'discarded'")],
  [10, "an event that contradicts the job's state", run(jobEvent("job.progress"))],
  [10, "an event without an actor", run(event("commit.reopened", ""))],
  [
    11,
    "an event without a delivery",
    (scene) => {
      scene.world.staging.sqlite.exec("DROP TRIGGER webhook_fan_out");
      return run(jobEvent("job.completed"))(scene);
    },
  ],
  [11, "a delivery that is gone", run("DELETE FROM webhook_deliveries")],
  [
    11,
    "a second delivery of one event",
    ({ world }) =>
      world.staging.sqlite.exec(
        `INSERT INTO webhook_deliveries (workspace_id, id, endpoint_id, event_id, state, created_at, updated_at)
         SELECT workspace_id, id || '_again', endpoint_id, event_id, state, created_at, updated_at FROM webhook_deliveries`,
      ),
  ],
  [
    11,
    "a delivery outside the subscription",
    run(
      `INSERT INTO webhook_deliveries (workspace_id, id, endpoint_id, event_id, state, created_at, updated_at)
       SELECT d.workspace_id, 'msg_' || d.endpoint_id || '_' || v.number, d.endpoint_id, v.id, 'delivered', v.created_at, v.created_at
       FROM (SELECT * FROM webhook_deliveries LIMIT 1) d JOIN job_events v ON v.type = 'change.staged'`,
    ),
  ],
  [
    11,
    "a delivery that fails without a retry",
    (scene) => {
      run("UPDATE webhook_deliveries SET state = 'pending'")(scene);
      return run("UPDATE webhook_deliveries SET state = 'failed'")(scene);
    },
  ],
  [12, "a request with another webhook's signature", sendAgain(() => startingSecret("another webhook"))],
  [12, "a request with a changed body", sendAgain(startingSecret, (body) => `${body} `)],
  [13, "a delivery that is sent again after it was accepted", sendAgain(startingSecret)],
  [
    13,
    "a delivery in state delivered that no receiver accepted",
    ({ world: { receivers } }) => {
      for (const [id, happenings] of receivers.ledger)
        receivers.ledger.set(
          id,
          happenings.filter(({ kind }) => kind === "moved"),
        );
    },
  ],
  [
    13,
    "a delivery that is sent again before it is due",
    ({ world: { receivers } }) => {
      for (const [id, happenings] of receivers.ledger) {
        const [first] = happenings;
        if (first?.kind !== "request" || !first.row) continue;
        const again = { ...first, atMs: first.atMs + 30_000, row: { ...first.row, attempts: 1 } };
        receivers.ledger.set(id, [{ ...first, answer: 500 }, again]);
      }
    },
  ],
  [
    14,
    "an event that contains a secret",
    run(event("commit.reopened", "U0AVERYOURS").replace("'{}'", '\'{"a":"whsec_a"}\'')),
  ],
  [14, "a log line that contains a secret", ({ world }) => world.runtime.log('{"secret":"whsec_a"}')],
  [
    14,
    "a secret shown to another user",
    ({ world }) => {
      const blocks = [{ type: "section", text: { type: "mrkdwn", text: "whsec_a" } }];
      world.slack.notifyPerson({ workspaceId: "T0OURS", userId: "U0AVERYOURS", channel: "C0OURS" }, "", {
        text: "",
        blocks,
      });
    },
  ],
  [
    15,
    "a request that had its effect twice",
    (scene) => {
      scene.program.asked.push({ ...asked, answers: [] });
      for (const _time of [1, 2]) run(jobEvent("push.started"))(scene);
    },
  ],
  [
    15,
    "a request with an answer and without an event",
    ({ program }) => void program.asked.push({ ...asked, answers: [{ status: 202, named: 1 }] }),
  ],
  [
    15,
    "a request with two answers",
    (scene) => {
      run(jobEvent("push.started"))(scene);
      scene.program.asked.push({
        ...asked,
        answers: [
          { status: 202, named: 1 },
          { status: 202, named: 2 },
        ],
      });
    },
  ],
  [
    17,
    "a push on an approval that was withdrawn",
    (scene) => {
      run("UPDATE approvals SET decision = 'withdrawn'")(scene);
      run(jobEvent("push.started"))(scene);
    },
  ],
  [
    17,
    "a push on the approval of somebody who has edited a change of it",
    (scene) => {
      const { staging, contributions } = scene.world;
      const [given] = staging.rows<{ commit_id: string; decided_by: string }>(
        "SELECT commit_id, decided_by FROM approvals",
      );
      contributions.recall({ contributors: [[given?.commit_id ?? "", [given?.decided_by ?? ""]]], approved: [] });
      run(jobEvent("push.started"))(scene);
    },
  ],
  [
    18,
    "a target that reports a row verified, which it has lost",
    (scene) => {
      scene.world.d1cv.sqlite.exec("DELETE FROM technology WHERE id = 'python-1'");
      run(jobEvent("job.verified"))(scene);
    },
  ],
  [
    18,
    "a job that sends something else than its commit",
    (scene) => {
      scene.world.staging.sqlite.exec("UPDATE jobs SET operations = replace(operations, 'python-1', 'rust-1')");
      run(jobEvent("push.started"))(scene);
    },
  ],
  [
    20,
    "a conflict of which theirs was chosen, and mine is still asked for",
    (scene) => {
      const { staging, d1cv, contributions, runtime } = scene.world;
      const [commit] = staging.rows<{ id: string }>("SELECT id FROM commits");
      staging.sqlite.exec("DELETE FROM commit_targets");
      d1cv.sqlite.exec("UPDATE technology SET experience_years = 44 WHERE id = 'python-1'");
      contributions.sends("U0CARLAOURS", "slack:a request", "resolve 1 theirs");
      runtime.scheduler.nowMs += 1000;
      for (const hash of ["one", "two"])
        contributions.follow([
          { kind: "request", id: "slack:a request" },
          { kind: "commit", id: commit?.id ?? hash },
        ]);
      const type = "commit.conflicts_resolved";
      const event = { id: 0, number: 0, workspace_id: "T0OURS", type, commit_id: commit?.id ?? null };
      const more = { push_id: null, job_id: null, attempt: null, actor_kind: "slack", actor_id: "", data: "{}" };
      const resolved = { changes: [], events: [{ ...event, ...more }], touched: [] };
      const found = conflictsAreResolvedAsChosen.afterTransaction?.(resolved, scene.observed) ?? [];
      const { number, words } = conflictsAreResolvedAsChosen;
      scene.observer.violations.push(...found.map((what) => ({ number, words, what })));
    },
  ],
  [
    21,
    "an answer of verify that leaves out what somebody has undone",
    (scene) => {
      const { world, verifier } = scene;
      editElsewhere(world.d1cv, "ours", "python-1", "elsewhere-1", new Date(world.runtime.nowMs).toISOString());
      if (!verifier.ask()) throw new Error("nobody has undone anything");
      for (const userId of ["U0CARLAOURS", "U0PRIYAOURS", "U0PAULOURS"])
        world.slack.notifyPerson({ workspaceId: "T0OURS", userId, channel: "C0OURS" }, "", {
          text: "d1cv holds 9 rows",
        });
    },
  ],
  [
    22,
    "a commit's words in the first database, of a workspace that is in the second",
    ({ world: { directory } }) =>
      void directory?.transact([
        { sql: "INSERT INTO counters (workspace_id, name, value) VALUES ('T0OURS', 'commit', 1)", values: [] },
      ]),
  ],
  [19, "a summary that its author wrote", run("UPDATE commits SET hash = 'other', summary = 'CSS: 9 → 10'")],
  [
    16,
    "a message that is longer than Slack allows",
    ({ world: { slack } }) => {
      const [workspace] = workspaces;
      return FakeSlack.prototype.fetch.call(slack, "https://slack.com/api/chat.postMessage", {
        method: "POST",
        headers: { authorization: `Bearer ${workspace?.botToken}` },
        body: new URLSearchParams({
          channel: workspace?.channel ?? "",
          text: "x",
          blocks: JSON.stringify([{ type: "section", text: { type: "mrkdwn", text: "x".repeat(3001) } }]),
        }),
      });
    },
  ],
];

test.each(bad)("invariant %i is violated by %s", async (number, _what, spoil) => {
  // A second database, where that is what is spoiled.
  const scene = await story(number === 22 ? { "workspaces are in a second database": 1 } : {});
  await comeToRest(scene);
  await spoil(scene);
  await scene.observer.atRest();
  expect(scene.observer.violations.map((violation) => violation.number)).toContain(number);
});

test("every invariant has a bad state that it detects", () => {
  expect(new Set(bad.map(([number]) => number))).toEqual(new Set(invariants.map(({ number }) => number)));
});
