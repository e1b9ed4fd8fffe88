/** What Slack gets when an answer takes longer than it waits, and how the answer reaches the person after all. */
import type { ViewOutput } from "@slack/bolt";
import type { KnownBlock, ModalView } from "@slack/types";
import type { WebClient } from "@slack/web-api";
import * as z from "zod/mini";
import { retryAfterMs } from "../../../shared/backoff.ts";
import { log } from "../../../shared/log.ts";
import { type Message, blocksOf, context, fit, lines, noPreviews, section } from "../blocks/blocks.ts";
import { unknownOutcome } from "./failed.ts";
import { responseOf } from "./modals/answer.ts";
import { loadingView } from "./modals/modal.ts";
import { withTriedKey } from "./modals/origin.ts";
import { restored } from "./modals/restore.ts";
import { Undelivered } from "./outage.ts";
import { type Body, submittedView, threadOf, userOf } from "./payload.ts";
import { type Reply, ephemeral } from "./reply.ts";
import { lookAfter } from "./secret-inputs.ts";
import { type SlackFailure, failureOf } from "./slack-error.ts";
import { clipMarkup, quoted } from "../blocks/text.ts";
import { typedIn } from "./typed-input.ts";
import { slackClient, slackFetch } from "./web-client.ts";

const workingText = "Working on it. The answer usually follows in a moment, and within 15 minutes at the latest.";

/** By the deadline. A form stays open, so that what was typed into it can be shown again. */
export const workingNote = (body: Body): Response => {
  if (body["command"]) return Response.json({ response_type: "ephemeral", text: workingText });
  if (body["type"] === "block_suggestion") return Response.json({ options: [] });
  const view = submittedView(body);
  if (!view) return new Response(null, { status: 200 });
  return Response.json({ response_action: "update", view: loadingView(view.title.text) });
};

/** The same where nothing could be kept for later: it is unknown whether an answer will follow. */
export const unknownOutcomeNote = (body: Body, key: string, traceId: string): Response =>
  body["command"] || submittedView(body)
    ? Response.json(replyTo(body, unknownOutcome(traceId, lookAfter(body)), key))
    : new Response(null, { status: 200 });

/**
 * A form is shown again below the reply.
 * @param key of a submission that may have had its effect: with it, the next one has the effect once
 */
export const replyTo = (body: Body, reply: Reply, key: string | null): unknown => {
  const view = submittedView(body);
  if (!view) return ephemeral(reply);
  return responseOf({ ...reply, refused: true }, key === null ? view : withTriedKey(view, key));
};

export interface Recipient {
  body: Body;
  receivedAtMs: number;
  nowMs: () => number;
  apiUrl: string;
  botToken: string;
}

/** Slack takes 30 minutes (docs.slack.dev, "Handling user interaction": response_url). */
const responseUrlMs = 29 * 60_000;
/** Whoever runs the bot needs a while to fix its token or scopes. */
const unauthorizedMs = 60_000;

/**
 * The answer after the deadline: in the place of the form, at the address that Slack gave, or else as a direct message.
 * @param answer what would have acknowledged the request, or a message
 * @returns false when Slack takes it nowhere
 * @throws Undelivered when Slack may take it later
 */
export const deliver = async (answer: unknown, to: Recipient): Promise<boolean> => {
  if (answer === undefined || answer === null || answer === "") return true;
  const form = submittedView(to.body);
  const isThere = form ? await updateForm(form, answer, to) : await respond(answer, to);
  return isThere || sendDirect(answer, to);
};

const clientOf = ({ botToken, apiUrl }: Recipient): WebClient => slackClient(botToken, { apiUrl });

/** False where Slack will never take it. */
const taken = async (call: () => Promise<unknown>): Promise<boolean> => {
  try {
    await call();
    return true;
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === "gone" || failure.kind === "invalid") {
      log("slack.late_answer_refused", { error: failure.error });
      return false;
    }
    throw new Undelivered(failure.error, waitOf(failure));
  }
};

const waitOf = (failure: SlackFailure): number | null => {
  if (failure.kind === "rate_limited") return failure.retryAfterMs;
  return failure.kind === "unauthorized" ? unauthorizedMs : null;
};

const updateForm = (view: ViewOutput, answer: unknown, to: Recipient): Promise<boolean> =>
  taken(() => clientOf(to).views.update({ view_id: view.id, view: lateView(view, answer) }));

const respond = async (answer: unknown, { body, receivedAtMs, nowMs, apiUrl }: Recipient): Promise<boolean> => {
  const { response_url: url } = body;
  if (typeof url !== "string" || nowMs() - receivedAtMs > responseUrlMs) return false;
  const response = await slackFetch(apiUrl)(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ response_type: "ephemeral", ...inThread(body, messageIn(answer)) }),
  }).catch((error: unknown) => {
    throw new Undelivered(String(error), null);
  });
  if (response.ok) return true;
  if (response.status === 429 || response.status >= 500) {
    throw new Undelivered(`status ${response.status}`, retryAfterMs(response.headers.get("retry-after"), nowMs()));
  }
  log("slack.late_answer_refused", { status: response.status });
  return false;
};

/** What takes the place of a private reply stands where that stood. */
const inThread = (body: Body, message: Record<string, unknown>): Record<string, unknown> => {
  const thread = message["replace_original"] === true ? null : threadOf(body);
  return thread === null ? message : { ...message, thread_ts: thread };
};

/** Somewhere else than where it was asked for, so it says to what it is the answer. */
const sendDirect = async (answer: unknown, to: Recipient): Promise<boolean> => {
  const channel = userOf(to.body);
  if (channel === null) return false;
  const { what, inputs } = typedIn(to.body);
  const { text, blocks = [section(text)] } = messageIn(answer);
  // A form that is shown again has inputs, which a message cannot hold.
  const isForm = update.safeParse(answer).data?.view.submit !== undefined || errors.safeParse(answer).success;
  const typed = isForm ? inputs.map(({ label, value }) => `*${quoted(label)}*: ${quoted(value, 1000)}`) : [];
  const message: Message = {
    text,
    blocks: blocksOf(
      blocks,
      typed.length > 0 && section(lines("You had typed:", typed)),
      context(`The answer to ${clipMarkup(what, 1500)}`),
    ),
  };
  return taken(() => clientOf(to).chat.postMessage({ channel, ...fit(message), ...noPreviews }));
};

const update = z.object({ response_action: z.literal("update"), view: z.custom<ModalView>() });
const errors = z.object({ response_action: z.literal("errors"), errors: z.record(z.string(), z.string()) });
const message = z.looseObject({ text: z.string(), blocks: z.optional(z.array(z.custom<KnownBlock>())) });

const messageIn = (answer: unknown): { text: string; blocks?: KnownBlock[] | undefined; [field: string]: unknown } => {
  if (typeof answer === "string") return { text: answer };
  const wrong = errors.safeParse(answer);
  if (wrong.success)
    return {
      text: Object.values(wrong.data.errors)
        .map((each) => `:warning: ${each}`)
        .join("\n"),
    };
  const updated = update.safeParse(answer);
  if (!updated.success) return message.parse(answer);
  const blocks = (updated.data.view.blocks as KnownBlock[]).filter(({ type }) => type !== "input");
  const [first] = blocks.flatMap((block) => (block.type === "section" && block.text ? [block.text.text] : []));
  return { text: first ?? updated.data.view.title.text, blocks };
};

/** A view that is not being submitted takes no `errors`: they stand above the form, which has what was typed. */
const lateView = (submitted: ViewOutput, answer: unknown): ModalView => {
  const wrong = errors.safeParse(answer);
  if (wrong.success) return restored(submitted, Object.values(wrong.data.errors));
  const answered = update.parse(answer).view;
  return answered.submit ? restored({ ...submitted, ...answered }, []) : answered;
};
