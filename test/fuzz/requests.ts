/** Requests to the bot and the targets: each gets a response, and only authorised ones change rows. */
import fc from "fast-check";
import { describe, validateMessage } from "../../tools/slack/validate-blocks.ts";
import { blockActions, slashCommand } from "../support/slack/requests.ts";
import { Harness, home, people } from "./harness.ts";
import { near } from "./mutations.ts";
import { protocolBody, webhooks } from "./protocol-bodies.ts";
import { type SlackInput, encoded, slackInput } from "./slack-inputs.ts";
import { type Subject, holdsLater } from "./subject.ts";

const bodyOf = (harness: Harness, input: SlackInput): { contentType: string; body: string } => {
  switch (input.kind) {
    case "command": {
      const { userId, text } = input;
      const asked = { text, channel: home.channel, ...harness.newTrigger(userId) };
      return slashCommand({ workspaceId: home.id, userId }, asked);
    }
    case "click": {
      const { userId, isEphemeral, kind: _kind, ...action } = input;
      const { triggerId, responseUrl } = harness.newTrigger(userId);
      const on = { on: "message" as const, channel: home.channel, ts: "1.1", isEphemeral, responseUrl };
      const clicked = {
        type: "button",
        block_id: "b",
        action_ts: "1.1",
        text: { type: "plain_text", text: "x" },
        ...action,
      };
      return blockActions({ workspaceId: home.id, userId }, on, clicked, triggerId);
    }
    case "payload":
      return encoded(input.payload);
    case "bytes":
      return input;
  }
};

/** Slack shows the response to a command unchanged. */
const problemOfAnswer = async (input: SlackInput, response: Response): Promise<string | null> => {
  const text = await response.text();
  if (response.status >= 500) return `${response.status}: ${text}`;
  if (input.kind !== "command" || text === "") return null;
  const reply = JSON.parse(text) as { text?: string; response_type?: string };
  if (reply.response_type !== "ephemeral") return "everybody sees the reply";
  if (!reply.text?.trim()) return "the reply has no text";
  return validateMessage(reply).map(describe)[0] ?? null;
};

const slackReceiver: Subject = {
  name: "Slack's requests: a signed one is answered, an unsigned one changes nothing",
  share: 0.05,
  property: async () => {
    const harness = await Harness.open();
    return holdsLater(fc.tuple(slackInput, fc.nat({ max: 9 })), async ([input, die]) => {
      await harness.next();
      const body = bodyOf(harness, input);
      if (die === 0) {
        const forged = await harness.slack(body, "another secret");
        if (forged.status !== 401) return `a forged request is answered with ${forged.status}`;
        if (harness.hasActed()) return "a forged request has an effect";
      }
      const response = await harness.slack(body);
      const problem = await problemOfAnswer(input, response);
      if (problem) return problem;
      if (harness.actors().includes(people.viewer)) return "a viewer has changed something";
      return harness.error();
    });
  },
};

/** A push in progress to both targets. */
const withPush = async (harness: Harness): Promise<void> => {
  await harness.command(people.author, "stage update technology python-1 experience_years=8");
  await harness.command(people.author, "commit -m one");
  await harness.command(people.approver, "approve 1");
  await harness.command(people.approver, "push 1 all");
};

const targetWebhooks: Subject = {
  name: "target webhooks: a signed one is recorded once or refused",
  share: 0.05,
  property: async () => {
    const harness = await Harness.open(withPush);
    const payload = near(
      fc
        .tuple(fc.constantFrom(...webhooks), fc.boolean())
        .map(([webhook, isKnown]) => ({ ...webhook, jobId: isKnown ? "@job" : "unknown" })),
      3,
    );
    return holdsLater(fc.tuple(payload, fc.boolean()), async ([webhook, isSlow]) => {
      await harness.next();
      if (isSlow) await harness.pass(50);
      const [job] = harness.world.staging.rows<{ id: string }>("SELECT id FROM jobs WHERE target = 'd1cv'");
      const body = (JSON.stringify(webhook) ?? "").replaceAll("@job", job?.id ?? "none");
      const request = await harness.sealed("https://cv-ops.internal/v2/webhook/d1cv", body, "webhook", "d1cv");
      const response = await harness.bot(request.clone());
      if (response.status >= 500) return `${response.status}: ${await response.text()}`;
      const again = await harness.bot(request);
      if (again.status !== response.status) return `${response.status}, and the repeat ${again.status}`;
      const answer: { recorded?: unknown } = await again.json();
      if (answer.recorded === true) return "the repeat is recorded as well";
      return harness.error();
    });
  },
};

const pathOf = (body: { type?: unknown; jobId?: unknown }): string => {
  if (body.type === "cancel") return `/api/admin/jobs/${encodeURIComponent(String(body.jobId))}/cancel`;
  return body.type === "reindex" ? "/api/admin/reindex" : "/api/admin/apply";
};

const targetProtocol: Subject = {
  name: "target protocol: a signed request is applied once or refused",
  share: 0.05,
  property: async () => {
    const harness = await Harness.open();
    const input = fc.constantFrom("d1cv" as const, "ai-agent" as const).chain((target) =>
      fc.record({
        target: fc.constant(target),
        body: near(
          protocolBody.map((body) => ({ ...body, target, portfolioId: home.portfolioId })),
          3,
        ),
      }),
    );
    return holdsLater(input, async ({ target, body }) => {
      await harness.next();
      const path = pathOf(typeof body === "object" && body !== null ? body : {});
      const request = await harness.sealed(
        `https://${target}.internal${path}`,
        JSON.stringify(body) ?? "",
        "request",
        target,
      );
      const response = await harness.target(target, request.clone());
      // 501: the response of a target without an index.
      if (response.status >= 500 && response.status !== 501) return `${response.status}: ${await response.text()}`;
      const holdings = harness.holdings();
      const again = await harness.target(target, request);
      if (again.status !== response.status) return `${response.status}, and the repeat ${again.status}`;
      if (harness.holdings() !== holdings) return "the repeat changes something";
      return harness.error();
    });
  },
};

export const requestSubjects: Subject[] = [slackReceiver, targetWebhooks, targetProtocol];
