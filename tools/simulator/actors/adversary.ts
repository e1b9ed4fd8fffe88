/** An attacker without permissions: sends forged signatures, expired requests and replayed requests. */
import type { Random } from "../../../test/support/random.ts";
import { signWebhook } from "../platform/services.ts";
import { signedRequest, slashCommand } from "../../../test/support/slack/requests.ts";
import { targetNames, workspaces } from "../world/workspaces.ts";
import { type World, signingSecret } from "../world/world.ts";
import type { SlackDelivery } from "./slack-delivery.ts";

/** Texts that only the attacker's requests contain. */
export const forgedWord = "forged";

export class Adversary {
  readonly #world: World;
  readonly #delivery: SlackDelivery;
  /** Attempts that the bot accepted as genuine. */
  readonly accepted: string[] = [];

  constructor(world: World, delivery: SlackDelivery) {
    this.#world = world;
    this.#delivery = delivery;
  }

  act(random: Random): void {
    const attempt = random.pick([
      () => this.#forgeCommand(random),
      () => this.#forgeWebhook(random),
      () => this.#replay(random),
    ]);
    attempt();
  }

  /** Sends a command with a wrong secret, or with a valid signature of another time. */
  #forgeCommand(random: Random): void {
    const { runtime } = this.#world;
    const workspace = random.pick(workspaces);
    const [admin] = workspace.people;
    if (!admin) return;
    const person = { workspaceId: workspace.id, userId: admin.userId };
    const text = `stage create technology name="${forgedWord}" category=Backend`;
    const body = slashCommand(person, {
      text,
      channel: workspace.channel,
      triggerId: `forged-${random.uint32()}`,
      responseUrl: "",
    });
    const nowSeconds = Math.floor((runtime.nowMs + (runtime.clockSkewMs.get("bot") ?? 0)) / 1000);
    const request = random.pick([
      () => signedRequest(body, { secret: "another secret", timestampSeconds: nowSeconds }),
      () => signedRequest(body, { secret: signingSecret, timestampSeconds: nowSeconds - random.between(310, 3000) }),
      () => signedRequest(body, { secret: signingSecret, timestampSeconds: nowSeconds + random.between(310, 3000) }),
    ])();
    this.#expectRefusal("forged command", request);
  }

  /** Sends a completion webhook with a wrong secret, or with an expired signature. */
  #forgeWebhook(random: Random): void {
    const jobs = this.#world.staging.rows<{ id: string; target: string; attempt: number; workspace_id: string }>(
      "SELECT id, target, attempt, workspace_id FROM jobs",
    );
    if (jobs.length === 0) return;
    const job = random.pick(jobs);
    const target = targetNames.find((name) => name === job.target);
    const workspace = workspaces.find(({ id }) => id === job.workspace_id);
    if (!target || !workspace) return;
    const { portfolioId } = workspace;
    const result = { inserted: 0, updated: 0, deleted: 0, d1Count: 666, vectorCount: null, synced: null };
    const occurredAt = new Date(this.#world.runtime.nowMs).toISOString();
    const about = { jobId: job.id, attempt: job.attempt, target, portfolioId, occurredAt };
    const body = JSON.stringify({ type: "job.completed", ...about, result });
    const other = workspaces.find(({ id }) => id !== workspace.id);
    const signature = random.pick([
      { secret: `whsec_${btoa("somebody's own secret of 24 bytes")}` },
      { ageSeconds: random.between(700, 3000) },
      { ageSeconds: -random.between(700, 3000) },
      // The secret of another portfolio is valid, but not for this job.
      ...(other ? [{ secret: this.#world.secrets.webhookSecret(other.portfolioId, target) }] : []),
    ]);
    const headers = signWebhook(this.#world, target, portfolioId, body, signature);
    const url = `https://cv-ops.internal/v2/webhook/${target}`;
    this.#expectRefusal("forged webhook", new Request(url, { method: "POST", headers, body }));
  }

  /** Replays a recorded genuine request with its original signature. */
  #replay(random: Random): void {
    const accepted = this.#delivery.answers.filter(({ status }) => status === 200);
    if (accepted.length === 0) return;
    const { body, sentMs } = random.pick(accepted);
    const skewMs = this.#world.runtime.clockSkewMs.get("bot") ?? 0;
    const request = signedRequest(body, {
      secret: signingSecret,
      timestampSeconds: Math.floor((sentMs + skewMs) / 1000),
    });
    this.#world.requestBot("replayed request", request).catch(() => {});
  }

  #expectRefusal(name: string, request: Request): void {
    this.#world.requestBot(name, request).then(
      ({ status }) => {
        if (status < 400) this.accepted.push(`${name}: ${status}`);
      },
      () => {},
    );
  }
}
