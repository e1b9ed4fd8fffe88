/** That a commit needs less than before, shown to everybody who reviews: before, after, and who did it. */
import { policyMessage } from "../../../shared/messages/en/policy.ts";
import type { LoggedEvent } from "../../../shared/domain/events/event.ts";
import { type Message, said } from "../blocks/blocks.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { commandButton } from "../core/buttons/command-button.ts";

export const policyNotice = ({ actor, data }: Pick<LoggedEvent, "actor" | "data">): Message =>
  said(`:unlock: ${mrkdwn(policyMessage(actor.id, data))}`, commandButton("go", "Settings", "settings"));
