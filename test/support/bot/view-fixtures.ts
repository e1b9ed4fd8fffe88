/** Every modal, drawn around one text. */
import type { ModalView } from "@slack/types";
import { type Action, actions } from "../../../shared/domain/staging/change.ts";
import type { FieldValue, FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import { type EntityType, entityOf, entityTypes } from "../../../shared/domain/portfolio/registry.ts";
import { eventTypes } from "../../../shared/domain/events/event-types.ts";
import type { Delivery, Webhook } from "../../../shared/domain/webhooks/webhook.ts";
import { maxPortfolioIdLength, maxTargets } from "../../../shared/domain/pushes/target-name.ts";
import type { Message } from "../../../bot/slack/blocks/blocks.ts";
import { webhookNotice } from "../../../bot/slack/webhooks/webhook-notice.ts";
import { failuresReply, secretReply, webhookReply, webhooksReply } from "../../../bot/slack/webhooks/webhooks-reply.ts";
import { addTargetView } from "../../../bot/slack/targets/add-target-modal.ts";
import { rotateTargetView } from "../../../bot/slack/targets/rotate-target-modal.ts";
import {
  addedReply,
  removedReply,
  rotatedReply,
  targetReply,
  targetsReply,
  testedReply,
} from "../../../bot/slack/targets/targets-reply.ts";
import { webhookView } from "../../../bot/slack/webhooks/webhook-modal.ts";
import { roles, scopeNames } from "../../../shared/domain/workspace/roles.ts";
import { stateNames } from "../../../shared/domain/states.ts";
import type { FiledDeadLetter } from "../../../shared/storage/dead-letters/dead-letters.ts";
import { deadLetterBlocks } from "../../../bot/slack/dead-letters/dead-letter-blocks.ts";
import { type Reply, refuse } from "../../../bot/slack/core/reply.ts";
import type { ApiToken } from "../../../shared/domain/workspace/token.ts";
import { tokenView } from "../../../bot/slack/workspace/token-modal.ts";
import { tokenCreatedReply, tokensReply } from "../../../bot/slack/workspace/tokens-reply.ts";
import { listReply } from "../../../bot/slack/dead-letters/dead-letters-reply.ts";
import { diffReply } from "../../../bot/slack/commits/diff/diff-command.ts";
import { commitView } from "../../../bot/slack/commits/commit-modal.ts";
import { discardView } from "../../../bot/slack/dead-letters/discard-modal.ts";
import { editView } from "../../../bot/slack/staging/edit-modal.ts";
import { loadingView, replyView } from "../../../bot/slack/core/modals/modal.ts";
import { resolveView } from "../../../bot/slack/conflicts/resolve-modal.ts";
import { conflictsOf } from "../messages/refusals.ts";
import { rejectView } from "../../../bot/slack/reviews/reject-modal.ts";
import { retryView } from "../../../bot/slack/pushes/retry-modal.ts";
import { roleView } from "../../../bot/slack/workspace/role-modal.ts";
import { searchView } from "../../../bot/slack/portfolio/search-modal.ts";
import { settingsView } from "../../../bot/slack/workspace/settings-modal.ts";
import { type StageForm, stageView } from "../../../bot/slack/staging/stage-form.ts";
import { stageLinesView } from "../../../bot/slack/staging/stage-lines-modal.ts";
import { type Carried, carriedText } from "../../../bot/slack/staging/stage-intent.ts";
import { unsealed } from "../../../shared/storage/pushes/targets.ts";
import { changeOf, commitOf, deadLetterOf } from "./card-states.ts";
import { extremeChange } from "./extreme-inputs.ts";

const longestId = "x".repeat(80);
export const targetNames = ["d1cv", "ai-agent"];
const targets = targetNames.map((name, position) => ({
  workspaceId: "T1",
  name,
  alias: null,
  url: null,
  binding: null,
  portfolioId: "noor-vega",
  credentials: name,
  ...unsealed,
  position,
}));

/** As a message shortcut carries them. */
const carriedOf = (text: string): Carried => ({
  note: carriedText(text, 300),
  source: {
    permalink: `https://noor.slack.com/${"p".repeat(470)}`,
    author: "U0AVERY01",
    channelId: "C1",
    threadTs: "1.1",
  },
  quote: carriedText(text, 500),
});

/** Each field with the value, whatever its kind: targets may hold anything. */
const valuesOf = (entityType: EntityType, value: FieldValue): FieldValues =>
  Object.fromEntries(Object.keys(entityOf(entityType).fields).map((name) => [name, value]));

const inputValues = (text: string): FieldValue[] => [
  text,
  [text, text.slice(0, 75), text.slice(0, 10), ""],
  Array.from({ length: 40 }, (_, index) => `${index} ${text}`.slice(0, 70)),
  1e21,
  -1,
  true,
  null,
];

const stageForm = (entityType: EntityType, action: Action, values: FieldValues, text: string): StageForm => ({
  entityType,
  action,
  row: longestId,
  targets: [],
  proposed: {},
  carried: carriedOf(text),
  targetNames,
  offered: { rows: [], cached: { target: "d1cv", staleMs: 9e9 } },
  found: action === "CREATE" ? null : { id: longestId, name: text, values, isNew: true },
});

const stageViews = (text: string, types: readonly EntityType[]): ModalView[] =>
  types.flatMap((entityType) =>
    actions.flatMap((action) =>
      inputValues(text).flatMap((value) => {
        const form = stageForm(entityType, action, valuesOf(entityType, value), text);
        const proposed = { ...form, found: null, row: text, proposed: valuesOf(entityType, value) };
        const blind = { ...proposed, offered: { rows: [], cached: null } };
        return [form, proposed, blind].map(stageView);
      }),
    ),
  );

const editViews = (text: string, types: readonly EntityType[]): ModalView[] =>
  types.flatMap((entityType) =>
    inputValues(text).map((value) => {
      const payload = valuesOf(entityType, value);
      const seen = { seen: "row" as const, version: "1", values: payload };
      const change = changeOf({ entityType, entityId: longestId, payload, base: { d1cv: seen }, note: text });
      return editView({ change, targets });
    }),
  );

const commitsOf = (text: string) =>
  Array.from({ length: 50 }, (_, index) =>
    commitOf({ number: 999_999_000 + index, message: text, errorTarget: text, errorMessage: text }),
  );

/** Every form, with the text wherever somebody may have written one. */
export const formsOf = (text: string, types: readonly EntityType[] = entityTypes): ModalView[] => [
  ...stageViews(text, types),
  ...editViews(text, types),
  stageLinesView(
    Array.from({ length: 40 }, () => ({
      entityType: "technology" as const,
      action: "UPDATE" as const,
      row: longestId,
      values: { summary: text, name: text },
      line: text.trim() || "x",
    })),
    { ...carriedOf(text), quote: null },
  ),
  commitView(
    Array.from({ length: 400 }, (_, index) => extremeChange(text, { number: 999_999_000 + index })),
    "C0123456789",
    text,
  ),
  resolveView({
    commit: commitOf({ number: 999_999_999, message: text, createdBy: text }),
    conflicts: Array.from({ length: 10 }, () => conflictsOf(text))
      .flat()
      .map((conflict) => ({
        ...conflict,
        fields: conflict.fields.flatMap((each) => ["name", "summary"].map((field) => ({ ...each, field }))),
      })),
    unanswered: [text, text],
    seen: "f".repeat(64),
  }),
  discardView(deadLetterOf({ cause: text, body: JSON.stringify({ typed: text }), reason: text, queue: text })),
  rejectView(commitOf({ number: 999_999_999, message: text, createdBy: text }), commitOf().hash),
  retryView(commitsOf(text)),
  retryView(commitsOf(text).slice(0, 1)),
  ...roles.map((role) =>
    roleView(
      Array.from({ length: 30 }, (_, index) => `U0${index}`),
      role,
    ),
  ),
  ...roles.map((role) => tokenView(role)),
  addTargetView(targetNames),
  addTargetView([text, text].map((name, index) => `${index}${name}`.slice(0, 40))),
  addTargetView([]),
  rotateTargetView({ name: "x".repeat(40) }),
  webhookView(),
  settingsView({ mode: "team", approvalsNeeded: 5, channelId: "C0123456789" }),
  settingsView({ mode: "solo", approvalsNeeded: 1, channelId: null }),
  searchView(),
];

/** A message that could not be delivered, with all that it may say of itself. */
const extremeDeadLetters = (text: string): FiledDeadLetter[] =>
  stateNames("dead_letter").flatMap((state) =>
    [text, JSON.stringify({ [text]: text, list: Array.from({ length: 50 }, () => text) })].map((body) =>
      deadLetterOf({
        state,
        body,
        cause: text,
        reason: text,
        queue: "cv-push",
        target: text.slice(0, 40),
        number: 999_999_999,
      }),
    ),
  );

/** The same as messages, which hold fewer characters than modals. */
export const deadLetterReplies = (text: string): Reply[] => [
  ...extremeDeadLetters(text).map((deadLetter) => ({
    text: "x",
    blocks: deadLetterBlocks(deadLetter),
    again: "dead-letters show 1",
  })),
  listReply(
    { deadLetters: extremeDeadLetters(text).slice(0, 6), older: 999_999_999, newer: 1 },
    { all: true, before: 7 },
  ),
  listReply({ deadLetters: [], older: null, newer: null }, { all: false, before: undefined }),
];

const extremeToken = (text: string): ApiToken => ({
  id: "t",
  number: 999_999_999,
  name: text.slice(0, 60),
  scopes: [...scopeNames],
  userId: text,
  createdAt: "2031-03-03T09:00:00.000Z",
  expiresAt: "2031-06-03T09:00:00.000Z",
  revokedAt: null,
  revokedBy: null,
  lastUsedAt: "2031-03-03T09:00:00.000Z",
});

export const tokenReplies = (text: string): Reply[] => [
  tokensReply({
    tokens: Array.from({ length: 200 }, () => extremeToken(text)),
    everybodys: true,
    mayCreate: true,
    now: "2031-03-03T09:00:00.000Z",
  }),
  tokensReply({ tokens: [], everybodys: false, mayCreate: true, now: "2031-03-03T09:00:00.000Z" }),
  tokenCreatedReply({ ...extremeToken(text), secret: `cvops_${"x".repeat(43)}` }),
];

export const targetReplies = (text: string): Reply[] => {
  const name = "x".repeat(40);
  const shown = Array.from({ length: maxTargets }, (_, position) => ({
    name,
    alias: name,
    position,
    portfolioId: text.slice(0, maxPortfolioIdLength),
    url: `https://archive.example.com/${text}`.slice(0, 2000),
    health: stateNames("target_health")[position % 3] ?? "closed",
    version: text,
  }));
  return [
    targetsReply(shown),
    ...shown.slice(0, 1).map(targetReply),
    targetsReply([]),
    testedReply(name),
    addedReply({ name }),
    rotatedReply({ name, webhookSecrets: 2 }),
    removedReply({ name }),
  ];
};

const extremeWebhook = (text: string, state: Webhook["state"]): Webhook => ({
  id: "w",
  number: 999_999_999,
  url: `https://hooks.example.com/${text}`.slice(0, 2000),
  description: text.slice(0, 200),
  events: [...eventTypes],
  profile: "standard",
  state,
  disabledReason: state === "disabled" ? "failing" : null,
  disabledAt: "2031-03-03T09:00:00.000Z",
  failures: 99,
  failingSince: "2031-03-03T09:00:00.000Z",
  lastError: text,
  oldSecretUntil: "2031-03-03T09:00:00.000Z",
  createdBy: text,
  createdAt: "2031-03-03T09:00:00.000Z",
  updatedAt: "2031-03-03T09:00:00.000Z",
});

const extremeDelivery = (text: string): Delivery => ({
  number: 999_999_999,
  id: "msg_w_1",
  webhookId: "w",
  webhookNumber: 999_999_999,
  eventId: 1,
  eventType: "commit.review_requested",
  state: "failed",
  attempts: 10,
  nextAt: null,
  status: 500,
  error: text,
  durationMs: 15_000,
  createdAt: "2031-03-03T09:00:00.000Z",
  endedAt: "2031-03-06T09:00:00.000Z",
});

export const webhookReplies = (text: string): Reply[] =>
  (["active", "disabled"] as const).flatMap((state) => {
    const webhook = extremeWebhook(text, state);
    const rates = { created: 999_999, delivered: 999_998, failed: 1, rate: 0.999 };
    return [
      webhooksReply(Array.from({ length: 20 }, () => webhook)),
      webhookReply({ webhook, hour: rates, day: rates, pending: 99, lagMs: 9e8, growth: -5, failed: 99_999 }),
      failuresReply(
        { webhook, deliveries: Array.from({ length: 6 }, () => extremeDelivery(text)), older: 999_999_999, newer: 1 },
        999_999_999,
      ),
      failuresReply({ webhook, deliveries: [], older: null, newer: null }, undefined),
      secretReply({ ...webhook, secret: `whsec_${"x".repeat(44)}` }, "is registered"),
    ];
  });

export const webhookNotices = (text: string): Message[] => [
  webhookNotice(null),
  ...(["active", "disabled"] as const).map((state) => webhookNotice(extremeWebhook(text, state))),
  webhookNotice({ ...extremeWebhook(text, "disabled"), disabledReason: "gone" }),
];

/** Replies as modals. */
export const repliesOf = (text: string): ModalView[] => [
  ...tokenReplies(text).map((reply) => replyView(reply)),
  ...deadLetterReplies(text).map((reply) => replyView(reply)),
  ...targetReplies(text).map((reply) => replyView(reply)),
  ...webhookReplies(text).map((reply) => replyView(reply)),
  replyView(refuse({ code: "change_not_found", numbers: [1] }), text.trim() || undefined),
  replyView(
    diffReply({
      title: text.trim() || "x",
      command: "diff 1",
      changes: [extremeChange(text)],
      targets: targetNames,
      page: 1,
    }),
  ),
  loadingView("Stage a change"),
];
