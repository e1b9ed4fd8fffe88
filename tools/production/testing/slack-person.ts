/** Somebody in the Slack workspace of a production: what they type and click reaches the bot's own address. */
import { blockActions, type SlackBody, signature, slashCommand } from "../../../test/support/slack/requests.ts";
import type { ServedSlack } from "../../../test/support/slack/served-slack.ts";
import { isObject, type JsonObject, objectsOf, parseUntrusted } from "../../slack/json.ts";

export interface Place {
  slack: ServedSlack;
  /** The public address of the stand-in of Cloudflare, and the host that a request has to name there. */
  url: string;
  host: string;
  signingSecret: string;
  workspaceId: string;
  channelId: string;
  userId: string;
}

export class SlackPerson {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  /** `/cv` with this line. @returns what the person is answered */
  async types(line: string): Promise<string> {
    const { slack, channelId } = this.#place;
    const owner = { workspaceId: this.#place.workspaceId, channel: channelId, userId: this.#place.userId };
    const body = slashCommand(this.#place, {
      text: line,
      channel: channelId,
      triggerId: slack.newTrigger(owner),
      responseUrl: slack.newResponseUrl(owner),
    });
    return this.#send(body);
  }

  /** Presses a button of the first message in the channel that has it, and this text. */
  async clicks(label: string, text: string): Promise<void> {
    const { slack, channelId } = this.#place;
    const shown = await slack.called(
      ({ method, args }) =>
        /^chat\.(post|update)/.test(method) && (args["text"] ?? "").includes(text) && buttonOf(args, label) !== null,
    );
    const button = buttonOf(shown.args, label);
    const message = slack.messages.findLast((one) => one.channel === channelId && one.text.includes(text));
    if (!button || !message) throw new Error(`No message with "${text}" has the button ${label}`);
    const owner = { workspaceId: this.#place.workspaceId, channel: channelId, userId: this.#place.userId };
    const on = { on: "message", channel: channelId, ts: message.ts, isEphemeral: false } as const;
    const responseUrl = slack.newResponseUrl(owner);
    await this.#send(blockActions(this.#place, { ...on, responseUrl }, button, slack.newTrigger(owner)));
  }

  async #send({ contentType, body }: SlackBody): Promise<string> {
    const { url, host, signingSecret } = this.#place;
    const response = await fetch(`${url}/slack/events`, {
      method: "POST",
      headers: {
        "content-type": contentType,
        "x-forwarded-host": host,
        ...signature(signingSecret, Math.floor(Date.now() / 1000), body),
      },
      body,
    });
    const said = await response.text();
    if (!response.ok) throw new Error(`The bot answered ${response.status}: ${said.slice(0, 300)}`);
    return said;
  }
}

const buttonOf = (args: Record<string, string>, label: string): JsonObject | null => {
  for (const block of objectsOf(parseUntrusted(args["blocks"] ?? "[]"))) {
    const found = objectsOf(block["elements"]).find(({ text }) => isObject(text) && text["text"] === label);
    if (found) return { ...found, block_id: block["block_id"] ?? "" };
  }
  return null;
};
