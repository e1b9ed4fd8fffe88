import { describe, expect, it } from "vitest";
import { sign } from "../../../shared/signing.ts";
import type { TargetWebhook } from "../../../shared/targets/protocol.ts";
import { receiveSeedWebhook, seedOutcome } from "./sink.ts";

const secret = "whsec_bG9jYWwgZDFjdiB3ZWJob29rIHNlY3JldCAwMDE=";
const credentials = { request: [secret], webhook: [secret], read: "reader" };
const env = {
  LOCAL_TARGET_CREDENTIALS: JSON.stringify({
    d1cv: credentials,
    "ai-agent": { ...credentials, webhook: [`${secret.slice(0, -4)}AAA=`] },
  }),
};

const completed: TargetWebhook = {
  type: "job.completed",
  jobId: "seed-d1cv",
  attempt: 1,
  target: "d1cv",
  portfolioId: "noor-vega",
  occurredAt: "2026-11-23T12:00:00.000Z",
  result: { inserted: 1, updated: 0, deleted: 0, d1Count: 1, vectorCount: null, synced: null },
};
const send = async (webhook: unknown, { target = "d1cv", nowMs = Date.now() } = {}) => {
  const body = JSON.stringify(webhook);
  return receiveSeedWebhook(
    env,
    new Request(`https://playground.internal/playground/sink?target=${target}`, {
      method: "POST",
      body,
      headers: { ...(await sign(secret, "msg_1", body, nowMs)) },
    }),
  );
};

describe("the seed's webhooks", () => {
  it("a seed webhook hands its outcome to whoever waits for the job", async () => {
    const outcome = seedOutcome("seed-d1cv", 5_000);
    expect(
      (await send({ ...completed, type: "job.progress", stage: "writing", percent: 40, result: undefined })).status,
    ).toBe(204);
    expect((await send(completed)).status).toBe(204);
    expect(await outcome).toEqual(completed);
  });

  it("a seed without a webhook in time has the outcome null", async () => {
    expect(await seedOutcome("seed-d1cv", 1)).toBeNull();
  });

  it.each([
    ["of another target's secret", completed, { target: "ai-agent" }, 401],
    ["that are too old", completed, { nowMs: Date.now() - 301_000 }, 401],
    ["of an unknown target", completed, { target: "nobody" }, 404],
    ["about another target", { ...completed, target: "ai-agent" }, {}, 400],
    ["that are not of the protocol", { type: "job.completed" }, {}, 400],
  ])("seed webhooks %s are refused and settle nothing", async (_name, webhook, how, status) => {
    const outcome = seedOutcome("seed-d1cv", 20);
    expect((await send(webhook, how)).status).toBe(status);
    expect(await outcome).toBeNull();
  });
});
