/** Slash commands: docs.slack.dev/interactivity/implementing-slash-commands */
import type { CommandInput, Delivery } from "../client-protocol.ts";
import { commandText, messageText } from "./composer.ts";
import { type Ack, deliver, notSent, toDelivery } from "./deliver.ts";
import { isObject, type JsonObject, parseUntrusted } from "../../slack/json.ts";
import { commandPayload, placeOf } from "../../slack/payloads.ts";
import type { ResponseTarget } from "../../slack/respond.ts";
import { channelIn, isInstalled } from "./installation.ts";
import { invite } from "./membership.ts";
import { postEphemeral, postMessage } from "./messages.ts";
import { respond } from "./respond.ts";
import type { Slack } from "./slack.ts";
import { newResponsePath, newTrigger } from "./tickets.ts";
import { senderOf } from "./sender.ts";
import { commands, findActor, mayRead, slackbot } from "./workspace.ts";

/** A person runs a command in a channel. Slack offers no commands in threads, so there is no thread here. */
export const runCommand = async (slack: Slack, origin: string, input: CommandInput): Promise<Delivery> => {
  const person = findActor(input.as);
  const channel = channelIn(slack, input.channel);
  if (!person || !channel || !mayRead(channel.id, person.id)) return notSent("channel_not_found");
  if (channel.is_archived) return notSent(`You cannot write in #${channel.name}: it is archived.`);
  const [, command = "", typed = ""] = /^(\/\S*)\s*([\s\S]*)$/.exec(input.text.trim()) ?? [];
  const say = (text: string): string => {
    postEphemeral(slack, channel.id, person.id, slackbot, text);
    return text;
  };
  if (command === "/invite") {
    const refused = invite(slack, channel, typed);
    return refused === null ? { ok: true, ackMs: 0, status: null, error: null } : notSent(say(refused));
  }
  if (!commands.includes(command) || !isInstalled(slack))
    return notSent(say(`${command || "That"} is not a valid command.`));

  const target: ResponseTarget = { channel: channel.id, user: person.id, sourceTs: null };
  const payload = commandPayload(senderOf(slack, person), {
    command,
    text: commandText(slack.own, typed),
    place: placeOf(channel),
    triggerId: newTrigger(slack, person.id, null),
    responseUrl: `${origin}${newResponsePath(slack, target)}`,
  });
  const ack = await deliver(slack, {
    kind: "slash_command",
    origin,
    contentType: "application/x-www-form-urlencoded",
    body: new URLSearchParams(payload).toString(),
    payload,
  });
  const failure = ack.failure ?? answerCommand(slack, target, ack, input.text);
  return toDelivery(slack, ack, failure === null ? null : say(`${command} failed with the error "${failure}"`));
};

/** Shows the body of a command's acknowledgement: nothing, text, or a message. Returns Slack's error code. */
const answerCommand = (slack: Slack, target: ResponseTarget, ack: Ack, typed: string): string | null => {
  if (ack.body.trim() === "") return null;
  const isJson = ack.contentType.startsWith("application/json");
  const parsed = isJson ? parseUntrusted(ack.body) : { text: ack.body };
  if (!isObject(parsed)) return "invalid_command_response";
  const message: JsonObject = parsed;
  const inChannel = message["response_type"] === "in_channel";
  if (inChannel) {
    // Slack shows the command itself too when its answer is for everyone.
    postMessage(slack, {
      channel: target.channel,
      user: target.user,
      text: messageText(slack.own, typed),
      blocks: [],
      thread_ts: null,
      ephemeral_for: null,
      reply_broadcast: false,
    });
    if (message["text"] === undefined && message["blocks"] === undefined) return null;
  }
  const responded = respond(slack, target, message);
  if (responded.ok) return null;
  console.log(
    JSON.stringify({ event: "playground_ack_refused", error: responded.error, messages: responded.messages }),
  );
  return "invalid_command_response";
};
