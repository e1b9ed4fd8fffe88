/** Turns a Slack request into one Bolt event and the event's acknowledgement into the response. */
import type { App, Receiver } from "@slack/bolt";
import { log } from "../../shared/log.ts";
import type { Deps } from "../env.ts";
import { type Body, answerLate, workingNote } from "./late-answer.ts";
import { checkSlackSignature } from "./signature.ts";

/** Slack gives up after 3 s; what has no answer by now gets a working note, and its answer later. */
const ackDeadlineMs = 2500;

export interface SlackRequest {
  /** As it came: the signature is of these bytes. */
  body: Uint8Array<ArrayBuffer>;
  headers: Headers;
  deps: Deps;
  /** Keeps work alive after the response. A durable store may take its place. */
  waitUntil: (work: Promise<unknown>) => void;
}

export class WorkerReceiver implements Receiver {
  #app: App | null = null;

  init(app: App): void {
    this.#app = app;
  }

  async start(): Promise<void> {}
  async stop(): Promise<void> {}

  async handle(request: SlackRequest): Promise<Response> {
    const { headers, deps } = request;
    const failure = await checkSlackSignature(deps.slack.signingSecret, headers, request.body, deps.nowMs());
    if (failure) {
      log("slack.refused", { reason: failure });
      return new Response("Invalid signature", { status: 401 });
    }
    const body = parseBody(new TextDecoder().decode(request.body), headers.get("content-type") ?? "");
    if (!body) return new Response("Malformed body", { status: 400 });
    if (body["type"] === "url_verification") return new Response(textOf(body["challenge"]));
    if (body["ssl_check"] === "1") return new Response(null, { status: 200 });
    const installation = deps.installation(teamOf(body));
    if (!installation) {
      log("slack.not_installed", { workspaceId: teamOf(body) });
      return body["command"]
        ? Response.json({
            response_type: "ephemeral",
            text: "CV Ops is not set up for this workspace. Whoever runs it has to add the workspace to its configuration.",
          })
        : new Response(null, { status: 200 });
    }
    return this.#process(body, request, installation.botToken);
  }

  #process(body: Body, { headers, deps, waitUntil }: SlackRequest, botToken: string): Promise<Response> {
    const app = this.#app;
    if (!app) throw new Error("The receiver has no app");
    const startedMs = deps.nowMs();
    return new Promise((resolve) => {
      let answered = false;
      const answer = (response: Response): void => {
        if (answered) return;
        answered = true;
        clearTimeout(deadline);
        resolve(response);
      };
      const deadline = setTimeout(() => {
        log("slack.late", { type: kindOf(body), ms: deps.nowMs() - startedMs });
        answer(workingNote(body));
      }, ackDeadlineMs);

      const ack = async (reply?: unknown): Promise<void> => {
        if (answered) await answerLate(body, reply, { apiUrl: deps.slack.apiUrl, botToken });
        else answer(ackResponse(reply));
      };
      const retryNum = Number(headers.get("x-slack-retry-num") ?? "0");
      const work = app
        .processEvent({ body, ack, retryNum, customProperties: { deps, waitUntil } })
        .then(() => answer(new Response(null, { status: 200 })))
        .catch((error: unknown) => {
          log("slack.failed", { type: kindOf(body), error: String(error) });
          answer(new Response("Internal error", { status: 500 }));
        });
      waitUntil(work);
    });
  }
}

/** Slash commands come as a form, interactions as a form with JSON in `payload`, events as JSON. */
const parseBody = (raw: string, contentType: string): Body | null => {
  if (contentType.startsWith("application/json")) return parseJson(raw);
  const form = new URLSearchParams(raw);
  const payload = form.get("payload");
  return payload === null ? Object.fromEntries(form) : parseJson(payload);
};

const parseJson = (text: string): Body | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** The workspace that a payload comes from, wherever its kind keeps it. */
const teamOf = (body: Body): string => {
  const { team } = body;
  const inside = typeof team === "object" && team !== null && "id" in team ? team.id : team;
  return textOf(body["team_id"] ?? inside);
};

const kindOf = (body: Body): string => textOf(body["command"] ?? body["type"]);

const ackResponse = (reply: unknown): Response => {
  if (reply === undefined || reply === null || reply === "") return new Response(null, { status: 200 });
  return typeof reply === "string" ? new Response(reply) : Response.json(reply);
};
