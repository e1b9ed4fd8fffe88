/** Requests to the bot and to the targets, against the whole product: whatever comes is answered, and only the right changes anything. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { buttonActions, encodeButton } from "../../bot/slack/actions/codec.ts";
import { commandButton } from "../../bot/slack/actions/command-button.ts";
import { describe, validateMessage } from "../../playground/slack/validate-blocks.ts";
import { blockActions, slashCommand } from "../../simulator/slack/requests.ts";
import { House, home, people } from "./house.ts";
import { near } from "./mutations.ts";
import { type Subject, holdsLater } from "./subject.ts";
import { typed } from "./texts.ts";

const folder = join(import.meta.dirname, "../fixtures/slack");
const fixtures = readdirSync(folder).map(
  (name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as { payload: object },
);

/** A payload as Slack documents it, with people and channels of this workspace in it. */
const documented = fc
  .tuple(fc.constantFrom(...fixtures), fc.constantFrom(...Object.values(people)))
  .map(
    ([{ payload }, userId]) =>
      JSON.parse(
        JSON.stringify(payload)
          .replaceAll("T0TEAM0001", home.id)
          .replaceAll("U0USER0001", userId)
          .replaceAll("C0CHAN0001", home.channel),
      ) as object,
  );

const form = "application/x-www-form-urlencoded";
const encoded = (payload: unknown): { contentType: string; body: string } => {
  if (typeof payload !== "object" || payload === null || "event" in payload)
    return { contentType: "application/json", body: JSON.stringify(payload) ?? "" };
  if (!("command" in payload))
    return { contentType: form, body: `payload=${encodeURIComponent(JSON.stringify(payload))}` };
  const fields = Object.entries(payload).map(([name, value]) => [name, String(value)]);
  return {
    contentType: form,
    body: new URLSearchParams(Object.fromEntries(fields) as Record<string, string>).toString(),
  };
};

const words = fc.constantFrom(
  ..."help stage staged edit unstage diff commit review commits show approve reject push retry cancel why status drop reopen log search verify reindex settings roles dead-letters".split(
    " ",
  ),
);
const line = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(words, typed).map(([word, rest]) => `${word} ${rest}`) },
  {
    weight: 2,
    arbitrary: fc.tuple(words, fc.integer({ min: 0, max: 4 })).map(([word, number]) => `${word} ${number}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("stage update technology python-1 experience_years=8", "commit -m x", "push 1 all"),
  },
  { weight: 1, arbitrary: typed },
);
const person = fc.constantFrom(...Object.values(people));

type SlackInput =
  | { kind: "command"; userId: string; text: string }
  | { kind: "click"; userId: string; action_id: string; value: string; isEphemeral: boolean }
  | { kind: "payload"; payload: unknown }
  | { kind: "bytes"; contentType: string; body: string };

const button = fc.oneof(
  fc
    .tuple(fc.constantFrom(...buttonActions), fc.integer({ min: 1, max: 4 }), fc.constantFrom(undefined, "d1cv", "all"))
    .map(([action, number, target]) => encodeButton(action, { number, ...(target === undefined ? {} : { target }) })),
  fc
    .tuple(fc.constantFrom("go" as const, "do" as const), line)
    .map(([click, text]) => ({ action_id: click, value: commandButton(click, "x", text).value ?? "" })),
  fc.record({ action_id: typed, value: typed }),
);

const slackInput: fc.Arbitrary<SlackInput> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("command" as const), userId: person, text: line }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(person, button, fc.boolean())
      .map(([userId, drawn, isEphemeral]) => ({ kind: "click" as const, userId, ...drawn, isEphemeral })),
  },
  { weight: 4, arbitrary: near(documented).map((payload) => ({ kind: "payload" as const, payload })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("bytes" as const),
      contentType: fc.constantFrom("application/json", form, "text/plain", "multipart/form-data", ""),
      body: fc.oneof(
        typed,
        typed.map((text) => `payload=${text}`),
        typed.map((text) => `command=/cv&text=${text}`),
      ),
    }),
  },
);

const bodyOf = (house: House, input: SlackInput): { contentType: string; body: string } => {
  switch (input.kind) {
    case "command": {
      const { userId, text } = input;
      const asked = { text, channel: home.channel, ...house.newTrigger(userId) };
      return slashCommand({ workspaceId: home.id, userId }, asked);
    }
    case "click": {
      const { userId, isEphemeral, kind: _kind, ...action } = input;
      const { triggerId, responseUrl } = house.newTrigger(userId);
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

/** Slack shows the answer to a command as it is. */
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
  name: "Slack's door: whatever is signed is answered, whatever is not changes nothing",
  share: 0.05,
  property: async () => {
    const house = await House.open();
    return holdsLater(fc.tuple(slackInput, fc.nat({ max: 9 })), async ([input, die]) => {
      await house.next();
      const body = bodyOf(house, input);
      if (die === 0) {
        const forged = await house.slack(body, "another secret");
        if (forged.status !== 401) return `a forged request is answered with ${forged.status}`;
        if (house.hasActed()) return "a forged request has an effect";
      }
      const response = await house.slack(body);
      const problem = await problemOfAnswer(input, response);
      if (problem) return problem;
      if (house.actors().includes(people.viewer)) return "a viewer has changed something";
      return house.slip();
    });
  },
};

/** A push on its way to both targets. */
const withPush = async (house: House): Promise<void> => {
  await house.command(people.author, "stage update technology python-1 experience_years=8");
  await house.command(people.author, "commit -m one");
  await house.command(people.approver, "approve 1");
  await house.command(people.approver, "push 1 all");
};

const said = { attempt: 1, target: "d1cv", portfolioId: home.portfolioId, occurredAt: "2026-11-01T12:00:00.000Z" };
const result = { inserted: 0, updated: 1, deleted: 0, d1Count: 6, vectorCount: null, synced: null };
const webhooks = [
  { ...said, type: "job.progress", stage: "writing", percent: 40 },
  { ...said, type: "job.completed", result },
  { ...said, type: "job.failed", error: { code: "x", message: "y" } },
  { ...said, type: "job.searchable", vectorCount: 6 },
  { ...said, type: "job.verified", result: { d1Count: 6, vectorCount: null, synced: true, mismatches: [] } },
];

const webhookDoor: Subject = {
  name: "the targets' door: whatever is signed is recorded once or refused",
  share: 0.05,
  property: async () => {
    const house = await House.open(withPush);
    const payload = near(
      fc
        .tuple(fc.constantFrom(...webhooks), fc.boolean())
        .map(([webhook, isKnown]) => ({ ...webhook, jobId: isKnown ? "@job" : "unknown" })),
      3,
    );
    return holdsLater(fc.tuple(payload, fc.boolean()), async ([webhook, isSlow]) => {
      await house.next();
      if (isSlow) await house.pass(50);
      const [job] = house.world.staging.rows<{ id: string }>("SELECT id FROM jobs WHERE target = 'd1cv'");
      const body = (JSON.stringify(webhook) ?? "").replaceAll("@job", job?.id ?? "none");
      const request = await house.sealed("https://cv-ops.internal/v2/webhook/d1cv", body, "webhook", "d1cv");
      const response = await house.bot(request.clone());
      if (response.status >= 500) return `${response.status}: ${await response.text()}`;
      const again = await house.bot(request);
      if (again.status !== response.status) return `${response.status}, and the repeat ${again.status}`;
      const told: { recorded?: unknown } = await again.json();
      if (told.recorded === true) return "the repeat is recorded as well";
      return house.slip();
    });
  },
};

const rowId = fc.constantFrom("python-1", "jquery-1", "rust-1", "new-1", "new-2");
const operations = fc.record({
  inserts: fc.array(
    fc
      .tuple(rowId, typed)
      .map(([id, name]) => ({ entityType: "technology", id, values: { name: name || "x", category: "Backend" } })),
    { maxLength: 2 },
  ),
  updates: fc.array(
    fc.tuple(rowId, fc.integer({ min: 0, max: 60 }), fc.constantFrom("1", "2", null)).map(([id, years, ifVersion]) => ({
      entityType: "technology",
      id,
      changes: { experience_years: years },
      ifVersion,
    })),
    { maxLength: 2 },
  ),
  deletes: fc.array(
    fc.tuple(rowId, fc.constantFrom("1", null)).map(([id, ifVersion]) => ({ entityType: "technology", id, ifVersion })),
    { maxLength: 1 },
  ),
});
const jobId = fc.integer({ min: 1, max: 60 }).map((number) => `job-${number}`);
const protocolBody = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(jobId, operations, fc.integer({ min: 1, max: 3 })).map(([id, wanted, attempt]) => ({
      type: "apply",
      jobId: id,
      attempt,
      callbackUrl: "https://cv-ops.internal/v2/webhook/d1cv",
      actor: "slack:U1",
      commit: { number: 1, hash: "0a1b2c", message: "x" },
      operations: wanted,
    })),
  },
  { weight: 1, arbitrary: jobId.map((id) => ({ type: "cancel", jobId: id, attempt: 1 })) },
  { weight: 1, arbitrary: jobId.map((id) => ({ type: "reindex", requestId: id })) },
);

const pathOf = (body: { type?: unknown; jobId?: unknown }): string => {
  if (body.type === "cancel") return `/api/admin/jobs/${encodeURIComponent(String(body.jobId))}/cancel`;
  return body.type === "reindex" ? "/api/admin/reindex" : "/api/admin/apply";
};

const targetProtocol: Subject = {
  name: "target protocol: whatever is signed is done once or refused",
  share: 0.05,
  property: async () => {
    const house = await House.open();
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
      await house.next();
      const path = pathOf(typeof body === "object" && body !== null ? body : {});
      const request = await house.sealed(
        `https://${target}.internal${path}`,
        JSON.stringify(body) ?? "",
        "request",
        target,
      );
      const response = await house.target(target, request.clone());
      // 501: a target without an index says so.
      if (response.status >= 500 && response.status !== 501) return `${response.status}: ${await response.text()}`;
      const holdings = house.holdings();
      const again = await house.target(target, request);
      if (again.status !== response.status) return `${response.status}, and the repeat ${again.status}`;
      if (house.holdings() !== holdings) return "the repeat changes something";
      return house.slip();
    });
  },
};

export const requestSubjects: Subject[] = [slackReceiver, webhookDoor, targetProtocol];
