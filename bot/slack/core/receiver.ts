/** Turns a Slack request into one Bolt event and the event's acknowledgement into the response. */
import type { App, Receiver } from "@slack/bolt";
import { log } from "../../../shared/log.ts";
import { DatabaseOutage } from "../../../shared/storage/database.ts";
import { within } from "../../../shared/within.ts";
import type { Deps, Installation } from "../../env.ts";
import { FirstAttempt } from "./attempt.ts";
import { isStranger, organisationOf, workspaceOf } from "./origin.ts";
import { type Body, isLoss, kindOf, parseBody } from "./payload.ts";
import { completed, misshapen } from "./shape.ts";
import { unsigned } from "./declined.ts";
import { turnAway } from "./turn-away.ts";
import { checkSlackSignature } from "./signature.ts";

/** Of the 3 s that Slack waits. */
const lookUpPatienceMs = 1000;

export interface SlackRequest {
  /** As it came: the signature is of these bytes. */
  body: Uint8Array<ArrayBuffer>;
  headers: Headers;
  deps: Deps;
  /** Keeps work alive after the response, for about 30 s. */
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
    const { headers, deps, waitUntil } = request;
    const receivedAtMs = deps.nowMs();
    const text = new TextDecoder().decode(request.body);
    const failure = await checkSlackSignature(deps.slack.signingSecret, headers, request.body, deps.nowMs());
    if (failure === "missing_header" && isCertificateCheck(text)) return new Response(null, { status: 200 });
    if (failure) {
      deps.refusals.record({ ...unsigned, code: "unauthorized", because: failure });
      return new Response("Invalid signature", { status: 401 });
    }
    const parsed = parseBody(text, headers.get("content-type") ?? "");
    if (!parsed) return new Response("Malformed body", { status: 400 });
    const body = completed(parsed);
    if (body["ssl_check"] === "1") return new Response(null, { status: 200 });
    const { type, challenge } = body;
    if (type === "url_verification") return new Response(typeof challenge === "string" ? challenge : "");
    const workspaceId = workspaceOf(body);
    const installation = workspaceId === "" ? null : await installationOf(deps, workspaceId, body);
    const isServed = installation === null ? false : await deps.serves(workspaceId, installation);
    const isForeign = installation && isServed ? await isStranger(body, () => deps.ownWorkspace(installation)) : false;
    if (!installation || !isServed || isForeign !== false) {
      const why = isServed === null || isForeign === null ? "unknown" : isServed ? "stranger" : "not_installed";
      deps.refusals.record({ ...unsigned, operation: kindOf(body), code: why });
      return turnAway(why, body, { apiUrl: deps.slack.apiUrl, waitUntil });
    }
    const wrong = misshapen(body);
    if (wrong === null) return new Response(null, { status: 200 });
    if (wrong.length > 0) {
      log("slack.misshapen", { type: kindOf(body), paths: wrong });
      return new Response(`Not a request as Slack documents it: ${wrong.join(", ")}. Nothing was done.`, {
        status: 400,
      });
    }
    if (!this.#app) throw new Error("The receiver has no app");
    const retryNum = Number(headers.get("x-slack-retry-num") ?? "0");
    const { botToken } = installation;
    return new FirstAttempt({ app: this.#app, body, retryNum, deps, botToken, receivedAtMs, waitUntil }).run();
  }
}

/** While D1 gives no answer the request is kept all the same: who it belongs to is found out when it is done. */
const installationOf = async (deps: Deps, workspaceId: string, body: Body): Promise<Installation | null> => {
  try {
    const late = () => new DatabaseOutage("No answer in time about the installation");
    const found = await within(lookUpPatienceMs, deps.installation(workspaceId, organisationOf(body)), late);
    return found === null && isLoss(body) ? { botToken: "", source: "row" } : found;
  } catch (error) {
    log("slack.installation_unknown", { workspaceId, error: String(error) });
    return { botToken: "", source: "unknown" };
  }
};

/** Slack checks certificates without a signature (docs.slack.dev, "Slash commands": `ssl_check`). */
const isCertificateCheck = (text: string): boolean =>
  text.length < 2000 && new URLSearchParams(text).get("ssl_check") === "1";
