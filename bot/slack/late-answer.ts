/** What Slack hears when an answer takes longer than it waits, and how the answer reaches the person after all. */
import type { ModalView } from "@slack/types";
import { WebClient } from "@slack/web-api";
import * as z from "zod/mini";
import { log } from "../../shared/log.ts";
import { loadingView } from "./modals/modal.ts";
import { restored } from "./modals/restore.ts";
import { slackFetch, webClientOptions } from "./web-client.ts";

export type Body = Record<string, unknown>;

const submission = z.object({
  type: z.literal("view_submission"),
  view: z.looseObject({ id: z.string(), title: z.object({ text: z.string() }) }),
});

/** By the deadline. A form stays on the screen, so that what was typed into it can be shown again. */
export const workingNote = (body: Body): Response => {
  if (body["command"]) {
    return Response.json({ response_type: "ephemeral", text: "Working on it. The answer follows in a moment." });
  }
  if (body["type"] === "block_suggestion") return Response.json({ options: [] });
  const submitted = submission.safeParse(body);
  if (!submitted.success) return new Response(null, { status: 200 });
  return Response.json({ response_action: "update", view: loadingView(submitted.data.view.title.text) });
};

/** How the late answer to a form is written. */
export interface LateContext {
  apiUrl: string;
  botToken: string;
}

/** The answer after the deadline: in the place of the working note. Slack keeps a response address open for 30 minutes. */
export const answerLate = async (body: Body, reply: unknown, late: LateContext): Promise<void> => {
  if (reply === undefined || reply === null || reply === "") return;
  const submitted = submission.safeParse(body);
  if (submitted.success) {
    const client = new WebClient(late.botToken, webClientOptions(late.apiUrl));
    await client.views.update({ view_id: submitted.data.view.id, view: lateView(submitted.data.view, reply) });
    return;
  }
  const responseUrl = body["response_url"];
  if (typeof responseUrl !== "string") return;
  const message = typeof reply === "string" ? { text: reply } : reply;
  const response = await slackFetch(late.apiUrl)(responseUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ response_type: "ephemeral", ...message }),
  });
  if (!response.ok) log("slack.late_answer_refused", { status: response.status });
};

const update = z.object({ response_action: z.literal("update"), view: z.custom<ModalView>() });
const errors = z.object({ response_action: z.literal("errors"), errors: z.record(z.string(), z.string()) });

/** `errors` cannot be said of a view that is not being submitted: they stand above the form, which holds what was typed. */
const lateView = (submitted: z.infer<typeof submission>["view"], reply: unknown): ModalView => {
  const wrong = errors.safeParse(reply);
  if (wrong.success) return restored(submitted, Object.values(wrong.data.errors));
  const answered = update.parse(reply).view;
  return answered.submit ? restored({ ...submitted, ...answered }, []) : answered;
};
