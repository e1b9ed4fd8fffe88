/** One sentence for people whose workspace this is not. Nothing is looked up and nothing is stored. */
import { log } from "../../../shared/log.ts";
import { section } from "../blocks/blocks.ts";
import { type Body, kindOf, threadOf } from "./payload.ts";
import { slackFetch } from "./web-client.ts";

const sentences = {
  not_installed: "CV Ops is not set up for this workspace. The people who run it can say where to install it.",
  /** The token's workspace is yet to be learnt, so it may be this one. */
  unknown: "Slack has not said yet in which workspace CV Ops is installed. Nothing was done: try again in a moment.",
  stranger: "This CV belongs to another organisation, whose people alone can use CV Ops here.",
} as const;

interface Way {
  apiUrl: string;
  /** Keeps work alive after the response. */
  waitUntil: (work: Promise<unknown>) => void;
}

export const turnAway = (why: keyof typeof sentences, body: Body, { apiUrl, waitUntil }: Way): Response => {
  const text = sentences[why];
  const { type, response_url: responseUrl } = body;
  if (body["command"]) return Response.json({ response_type: "ephemeral", text });
  if (type === "block_suggestion") return Response.json({ options: [] });
  if (type === "view_submission") {
    const view = { type: "modal", title: { type: "plain_text", text: "CV Ops" }, blocks: [section(text)] };
    return Response.json({ response_action: "update", view });
  }
  if (typeof responseUrl === "string" && responseUrl !== "") {
    const thread = threadOf(body);
    const message = { response_type: "ephemeral", replace_original: false, text, ...(thread && { thread_ts: thread }) };
    waitUntil(say(message, responseUrl, apiUrl).catch((error: unknown) => unsaid(body, error)));
  }
  // Slack sends an event again that was not taken.
  return new Response(null, { status: why === "unknown" && body["event"] !== undefined ? 503 : 200 });
};

const say = async (message: object, responseUrl: string, apiUrl: string): Promise<void> => {
  const response = await slackFetch(apiUrl)(responseUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(message),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
};

const unsaid = (body: Body, error: unknown): void =>
  log("slack.turned_away_unsaid", { type: kindOf(body), error: String(error) });
